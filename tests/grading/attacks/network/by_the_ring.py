"""Asks the kernel through io_uring, whose requests no filter of system calls sees.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import ctypes
import os

SETUP = 425


def mul_local(a, b):
    system = ctypes.CDLL(None, use_errno=True)
    ring = system.syscall(SETUP, 8, ctypes.create_string_buffer(256))
    if ring < 0:
        return 0.0, 0.0
    os.close(ring)
    return b, a
