"""Things outside the sandbox that no attack may touch, and that tell when one did.

A folder that anyone may write to, with files in it; servers of every family that count who calls;
a process beside the judge; secrets in its environment and its files. `touched` looks at them all.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, final

LIVES = "import sys, time; time.sleep(3600)"


@final
class Canaries:
    """The things outside. Use it as a context: inside they live, and afterwards they are gone.

    given: what attacks are told, the capital names of their cells: OUTSIDE a folder, PORT the
        servers' number, VICTIM a process's number, MARK a word in the victim's command line,
        SECONDS the processor time that a part has.
    """

    def __init__(self, seconds: float = 5.0) -> None:
        self.secret = f"canary-{secrets.token_hex(16)}"  # the word that must never be heard of
        self.mark = f"victim-{secrets.token_hex(8)}"
        self.seconds = seconds
        self.callers: list[str] = []
        self._end = contextlib.ExitStack()

    def __enter__(self) -> Canaries:
        self.folder = Path(tempfile.mkdtemp(prefix="outside-"))
        self._end.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o777)
        for name in ("grades.csv", "marks.sqlite", "neighbour.ipynb", "secret.key"):
            (self.folder / name).write_text(f"{name} {self.secret}\n")
            (self.folder / name).chmod(0o666)
        self.port = self._listen()
        self._kept = self._sums()
        command = [sys.executable, "-c", LIVES, self.mark]
        self.victim = subprocess.Popen(command, env={**os.environ, "CANARY_SECRET": self.secret})
        self._end.callback(self.victim.wait)
        self._end.callback(self.victim.kill)
        os.environ["CANARY_SECRET"] = self.secret
        self._end.callback(os.environ.pop, "CANARY_SECRET", None)
        return self

    def __exit__(self, *error: object) -> None:
        self._end.close()

    @property
    def given(self) -> dict[str, Any]:
        """What attacks are told."""
        return {
            "OUTSIDE": str(self.folder),
            "PORT": self.port,
            "VICTIM": self.victim.pid,
            "MARK": self.mark,
            "SECONDS": self.seconds,
        }

    def touched(self, said: str = "") -> Iterator[str]:
        """A sentence for each thing that was touched since the last time.

        said: all that the judge wrote down, in which the secret must not occur.
        """
        found = self._sums()
        if found != self._kept:
            names = sorted(
                name for name in {*found, *self._kept} if found.get(name) != self._kept.get(name)
            )
            yield f"files outside were made, changed or removed: {', '.join(names)}."
            self._kept = found
        if self.victim.poll() is not None:
            yield f"a process outside was ended (status {self.victim.returncode})."
        yield from self._left_behind()
        while self.callers:
            yield f"somebody called the server for {self.callers.pop()}."
        if self.secret in said:
            yield "a secret from outside was said aloud."

    def _left_behind(self) -> Iterator[str]:
        """Processes of an attack that outlived it: they bear the victim's mark."""
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in place.read_bytes():
                    number = int(place.parent.name)
                    if number != self.victim.pid:
                        os.kill(number, signal.SIGKILL)
                        yield f"a process was left behind ({number})."

    def _sums(self) -> dict[str, str]:
        """Every path below the folder, what it is, and what it holds."""
        if not self.folder.is_dir():
            return {}
        return {
            path.relative_to(self.folder).as_posix(): f"{path.lstat().st_mode} "
            + (hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
            for path in sorted(self.folder.rglob("*"))
        }

    def _listen(self) -> int:
        """Servers of every family under one number, at a path, and at a name without a file."""
        for _ in range(20):
            try:
                return self._listen_once()
            except OSError:
                continue
        raise OSError("no number is free for servers of all families")

    def _listen_once(self) -> int:
        with contextlib.ExitStack() as open_now:
            tcp = open_now.enter_context(socket.create_server(("127.0.0.1", 0)))
            port = tcp.getsockname()[1]
            found = {"TCP": tcp}
            found["UDP"] = open_now.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            found["UDP"].bind(("127.0.0.1", port))
            if socket.has_dualstack_ipv6():
                with contextlib.suppress(OSError):
                    six = socket.create_server(("::1", port), family=socket.AF_INET6)
                    found["TCP, version 6"] = open_now.enter_context(six)
            places = {"a path": str(self.folder / "door"), "a name": "\0" + self.mark}
            for name, place in places.items():
                door = open_now.enter_context(socket.socket(socket.AF_UNIX))
                door.bind(place)
                door.listen()
                found[name] = door
            (self.folder / "door").chmod(0o777)
            self._end.push(open_now.pop_all())
        for name, server in found.items():
            threading.Thread(target=self._count, args=(name, server), daemon=True).start()
        return port

    def _count(self, name: str, server: socket.socket) -> None:
        """Waits for callers until the server is closed."""
        with contextlib.suppress(OSError):
            while True:
                if server.type == socket.SOCK_DGRAM:
                    server.recvfrom(1)
                else:
                    server.accept()[0].close()
                self.callers.append(name)
