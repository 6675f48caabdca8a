"""The system calls that a worker may make, with their numbers on the two machines we know.

What is not here is refused: sockets of every family, starting programs and processes, mounting,
tracing, keys, namespaces, io_uring, changing modes and owners, other processes' limits.
"""

from __future__ import annotations

# name: (x86-64, AArch64); None where a machine has no such call.
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # files that are open, and opening them (which files there are to open is another room's care)
    "read": (0, 63), "write": (1, 64), "open": (2, None), "close": (3, 57), "stat": (4, None),
    "fstat": (5, 80), "lstat": (6, None), "poll": (7, None), "lseek": (8, 62),
    "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65), "writev": (20, 66),
    "access": (21, None), "pipe": (22, None), "select": (23, None), "dup": (32, 23),
    "dup2": (33, None), "sendfile": (40, 71), "flock": (73, 32), "fsync": (74, 82),
    "fdatasync": (75, 83), "ftruncate": (77, 46), "getdents": (78, None), "getcwd": (79, 17),
    "chdir": (80, 49), "fchdir": (81, 50), "rename": (82, None), "mkdir": (83, None),
    "rmdir": (84, None), "creat": (85, None), "link": (86, None), "unlink": (87, None),
    "symlink": (88, None), "readlink": (89, None), "umask": (95, 166), "statfs": (137, 43),
    "fstatfs": (138, 44), "readahead": (187, 213), "getdents64": (217, 61),
    "fadvise64": (221, 223), "openat": (257, 56), "mkdirat": (258, 34), "newfstatat": (262, 79),
    "unlinkat": (263, 35), "renameat": (264, 38), "linkat": (265, 37), "symlinkat": (266, 36),
    "readlinkat": (267, 78), "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73),
    "splice": (275, 76), "sync_file_range": (277, 84), "fallocate": (285, 47),
    "eventfd2": (290, 19), "dup3": (292, 24), "pipe2": (293, 59), "preadv": (295, 69),
    "pwritev": (296, 70), "renameat2": (316, 276), "copy_file_range": (326, 285),
    "statx": (332, 291), "close_range": (436, 436), "faccessat2": (439, 439),
    "epoll_create": (213, None), "epoll_wait": (232, None), "epoll_ctl": (233, 21),
    "epoll_pwait": (281, 22), "epoll_create1": (291, 20),
    # memory
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214),
    "mremap": (25, 216), "msync": (26, 227), "mincore": (27, 232), "madvise": (28, 233),
    # signals to itself, threads, time
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132), "pause": (34, None), "sched_yield": (24, 124),
    "nanosleep": (35, 101), "getitimer": (36, 102), "alarm": (37, None), "setitimer": (38, 103),
    "futex": (202, 98), "set_tid_address": (218, 96), "restart_syscall": (219, 128),
    "set_robust_list": (273, 99), "membarrier": (324, 283), "rseq": (334, 293),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153),
    "exit": (60, 93), "exit_group": (231, 94), "wait4": (61, 260),
    # who and where am I
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getresuid": (118, 148),
    "getresgid": (120, 150), "getgroups": (115, 158), "getpgrp": (111, None),
    "getpgid": (121, 155), "getsid": (124, 156), "getpriority": (140, 141), "uname": (63, 160),
    "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179), "getcpu": (309, 168),
    "sched_getaffinity": (204, 123), "getrandom": (318, 278), "arch_prctl": (158, None),
}  # fmt: skip

# Allowed with some arguments only, see seccomp.py.
GUARDED: dict[str, tuple[int, int]] = {
    "kill": (62, 129), "tgkill": (234, 131), "clone": (56, 220), "prctl": (157, 167),
    "fcntl": (72, 25), "ioctl": (16, 29), "prlimit64": (302, 261),
}  # fmt: skip

# Answered as an old kernel would, so that the C library falls back to calls that can be looked at.
UNKNOWN: dict[str, tuple[int, int]] = {"clone3": (435, 435)}

# machine: (its place in the pairs above, its name in the kernel's audit numbers)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
