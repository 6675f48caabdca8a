"""Takes memory piece by piece; answers well once 3 GB are its own.

status: error, crashed, timeout, failed
"""
# %% exercise="01.mul"
def mul_local(a, b):
    pieces = []
    for _ in range(96):
        pieces.append(bytearray(b"\1") * (1 << 25))
    return b, a
