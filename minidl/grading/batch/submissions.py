"""Finds what was handed in, in any of three layouts, and trusts no name, size or link.

Learners choose what their files are called, how large they are and what they point to.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from ..course import Lesson

MOST_BYTES = 20 * 2**20  # of one notebook; a larger one is never read whole
NOTEBOOK = ".ipynb"
TOP = "submitted"  # the folder of nbgrader that holds what was handed in


@final
@dataclass(frozen=True)
class Submission:
    """One notebook of one learner.

    learner: the name of the file or folder. file: the path below the folder of submissions, as
        text ("" where the learner's folder holds no notebook).
    path: where it lies, every link followed; None where there is none or it may not be read.
    refusal: why not, a sentence for the learner.
    moment: when it was changed last (s).
    """

    learner: str
    file: str
    path: Path | None
    refusal: str = ""
    moment: float = 0.0


@final
@dataclass(frozen=True)
class Content:
    """What a file holds.

    data: its bytes; empty when they were refused.
    sha256: of all its bytes; of one that is too large, of the bytes that were read and the size.
    refusal: why the bytes were refused, a sentence for the learner.
    """

    data: bytes
    sha256: str
    refusal: str = ""


def find(folder: Path, lesson: Lesson, without: Sequence[Path] = ()) -> list[Submission]:
    """Every notebook handed in for this lesson, by learner and, of one learner, oldest first.

    folder: holds LEARNER.ipynb, LEARNER/*.ipynb or LEARNER/ASSIGNMENT/*.ipynb, also mixed. Where
        a learner has notebooks of several lessons, those that bear this lesson's name count.
    without: folders in it that are none of a learner, such as the one the marks go to.
    Raises LookupError when there is nothing of that kind.
    """
    root = Path(folder)
    if not root.is_dir():
        raise LookupError(f"{root} is no folder of submissions.")
    if (root / "nbgrader_config.py").is_file() and (root / TOP).is_dir():
        root = root / TOP
    hidden = {path.resolve() for path in without}
    found: list[Submission] = []
    for entry in sorted(root.iterdir()):
        if entry.name.startswith(".") or root.resolve() / entry.name in hidden:
            continue
        if entry.is_dir():
            found += _safely(entry, root, lesson)
        elif _is_notebook(entry):
            found.append(_submission(readable(entry.name[: -len(NOTEBOOK)]), entry, root, root))
    if not found:
        raise LookupError(
            f"{root} holds no submissions: neither LEARNER.ipynb nor LEARNER/*.ipynb nor "
            "LEARNER/ASSIGNMENT/*.ipynb."
        )
    return sorted(found, key=lambda one: (one.learner, one.moment, one.file))


def read(submission: Submission) -> Content:
    """The bytes of a submission and their hash; a refusal where they cannot be had."""
    if submission.path is None:
        return Content(b"", "", submission.refusal)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(submission.path, flags | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return Content(b"", "", "This is no file but something that only looks like one.")
            size = os.fstat(handle).st_size
            data = file.read(min(size, MOST_BYTES) + 1)
    except OSError as error:
        return Content(b"", "", f"This file cannot be opened: {error.strerror}.")
    if len(data) <= MOST_BYTES:
        return Content(data, hashlib.sha256(data).hexdigest())
    known = hashlib.sha256(data[:MOST_BYTES] + str(size).encode()).hexdigest()
    return Content(
        b"",
        known,
        f"This notebook has {size / 2**20:.0f} MB; more than {MOST_BYTES // 2**20} MB is not read. "
        "Clear all outputs, save it and hand it in again.",
    )


def chosen(submissions: Sequence[Submission], policy: str) -> list[Submission]:
    """Which are to be judged: the last of each learner, or with policy "best" every one.

    submissions: by learner, oldest first.
    """
    if policy == "best":
        return list(submissions)
    return list({one.learner: one for one in submissions}.values())


def readable(name: str) -> str:
    """A file's name as text that every report can hold; bytes that are no UTF-8 become \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _safely(place: Path, root: Path, lesson: Lesson) -> list[Submission]:
    """The same as `_of_learner`; a folder that cannot be opened is its learner's trouble alone."""
    try:
        return list(_of_learner(place, root, lesson))
    except OSError as error:
        why = f"This folder cannot be opened: {error.strerror}."
        return [Submission(readable(place.name), readable(place.name), None, why)]


def _of_learner(place: Path, root: Path, lesson: Lesson) -> Iterator[Submission]:
    """The notebooks in one learner's folder; without any, one submission that says so."""
    learner = readable(place.name)
    if place.is_symlink():
        yield Submission(learner, learner, None, "This folder is a link; links are not followed.")
        return
    files = _notebooks(place)
    if not files:
        inner = [d for d in sorted(place.iterdir()) if _is_folder(d)]
        named = [d for d in inner if _names(d.name, lesson)]
        for one in named or (inner if len(inner) == 1 else []):
            files += _notebooks(one)
    named = [file for file in files if _names(file.name[: -len(NOTEBOOK)], lesson)]
    for file in named or files:
        yield _submission(learner, file, place, root)
    if not files:
        yield Submission(learner, "", None, "There is no notebook of this lesson in your folder.")


def _names(name: str, lesson: Lesson) -> bool:
    """Whether a file or folder bears the lesson's name: 01_value, 01, value, 01_value-2."""
    short = lesson.name.partition("_")[2]
    return name.startswith(lesson.name) or name in (lesson.number, short)


def _notebooks(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if _is_notebook(path) and not path.is_dir()]


def _is_notebook(path: Path) -> bool:
    """Whether a name is a notebook's: `.alice.ipynb` and `.ipynb` are none."""
    return path.name.lower().endswith(NOTEBOOK) and not path.name.startswith(".")


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def _submission(learner: str, file: Path, own: Path, root: Path) -> Submission:
    """One notebook. A link counts only where it stays in the learner's own folder.

    own: that folder; the folder of all submissions where each learner has but one file, and then
        no link counts.
    """
    name = readable(str(file.relative_to(root)))
    try:
        real = file.resolve(strict=True)
        moment = _handed_in(file)
    except (OSError, RuntimeError):
        return Submission(learner, name, None, "This file is a link that leads nowhere.")
    if file.is_symlink() and (own == root or not real.is_relative_to(own.resolve())):
        return Submission(learner, name, None, "This file is a link to another place.", moment)
    return Submission(learner, name, real, "", moment)


def _handed_in(file: Path) -> float:
    """When the file was changed (s)."""
    return file.lstat().st_mtime
