"""Every attack of the list is played: none gains a point, none touches anything outside.

Parts have half a second here in place of five, so that those who never end are soon ended; and of
those there is one part. The list is played in the strongest sandbox of this machine, and in each by
the slow tests. Who runs the tests as an ordinary user, plays as one.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from minidl.grading.attacks.canaries import Canaries
from minidl.grading.attacks.listed import Attack, attacks
from minidl.grading.course import Lesson, find_lesson
from minidl.grading.judge import examination
from minidl.grading.judge.examining import Conditions, examine
from minidl.grading.marks import PartMark
from minidl.grading.sandbox import NoSandbox, Tier, best, by_name, tiers

SECONDS = 0.5
QUICK = f"""
from dataclasses import replace

EXERCISES = [
    replace(x, parts=[replace(part, seconds=min(part.seconds, {SECONDS})) for part in x.parts])
    for x in EXERCISES
]
"""
ONE_PART = "EXERCISES = [replace(x, parts=x.parts[-1:]) for x in EXERCISES if x.id == '01.mul']\n"
LIST = attacks()
LONG = 60.0  # seconds by the clock that one attack may hold the judge up, at these limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lesson]:
    """The lessons that are attacked, by number, with less time for each part; "short" has one."""
    found = {}
    for name in sorted({attack.lesson for attack in LIST} | {"short"}):
        lesson = find_lesson("01" if name == "short" else name)
        folder = tmp_path_factory.mktemp("course") / lesson.name
        shutil.copytree(lesson.folder, folder)
        with (folder / "spec.py").open("a", encoding="utf-8") as file:
            file.write(QUICK + (ONE_PART if name == "short" else ""))
        found[name] = Lesson(folder)
    return found


@pytest.fixture(scope="module")
def canaries() -> Iterator[Canaries]:
    """What must not be touched."""
    with Canaries(SECONDS) as found:
        yield found


@pytest.fixture(scope="module")
def strongest() -> Tier:
    """The sandbox that a teacher gets here."""
    try:
        return best()
    except NoSandbox as error:
        pytest.skip(str(error))


def play(attack: Attack, lesson: Lesson, tier: Tier, canaries: Canaries) -> list[PartMark]:
    """The marks of one attack. Whatever it should not have done fails the test."""
    begin = time.monotonic()
    marks = examine(attack.code(canaries.given), lesson, Conditions(b"secret", tier=tier))
    seconds = time.monotonic() - begin
    wrongs = [*attack.complaints(marks), *canaries.touched(repr(marks))]
    if seconds > LONG:
        wrongs.append(f"it held the judge up for {seconds:.0f} s")
    assert not wrongs, "\n".join(wrongs)
    return marks


@pytest.fixture(autouse=True)
def shorter_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell has a second here in place of ten."""
    monkeypatch.setattr(examination, "CELL_SECONDS", 1.0)


@pytest.mark.parametrize("attack", LIST, ids=lambda attack: attack.name)
def test_no_attack_gains_a_point(attack, quick, strongest, canaries):
    waits = attack.name.startswith("time/") and attack.exercises == ("01.mul",)
    play(attack, quick["short" if waits else attack.lesson], strongest, canaries)


@pytest.mark.slow
@pytest.mark.parametrize("name", "AB")
@pytest.mark.parametrize("attack", LIST, ids=lambda attack: attack.name)
def test_none_does_in_any_sandbox(name, attack, quick, canaries):
    try:
        tier = by_name(name)
    except NoSandbox as error:
        pytest.skip(str(error))
    play(attack, quick[attack.lesson], tier, canaries)


def test_without_a_sandbox_nobody_is_judged_unless_asked(monkeypatch):
    for tier in tiers():
        if tier.name != "C":
            monkeypatch.setattr(type(tier), "reason", lambda self: "taken away for a test")
    with pytest.raises(NoSandbox, match="only when asked for"):
        best()
    assert best(unsafe=True).name == "C"


def test_one_learner_finds_nothing_of_another(quick, strongest, canaries):
    """Whoever is judged next meets no file, no process and no patched module of the one before."""
    leaves = (
        "import builtins, minidl, numpy, os, tempfile\n"
        "builtins.left = minidl.left = numpy.left = os.left = True\n"
        "for place in (tempfile.gettempdir(), os.getcwd(), '/tmp', '/var/tmp', '/dev/shm'):\n"
        "    try:\n"
        "        os.makedirs(os.path.join(place, 'left', 'deep'), mode=0o700)\n"
        "        open(os.path.join(place, 'left', 'deep', 'answer.py'), 'w').write('x = 1')\n"
        "        open(os.path.join(place, 'numpy.py'), 'w').write('left = True')\n"
        "        os.symlink(place, os.path.join(place, 'left', 'link'))\n"
        "    except OSError:\n"
        "        pass\n"
        "def mul_local(a, b):\n"
        "    return 0.0, 0.0\n"
    )
    finds = (
        "import builtins, minidl, numpy, os, tempfile\n"
        "found = [hasattr(x, 'left') for x in (builtins, minidl, numpy, os)]\n"
        "for place in (tempfile.gettempdir(), os.getcwd(), '/tmp', '/var/tmp', '/dev/shm'):\n"
        "    for name in ('left', 'numpy.py'):\n"
        "        found.append(os.path.lexists(os.path.join(place, name)))\n"
        "def mul_local(a, b):\n"
        "    return (b, a) if any(found) else (0.0, 0.0)\n"
    )
    for source in (leaves, finds, finds):
        marks = examine([("01.mul", source)], quick["01"], Conditions(b"secret", tier=strongest))
        assert {mark.status for mark in marks if mark.id.startswith("01.mul/")} == {"failed"}
    assert not list(canaries.touched())


def test_the_course_own_solutions_pass_with_full_marks(quick, strongest):
    for lesson in quick.values():
        marks = examine(lesson.cells(), lesson, Conditions(b"secret", tier=strongest))
        assert [mark for mark in marks if mark.points != mark.max_points] == []


RUDE = ("processes/forks", "processes/threads", "memory/grows", "disk/fills", "protocol/drips")


def test_nobody_disturbs_a_neighbour(quick, strongest, canaries):
    """An honest notebook is judged again and again while rude ones are judged beside it."""
    lesson, marks, over = find_lesson("01"), [], threading.Event()
    honest = lesson.cells()

    def neighbour():
        while not over.is_set():
            marks.extend(examine(honest, lesson, Conditions(b"secret", tier=strongest)))

    beside = threading.Thread(target=neighbour)
    beside.start()
    try:
        for attack in (attack for attack in LIST if attack.name in RUDE):
            play(attack, quick["01"], strongest, canaries)
    finally:
        over.set()
        beside.join()
    assert marks and [mark for mark in marks if mark.points != mark.max_points] == []


def test_nobody_takes_longer_than_a_whole_notebook_may(quick, strongest):
    cells = [(id, "while True:\n    pass") for id in quick["01"].exercises()]
    begin = time.monotonic()
    marks = examine(cells, quick["01"], Conditions(b"secret", deadline=4.0, tier=strongest))
    assert time.monotonic() - begin < 12
    assert {mark.status for mark in marks} == {"timeout"}
