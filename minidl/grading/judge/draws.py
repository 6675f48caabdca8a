"""The judge's own draws: nobody can foresee them, and a second judging makes the same again."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import numpy as np

from ..course import Lesson
from ..spec import Part


def version(lesson: Lesson) -> str:
    """The spec's version: a hash of its text."""
    return hashlib.sha256(lesson.spec.read_bytes()).hexdigest()


def secret_inputs(
    secret: bytes, version: str, exercise: str, part: Part, number: int
) -> dict[str, Any]:
    """The inputs of a part's draw number 0, 1, ...

    They follow from the course's secret, the spec's version, the exercise and the part alone: the
    same for every learner and on every day.
    """
    named = f"{version}/{exercise}/{part.id}/{number}"
    digest = hmac.new(secret, named.encode(), hashlib.sha256).digest()
    return dict(part.generate(np.random.default_rng(int.from_bytes(digest, "little"))))
