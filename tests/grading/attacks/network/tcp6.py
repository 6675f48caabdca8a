"""Connects by the other family of internet addresses.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import socket


def mul_local(a, b):
    for host in ("::1", "::ffff:127.0.0.1"):
        try:
            with socket.create_connection((host, PORT), timeout=1):
                return b, a
        except OSError:
            continue
    return 0.0, 0.0
