"""The first thing that runs in the sandbox: takes minidl's modules from the wire and imports them.

This file is sent as text and run before anything else is there, so it uses Python alone. A module's
bytes are forgotten as soon as it is loaded: what is taken out of it afterwards cannot be had again.
"""

import json
import socket
import struct
import sys
from importlib.machinery import ModuleSpec, SourcelessFileLoader
from typing import final

LENGTH = struct.Struct("<Q")


@final
class Arrived(SourcelessFileLoader):
    """Loads one module from the bytes that came for it."""

    def __init__(self, fullname, path, data):
        super().__init__(fullname, path)
        self.data = data

    def get_data(self, path):
        """The compiled module, once."""
        data, self.data = self.data, b""
        return data


@final
class Finder:
    """Finds the modules that have arrived and are not yet loaded; of minidl there are no others."""

    def __init__(self, modules):
        self.modules = modules

    def find_spec(self, name, path=None, target=None):
        """The spec of a module that arrived."""
        found = self.modules.pop(name, None)
        if found is None:
            return None
        path, package, data = found
        spec = ModuleSpec(name, Arrived(name, path, data), origin=path, is_package=package)
        spec.has_location = True  # gives the module a __file__, though there is no such file
        return spec


def receive(sock, count):
    """Exactly so many bytes, fewer only when the other side has ended."""
    pieces = []
    while count:
        piece = sock.recv(min(count, 1 << 20))
        if not piece:
            break
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def arrive(number):
    """Takes what comes through file `number` of this process. Returns the socket for the rest."""
    sock = socket.socket(fileno=number)
    size = LENGTH.unpack(receive(sock, LENGTH.size))[0]
    index = json.loads(receive(sock, size))
    modules = {}
    for name, path, package, length in index["modules"]:
        modules[name] = (path, package, receive(sock, length))
    sys.path[:] = [path for path in sys.path if path] + index["paths"]
    sys.meta_path.insert(0, Finder(modules))
    return sock
