"""Computes with large arrays on the way, 100 MB of them.

earns: all
"""
# %% exercise="01.mul"
import numpy as np


def mul_local(a, b):
    large = np.full(12_500_000, b)
    return float(large.mean()), a
