"""The list of attacks is whole and readable, and its canaries sing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from minidl.grading.attacks.canaries import Canaries
from minidl.grading.attacks.listed import attacks, read
from minidl.grading.course import find_lesson
from minidl.grading.marks import PartMark

LIST = attacks()
FAMILIES = "answers benign disk judge memory network notebook own processes protocol reading time"


def test_there_are_enough_of_every_family():
    families = [attack.name.partition("/")[0] for attack in LIST]
    assert sorted(set(families)) == FAMILIES.split()
    assert sum(not attack.benign for attack in LIST) >= 100
    assert sum(attack.benign for attack in LIST) >= 25


@pytest.mark.parametrize("attack", LIST, ids=lambda attack: attack.name)
def test_each_names_exercises_and_parts_that_there_are(attack):
    exercises = find_lesson(attack.lesson).exercises()
    parts = {part.id for id in attack.exercises for part in exercises[id].parts}
    assert set(attack.earns) <= parts | {"all"}
    assert attack.tries.endswith(".")
    assert attack.benign == (attack.statuses == ("passed",))
    assert [cell["cell_type"] for cell in attack.notebook({})["cells"]]
    marked = {id for _, id, _ in attack.cells if id}
    assert marked <= set(exercises) or attack.name == "notebook/other_exercise"


def test_each_tries_something_else():
    for pieces in ([attack.tries for attack in LIST], [attack.code({}) for attack in LIST]):
        assert len({str(piece) for piece in pieces}) == len(LIST)


def test_a_file_that_says_what_nobody_knows_is_refused(tmp_path):
    path = tmp_path / "family" / "one.py"
    path.parent.mkdir()
    for line, what in (("gains: all", "gains"), ("status: won", "won")):
        path.write_text(f'"""Tries.\n\n{line}\n"""\n# %%\npass\n')
        with pytest.raises(ValueError, match=f"family/one.*{what}"):
            read(path)
    with pytest.raises(LookupError, match="no list of attacks"):
        attacks(tmp_path / "family")


def test_capital_names_are_filled_in_and_hidden_lines_come_out(tmp_path):
    path = tmp_path / "family" / "one.py"
    path.parent.mkdir()
    path.write_text(
        '"""Tries.\n\nearns: zero\nstatus: failed\n"""\n# %% [markdown]\n# # Head\n'
        '# %% exercise="01.mul"\n#| %time\nf(PORT)\n# %%\ng()\n'
    )
    attack = read(path)
    assert attack.code({"PORT": 7, "MARK": "m"}) == [
        ("01.mul", "PORT = 7\n%time\nf(PORT)"),
        ("", "g()"),
    ]
    head = attack.notebook({})["cells"][0]
    assert (head["cell_type"], head["source"]) == ("markdown", "# Head")
    assert attack.earned("01.mul/zero") and not attack.earned("01.mul/numbers")
    assert not attack.earned("01.uses/zero")


def test_a_point_gained_or_lost_is_a_complaint():
    honest = next(attack for attack in LIST if attack.name == "benign/prints")
    hostile = next(attack for attack in LIST if attack.name == "time/loop")

    def mark(points, status):
        return [PartMark("01.mul/zero", "", points, 1, status)]

    assert not [*honest.complaints(mark(1, "passed")), *hostile.complaints(mark(0, "timeout"))]
    assert "lost" in next(honest.complaints(mark(0, "failed")))
    assert "did not earn" in next(hostile.complaints(mark(1, "passed")))
    assert "none of timeout" in next(hostile.complaints(mark(0, "error")))


@pytest.mark.skipif(sys.platform != "linux", reason="the canaries look into /proc")
def test_the_canaries_tell_who_touched_them():
    with Canaries() as canaries:
        assert not list(canaries.touched("nothing"))
        assert os.environ["CANARY_SECRET"] == canaries.secret
        (canaries.folder / "grades.csv").chmod(0o600)
        socket.create_connection(("127.0.0.1", canaries.port)).close()
        stays = [sys.executable, "-c", "print(flush=True); input()", canaries.mark]
        left = subprocess.Popen(stays, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert left.stdout and left.stdout.readline(), "until then its command line may be empty"
        canaries.victim.send_signal(signal.SIGTERM)
        canaries.victim.wait()
        deadline = time.monotonic() + 10
        while not canaries.callers and time.monotonic() < deadline:
            time.sleep(0.01)
        found = " ".join(canaries.touched(f"it said {canaries.secret}"))
        left.communicate()
        for words in ("grades.csv", "ended (status -15)", "for TCP", "said aloud", "left behind"):
            assert words in found
        folder = canaries.folder
    assert not folder.exists() and "CANARY_SECRET" not in os.environ
