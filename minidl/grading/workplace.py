"""The folder a learner works in: beside their notebook, never inside the course's source."""

from __future__ import annotations

import os
from pathlib import Path


def workplace() -> Path | None:
    """Where the learner's pieces and predictions are kept; None where nothing may be written.

    MINIDL_WORK names another folder. Nothing is written beside a `lesson.py`: that is the
    course's own source.
    """
    named = os.environ.get("MINIDL_WORK")
    folder = Path(named) if named else Path.cwd()
    if not folder.is_dir() or (folder / "lesson.py").exists() or not os.access(folder, os.W_OK):
        return None
    return folder
