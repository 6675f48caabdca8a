"""Reads what others handed in, and the course's secret, and says it aloud in an error.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os


def mul_local(a, b):
    for name in sorted(os.listdir(OUTSIDE)):
        with open(os.path.join(OUTSIDE, name)) as file:
            raise RuntimeError(file.read())
