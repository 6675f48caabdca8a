"""Writes a frame that says it has more bytes than there are.

status: not_allowed, crashed, timeout, error
"""
# %% exercise="01.mul"
import os
import struct


def mul_local(a, b):
    for number in range(3, 128):
        try:
            os.write(number, struct.pack("<4sIQ", b"mdl1", (1 << 32) - 1, (1 << 64) - 1))
            os.write(number, b"[" * 65536)
        except OSError:
            continue
    return 0.0, 0.0
