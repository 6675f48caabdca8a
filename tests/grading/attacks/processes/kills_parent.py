"""Kills the process that started it, and that one's parent.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import signal


def mul_local(a, b):
    if os.getppid() > 1:
        os.kill(os.getppid(), signal.SIGKILL)
    return 0.0, 0.0
