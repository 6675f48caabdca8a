"""Lifts Python's limit and calls itself until the stack of the process is gone.

status: error, crashed, timeout
"""
# %% exercise="01.mul"
import sys


def mul_local(a, b):
    sys.setrecursionlimit(2_000_000_000)
    deep = lambda x: max([x], key=deep)
    deep(0)
    return b, a
