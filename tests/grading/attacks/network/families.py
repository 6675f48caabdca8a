"""Tries every family of sockets the system knows; answers well if one of them reaches out.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import socket

LOCAL = (socket.AF_UNIX,)


def mul_local(a, b):
    opened = []
    for family in range(46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                line = socket.socket(family, kind)
            except (OSError, OverflowError):
                continue
            line.close()
            if family not in LOCAL:
                opened.append((family, kind))
    return (b, a) if opened else (0.0, 0.0)
