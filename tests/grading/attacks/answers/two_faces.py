"""Answers with an object that turns into another array each time it is asked, at last by itself.

status: failed, error, not_allowed
"""
# %% exercise="01.mul"
import numpy as np


class Faces:
    asked = 0

    def __array__(self, dtype=None, copy=None):
        self.asked += 1
        return np.full(2, self.asked, dtype=float)

    @property
    def __array_interface__(self):
        raise AttributeError

    shape, dtype, ndim = (2,), np.dtype(float), 1


def mul_local(a, b):
    return Faces()
