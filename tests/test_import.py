"""`import minidl` is quick and brings nothing along that it does not need."""

from __future__ import annotations

from benchmarks.import_time import measure


def test_import_costs_little_beyond_numpy() -> None:
    runs = [measure("minidl") for _ in range(5)]
    assert runs[0][1] == [], "import minidl pulls these in"
    # The least of them: what else the machine is doing can only add to it.
    assert min(seconds for seconds, _ in runs) < 0.15
