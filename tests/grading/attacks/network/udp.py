"""Sends a datagram, which needs no connection.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import socket


def mul_local(a, b):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.sendto(b"the answers", ("127.0.0.1", PORT))
    return b, a
