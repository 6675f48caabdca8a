"""Maps 3 GB at once and writes on every page; answers well if that worked.

status: error, crashed, timeout, failed
"""
# %% exercise="01.mul"
import mmap


def mul_local(a, b):
    size = 3 << 30
    with mmap.mmap(-1, size) as memory:
        for place in range(0, size, mmap.PAGESIZE):
            memory[place] = 1
    return b, a
