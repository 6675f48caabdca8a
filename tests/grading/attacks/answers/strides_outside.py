"""Answers with a view that reaches outside its own array, into whatever lies behind it.

status: failed, error, crashed, not_allowed
"""
# %% exercise="01.mul"
import numpy as np


def mul_local(a, b):
    return np.lib.stride_tricks.as_strided(np.zeros(1), shape=(2,), strides=(1 << 40,))
