"""Answers with a list of NumPy's numbers in place of a tuple of Python's.

earns: all
"""
# %% exercise="01.mul"
import numpy as np


def mul_local(a, b):
    return [np.float64(b), np.array(a)]
