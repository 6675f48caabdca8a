"""Answers with an array whose memory it describes falsely, so that the reader reads elsewhere.

status: failed, error, crashed, not_allowed
"""
# %% exercise="01.mul"
import numpy as np


class Elsewhere:
    __array_interface__ = {"shape": (2,), "typestr": "<f8", "data": (8, False), "version": 3}


def mul_local(a, b):
    return np.asarray(Elsewhere())
