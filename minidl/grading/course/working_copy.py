"""Lays the course into a learner's folder, and brings it up to date without touching their work."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from .finding import Lesson

MANIFEST = ".minidl/manifest.json"


def lay_out(folder: Path, lessons: Sequence[Lesson]) -> list[str]:
    """Copies the student notebooks to `folder/NN_name.ipynb`. Returns what there is to say.

    A notebook whose cells the learner has not changed is brought up to date (running one is no
    change). A changed one is kept, and a new version of the course laid beside it once, as
    `NN_name.new.ipynb`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = given(folder)
    said = []
    for lesson in lessons:
        if not lesson.student.is_file():
            continue
        said += _lay(lesson.student, folder / f"{lesson.name}.ipynb", manifest)
    note(folder, manifest)
    return said


def note(folder: Path, manifest: dict[str, str]) -> None:
    """Keeps the fingerprint of each notebook that was given."""
    place = folder / MANIFEST
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _lay(source: Path, target: Path, manifest: dict[str, str]) -> list[str]:
    """Copies one notebook, or lays it beside the learner's; `manifest` knows what was given."""
    new, given = fingerprint(source), manifest.get(target.name)
    if not target.exists():
        shutil.copyfile(source, target)
        manifest[target.name] = new
        return [] if given is None else [f"{target.name} was gone and is here again."]
    if new == given:
        return []
    mine = fingerprint(target)
    manifest[target.name] = new
    if mine == new:
        return []
    if mine == given:
        shutil.copyfile(source, target)
        return [f"{target.name} was brought up to date."]
    beside = _free_name(target)
    shutil.copyfile(source, beside)
    return [
        f"{target.name} holds your work and stays as it is; "
        f"the course's new version lies beside it as {beside.name}."
    ]


def fingerprint(path: Path) -> str:
    """A hash of what is written in a notebook's cells; outputs and settings do not count."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        written = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def _free_name(target: Path) -> Path:
    """`01_value.new.ipynb`, or `.new2` where the learner has begun on an earlier new version."""
    beside, n = target.with_suffix(".new.ipynb"), 2
    while beside.exists():
        beside, n = target.with_suffix(f".new{n}.ipynb"), n + 1
    return beside


def given(folder: Path) -> dict[str, str]:
    """The manifest; a damaged one counts as none, so that every difference is taken for work."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}
