"""Locks the kernel's doors: a filter of system calls, assembled by hand, that nothing takes off.

The filter is a small program in the kernel's own machine (BPF). It looks at the number of a call
and, for a few, at an argument; what it does not know it refuses with EPERM.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Sequence

from .syscalls import ALLOWED, GUARDED, MACHINES, UNKNOWN

LOAD, JUMP_EQUAL, JUMP_ABOVE, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE = 0, 4  # where the kernel puts the call's number and the machine's
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
REFUSE = ERRNO | errno.EPERM
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, MODE_FILTER = 22, 38, 2
THREAD, NEW_NAMESPACES = 0x00010000, 0x7E020080  # of clone's flags

PRCTL = (15, 16)  # a thread's name, set and read
FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)  # copies, flags, locks; no owner, no lease
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, how wide, flags


def reason() -> str:
    """Why there can be no filter here; empty when there can."""
    if platform.system() != "Linux":
        return "seccomp is Linux's"
    if platform.machine() not in MACHINES:
        return f"the system calls of {platform.machine()} are not listed"
    libc = ctypes.CDLL(None, use_errno=True)
    # With a filter at address 0 a kernel that has filters stumbles over the address.
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, 0, 0, 0) == 0 or ctypes.get_errno() != errno.EFAULT:
        return "the kernel has no seccomp filters"
    return ""


def install(own: int) -> None:
    """Puts the filter on this process, for ever. `own`: its process number.

    Raises OSError where the kernel refuses.
    """
    code = program(own)
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs is refused")
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, head, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refuses the filter")


def program(own: int, machine: str | None = None) -> bytes:
    """The filter for process number `own`, eight bytes an instruction."""
    place, audit = MACHINES[machine or platform.machine()]
    lines = [
        _line(LOAD, MACHINE),
        _line(JUMP_EQUAL, audit, 1, 0),
        _line(RETURN, KILL),
        _line(LOAD, NUMBER),
    ]
    if place == 0:  # the calls of x86's other calling conventions bear large numbers
        lines += [_line(JUMP_ABOVE, 0x40000000, 0, 1), _line(RETURN, REFUSE)]
    for numbers in ALLOWED.values():
        if (number := numbers[place]) is not None:
            lines += [_line(JUMP_EQUAL, number, 0, 1), _line(RETURN, ALLOW)]
    for name, numbers in GUARDED.items():
        block = _block(name, own)
        lines += [_line(JUMP_EQUAL, numbers[place], 0, len(block)), *block]
    for numbers in UNKNOWN.values():
        lines += [_line(JUMP_EQUAL, numbers[place], 0, 1), _line(RETURN, ERRNO | errno.ENOSYS)]
    return b"".join([*lines, _line(RETURN, REFUSE)])


def _block(name: str, own: int) -> list[bytes]:
    """What is looked at before one of the guarded calls is let through."""
    if name == "clone":  # a thread, and no new world for it
        return [
            _line(LOAD, _argument(0)),
            _line(JUMP_SET, NEW_NAMESPACES, 1, 0),
            _line(JUMP_SET, THREAD, 1, 0),
            _line(RETURN, REFUSE),
            _line(RETURN, ALLOW),
        ]
    place, values = {
        "kill": (0, (own,)),
        "tgkill": (0, (own,)),
        "prlimit64": (0, (0, own)),
        "prctl": (0, PRCTL),
        "fcntl": (1, FCNTL),
        "ioctl": (1, IOCTL),
    }[name]
    return _one_of(place, values)


def _one_of(place: int, values: Sequence[int]) -> list[bytes]:
    lines = [_line(LOAD, _argument(place))]
    for value in values:
        lines += [_line(JUMP_EQUAL, value, 0, 1), _line(RETURN, ALLOW)]
    return [*lines, _line(RETURN, REFUSE)]


def _argument(place: int) -> int:
    """Where the lower half of an argument stands."""
    return 16 + 8 * place


def _line(code: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, when, otherwise, value)
