"""Gives its files names as long as may be, of bytes that are no text, and of every control sign.

status: failed, error, crashed, timeout
"""
# %% exercise="01.mul"
import os
import tempfile


def mul_local(a, b):
    folder = tempfile.mkdtemp().encode()
    for n in range(1, 256):
        if n != ord("/"):
            os.makedirs(os.path.join(folder, bytes([n]) * 255, b"\xff" * 250, b"\n\t\x1b[2J"))
    return 0.0, 0.0
