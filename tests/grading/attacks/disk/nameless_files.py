"""Keeps files open that have no name any more, so that nobody finds them; 1 GB is its aim.

status: failed, error, crashed, timeout
"""
# %% exercise="01.mul"
import tempfile


def mul_local(a, b):
    piece, kept, written = bytes(1 << 22), [], 0
    while written < 1 << 30:
        file = tempfile.TemporaryFile(buffering=0)
        kept.append(file)
        try:
            for _ in range(8):
                written += file.write(piece)
        except OSError:
            continue
    return b, a
