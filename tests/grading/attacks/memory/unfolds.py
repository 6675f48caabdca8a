"""Answers with an array of a quintillion numbers that are one and the same number in memory.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import numpy as np


def mul_local(a, b):
    return np.broadcast_to(np.float64(b), (1 << 30, 1 << 30))
