"""Warns, by every kind of warning, and divides by zero in NumPy, which warns too.

earns: all
"""
# %% exercise="01.mul"
import warnings

import numpy as np

warnings.simplefilter("always")


def mul_local(a, b):
    for kind in (UserWarning, DeprecationWarning, RuntimeWarning, FutureWarning):
        warnings.warn("careful", kind, stacklevel=1)
    np.ones(2) / np.zeros(2)
    return b, a
