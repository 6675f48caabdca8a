"""Sleeps for a day: no processor time is used, so a limit on that alone never ends it.

status: timeout
"""
# %% exercise="01.mul"
import time


def mul_local(a, b):
    time.sleep(86400)
    return b, a
