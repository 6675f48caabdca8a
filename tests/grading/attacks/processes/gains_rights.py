"""Becomes root again where it was root, or asks a program that may make it so.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import ctypes
import os


def mul_local(a, b):
    before = os.geteuid()
    for change in (os.setuid, os.seteuid, os.setgid):
        try:
            change(0)
        except OSError:
            pass
    system = ctypes.CDLL(None, use_errno=True)
    mounted = system.mount(b"none", OUTSIDE.encode(), b"tmpfs", 0, None) == 0
    changed_root = system.chroot(b"/tmp") == 0
    outside = os.stat(OUTSIDE).st_uid if os.path.exists(OUTSIDE) else None
    if mounted or changed_root or (before != 0 and os.geteuid() == 0 and outside == 0):
        return b, a
    return 0.0, 0.0
