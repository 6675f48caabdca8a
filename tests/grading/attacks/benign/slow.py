"""Takes its time, half of what is allowed, and is right.

earns: all
"""
# %% exercise="01.mul"
import time


def mul_local(a, b):
    begin = time.process_time()
    while time.process_time() - begin < 0.4 * SECONDS:
        pass
    return b, a
