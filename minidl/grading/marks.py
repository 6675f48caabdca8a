"""What a submission earned, part by part: what the judge writes down and every report reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, final

STATUSES = (
    "passed",
    "failed",  # another answer than the reference's, or a changed input
    "missing",  # no such cell or name, or not written yet
    "error",  # the learner's code raised
    "timeout",
    "crashed",  # its process ended, by its own fault or a limit's
    "not_allowed",  # it tried what the sandbox forbids, or broke the protocol
    "infrastructure",  # ours to mend, not the learner's
)


@final
@dataclass(frozen=True)
class PartMark:
    """One part of an exercise, judged.

    id: "EXERCISE/PART", as "01.mul/values".
    status: one of STATUSES. message: a sentence for the learner, as text.
    seconds: processor time of the learner's code.
    map: a wrong array as rows of characters for the feedback's picture (`maps.py`); not in
        results.json.
    """

    id: str
    title: str
    points: float
    max_points: float
    status: str
    message: str = ""
    seconds: float = 0.0
    map: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"{self.id}: there is no status {self.status!r}")

    def as_record(self) -> dict[str, Any]:
        """As it stands in results.json."""
        record = asdict(self)
        del record["map"]
        return record


@final
@dataclass(frozen=True)
class Marks:
    """One submission, judged; `sha256` is of the file's bytes."""

    learner: str
    file: str
    sha256: str
    parts: Sequence[PartMark]

    @property
    def score(self) -> float:
        """Points earned."""
        return sum(part.points for part in self.parts)

    @property
    def max_score(self) -> float:
        """Points there are."""
        return sum(part.max_points for part in self.parts)

    def as_record(self) -> dict[str, Any]:
        """As it stands in results.json."""
        return {
            "learner": self.learner,
            "file": self.file,
            "sha256": self.sha256,
            "score": self.score,
            "max_score": self.max_score,
            "parts": [part.as_record() for part in self.parts],
        }
