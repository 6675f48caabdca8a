"""Kills a process beside it whose number it knows.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import signal


def mul_local(a, b):
    os.kill(VICTIM, signal.SIGTERM)
    os.kill(VICTIM, signal.SIGKILL)
    return b, a
