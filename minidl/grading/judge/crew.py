"""The judge's side of the workers: servers in the sandbox, and a fresh child for each sitting."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final

from ..sandbox import Tier
from ..sandbox.ceilings import Ceilings
from ..sandbox.view import view
from ..wire import protocol
from ..wire.packing import frame
from ..worker.arriving import receive
from ..worker.serving import REPORT
from ..worker.sitting import LEAST
from .ark import ark, boot

STARTS = 30.0  # seconds in which a server must be up
SLICE = 0.1  # seconds between two looks at a silent child
GRACE = 1.0  # seconds beyond the limit, in which the worker stops its own code with a good sentence


@final
class InfrastructureError(Exception):
    """The judge could not do its work; the learner has nothing to do with it. Worth another try."""


@final
class Late(Exception):
    """The child used more time than it has."""


@final
class Ended(Exception):
    """The child is gone."""


@final
class Overfull(Exception):
    """The child wrote more files than it may."""


@final
@dataclass(frozen=True)
class Report:
    """What a server says of its child."""

    alive: bool
    status: int
    seconds: float
    written: int

    @property
    def how(self) -> str:
        """How the child ended, in words."""
        if os.WIFSIGNALED(self.status):
            return f"by signal {os.WTERMSIG(self.status)}"
        return f"with status {os.waitstatus_to_exitcode(self.status)}"


@final
class Server:
    """One server in the sandbox. Raises InfrastructureError when it cannot be had, or is lost."""

    def __init__(self, tier: Tier, imports: Sequence[str]):
        self.sock, theirs = socket.socketpair()
        arguments = ["-I", "-S", "-c", boot(), str(theirs.fileno())]
        try:
            self.started = tier.start(arguments, [theirs.fileno()])
        except OSError as error:
            self.sock.close()
            raise InfrastructureError(f"{tier!r} does not start: {error}") from error
        finally:
            theirs.close()
        self.sock.settimeout(STARTS)
        try:
            self.sock.sendall(ark(view().paths))
            settings = {"enclosure": self.started.enclosure, "imports": list(imports)}
            self.sock.sendall(frame(settings, protocol.TRUSTED))
            answer = protocol.read(lambda count: receive(self.sock, count))
        except (OSError, protocol.ProtocolError) as error:
            self.end()
            raise InfrastructureError(f"{tier!r} does not come up: {error}") from error
        if answer != {"ready": True, "why": ""}:
            self.end()
            raise InfrastructureError(f"{tier!r} does not come up: {answer}")

    def sitting(self) -> Sitting:
        """A fresh child, with a wire of its own."""
        to_child, from_child = os.pipe(), os.pipe()
        try:
            self._ask(b"B", [to_child[0], from_child[1]])
        except InfrastructureError:
            os.close(to_child[1])
            os.close(from_child[0])
            raise
        finally:
            os.close(to_child[0])
            os.close(from_child[1])
        return Sitting(self, to_child[1], from_child[0])

    def look(self) -> Report:
        """How the child is."""
        return self._ask(b"L")

    def dismiss(self) -> Report:
        """Ends the child."""
        return self._ask(b"E")

    def end(self) -> None:
        """Ends the server and all it made."""
        self.sock.close()
        self.started.end()

    def leave(self) -> None:
        """Forgets a server that belongs to another process."""
        self.sock.close()

    def _ask(self, letter: bytes, wires: Sequence[int] = ()) -> Report:
        try:
            if wires:
                socket.send_fds(self.sock, [letter], list(wires))
            else:
                self.sock.sendall(letter)
            data = receive(self.sock, REPORT.size)
        except OSError as error:
            raise InfrastructureError(f"the sandbox's server is lost: {error}") from error
        if len(data) != REPORT.size:
            raise InfrastructureError("the sandbox's server is lost")
        alive, status, seconds, written = REPORT.unpack(data)
        return Report(bool(alive), status, seconds, written)


@final
class Sitting:
    """One child: what is said to it and heard from it, within the time it has."""

    def __init__(self, server: Server, to_child: int, from_child: int):
        self.server = server
        self.to_child, self.from_child = to_child, from_child
        self.seconds = 0.0  # of processor time, up to the last look
        self.heard = bytearray()  # what came and is not yet read
        os.set_blocking(to_child, False)
        os.set_blocking(from_child, False)

    def exchange(self, value: Any, seconds: float, until: float) -> Any:
        """Says something and returns the answer; see `hear`."""
        watch = _Watch(self, seconds, until)
        self._write(frame(value, protocol.TRUSTED), watch)
        return protocol.read(lambda count: self._read(count, watch))

    def hear(self, seconds: float, until: float) -> Any:
        """The next frame from the child.

        seconds: the processor time it may use; four times that by the clock.
        until: the moment by `time.monotonic()` at which the whole submission's time is up.
        Raises Late, Ended, Overfull, ProtocolError.
        """
        watch = _Watch(self, seconds, until)
        return protocol.read(lambda count: self._read(count, watch))

    def is_silent(self) -> bool:
        """Whether nothing has been said that nobody asked for."""
        return not self.heard and not select.select([self.from_child], [], [], 0)[0]

    def spent(self) -> float:
        """Processor seconds of the child so far."""
        self.seconds = self.server.look().seconds
        return self.seconds

    def end(self) -> Report:
        """Ends the child and closes the wire."""
        for number in (self.to_child, self.from_child):
            os.close(number)
        return self.server.dismiss()

    def _read(self, count: int, watch: _Watch) -> bytes:
        while len(self.heard) < count:
            watch.wait([self.from_child], [])
            try:
                piece = os.read(self.from_child, max(count - len(self.heard), 1 << 16))
            except BlockingIOError:
                continue
            if not piece:
                if not self.heard:
                    raise Ended
                break
            self.heard += piece
        found = bytes(self.heard[:count])
        del self.heard[:count]
        return found

    def _write(self, data: bytes, watch: _Watch) -> None:
        rest = memoryview(data)
        while rest:
            watch.wait([], [self.to_child])
            try:
                rest = rest[os.write(self.to_child, rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise Ended from None


@final
class _Watch:
    """Waits for the wire, and looks after the child meanwhile."""

    def __init__(self, sitting: Sitting, seconds: float, until: float):
        self.sitting = sitting
        self.most = sitting.seconds + seconds + GRACE
        now = time.monotonic()
        self.until = min(until, now + max(4 * seconds, LEAST) + GRACE)
        self.next = now + SLICE  # when the child is looked at

    def wait(self, readable: list[int], writable: list[int]) -> None:
        """Returns when the wire is ready. Raises Late, Overfull.

        The child is looked after while the wire is ready, too: it may speak without end.
        """
        while True:
            ready = any(select.select(readable, writable, [], SLICE)[:2])
            now = time.monotonic()
            if now > self.next:
                self._look(now)
                self.next = now + SLICE
            if ready:
                return

    def _look(self, now: float) -> None:
        report = self.sitting.server.look()
        self.sitting.seconds = report.seconds
        if report.seconds > self.most or now > self.until:
            raise Late
        if report.written > Ceilings().scratch:
            raise Overfull


_idle: dict[tuple[int, str, tuple[str, ...]], list[Server]] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def server(tier: Tier, imports: Sequence[str]) -> Iterator[Server]:
    """A server for the block; afterwards it waits for the next one, unless it was lost."""
    key = (os.getpid(), tier.name, tuple(imports))
    with _lock:
        _leave_others()
        waiting = _idle.setdefault(key, [])
        found = waiting.pop() if waiting else None
    found = found or Server(tier, imports)
    try:
        yield found
    except BaseException:
        with contextlib.suppress(Exception):
            found.end()
        raise
    with _lock:
        _idle.setdefault(key, []).append(found)


def _leave_others() -> None:
    """After a fork, the servers of the process that was copied are not ours."""
    for key in [key for key in _idle if key[0] != os.getpid()]:
        for found in _idle.pop(key):
            found.leave()


@atexit.register
def dismiss() -> None:
    """Ends every server that waits. Nothing is lost: the next sitting starts another."""
    with _lock:
        for key in list(_idle):
            for found in _idle.pop(key):
                if key[0] == os.getpid():
                    found.end()
