"""results.json, and for other tools junit.xml and Gradescope's results.json for each learner."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, final
from xml.etree import ElementTree as ET

from ..marks import Marks, PartMark

# What XML 1.0 has no way to write.
NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
PLAIN = re.compile(r"[^\w.@+-]")  # \w: letters and digits of every script
LONG = 80  # characters of a file's name


@final
@dataclass(frozen=True)
class Report:
    """All marks of a lesson, by learner.

    sandbox: in which tier they were judged. exercises: {id: title}, in the spec's order.
    """

    lesson: str
    spec_version: str
    sandbox: str
    exercises: Mapping[str, str]
    marks: Sequence[Marks]

    def as_record(self) -> dict[str, Any]:
        """As it stands in results.json."""
        return {
            "lesson": self.lesson,
            "spec_version": self.spec_version,
            "sandbox": self.sandbox,
            "results": [marks.as_record() for marks in self.marks],
        }


def by_exercise(marks: Marks) -> dict[str, list[PartMark]]:
    """The parts of each exercise."""
    grouped: dict[str, list[PartMark]] = {}
    for part in marks.parts:
        grouped.setdefault(part.id.rpartition("/")[0], []).append(part)
    return grouped


def write_results(folder: Path, report: Report) -> None:
    """results.json: the same bytes for the same marks."""
    put(folder / "results.json", json.dumps(report.as_record(), indent=1, ensure_ascii=False))


def write_gradescope(folder: Path, report: Report) -> None:
    """gradescope/LEARNER.json, as an autograder of Gradescope leaves it; parts are its tests."""
    names = file_names([marks.learner for marks in report.marks])
    for marks in report.marks:
        tests = [
            {
                "name": f"{part.id} {part.title}",
                "score": part.points,
                "max_score": part.max_points,
                "status": "passed" if part.status == "passed" else "failed",
                "output": part.message,
                "output_format": "text",
                "visibility": "visible",
            }
            for part in marks.parts
        ]
        record = {"score": marks.score, "tests": tests}
        put(folder / "gradescope" / f"{names[marks.learner]}.json", json.dumps(record, indent=1))


def write_junit(folder: Path, report: Report) -> None:
    """junit.xml: a suite for each learner, a case for each part."""
    top = ET.Element("testsuites", name=_xml(report.lesson))
    for marks in report.marks:
        states = [part.status for part in marks.parts]
        suite = ET.SubElement(top, "testsuite", {
            "name": _xml(marks.learner),
            "tests": str(len(states)),
            "failures": str(states.count("failed")),
            "errors": str(sum(s not in ("passed", "failed", "missing") for s in states)),
            "skipped": str(states.count("missing")),
            "time": f"{sum(part.seconds for part in marks.parts):.2f}",
        })  # fmt: skip
        for part in marks.parts:
            _case(suite, part)
    text = ET.tostring(top, encoding="unicode")
    put(folder / "junit.xml", f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n')


def _case(suite: ET.Element, part: PartMark) -> None:
    exercise, _, name = part.id.rpartition("/")
    case = ET.SubElement(
        suite, "testcase", classname=_xml(exercise), name=_xml(name), time=f"{part.seconds:.2f}"
    )
    if part.status != "passed":
        tag = {"failed": "failure", "missing": "skipped"}.get(part.status, "error")
        ET.SubElement(case, tag, type=part.status, message=_xml(part.message))


def _xml(text: str) -> str:
    return NO_XML.sub("\ufffd", text)


def file_names(learners: Iterable[str]) -> dict[str, str]:
    """A file's name for each learner: harmless on every system, and no two alike on any.

    What is no letter, digit or one of `_.@+-` becomes `_`; where that changes a name, makes it too
    long, or where another learner's differs but in case, the beginning of a hash tells it apart.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for learner in sorted(set(learners)):
        plain = PLAIN.sub("_", unicodedata.normalize("NFC", learner)).strip(".")[:LONG]
        if plain != learner or plain.casefold() in taken or _reserved(plain):
            plain = f"{plain}-{sha256(learner.encode()).hexdigest()[:12]}"
        taken.add(plain.casefold())
        names[learner] = plain
    return names


def _reserved(name: str) -> bool:
    """Whether Windows keeps the name for a device, or there is none."""
    stem = name.partition(".")[0].lower()
    return not stem or re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", stem) is not None


def put(path: Path, text: str) -> None:
    """Writes a file whole or not at all, in UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))  # half a character becomes a ?
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
