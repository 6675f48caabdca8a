"""Inside the sandbox: a server with everything imported, and a fresh child for each sitting.

The server never runs a learner's code. It hears one letter at a time from the judge: B, begin a
sitting (with the two ends of its wire); L, look after the child; E, end it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Mapping
from typing import Any, final

from ..sandbox import inside
from ..wire import protocol
from ..wire.packing import frame
from .arriving import receive
from .later import is_heavy
from .sitting import Wire, sit
from .sweeping import clear, size

REPORT = struct.Struct("<iidQ")  # is it alive, wait status, processor seconds, bytes it has written
NOISY = ("antigravity", "idlelib", "lib2to3", "this", "tkinter", "turtle", "turtledemo")
INNER = (  # modules within modules that libraries ask for late
    *("collections.abc concurrent.futures email.parser email.policy importlib.metadata".split()),
    *("importlib.resources unittest.mock urllib.request xml.etree.ElementTree".split()),
    *("concurrent.futures.process concurrent.futures.thread logging.handlers".split()),
    *("multiprocessing.dummy multiprocessing.pool".split()),
    *("encodings.ascii encodings.idna encodings.latin_1 encodings.utf_16".split()),
    *("matplotlib.backends.backend_agg numpy.testing safetensors.numpy tqdm.auto".split()),
)
HIGH = (60, 61)  # the wire's numbers in a child, where nothing else is open


def main(sock: socket.socket) -> None:
    """Serves until the judge has gone."""
    settings = protocol.read(lambda count: receive(sock, count), protocol.TRUSTED)
    early = settings["enclosure"]["early"]  # no library can be read once the walls are up
    try:
        for name in ["resource", *settings["imports"], *(_usual() if early else ())]:
            if early or not is_heavy(name):
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
        count = inside.running()
        inside.shut(settings["enclosure"])
    except Exception as error:
        sock.sendall(frame({"ready": False, "why": f"{type(error).__name__}: {error}"}))
        return
    gc.collect()
    gc.freeze()
    sock.sendall(frame({"ready": True, "why": ""}))
    server = Server(sock, settings["enclosure"], count)
    while server.hear():
        pass


def _usual() -> list[str]:
    """What notebooks and libraries may ask for: Python's own modules, and some within others."""
    own = [name for name in sorted(sys.stdlib_module_names) if not name.startswith("_")]
    return [*(name for name in own if name not in NOISY), *INNER]


@final
class Server:
    """One child at a time, and what is known of it."""

    def __init__(self, sock: socket.socket, enclosure: Mapping[str, Any], running: int):
        self.sock = sock
        self.enclosure = enclosure
        self.running = running
        self.child = 0
        self.status = 0
        self.seconds = 0.0

    def hear(self) -> bool:
        """Does what the judge asks for, and reports. Returns False when the judge has gone."""
        letter, wires, _, _ = socket.recv_fds(self.sock, 1, 2)
        if not letter:
            return False
        if letter == b"B":
            self.end()
            self.begin(wires)
        elif letter == b"E":
            self.end()
        else:
            self.look()
        alive, written = int(bool(self.child)), size(self.enclosure["scratch"])
        self.sock.sendall(REPORT.pack(alive, self.status, self.seconds, written))
        return True

    def begin(self, wires: list[int]) -> None:
        """Makes a child that sits between these two ends of a wire."""
        self.status, self.seconds = 0, 0.0
        self.child = os.fork()
        if not self.child:
            status = 1
            try:
                _child(wires, self.enclosure, self.running)
                status = 0
            finally:
                os._exit(status)
        for wire in wires:
            os.close(wire)

    def look(self) -> None:
        """Takes note whether the child has ended, and how much processor time it has used."""
        if self.child:
            found, status, usage = os.wait4(self.child, os.WNOHANG)
            if found:
                self._ended(status, usage)
            else:
                with contextlib.suppress(OSError):
                    self.seconds = time.clock_gettime((~self.child << 3) | 2)

    def end(self) -> None:
        """Ends the child and clears away what it wrote."""
        if self.child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)
            _, status, usage = os.wait4(self.child, 0)
            self._ended(status, usage)
        clear(self.enclosure["scratch"])

    def _ended(self, status: int, usage: Any) -> None:
        self.child, self.status = 0, status
        self.seconds = usage.ru_utime + usage.ru_stime


def _child(wires: list[int], enclosure: Mapping[str, Any], running: int) -> None:
    """One sitting: nothing is open but the wire, and the walls are up before a cell runs."""
    os.setsid()
    os.dup2(wires[0], HIGH[0])
    os.dup2(wires[1], HIGH[1])
    os.closerange(3, HIGH[0])
    os.closerange(HIGH[1] + 1, 4096)
    inside.shut_child(enclosure, running)
    gc.enable()
    sit(Wire(lambda count: _read(HIGH[0], count), lambda data: _write(HIGH[1], data)))


def _read(number: int, count: int) -> bytes:
    pieces = []
    while count:
        piece = os.read(number, min(count, 1 << 20))
        if not piece:
            os._exit(0)  # the judge has heard enough
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _write(number: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(number, view) :]
