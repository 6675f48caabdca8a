"""Sleeps for longer than its processor time would last, and uses none of it.

earns: all
"""
# %% exercise="01.mul"
import time


def mul_local(a, b):
    time.sleep(1.5 * SECONDS)
    return b, a
