"""Plays the whole list of attacks against the judge of this machine, one after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

from ..course import find_lesson
from ..judge.examining import Conditions, examine
from ..sandbox import Tier
from .canaries import Canaries
from .listed import Attack, attacks

PATIENCE = 0.2  # of the time that a part usually has: most of the list never ends by itself
USUAL = 5.0  # seconds that a part has
LONG = 90.0  # seconds by the clock that one attack may hold the judge up


@final
@dataclass(frozen=True)
class Played:
    """One attack, and what it did that it should not have done: a sentence for each."""

    attack: Attack
    wrongs: Sequence[str]


def siege(tier: Tier, chosen: Sequence[Attack] | None = None) -> Iterator[Played]:
    """Plays attacks, the whole list when none are chosen.

    Raises LookupError where there is no list, InfrastructureError where the judge is lost.
    """
    conditions = Conditions(b"a secret of the siege's own", tier=tier, patience=PATIENCE)
    with Canaries(USUAL * PATIENCE) as canaries:
        for attack in attacks() if chosen is None else chosen:
            begin = time.monotonic()
            marks = examine(attack.code(canaries.given), find_lesson(attack.lesson), conditions)
            wrongs = [*attack.complaints(marks), *canaries.touched(repr(marks))]
            if (seconds := time.monotonic() - begin) > LONG:
                wrongs.append(f"It held the judge up for {seconds:.0f} s.")
            yield Played(attack, wrongs)
