"""Starts threads without end; answers well once 3,000 of them live.

status: error, crashed, timeout, failed
"""
# %% exercise="01.mul"
import threading


def mul_local(a, b):
    over = threading.Event()
    for _ in range(3000):
        threading.Thread(target=over.wait, args=(5,), daemon=True).start()
    over.set()
    return b, a
