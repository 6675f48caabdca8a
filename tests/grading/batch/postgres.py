"""A PostgreSQL server of the tests' own, where the machine has one installed."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "postgres").exists()), None)


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """A server in a folder of its own; its address. MINIDL_TEST_DATABASE names another.

    Skips where there is none.
    """
    if "MINIDL_TEST_DATABASE" in os.environ:
        yield os.environ["MINIDL_TEST_DATABASE"]
        return
    pytest.importorskip("psycopg", reason="no psycopg: pip install 'minidl[grade-postgres]'")
    place = programs()
    if place is None:
        pytest.skip("no PostgreSQL on this machine")
    with tempfile.TemporaryDirectory(prefix="minidl-postgres-") as folder:
        user = _somebody(Path(folder))
        data, port = f"{folder}/data", _free_port()
        run = {
            "cwd": folder,
            "user": user,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        }
        words = [place / "initdb", "-D", data, "-U", "minidl", "--auth=trust", "-E", "UTF8", "-N"]
        subprocess.run([*words, "--locale=C.UTF-8"], check=True, **run)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = [place / "pg_ctl", "-D", data, "-w", "-s"]
        subprocess.run([*control, "-o", options, "start"], check=True, **run)
        try:
            yield f"postgresql://minidl@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, **run)


def _somebody(folder: Path) -> str | None:
    """Whom the server runs as: PostgreSQL refuses to be root."""
    if os.geteuid():
        return None
    names = [entry.pw_name for entry in pwd.getpwall()]
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return user


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]
