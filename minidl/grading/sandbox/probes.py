"""Small attacks on the sandbox itself, each a few lines that say whether they got anywhere.

Each defines `probe()`, which returns a sentence when it did harm and raises or returns "" when it
was stopped. OUTSIDE is a folder that anybody may write to, with a file `secret.key`; PORT a number
at which servers listen; VICTIM a process.
"""

from __future__ import annotations

CALL = """
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == "aarch64"
def call(x86, arm, *arguments):
    found = libc.syscall(ctypes.c_long(arm if ARM else x86), *map(ctypes.c_long, arguments))
    return "" if found < 0 else f"the call answered {found}"
"""

PROBES: dict[str, str] = {
    "write a file outside": """
def probe():
    open(OUTSIDE + "/new", "w").close()
    return "a file was written"
""",
    "change a file outside": """
import os
def probe():
    with open(OUTSIDE + "/grades.csv", "r+") as file:
        file.write("100")
    return "a file was changed"
""",
    "empty a file outside": """
import os
def probe():
    for how in (lambda p: os.truncate(p, 0), lambda p: os.open(p, os.O_RDONLY | os.O_TRUNC)):
        try:
            how(OUTSIDE + "/grades.csv")
            return "a file was emptied"
        except OSError:
            pass
""",
    "remove, rename and link files outside": """
import os
def probe():
    for how in (os.unlink, lambda p: os.rename(p, p + "2"), lambda p: os.link(p, "stolen"),
                lambda p: os.rename(p, "stolen")):
        try:
            how(OUTSIDE + "/grades.csv")
            return "a file was moved"
        except OSError:
            pass
""",
    "change modes, owners and times outside": """
import os
def probe():
    for how in (lambda p: os.chmod(p, 0), lambda p: os.chown(p, os.getuid(), -1),
                lambda p: os.utime(p, (0, 0)), lambda p: os.setxattr(p, "user.x", b"1")):
        try:
            how(OUTSIDE + "/grades.csv")
            return "a file's mode, owner, time or marks were changed"
        except OSError:
            pass
""",
    "read a file outside": """
def probe():
    return open(OUTSIDE + "/secret.key").read()
""",
    "read it through a link": """
import os
def probe():
    os.symlink(OUTSIDE + "/secret.key", "link")
    return open("link").read()
""",
    "list folders": """
import os
def probe():
    for folder in ("/home", "/root", "/var", "/proc", OUTSIDE):
        try:
            if found := os.listdir(folder):
                return f"{folder} holds {len(found)} things"
        except OSError:
            pass
""",
    "read accounts and minidl's source": """
import minidl
def probe():
    for path in ("/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/self/environ",
                 minidl.__file__, minidl.nn.__file__):
        try:
            with open(path, "rb") as file:
                return f"{path} was read: {len(file.read())} bytes"
        except OSError:
            pass
""",
    "find the judge's environment": """
import os
def probe():
    found = [name for name in os.environ if "SECRET" in name or "TOKEN" in name]
    return f"{found} came along" if found else ""
""",
    "open sockets of every family": """
import socket
def probe():
    for family in range(1, 46):
        for kind in (1, 2, 3, 5):
            try:
                socket.socket(family, kind)
                return f"family {family}, kind {kind} was opened"
            except OSError:
                pass
    try:
        socket.socketpair()
        return "a pair of sockets was opened"
    except OSError:
        pass
""",
    "call out by TCP": """
import socket
def probe():
    socket.create_connection(("127.0.0.1", PORT), timeout=2)
    return "a server outside was called"
""",
    "start a process": """
import os
def probe():
    for how in (os.fork, lambda: os.posix_spawn("/bin/true", ["true"], {}),
                lambda: os.execv("/bin/true", ["true"])):
        try:
            if (child := how()) == 0:
                os._exit(0)
            return f"process {child} was started"
        except OSError:
            pass
""",
    "start many threads": """
import threading
def probe():
    threading.stack_size(65536)
    hold, count = threading.Event(), 0
    try:
        for count in range(2000):
            threading.Thread(target=hold.wait, daemon=True).start()
    except (RuntimeError, MemoryError):
        return ""
    finally:
        hold.set()
    return f"{count} threads were started"
""",
    "take memory": """
def probe():
    found = []
    for _ in range(64):
        found.append(bytearray(128 << 20))
    return "eight gigabytes were taken"
""",
    "take memory by maps": """
import mmap
def probe():
    found = [mmap.mmap(-1, 256 << 20) for _ in range(64)]
    return "sixteen gigabytes were mapped"
""",
    "fill the disk": """
def probe():
    for number in range(60):
        with open(f"large{number}", "wb") as file:
            file.write(bytes(16 << 20))
    return "almost a gigabyte was written"
""",
    "signal other processes": """
import os, signal
def probe():
    for number in (VICTIM, os.getppid(), 1, 2, -1, 0):
        try:
            if number or os.getpgid(0) != os.getpid():
                os.kill(number, 0)
                return f"process {number} could be signalled"
        except OSError:
            pass
""",
    "signal by way of a file": """
import fcntl, os
def probe():
    reader, writer = os.pipe()
    for command, argument in ((8, os.getppid()), (10, 9), (15, os.getppid())):
        try:
            fcntl.fcntl(reader, command, argument)
            return f"fcntl {command} was let through"
        except OSError:
            pass
""",
    "trace and read other processes": CALL
    + """
def probe():
    parent = os.getppid()
    return (call(101, 117, 16, parent, 0, 0) or call(310, 270, parent, 0, 0, 0, 0, 0)
            or call(434, 434, parent, 0) or call(312, 272, parent, parent, 0, 0, 0))
""",
    "limit other processes": CALL
    + """
import resource
def probe():
    for number in (os.getppid(), VICTIM):
        try:
            resource.prlimit(number, resource.RLIMIT_CPU, (1, 1))
            return f"process {number} was limited"
        except OSError:
            pass
    return call(141, 140, 0, os.getppid(), 19) or call(144, 119, os.getppid(), 5, 0)
""",
    "raise its own limits": """
import resource
def probe():
    for name in ("RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_CPU", "RLIMIT_NPROC", "RLIMIT_FSIZE"):
        kind = getattr(resource, name)
        most = resource.getrlimit(kind)[1]
        try:
            resource.setrlimit(kind, (most + 1, most + 1))
            return f"{name} was raised"
        except (OSError, ValueError):
            pass
""",
    "mount, change the root, make namespaces": CALL
    + """
def probe():
    os.makedirs("place", exist_ok=True)
    place = ctypes.cast(ctypes.c_char_p(b"place"), ctypes.c_void_p).value
    kind = ctypes.cast(ctypes.c_char_p(b"tmpfs"), ctypes.c_void_p).value
    return (call(165, 40, kind, place, kind, 0, 0) or call(161, 51, place)
            or call(272, 97, 0x10000000) or call(272, 97, 0x20000) or call(308, 268, 0, 0)
            or call(428, 428, -100, place, 1) or call(430, 430, kind, 0))
""",
    "become root": CALL
    + """
def probe():
    for become in (os.setuid, os.setgid, lambda n: os.setgroups([n])):
        try:
            become(0)
            return f"{become} let it" if os.getuid() == 0 or become is not os.setuid else ""
        except OSError:
            pass
    return call(106, 144, 0) or call(105, 146, 0)
""",
    "use rare doors of the kernel": CALL
    + """
def probe():
    ring = ctypes.create_string_buffer(120)
    return (call(425, 425, 8, ctypes.addressof(ring)) or call(321, 280, 0, 0, 0)
            or call(250, 219, 0, 0, 0) or call(248, 217, 0, 0, 0, 0, 0) or call(298, 241, 0, 0, -1)
            or call(323, 282, 0) or call(304, 265, 0, 0, 0) or call(319, 279, 0, 0)
            or call(300, 262, 0, 0) or call(103, 116, 3, 0, 0) or call(246, 104, 0, 0, 0, 0)
            or call(135, 92, 0x0040000) or call(29, 194, 0, 4096, 0o1600) or call(157, 167, 1, 0))
""",
    "type into a terminal": """
import fcntl, os
def probe():
    for path in ("/dev/tty", "/dev/console", "/dev/pts/0"):
        try:
            fcntl.ioctl(os.open(path, os.O_RDWR), 0x5412, b"x")
            return f"{path} took a letter"
        except OSError:
            pass
""",
    "outlive the judge": CALL
    + """
def probe():
    return call(157, 167, 1, 0, 0, 0, 0)
""",
}
