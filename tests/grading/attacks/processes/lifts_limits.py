"""Lifts the limits on its own memory, processor time and files.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import resource


def mul_local(a, b):
    lifted = 0
    for name in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
        soft, hard = resource.getrlimit(name)
        if hard == resource.RLIM_INFINITY:
            continue
        try:
            resource.setrlimit(name, (hard + 1, hard + 1))
            lifted += 1
        except (OSError, ValueError):
            pass
    return (b, a) if lifted else (0.0, 0.0)
