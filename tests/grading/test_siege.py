"""`minidl grade doctor --whole-list` plays the list and tells what gained something."""

from __future__ import annotations

import sys

import pytest

from minidl import cli
from minidl.grading.attacks import siege as besieging
from minidl.grading.attacks.listed import attacks
from minidl.grading.marks import PartMark
from minidl.grading.sandbox import NoSandbox, best

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")
FEW = ("benign/prints", "disk/writes_outside", "processes/exits")


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Of the list, three."""
    try:
        best()
    except NoSandbox as error:
        pytest.skip(str(error))
    chosen = [attack for attack in attacks() if attack.name in FEW]
    monkeypatch.setattr(besieging, "attacks", lambda: chosen)


def test_the_doctor_tells_of_each_attack_what_came_of_it(capsys):
    assert cli.main(["grade", "doctor", "--whole-list"]) == 0
    lines = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert ["kept", "all"] in lines and ["nothing", "processes/exits"] in lines
    assert ["3", "of"] in lines


def test_a_judge_that_lets_points_go_is_found_out(capsys, monkeypatch):
    def lenient(cells, lesson, conditions):
        return [PartMark("01.mul/zero", "", 1, 1, "passed")]

    monkeypatch.setattr(besieging, "examine", lenient)
    assert cli.main(["grade", "doctor", "--whole-list"]) == 1
    said = capsys.readouterr().out
    assert "GAINED    processes/exits" in said and "did not earn" in said
    assert "1 of 3 notebooks" in said
