"""Calls itself where that is right, 700 deep.

exercise: 01.bends
earns: all
"""
# %% exercise="01.bends"
import math


def power(a, n):
    return 1.0 if n == 0 else a * power(a, n - 1)


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


def power_local(a, n):
    assert deep(700) == 700
    return n * (power(a, n - 1) if isinstance(n, int) and n > 0 else a ** (n - 1))


def tanh_local(a):
    return 1 - math.tanh(a) ** 2
