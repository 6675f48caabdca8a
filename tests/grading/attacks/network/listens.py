"""Opens a server of its own, for somebody outside to ask for what it has seen.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import socket


def mul_local(a, b):
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
    return (b, a) if port else (0.0, 0.0)
