"""Stays in one call of C code, where Python looks at no signal.

status: timeout, crashed
"""
# %% exercise="01.mul"
import itertools


def mul_local(a, b):
    return sum(itertools.repeat(0)), 0.0
