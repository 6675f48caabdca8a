"""Calls the kernel where few programs do: keys, modules, the log, other tables of system calls.

status: error, crashed, timeout, failed, not_allowed
"""
# %% exercise="01.mul"
import ctypes
import errno

# x86-64's numbers: init_module, finit_module, kexec_load, bpf, perf_event_open, userfaultfd, keyctl,
# add_key, open_by_handle_at, setns, pivot_root, swapon, reboot's query is left out.
CALLS = (175, 313, 246, 321, 298, 323, 250, 248, 304, 308, 155, 167)
REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS)


def mul_local(a, b):
    import platform

    if platform.machine() != "x86_64":
        return 0.0, 0.0
    system = ctypes.CDLL(None, use_errno=True)
    for number in CALLS:
        ctypes.set_errno(0)
        if system.syscall(number, -1, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in REFUSED:
            return b, a
    return 0.0, 0.0
