"""Sends a signal to the whole group of processes it belongs to, the judge perhaps among them.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import signal


def mul_local(a, b):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgid(0), signal.SIGTERM)
    os.killpg(os.getpgid(0), signal.SIGKILL)
    return 0.0, 0.0
