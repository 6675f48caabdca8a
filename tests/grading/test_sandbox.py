"""The sandbox: what a worker can see, reach, take and break, tier by tier, as root and as a user.

Run by root the workers are users of a pool; run by anybody else they stay who they are. Every test
runs for whoever runs it; what a machine refuses is skipped with the reason.
"""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the sandbox is Linux's", allow_module_level=True)

from minidl.grading import sandbox
from minidl.grading.attacks.canaries import Canaries
from minidl.grading.judge import crew
from minidl.grading.judge.crew import InfrastructureError, Server
from minidl.grading.sandbox import NoSandbox, by_name, doctor, landlock, privileges, seccomp
from minidl.grading.sandbox.probes import PROBES
from minidl.grading.sandbox.syscalls import ALLOWED, GUARDED, MACHINES, UNKNOWN
from minidl.grading.sandbox.view import view

TIERS = ("A", "B")
WAY = ["import os, sys\n", "def probe():\n"]


@pytest.fixture(scope="module", params=TIERS)
def server(request):
    """A server in each tier that works here."""
    try:
        tier = by_name(request.param)
    except NoSandbox as error:
        pytest.skip(str(error))
    found = Server(tier, ["matplotlib.pyplot"])
    yield found
    found.end()


@pytest.fixture(scope="module")
def canaries():
    """Things outside that no probe may touch."""
    with Canaries() as found:
        yield found


def inside(server: Server, body: str, given: dict | None = None) -> str:
    """What the body of a function returns inside."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    harm, detail = doctor.attempt(server, "".join(WAY) + lines, given or {})
    return harm or detail


@pytest.mark.parametrize("name", PROBES)
def test_the_sandbox_holds(server, canaries, name):
    harm, detail = doctor.attempt(server, PROBES[name], canaries.given)
    assert not harm, f"{server.started.enclosure['user']}: {harm}"
    assert not list(canaries.touched(detail))


@pytest.mark.parametrize(
    "name",
    [
        *("write a file outside", "change a file outside", "read a file outside"),
        *("read it through a link", "list folders", "read accounts and minidl's source"),
        *("open sockets of every family", "call out by TCP", "start a process"),
    ],
)
def test_a_probe_does_harm_where_there_is_no_sandbox(name):
    """So that what holds above is the sandbox, and not a probe that never works."""
    server = Server(sandbox.Unsafe(), [])
    try:
        with Canaries() as canaries:
            assert doctor.attempt(server, PROBES[name], canaries.given)[0]
    finally:
        server.end()


def test_the_worker_is_nobody(server):
    found = inside(server, "return str((os.getuid(), os.getgroups(), os.getpid() != 1))")
    user = privileges.pool_user(os.getpid())
    groups = [] if user else None
    uid, rest = found.strip("()").split(", ", 1)
    assert int(uid) == (user or os.getuid()) and int(uid) != 0
    assert groups is None or rest.startswith("[]")


def test_no_library_but_those_of_the_list_can_be_had(server):
    body = """
found = []
for name in ("pytest", "hypothesis", "torch", "jupytext", "nbformat", "playwright", "psutil"):
    try:
        __import__(name)
        found.append(name)
    except (ImportError, OSError):
        pass
return f"it has {found}" if found else ""
"""
    assert inside(server, body) == "nothing came of it"


def test_what_lessons_use_can_be_had(server):
    body = """
import numpy, minidl, ml_dtypes, safetensors, tqdm, json, hashlib, tempfile
import matplotlib.pyplot as plt
import minidl.training, minidl.data, minidl.compiler
with tempfile.TemporaryDirectory() as folder:
    open(os.path.join(folder, "x"), "w").close()
plt.plot([1, 2]); plt.savefig("picture.png"); plt.close()
return f"{os.path.getsize('picture.png') > 1000} {minidl.ones(2).sum().item()}"
"""
    assert inside(server, body) == "True 2.0"


def test_nothing_is_left_for_the_next_one(server):
    body = """
os.makedirs("deep/er"); open("deep/er/secret", "w").write("mine"); os.symlink("/", "link")
open(".hidden", "w").close(); os.mkdir("closed", 0o000)
sys.modules["minidl"].left = True
return f"{sorted(os.listdir())}"
"""
    assert "deep" in inside(server, body)
    after = "import minidl\nreturn f'{os.listdir()} {hasattr(minidl, \"left\")}'"
    assert inside(server, after) == "[] False"


def test_minidl_arrives_without_its_answers(server):
    body = """
import importlib, minidl.grading
found = []
for name in ("course", "judging", "builder", "draws", "cutting", "questions", "examining", "crew",
             "marks", "attacks"):
    try:
        importlib.import_module("minidl.grading." + name)
        found.append(name)
    except ImportError:
        pass
return f"{found} {os.path.exists(minidl.grading.__file__)}"
"""
    answer = inside(server, body)
    assert answer.startswith("[]")
    if server.started.enclosure["scratch"] == "/scratch":
        assert answer == "[] False"  # in tier A its files are not even there to be seen


def test_a_child_that_dies_is_replaced(server):
    for body in ("os._exit(3)", "os.abort()", "import ctypes; ctypes.string_at(0)"):
        assert inside(server, body) == "it was ended (Ended)"
    assert inside(server, "return str(1 + 1)") == "2"


def test_a_child_that_stalls_is_ended(server, monkeypatch):
    monkeypatch.setattr(doctor, "SECONDS", 0.3)
    deaf = """
import signal
signal.setitimer(signal.ITIMER_REAL, 0); signal.setitimer(signal.ITIMER_PROF, 0)
while True: pass
"""
    begin = time.monotonic()
    assert inside(server, deaf) == "it was ended (Late)"
    assert time.monotonic() - begin < 20
    assert inside(server, "return str(2)") == "2"


def test_its_words_are_bytes_and_no_more(server):
    noise = "for n in range(3, 300):\n    try: os.write(n, b'x' * 100)\n    except OSError: pass"
    assert inside(server, noise) == "it was ended (ProtocolError)"


def test_a_lost_server_is_said():
    server = Server(sandbox.Unsafe(), [])
    server.started.process.kill()
    with pytest.raises(InfrastructureError, match="lost"):
        server.sitting()
    server.end()


@pytest.mark.parametrize("name", TIERS)
def test_workers_end_with_the_judge(name):
    """Killed by the ninth signal, it leaves no process behind."""
    try:
        by_name(name)
    except NoSandbox as error:
        pytest.skip(str(error))
    program = f"""
import os, sys, time
from minidl.grading.judge.crew import Server
from minidl.grading.sandbox import by_name
server = Server(by_name({name!r}), [])
sitting = server.sitting()
print(server.started.process.pid, flush=True)
time.sleep(60)
"""
    root = str(Path(__file__).resolve().parents[2])
    judge = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert judge.stdout is not None
    number = int(judge.stdout.readline())
    family = [number, *_children(number)]
    assert len(family) > 1
    judge.send_signal(signal.SIGKILL)
    judge.communicate()
    end = time.monotonic() + 20
    while any(_lives(n) for n in family) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [n for n in family if _lives(n)]


def _children(number: int) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == number:
            child = int(place.parent.name)
            found += [child, *_children(child)]
    return found


def _lives(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_fork_of_the_judge_has_servers_of_its_own():
    tier = sandbox.best()
    with crew.server(tier, ()) as mine:
        first = mine.started.process.pid
    child = os.fork()
    if not child:
        try:
            with crew.server(tier, ()) as other:
                os._exit(0 if other.started.process.pid != first else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with crew.server(tier, ()) as mine:
        assert mine.started.process.pid == first
        assert not mine.sitting().end().alive


# ---------------------------------------------------------------- choosing a tier


def test_the_best_is_taken_and_the_unsafe_one_only_when_asked_for(monkeypatch):
    monkeypatch.setattr(sandbox.Bubblewrap, "reason", lambda self: "no bubblewrap")
    if not landlock.reason():
        assert sandbox.best().name == "B"
    monkeypatch.setattr(sandbox.Landlocked, "reason", lambda self: "no Landlock")
    with pytest.raises(NoSandbox, match="no bubblewrap(.|\n)*no Landlock(.|\n)*only when asked"):
        sandbox.best()
    assert sandbox.best(unsafe=True).name == "C"


def test_a_missing_bubblewrap_is_a_sentence(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    from minidl.grading.sandbox import bubblewrap

    bubblewrap._tried.cache_clear()
    try:
        assert "not installed" in sandbox.Bubblewrap().reason()
    finally:
        bubblewrap._tried.cache_clear()


def test_the_doctor_prints_one_line_for_each_attack():
    found = doctor.report()
    assert [name for name, _, _ in found] == list(PROBES)
    assert all(held for _, held, _ in found)
    assert all(detail for _, _, detail in found)


# ---------------------------------------------------------------- the pieces


def test_the_view_holds_no_folder_of_all_libraries_and_no_minidl():
    found = view()
    for path in (*found.folders, *found.pieces):
        assert not path.endswith(("site-packages", "dist-packages")), path
        assert "minidl" not in Path(path).name
    assert any(path.endswith("/numpy") for path in found.pieces)
    readable = found.readable()
    for hidden in found.hidden:
        assert not any(hidden == path or hidden.startswith(path + "/") for path in readable)


HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_of_the_system_calls_are_the_kernels(machine):
    header = Path(HEADERS[machine])
    if not header.is_file():
        pytest.skip(f"{header} is not installed")
    text = header.read_text()
    numbers = {
        name: int(number)
        for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", text)
    }
    names = {"newfstatat": "fstatat"} if machine == "aarch64" else {}
    place = MACHINES[machine][0]
    for name, pair in {**ALLOWED, **GUARDED, **UNKNOWN}.items():
        known = numbers.get(names.get(name, name))
        assert pair[place] == known, name


def run(program: bytes, number: int, *arguments: int, machine: int = 0xC000003E) -> int:
    """What the filter answers to a call: its small machine, played here."""
    data = struct.pack("<IIQ6Q", number, machine, 0, *(*arguments, *[0] * 6)[:6])
    place, value = 0, 0
    while True:
        code, when, otherwise, k = struct.unpack_from("HBBI", program, 8 * place)
        place += 1
        if code == seccomp.LOAD:
            value = struct.unpack_from("<I", data, k)[0]
        elif code == seccomp.RETURN:
            return k
        else:
            tests = {
                seccomp.JUMP_EQUAL: value == k,
                seccomp.JUMP_ABOVE: value >= k,
                seccomp.JUMP_SET: bool(value & k),
            }
            place += when if tests[code] else otherwise


@pytest.mark.parametrize(
    ("number", "arguments", "allowed"),
    [
        (0, (), True),  # read
        (9, (), True),  # mmap
        (62, (77, 9), True),  # kill itself
        (62, (78, 9), False),
        (62, (2**32 - 1, 9), False),  # kill all
        (234, (77, 5, 9), True),
        (234, (78, 5, 9), False),
        (56, (0x3D0F00,), True),  # clone a thread
        (56, (0x11,), False),  # fork
        (56, (0x10000 | 0x20000000,), False),  # a thread in a new world
        (57, (), False),
        (59, (), False),  # execve
        (41, (1,), False),  # socket
        (53, (1,), False),
        (72, (3, 1), True),  # fcntl, its flags
        (72, (3, 8), False),  # its owner
        (16, (0, 0x5401), True),
        (16, (0, 0x5412), False),  # type into a terminal
        (157, (15,), True),
        (157, (1,), False),
        (302, (0,), True),
        (302, (78,), False),
        (101, (), False),  # ptrace
        (165, (), False),  # mount
        (272, (), False),  # unshare
        (425, (), False),  # io_uring
        (0x40000000, (), False),  # read by another convention
        (9999, (), False),
    ],
)
def test_the_filter_lets_through_what_it_should(number, arguments, allowed):
    answer = run(seccomp.program(77, "x86_64"), number, *arguments)
    assert (answer == seccomp.ALLOW) is allowed


def test_the_filter_sends_old_threads_to_the_call_it_can_read_and_ends_other_machines():
    program = seccomp.program(77, "x86_64")
    assert run(program, 435) == seccomp.ERRNO | 38
    assert run(program, 0, machine=0x40000003) == seccomp.KILL
    assert run(seccomp.program(77, "aarch64"), 63, machine=0xC00000B7) == seccomp.ALLOW
    assert run(seccomp.program(77, "aarch64"), 198, machine=0xC00000B7) != seccomp.ALLOW


def test_the_filter_fits_the_kernel():
    assert len(seccomp.program(1)) // 8 < 4096


def test_a_pool_user_fits_small_namespaces(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(privileges, "_known_users", lambda: 2**32)
    assert 300_000 <= (privileges.pool_user(123_456_789) or 0) < 500_000
    monkeypatch.setattr(privileges, "_known_users", lambda: 65_536)
    assert 50_000 <= (privileges.pool_user(123_456_789) or 0) < 60_000
    monkeypatch.setattr(privileges, "_known_users", lambda: 1)
    assert privileges.pool_user(1) is None
