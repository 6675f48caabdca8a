"""What a checkup can say: an ailment, its place, the number that shows it, a limit, a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

from .writing import number

GRADES = ("healthy", "watch", "serious", "critical")


@final
@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    grade: 0 healthy, 1 to be watched, 2 serious, 3 critical; None where it could not be examined.
    """

    ailment: str  # "dead units"
    grade: int | None
    place: str = ""  # the module, column or function
    measured: str = ""  # "32 of 32 units"
    limit: str = ""  # "more than a third of them"
    means: str = ""  # what it may mean, and what may help; why it was not examined

    @property
    def word(self) -> str:
        """The grade as a person says it."""
        return "not examined" if self.grade is None else GRADES[self.grade]

    def plain(self) -> dict[str, Any]:
        """For the page: plain JSON."""
        return {
            "ailment": self.ailment,
            "grade": self.grade,
            "word": self.word,
            "place": self.place,
            "measured": self.measured,
            "limit": self.limit,
            "means": self.means,
        }


def graded(value: float, watch: float, serious: float, critical: float) -> int:
    """How many of three rising limits a value exceeds; what is no number exceeds them all."""
    if value != value:
        return 3
    return sum(value > limit for limit in (watch, serious, critical))


def unexamined(ailment: str, why: str) -> Finding:
    """A finding for what could not be looked at."""
    return Finding(ailment, None, means=why)


def short(x: float) -> str:
    """A number in three digits: 2.3026 -> "2.3", 1047.2 -> "1047", 1e7 -> "1e7"."""
    return f"{x:.0f}" if 1000 <= x < 1e6 else number(x, 3)


def percent(share: float) -> str:
    """0.1234 -> "12 %", 0.00123 -> "0.12 %", 13.5 -> "1350 %"."""
    return f"{number(100 * share, 2) if share < 0.995 else short(100 * share)} %"


def listed(names: Sequence[str], most: int = 3) -> str:
    """A few names and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """The critical ones first; those of one grade in the order in which they were found."""
    return sorted(findings, key=lambda finding: -(finding.grade or 0))
