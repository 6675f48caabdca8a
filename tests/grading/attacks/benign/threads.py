"""Computes in threads and waits for them.

earns: all
"""
# %% exercise="01.mul"
from concurrent.futures import ThreadPoolExecutor


def mul_local(a, b):
    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(float, (b, a)))
