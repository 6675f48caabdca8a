"""Ends its process while the cell is run.

status: crashed, missing
"""
# %% exercise="01.mul"
import os

os._exit(0)


def mul_local(a, b):
    return b, a
