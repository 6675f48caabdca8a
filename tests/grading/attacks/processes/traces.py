"""Takes hold of another process as a debugger would, and reads its memory.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import ctypes
import os

ATTACH, DETACH = 16, 17


def mul_local(a, b):
    system = ctypes.CDLL(None, use_errno=True)
    for target in (VICTIM, os.getppid()):
        if target > 1 and system.ptrace(ATTACH, target, 0, 0) == 0:
            os.waitpid(target, 0)
            system.ptrace(DETACH, target, 0, 0)
            return b, a
        try:
            with open(f"/proc/{target}/mem", "rb"):
                return b, a
        except OSError:
            pass
    return 0.0, 0.0
