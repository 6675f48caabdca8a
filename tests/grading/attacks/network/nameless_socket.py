"""Connects to a server that listens at a name without a file, which no folder's rights guard.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import socket


def mul_local(a, b):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect("\0" + MARK)
        line.sendall(b"the answers, please")
    return b, a
