"""A whole batch: finds the submissions, judges what the ledger has not, writes every report."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

from ..course import Lesson
from ..judge.examining import Conditions
from ..marks import Marks, PartMark
from . import overview, pages, results, tables
from .executors import Workers
from .job import Examine, Job, unmarked
from .ledger import Batch, Ledger, in_file
from .results import Report
from .runner import run
from .submissions import Submission, chosen, find, read

LEDGER = "ledger.sqlite"
Key = tuple[str, str]  # learner, content


@final
@dataclass(frozen=True)
class Judge:
    """Who decides, and under what. sandbox: the tier's name, as results.json shows it."""

    examine: Examine
    conditions: Conditions
    sandbox: str
    spec_version: str

    def seal(self) -> str:
        """The conditions in a few letters. The secret is not found out from them."""
        known = hashlib.sha256(b"minidl grade\0" + self.conditions.secret).hexdigest()
        return f"{self.sandbox} {known[:32]}"


@final
@dataclass(frozen=True)
class Options:
    """How a batch is run.

    course: a name that keeps apart several courses in one database. policy: "last" or "best".
    database: SQLAlchemy's address; a file in the folder of the marks when empty.
    regrade: judge anew what has a result. kinds: which of `tables.KINDS` are written.
    progress(total) -> a function that is called after each submission.
    """

    course: str = "course"
    policy: str = "last"
    database: str = ""
    regrade: bool = False
    kinds: Sequence[str] = ()
    progress: Callable[[int], Callable[[], object]] = lambda total: lambda: None


def grade(
    lesson: Lesson,
    submissions: Path,
    out: Path,
    judge: Judge,
    workers: Workers,
    options: Options | None = None,
) -> Report:
    """Judges a folder of submissions and writes the reports into `out`; returns what they say.

    Stopped at any moment and called again, it goes on where it was. The reports are the same
    then as those of a batch that nobody stopped, but for `seconds`, which are measured.
    Raises LookupError when nothing was handed in, OSError when `out` is in use or the database
    cannot be reached.
    """
    options = options or Options()
    found = chosen(find(submissions, lesson, [out]), options.policy)
    out.mkdir(parents=True, exist_ok=True)
    batch = Batch(options.course, lesson.name, judge.spec_version, judge.seal())
    database = options.database or in_file(out / LEDGER)
    with alone(out), Ledger(database, batch) as ledger:
        if options.regrade:
            ledger.forget({one.learner for one in found})
        work = _Work(lesson, judge, ledger, found, options.progress(len(found)))
        for job, outcome in run(work.jobs(), workers):
            work.take(job, outcome.parts, outcome.fault)
        report = _report(lesson, judge, work.marks())
        write(out, report, options.kinds)
    return report


def write(out: Path, report: Report, kinds: Sequence[str] = ()) -> None:
    """Every report; results.json last, so that where it is new, all of them are."""
    pages.write_feedback(out, report)
    overview.write_class(out, report)
    tables.write_grades(out, report)
    for kind in kinds:
        tables.write_table(out, report, kind)
    results.write_gradescope(out, report)
    results.write_junit(out, report)
    results.write_results(out, report)


@final
@dataclass
class _Work:
    """What a batch knows while it runs: little for each submission, so that a class fits."""

    lesson: Lesson
    judge: Judge
    ledger: Ledger
    found: list[Submission]
    step: Callable[[], object]
    contents: list[tuple[str, str]] = field(default_factory=list)  # (sha256, refusal) of `found`
    faults: dict[Key, str] = field(default_factory=dict)

    def jobs(self) -> Iterator[Job]:
        """What is to be judged: neither refused, nor judged before, nor handed in twice."""
        known = self.ledger.known()
        for one in self.found:
            content = read(one)
            self.contents.append((content.sha256, content.refusal))
            key = (one.learner, content.sha256)
            if content.refusal or key in known:
                self.step()
                continue
            known.add(key)
            yield Job(*key, content.data, self.lesson, self.judge.conditions, self.judge.examine)

    def take(self, job: Job, parts: Sequence[PartMark], fault: str) -> None:
        """Enters what came of a job. A fault is no result: the next run tries that job again."""
        if fault:
            self.faults[job.learner, job.content] = fault
        else:
            self.ledger.write(job.learner, job.content, parts)
        self.step()

    def marks(self) -> list[Marks]:
        """One for each learner: the best; of equals, the last."""
        best: dict[str, Marks] = {}
        for one, (sha256, refusal) in zip(self.found, self.contents, strict=True):
            marks = Marks(one.learner, one.file, sha256, self._parts(one.learner, sha256, refusal))
            if one.learner not in best or marks.score >= best[one.learner].score:
                best[one.learner] = marks
        return [best[learner] for learner in sorted(best)]

    def _parts(self, learner: str, sha256: str, refusal: str) -> Sequence[PartMark]:
        exercises = self.lesson.exercises()
        if refusal:
            return unmarked(exercises, "missing", refusal)
        parts = self.ledger.read(learner, sha256)
        if parts is None:
            fault = self.faults.get((learner, sha256), "no result")
            return unmarked(exercises, "infrastructure", f"Not judged: {fault}")
        return parts


def _report(lesson: Lesson, judge: Judge, marks: list[Marks]) -> Report:
    titles = {id: exercise.title for id, exercise in lesson.exercises().items()}
    return Report(lesson.name, judge.spec_version, judge.sandbox, titles, marks)


@contextlib.contextmanager
def alone(out: Path) -> Iterator[None]:
    """Holds the folder of the marks; the system lets go of it even where this process is killed.

    Raises OSError when another batch holds it.
    """
    try:
        import fcntl
    except ImportError:  # no such lock here: the ledger's key still keeps results apart
        yield
        return
    with (out / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(f"Another `minidl grade` is at work in {out}.") from None
        yield
