"""Writes into a folder that may be entered and not listed; answers well once 400 MB are in it.

status: failed, error, crashed, timeout
"""
# %% exercise="01.mul"
import os
import tempfile


def mul_local(a, b):
    folder = os.path.join(tempfile.mkdtemp(), "hidden")
    os.mkdir(folder, 0o300)
    piece, written = bytes(1 << 22), 0
    for n in range(100):
        with open(os.path.join(folder, str(n)), "wb") as file:
            written += file.write(piece)
    return (b, a) if written >= 400 << 20 else (0.0, 0.0)
