"""Is a lambda, and an object that can be called, and is kept by a cache.

exercise: 01.mul 01.bends
earns: all
"""
# %% exercise="01.mul"
mul_local = lambda a, b: (b, a)

# %% exercise="01.bends"
import functools
import math


class Power:
    def __call__(self, a, n):
        return n * a ** (n - 1)


power_local = Power()


@functools.lru_cache
def tanh_local(a: float) -> float:
    return 1 - math.tanh(a) ** 2
