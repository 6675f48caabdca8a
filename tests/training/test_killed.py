"""Twenty runs are killed by SIGKILL, resumed, and end with the bytes of one that was not."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .killed import EPOCHS
from .runs import numbers

ROOT = Path(__file__).parents[2]
STEPS = 5 * EPOCHS
FINAL = f"step-{STEPS:08d}"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def begin(folder: Path, when: str = "") -> subprocess.Popen:
    command = [
        sys.executable,
        "-m",
        "tests.training.killed",
        str(folder),
        *([when] if when else []),
    ]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=environment)


def finish(folder: Path) -> None:
    with begin(folder) as process:
        assert process.wait(60) == 0


def outcome(folder: Path) -> tuple[bytes, dict, list]:
    """The final tensors byte for byte, and all the rest but the clock."""
    manifest = json.loads((folder / f"{FINAL}.json").read_bytes())
    state = manifest["state"] | {"history": numbers(manifest["state"]["history"])}
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return (folder / f"{FINAL}.safetensors").read_bytes(), state, numbers(log)


def plans() -> list[str]:
    """Twenty deaths: in a step, while writing, and by somebody else's hand at some moment."""
    rng = random.Random(20)
    steps = [f"step:{rng.randint(1, STEPS)}" for _ in range(5)]
    syncs = [f"sync:{rng.randint(1, 80)}" for _ in range(4)]
    renames = [f"rename:{n}" for n in (1, 2, *(rng.randint(3, 40) for _ in range(2)))]
    halves = [f"half:{n}" for n in (1, 2, rng.randint(3, 20), rng.randint(3, 20))]
    return [*steps, *syncs, *renames, *halves, "hand", "hand", "hand"]


def trial(folder: Path, when: str, delay: float) -> tuple[str, int, tuple]:
    folder.mkdir()
    with begin(folder, "" if when == "hand" else when) as process:
        if when == "hand":
            assert process.stdout is not None and process.stdout.readline() == b"begun\n"
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
        code = process.wait(60)
    finish(folder)
    return when, code, outcome(folder)


@pytest.mark.timeout(300)
def test_twenty_of_twenty(tmp_path):
    reference = tmp_path / "reference"
    reference.mkdir()
    finish(reference)
    expected = outcome(reference)
    assert len(expected[2]) == STEPS
    rng = random.Random()
    with ThreadPoolExecutor(2) as pool:
        trials = [
            pool.submit(trial, tmp_path / f"{n}", when, rng.uniform(0, 0.1))
            for n, when in enumerate(plans())
        ]
        results = [task.result() for task in trials]
    assert len(results) == 20
    killed = [when for when, code, _ in results if code == -signal.SIGKILL]
    assert len(killed) >= 17, f"most must really have died: {[r[:2] for r in results]}"
    wrong = [when for when, _, found in results if found != expected]
    assert not wrong, f"{20 - len(wrong)} of 20 end as if nothing had happened; not {wrong}"
