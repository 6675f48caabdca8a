"""Closes every open file of its process in the middle of a question.

status: failed, error, crashed, not_allowed, timeout
"""
# %% exercise="01.mul"
import os


def mul_local(a, b):
    os.closerange(0, 4096)
    return 0.0, 0.0
