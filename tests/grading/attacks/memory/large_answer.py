"""Answers with an array of 1 GB, so that the judge's memory fills up.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import numpy as np


def mul_local(a, b):
    return np.zeros(1 << 27)
