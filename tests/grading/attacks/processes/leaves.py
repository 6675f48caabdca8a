"""Raises SystemExit and KeyboardInterrupt, which pass through an `except Exception`.

status: error, crashed
"""
# %% exercise="01.mul"
import sys


def mul_local(a, b):
    if a:
        sys.exit(0)
    raise KeyboardInterrupt
