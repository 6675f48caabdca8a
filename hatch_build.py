"""What a wheel carries of the course: the questions and the specs, never the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


@final
class CourseHook(BuildHookInterface):
    """Lays each lesson's student notebook and spec into `minidl/_course`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to include; an editable install reads `lessons/` itself and needs none."""
        if version == "editable":
            return
        lessons = Path(self.root) / "lessons"
        for student in sorted(lessons.glob("*/student.ipynb")):
            for path in (student, student.with_name("spec.py")):
                place = f"minidl/_course/{student.parent.name}/{path.name}"
                build_data["force_include"][str(path)] = place
