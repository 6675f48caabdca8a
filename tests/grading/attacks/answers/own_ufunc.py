"""Answers with an array of a class of its own, which answers every NumPy question with yes.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
import numpy as np


class Yes(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.True_

    def __array_function__(self, function, types, args, kwargs):
        return np.True_

    __array_priority__ = 1e9

    def __eq__(self, other):
        return True


def mul_local(a, b):
    return np.zeros(2).view(Yes)
