"""Leaves a process behind in a session of its own, to go on when the judging is over.

earns: all
status: passed, failed, error, crashed, not_allowed
"""
# %% exercise="01.mul"
import os
import sys

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", MARK])
    os._exit(0)


def mul_local(a, b):
    return b, a
