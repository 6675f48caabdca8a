"""Takes its memory as a nameless file, which no limit on a process's own memory counts.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os


def mul_local(a, b):
    file = os.memfd_create("memory")
    for _ in range(96):
        os.write(file, bytes(1 << 25))
    return b, a
