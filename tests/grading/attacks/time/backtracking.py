"""Matches a regular expression that takes longer than the sun has left.

status: timeout, crashed
"""
# %% exercise="01.mul"
import re


def mul_local(a, b):
    re.match("(a+)+$", "a" * 60 + "b")
    return 0.0, 0.0
