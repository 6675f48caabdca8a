"""What a wheel carries of the course: the questions, the specs, the answers they lean on.

A spec tells its wrong answers as changes of the right one, so a check needs that at hand. Nothing
but the questions is ever laid into a learner's folder. The list of attacks travels along, so that
a teacher can ask an installed judge what it withstands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


@final
class CourseHook(BuildHookInterface):
    """Lays the lessons' notebooks, specs and answers into `minidl/_course`; attacks beside it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to include; an editable install reads `lessons/` itself and needs none."""
        if version == "editable":
            return
        lessons = Path(self.root) / "lessons"
        for student in sorted(lessons.glob("*/student.ipynb")):
            kept = {"student.ipynb": "", "spec.py": "", "lesson.py": "answers.py"}
            for name, new in kept.items():
                place = f"minidl/_course/{student.parent.name}/{new or name}"
                build_data["force_include"][str(student.with_name(name))] = place
        tour = lessons / "tour.toml"
        build_data["force_include"][str(tour)] = f"minidl/_course/{tour.name}"
        attacks = Path(self.root) / "tests" / "grading" / "attacks"
        for attack in sorted(attacks.glob("*/*.py")):
            place = f"minidl/_attacks/{attack.parent.name}/{attack.name}"
            build_data["force_include"][str(attack)] = place
