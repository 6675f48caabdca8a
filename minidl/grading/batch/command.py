"""The command `minidl grade`: its options, and what it prints. The rest loads when it runs."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..course import Lesson, find_lesson

if TYPE_CHECKING:
    from ..sandbox import Tier
    from .executors import Workers
    from .grading import Judge, Options
    from .results import Report

KINDS = ("canvas", "moodle", "nbgrader")
DOCTOR = "doctor"
SECRET = ".seed-secret"  # in the folder of the marks, where no file is named
SHORTEST = 16  # bytes of a secret


WORDS: list[tuple[str, str, str]] = [  # option, what follows it, what it does
    ("--out", "DIR", "where the marks go"),
    ("--workers", "N", "judges at a time (as many as there are cores)"),
    ("--seed-secret", "FILE", f"what hidden inputs are drawn from (DIR/{SECRET}, made if missing)"),
    ("--deadline", "SECONDS", "for one submission, by the clock (120)"),
    ("--policy", "last|best", "which counts of several notebooks of one learner (last)"),
    ("--database", "URL", "where results are kept, in SQLAlchemy's words (DIR/ledger.sqlite)"),
    ("--course", "NAME", "keeps courses apart that share a database"),
    ("--executor", "dask://HOST:PORT", "judge on a Dask cluster"),
    ("--csv", "canvas|moodle|nbgrader", "its gradebook's table, too; may be given again"),
    ("--regrade", "", "judge anew what has a result"),
    ("--whole-list", "", "with doctor: play every attack of the list as well, for some minutes"),
    ("--unsafe-no-sandbox", "", "run learners' code unconfined, and say so in every result"),
]


def add(commands: Any) -> None:
    """Adds `grade` to the commands."""
    one = commands.add_parser(
        "grade",
        help="mark a folder of submitted notebooks",
        description=grade.__doc__,
        epilog="`minidl grade doctor` attacks this machine's sandbox and tells what came of it.",
    )
    one.add_argument("lesson", metavar="LESSON", help="a lesson's folder or name; or: doctor")
    one.add_argument("submissions", nargs="?", type=Path, metavar="SUBMISSIONS", help=(
        "LEARNER.ipynb, LEARNER/*.ipynb, or nbgrader's submitted/"))  # fmt: skip
    kinds: dict[str, dict[str, Any]] = {
        "--out": {"type": Path},
        "--workers": {"type": _count},
        "--seed-secret": {"type": Path},
        "--deadline": {"type": _seconds, "default": 120.0},
        "--policy": {"choices": ("last", "best"), "default": "last"},
        "--course": {"default": "course"},
        "--csv": {"action": "append", "choices": KINDS, "default": []},
    }
    for name, follows, words in WORDS:
        rest = {"metavar": follows} if follows else {"action": "store_true"}
        one.add_argument(name, help=words, **rest, **kinds.get(name, {}))
    one.set_defaults(run=grade)


def grade(options: argparse.Namespace) -> int:
    """Marks every notebook in SUBMISSIONS and writes the reports into DIR.

    Stopped at any moment, the same command goes on where it was. The exit status is 0 when every
    submission has a result, whatever its marks, and 1 when some could not be judged.
    """
    if options.lesson == DOCTOR and options.submissions is None:
        return doctor(options.unsafe_no_sandbox, options.whole_list)
    if options.submissions is None or options.out is None:
        raise ValueError("Say what to mark and where to: minidl grade LESSON FOLDER --out DIR")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each judge has one core; cli.py says more
    lesson = find_lesson(options.lesson)
    from . import grading, summary

    workers, end = _workers(options)
    try:
        judge = _judge(options, lesson)
        report = grading.grade(
            lesson, options.submissions, options.out, judge, workers, _options(options)
        )
    except KeyboardInterrupt:
        print("\nStopped. What is judged is kept; the same command goes on.", file=sys.stderr)
        return 130
    finally:
        end()
    print(summary.text(report))
    print(f"The marks are in {options.out}: begin with {options.out / 'class.html'}.")
    return int(_unjudged(report))


def _unjudged(report: Report) -> bool:
    return any(p.status == "infrastructure" for marks in report.marks for p in marks.parts)


def _judge(options: argparse.Namespace, lesson: Lesson) -> Judge:
    """The judge, its sandbox and its secret, as the options say."""
    place = options.seed_secret or options.out / SECRET
    secret = read_secret(place, make=options.seed_secret is None)
    return judge_of(lesson, secret, options.deadline, options.unsafe_no_sandbox)


def judge_of(lesson: Lesson, secret: bytes, deadline: float, unsafe: bool) -> Judge:
    """The judge in the strongest sandbox that works here.

    unsafe: whether none at all will do. Raises LookupError where there is none.
    """
    from ..judge.draws import version
    from ..judge.examining import Conditions, examine
    from .grading import Judge

    tier = _tier(unsafe)
    return Judge(examine, Conditions(secret, deadline, tier), tier.name, version(lesson))


def _tier(unsafe: bool) -> Tier:
    """The strongest sandbox here. Raises LookupError, saying why there is none."""
    from ..sandbox import NoSandbox, best

    try:
        return best(unsafe)
    except NoSandbox as error:
        raise LookupError(f"{error}\n--unsafe-no-sandbox grades without one.") from None


def _workers(options: argparse.Namespace) -> tuple[Workers, Callable[[], object]]:
    """Who judges, and what to call when they are needed no more."""
    from ...machine import cores
    from . import executors

    if not options.executor:
        return executors.processes(options.workers or cores()), lambda: None
    if not options.executor.startswith(executors.DASK):
        raise ValueError(f"--executor {options.executor}: only dask://HOST:PORT is known.")
    workers, client = executors.dask(options.executor.removeprefix(executors.DASK))
    return workers, client.close


def _options(options: argparse.Namespace) -> Options:
    from tqdm import tqdm

    from .grading import Options

    def progress(total: int) -> Callable[[], object]:
        return tqdm(total=total, unit="notebook", disable=None, file=sys.stderr).update

    return Options(
        options.course, options.policy, options.database, options.regrade, options.csv, progress
    )


def read_secret(place: Path, make: bool) -> bytes:
    """The secret in a file; with `make` the file is made where there is none.

    Raises ValueError when it is too short to be a secret, OSError when there is none.
    """
    if make and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent)  # nobody else may read it
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        os.replace(name, place)
    secret = place.read_bytes().strip()
    if len(secret) < SHORTEST:
        raise ValueError(f"{place} holds {len(secret)} bytes; a secret has at least {SHORTEST}.")
    return secret


def doctor(unsafe: bool, whole: bool = False) -> int:
    """Tries small attacks from inside the sandbox; tells its tier, and what came of each.

    whole: play the list of attacks on the judge as well. Returns 0 where all were stopped, 1
    otherwise.
    """
    from ..sandbox.doctor import report

    tier = _tier(unsafe)
    print(f"This machine's best is {tier!r}.")
    found = report(tier)
    width = max(len(name) for name, _, _ in found)
    for name, stopped, detail in found:
        print(f"  {name:<{width}}  {'stopped' if stopped else 'NOT STOPPED'}  {detail}".rstrip())
    harmed = sum(not stopped for _, stopped, _ in found)
    print(f"{len(found) - harmed} of {len(found)} attacks were stopped.")
    return int(harmed > 0) or (_besieged(tier) if whole else 0)


def _besieged(tier: Tier) -> int:
    """Plays the whole list, and tells what each attack tries and what it gained."""
    from ..attacks.siege import siege

    gained = count = 0
    for played in siege(tier):
        count += 1
        gained += bool(played.wrongs)
        mark = "GAINED" if played.wrongs else "kept all" if played.attack.benign else "nothing"
        print(f"  {mark:<8}  {played.attack.name:<33}  {played.attack.tries}", flush=True)
        for sentence in played.wrongs:
            print(f"            {sentence}")
    print(f"{count - gained} of {count} notebooks got what they earned, and no more.")
    return int(gained > 0)


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of workers.")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds.")
    return seconds
