"""Writes noise to every open file of its process.

status: failed, error, crashed, not_allowed, timeout
"""
# %% exercise="01.mul"
import os


def mul_local(a, b):
    for number in range(256):
        try:
            os.write(number, bytes(range(256)) * 64)
        except OSError:
            continue
    return 0.0, 0.0
