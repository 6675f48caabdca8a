"""Uses what needs its module to be found: dataclasses, type hints as text, enumerations.

earns: all
"""
# %% exercise="01.mul"
from __future__ import annotations

import enum
from dataclasses import dataclass


@dataclass
class Answer:
    to_a: float
    to_b: float


class Side(enum.Enum):
    A = "a"


def mul_local(a: float, b: float) -> tuple[float, float]:
    answer = Answer(b, a)
    return answer.to_a, answer.to_b
