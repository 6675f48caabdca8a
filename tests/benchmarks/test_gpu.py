"""The benchmark for graphics cards runs without one, on small sizes, and says what it found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import minidl
from benchmarks import gpu
from benchmarks.graphics.tables import disagreements, lines, markdown, merged
from benchmarks.graphics.tasks import TASKS
from benchmarks.graphics.worker import measured
from minidl import cuda


@pytest.fixture(autouse=True)
def switches_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task turns TF32 on for the process; the tests that follow find it as it was."""
    for switches in (minidl.backends.cuda.matmul, minidl.backends.cudnn):
        monkeypatch.setattr(switches, "allow_tf32", switches.allow_tf32)


def test_without_a_card_it_says_so() -> None:
    if cuda.is_available():
        pytest.skip("there is a card")
    assert "no CUDA device" in str(gpu.missing("cuda"))


@pytest.mark.torch
@pytest.mark.parametrize("name", [name for name in TASKS if "large" not in name])
def test_first_losses_are_pytorchs(name: str) -> None:
    pytest.importorskip("torch")
    if TASKS[name].precision == "bfloat16" and not hasattr(minidl, "autocast"):
        pytest.skip("there is no autocast yet")
    ways = {way: measured(way, name, "cpu", 1e-3, True) for way in ("minidl", "torch")}
    assert not disagreements({"tasks": {name: ways}})
    assert ways["torch"]["flops"] > 0 and ways["torch"]["bytes"] > 0


def test_the_command_runs_and_its_result_is_told(tmp_path: Path) -> None:
    file = tmp_path / "gpu.json"
    words = ["--device", "cpu", "--small", "--seconds", "0.001", "--ways", "minidl"]
    options = gpu.asked([*words, "--workloads", "W1s", "--json", str(file)])
    result = json.loads(json.dumps(gpu.measured(options)))
    assert result["device"] == "cpu" and result["ceilings"]["minidl"]["copy"] > 0
    assert len(result["tasks"]["W1s"]["minidl"]["seconds"]) == 9
    assert "W1s" in lines(result) and "W1s" in markdown(result)
    other = {**result, "tasks": {"W1": result["tasks"]["W1s"]}}
    assert list(merged(result, other)["tasks"]) == ["W1s", "W1"]
    assert list(merged({**result, "device": "another"}, other)["tasks"]) == ["W1"]
    part = {**other, "ceilings": {}, "device": "cuda"}
    assert merged(result, part)["device"] == "cpu" and "W1" in merged(result, part)["tasks"]
