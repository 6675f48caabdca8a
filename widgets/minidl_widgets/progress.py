"""How far the learner has come, lesson by lesson: exercises done, points, attempts.

It reads the small file that every check writes to, and draws it anew after each check.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

import anywidget
import traitlets

from minidl.grading.notebook.progress import LessonStanding, standing, watch

from .assets import script, style
from .progress_static import static_svg
from .writing import number

NOWHERE = "Nothing is kept yet: a line is written with each check of an exercise."
KEPT = "Kept in .minidl/progress.sqlite beside your notebooks, and nowhere else."


@final
class Progress(anywidget.AnyWidget):
    """The course at a glance; as the last line of a cell it shows itself.

    ::

        from minidl_widgets import Progress

        Progress()

    After a check in the same notebook it changes by itself; what other notebooks did it reads when
    its window is looked at again. Of several attempts at an exercise the best counts.
    """

    _esm = script("progress")
    _css = style("progress")

    course = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.look()
        watch(self.look)
        self.on_msg(self._hear)

    def look(self) -> None:
        """Read the file again."""
        self.course = drawn(standing())

    def _hear(self, _widget: Any, content: Mapping[str, Any], _buffers: Any) -> None:
        """The page asks for one thing only: to look again."""
        if content.get("type") == "look":
            self.look()

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        """The live view, and beside it a picture and a sentence that need no kernel."""
        data, more = super()._repr_mimebundle_(**keywords) or ({}, {})
        return {**data, "image/svg+xml": static_svg(self.course), "text/plain": repr(self)}, more

    def __repr__(self) -> str:
        """ "Progress: 2 of 6 exercises, 7 of 24 points"."""
        return f"Progress: {self.course['said']}"


def drawn(lessons: list[LessonStanding]) -> dict[str, Any]:
    """What the page draws, as plain JSON: lessons, their exercises, and every sentence."""
    exercises = [exercise for lesson in lessons for exercise in lesson.exercises]
    done = sum(exercise.passed for exercise in exercises)
    attempts = sum(exercise.attempts for exercise in exercises)
    points = sum(lesson.points for lesson in lessons)
    possible = sum(lesson.possible for lesson in lessons)
    return {
        "said": f"{_of(done, len(exercises), 'exercise')}, {_of(points, possible, 'point')}",
        "share": points / possible if possible else 0.0,
        "note": KEPT if attempts else NOWHERE,
        "lessons": [_lesson(lesson) for lesson in lessons],
    }


def _lesson(lesson: LessonStanding) -> dict[str, Any]:
    return {
        "name": lesson.name,
        "title": lesson.title,
        "said": f"{_of(lesson.done, len(lesson.exercises), 'exercise')}, "
        f"{_of(lesson.points, lesson.possible, 'point')}",
        "share": lesson.points / lesson.possible if lesson.possible else 0.0,
        "exercises": [
            {
                "id": one.id,
                "name": one.id.partition(".")[2],
                "state": one.state,
                "said": f"{one.id} {one.title}: {_words(one.state, one.attempts)}, "
                f"{_of(one.points, one.possible, 'point')}.",
            }
            for one in lesson.exercises
        ],
    }


def _words(state: str, attempts: int) -> str:
    """ "done at attempt 3", "begun, 2 attempts", "not begun"."""
    if state == "new":
        return "not begun"
    return f"{state}, {attempts} {'attempt' if attempts == 1 else 'attempts'}"


def _of(some: float, all: float, what: str) -> str:
    return f"{number(float(some), 4)} of {number(float(all), 4)} {what}{'' if all == 1 else 's'}"
