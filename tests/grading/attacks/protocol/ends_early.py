"""Writes half a frame and ends.

status: not_allowed, crashed
"""
# %% exercise="01.mul"
import os
import struct


def mul_local(a, b):
    for number in range(3, 128):
        try:
            os.write(number, struct.pack("<4sIQ", b"mdl1", 100, 100) + b"[[")
        except OSError:
            continue
    os._exit(0)
