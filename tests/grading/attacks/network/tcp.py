"""Connects to a server on this machine; answers well if it answers.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import socket


def mul_local(a, b):
    with socket.create_connection(("127.0.0.1", PORT), timeout=1) as line:
        line.sendall(b"the answers, please")
    return b, a
