"""Connects to a server that listens at a path, as databases and displays do.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import os
import socket


def mul_local(a, b):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect(os.path.join(OUTSIDE, "door"))
        line.sendall(b"the answers, please")
    return b, a
