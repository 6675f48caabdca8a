"""What the worker is sent of minidl is what its source says now."""

from __future__ import annotations

import os
import py_compile
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec

from minidl.grading.judge import ark
from minidl.grading.worker import arriving


def test_older_compiled_files_are_not_sent(tmp_path, monkeypatch):
    """Python was told to write no compiled files, and older ones lie beside the source."""
    file = tmp_path / "module.py"
    file.write_text("x = 'older'\n")
    py_compile.compile(str(file))
    file.write_text("x = 'newer'\n")
    os.utime(file, (1e9, 1e9))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = arriving.Arrived("module", str(file), ark._compiled("module", file))
    module = module_from_spec(ModuleSpec("module", loader))
    loader.exec_module(module)
    assert module.x == "newer"
