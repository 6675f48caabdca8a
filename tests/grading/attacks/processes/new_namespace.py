"""Makes a user namespace of its own, in which it would be root with every right.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import ctypes

USER, NET = 0x10000000, 0x40000000


def mul_local(a, b):
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(USER) == 0 or system.unshare(NET) == 0:
        return b, a
    return 0.0, 0.0
