"""The ledger: what was judged, in one table of SQLite or another database, written by one process.

A line is keyed by course, lesson, learner, content and version of the spec, so that nothing is
judged twice and no result stands there twice. Each is its own transaction: a judge that is killed
loses what was in flight and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, final

try:
    import sqlalchemy as sql
    from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
except ImportError:
    raise LookupError(
        "SQLAlchemy is not installed. Get it with: pip install 'minidl[grade]'"
    ) from None

from ..marks import PartMark

TABLES = sql.MetaData()
LINES = sql.Table(
    "minidl_marks",
    TABLES,
    *(sql.Column(name, sql.String(size), primary_key=True) for name, size in (
        ("course", 200), ("lesson", 200), ("learner", 1100), ("content", 64), ("spec", 64))),
    sql.Column("conditions", sql.String(200), nullable=False),
    sql.Column("stale", sql.Boolean, nullable=False),
    sql.Column("parts", sql.Text, nullable=False),  # JSON, escaped to ASCII
)  # fmt: skip
KEY = [column.name for column in LINES.primary_key]


@final
@dataclass(frozen=True)
class Batch:
    """What all lines of one batch share.

    conditions: under what they were judged (the sandbox, the secret's fingerprint). A line from
        other conditions is no result of this batch.
    """

    course: str
    lesson: str
    spec: str
    conditions: str


@final
class Ledger:
    """The lines of one batch in a database.

    url: SQLAlchemy's, "sqlite:///marks.sqlite" or "postgresql+psycopg://USER@HOST/NAME".
    Raises OSError when the database cannot be reached, ValueError when the address is none.
    """

    def __init__(self, url: str | sql.URL, batch: Batch) -> None:
        self.batch = batch
        try:
            self.engine = sql.create_engine(_with_driver(url))
        except (ArgumentError, ImportError) as error:
            raise ValueError(f"--database: {error}") from None
        try:
            TABLES.create_all(self.engine)
        except SQLAlchemyError as error:
            raise OSError(f"The database cannot be used: {_reason(error)}") from None

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the database."""
        self.engine.dispose()

    def forget(self, learners: Iterable[str]) -> None:
        """Marks all lines of these learners to be judged anew; all of them or none."""
        with self.engine.begin() as connection:
            for learner in learners:
                of_learner = sql.update(LINES).where(*self._here(), LINES.c.learner == learner)
                connection.execute(of_learner.values(stale=True))

    def known(self) -> set[tuple[str, str]]:
        """(learner, content) of every line that is a result of this batch."""
        chosen = sql.select(LINES.c.learner, LINES.c.content).where(*self._here(), *self._valid())
        with self.engine.connect() as connection:
            return {(learner, content) for learner, content in connection.execute(chosen)}

    def read(self, learner: str, content: str) -> list[PartMark] | None:
        """The parts of one line; None where it is no result of this batch."""
        chosen = sql.select(LINES.c.parts).where(*self._at(learner, content), *self._valid())
        with self.engine.connect() as connection:
            text = connection.execute(chosen).scalar_one_or_none()
        if text is None:
            return None
        return [PartMark(**{**part, "map": tuple(part["map"])}) for part in json.loads(text)]

    def write(self, learner: str, content: str, parts: Sequence[PartMark]) -> bool:
        """Writes one line, unless this batch has it. Returns whether it was written."""
        values = {
            "conditions": self.batch.conditions,
            "stale": False,
            "parts": json.dumps([asdict(part) for part in parts]),
        }
        try:
            return self._write(learner, content, values)
        except IntegrityError:  # another batch wrote it in this very moment
            return False

    def _write(self, learner: str, content: str, values: dict[str, Any]) -> bool:
        with self.engine.begin() as connection:
            here = sql.select(LINES).where(*self._at(learner, content)).with_for_update()
            line = connection.execute(here).one_or_none()
            if line is None:
                key = self._key(learner, content)
                connection.execute(sql.insert(LINES).values(**key, **values))
            elif line.stale or line.conditions != self.batch.conditions:
                old = sql.update(LINES).where(*self._at(learner, content))
                connection.execute(old.values(**values))
            else:
                return False
        return True

    def _key(self, learner: str, content: str) -> dict[str, Any]:
        batch = self.batch
        values = (batch.course, batch.lesson, learner, content, batch.spec)
        return dict(zip(KEY, values, strict=True))

    def _here(self) -> list[Any]:
        return [
            LINES.c.course == self.batch.course,
            LINES.c.lesson == self.batch.lesson,
            LINES.c.spec == self.batch.spec,
        ]

    def _at(self, learner: str, content: str) -> list[Any]:
        return [*self._here(), LINES.c.learner == learner, LINES.c.content == content]

    def _valid(self) -> list[Any]:
        return [LINES.c.conditions == self.batch.conditions, sql.not_(LINES.c.stale)]


def in_file(path: Path) -> sql.URL:
    """The address of a ledger that SQLite keeps in one file."""
    return sql.URL.create("sqlite", database=str(path))


def _with_driver(url: str | sql.URL) -> sql.URL:
    """The address, with the driver that minidl[grade-postgres] brings where none is named."""
    made = sql.make_url(url)
    if made.drivername in ("postgres", "postgresql"):
        made = made.set(drivername="postgresql+psycopg")
    return made


def _reason(error: Exception) -> str:
    """What the database said, in one line and without the address, which may hold a password."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
