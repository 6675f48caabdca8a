"""Makes processes that make processes; answers well once 200 of them live.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import time


def mul_local(a, b):
    made = []
    for _ in range(200):
        child = os.fork()
        if child == 0:
            time.sleep(3)
            os._exit(0)
        made.append(child)
    return b, a
