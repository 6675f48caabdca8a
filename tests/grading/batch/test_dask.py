"""On a Dask cluster, a worker of which is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from minidl.grading.batch.executors import dask
from minidl.grading.batch.grading import grade

from .notebooks import lay
from .stand_in import calls, handed_in

distributed = pytest.importorskip(
    "distributed", reason="no distributed: pip install 'minidl[grade-dask]'"
)
pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL"),
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("default"),  # the cluster's own, some while it dies
]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two workers in processes of their own, which see these tests as a judge's machine would."""
    root = str(Path(__file__).parents[3])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([root, *sys.path]))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def test_a_killed_worker_loses_nothing(cluster, small, judge, tmp_path: Path) -> None:
    place = lay(
        tmp_path / "in",
        {f"n{i}.ipynb": handed_in(f"n{i}", doing="# slow") for i in range(40)}
        | {"bad.ipynb": b"{", "ill.ipynb": handed_in("ill", doing="# fault once")},
    )
    workers, client = dask(cluster.scheduler_address.removeprefix("tcp://"))
    assert workers.count == 2

    def kill_one() -> None:
        while len(calls(small)) < 10:
            time.sleep(0.01)
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    report = grade(small, place, tmp_path / "out", judge, workers)
    killer.join()
    client.close()
    scores = {marks.learner: marks.score for marks in report.marks}
    assert scores == {f"n{i}": 6 for i in range(40)} | {"bad": 0, "ill": 6}
    assert len(calls(small)) < 42 + 8


def test_no_scheduler_is_told_in_a_sentence(monkeypatch) -> None:
    monkeypatch.setattr("distributed.Client", _nobody)
    with pytest.raises(OSError, match="No Dask scheduler answers at 127.0.0.1:1"):
        dask("127.0.0.1:1")


def _nobody(*_: Any, **__: Any) -> None:
    raise TimeoutError("timed out")
