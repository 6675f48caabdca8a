"""The README's first program runs as it stands and learns; the second is minidl's own source."""

from __future__ import annotations

import re
import subprocess
import sys

from .house.source import ROOT

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_the_network_learns() -> None:
    command = [sys.executable, "-W", "error", "-c", BLOCKS[0]]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert float(answer.stdout.split()[-1]) > 0.96


def test_the_operation_is_the_real_one() -> None:
    source = (ROOT / "minidl/ops/elementwise.py").read_text()
    assert BLOCKS[1] in source, "README shows an operation that elementwise.py no longer has"
