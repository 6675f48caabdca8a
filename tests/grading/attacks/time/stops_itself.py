"""Stops its own process, which then neither runs nor ends.

status: timeout, crashed
"""
# %% exercise="01.mul"
import os
import signal


def mul_local(a, b):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0.0, 0.0
