"""What the worker is sent of minidl is what its source says now."""

from __future__ import annotations

import marshal
import os
import py_compile
import sys

from minidl.grading import ark


def test_older_compiled_files_are_not_sent(tmp_path, monkeypatch):
    """Python was told to write no compiled files, and older ones lie beside the source."""
    file = tmp_path / "module.py"
    file.write_text("x = 'older'\n")
    py_compile.compile(str(file))
    file.write_text("x = 'newer'\n")
    os.utime(file, (1e9, 1e9))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    scope: dict = {}
    exec(marshal.loads(ark._compiled("module", file)[16:]), scope)
    assert scope["x"] == "newer"
