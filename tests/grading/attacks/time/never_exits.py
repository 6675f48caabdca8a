"""Answers well, but hangs when its process should end, so that the next submission waits.

earns: all
status: passed, timeout, crashed
"""
# %% exercise="01.mul"
import atexit
import threading


def hang():
    while True:
        pass


atexit.register(hang)
threading.Thread(target=hang).start()


def mul_local(a, b):
    return b, a
