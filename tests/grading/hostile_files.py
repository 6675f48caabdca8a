"""Files and names that no notebook program writes, and what each may earn.

They are made when a test runs, so that none of 200 MB lies in the repository. Each maker puts one
submission into a folder; `ALL` says under which name, and how many of the two points of 01.mul it
must get: honest answers in odd wrappings keep theirs, the rest gets none.
"""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

RIGHT = "def mul_local(a, b):\n    return b, a"
WRONG = "def mul_local(a, b):\n    return a, b"
SCRIPT = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)>"


def code(source: Any = RIGHT, **metadata: Any) -> dict[str, Any]:
    """The cell of the exercise."""
    marked = {"exercise": "01.mul", **metadata}
    return {"cell_type": "code", "metadata": marked, "outputs": [], "source": source}


def book(*cells: Any, **parts: Any) -> bytes:
    """A notebook's bytes."""
    made = {"cells": list(cells or [code()]), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made | parts).encode()


def bomb() -> str:
    """A few kilobytes that unpack to a gigabyte: zeros, packed, and packed again."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for n in range(100):
            archive.writestr(str(n), bytes(10 << 20))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("inner.zip", inner.getvalue())
    return base64.b64encode(outer.getvalue()).decode()


def attached() -> bytes:
    """A right answer beside a bomb in an attachment."""
    text = {"cell_type": "markdown", "metadata": {}, "source": "![](attachment:a.zip)"}
    text["attachments"] = {"a.zip": {"application/zip": bomb()}}
    return book(text, code())


def displayed() -> bytes:
    """A right answer beside text and outputs that are a page's script."""
    text = {"cell_type": "markdown", "metadata": {}, "source": SCRIPT}
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": SCRIPT}}
    return book(text, {**code(), "outputs": [output]})


def long(path: Path) -> None:
    """A notebook of 200 MB, most of it one output."""
    with path.open("wb") as file:
        head, tail = book(code()).split(b'"outputs": []')
        file.write(head + b'"outputs": ["')
        for _ in range(200):
            file.write(b"x" * (1 << 20))
        file.write(b'"]' + tail)


def deep(path: Path) -> None:
    """Lists inside lists, a million deep."""
    path.write_bytes(b'{"cells": ' + b"[" * 1_000_000)


def link_to(target: str) -> Callable[[Path], None]:
    """A link in the place of a notebook."""
    return lambda path: path.symlink_to(target)


BYTES: Mapping[str, tuple[bytes, int]] = {
    "truncated": (book()[:-40], 0),
    "empty": (b"", 0),
    "blank": (b"\n\n", 0),
    "no_json": (RIGHT.encode(), 0),
    "binary": (bytes(range(256)) * 100, 0),
    "half_a_letter": (b'{"cells": ["\xff\xfe\xfd"]}', 0),
    "a_list": (b"[]", 0),
    "a_number": (b"1e999", 0),
    "cells_are_a_number": (b'{"cells": 7}', 0),
    "cells_are_nothing": (book(None, 7, [], "x", {"cell_type": ["code"]}), 0),
    "source_is_a_number": (book(code(source=7), code(source=[7]), code(source=None)), 0),
    "old_format": (b'{"worksheets": [{"cells": []}], "nbformat": 3}', 0),
    "no_kernel": (json.dumps({"cells": [code()]}).encode(), 2),
    "other_kernel": (book(metadata={"kernelspec": {"name": "../../x", "language": "R"}}), 2),
    "metadata_are_odd": (book({**code(), "metadata": ["exercise"]}, metadata=[1]), 2),
    "id_is_odd": (book({**code(), "metadata": {"exercise": {"01.mul": 1}}}), 2),
    "same_ids": (book({**code(WRONG), "id": "a"}, {**code(), "id": "a"}), 2),
    "last_is_wrong": (book(code(), code(WRONG)), 0),
    "keys_twice": (b'{"cells": [], "cells"' + book().partition(b'"cells"')[2], 2),
    "huge_numbers": (book(code(n=0)).replace(b'"n": 0', b'"n": ' + b"9" * 100_000), 2),
    "no_numbers": (book(code(n=0)).replace(b'"n": 0', b'"n": NaN, "m": -Infinity'), 2),
    "two_bytes_a_letter": (book().decode().encode("utf-16"), 2),
    "marked_bytes": (b"\xef\xbb\xbf" + book(), 2),
    "half_of_a_pair": (book(code(RIGHT + "  # \ud800")), 2),
    "nothing_between": (book(code("\0" + RIGHT)), 0),
    "lines_apart": (book(code(RIGHT.splitlines(keepends=True))), 2),
    "bomb": (attached(), 2),
    "script": (displayed(), 2),
    "script_in_an_error": (
        book(code(f"def mul_local(a, b):\n    raise ValueError({SCRIPT!r})")),
        0,
    ),
}
MADE: Mapping[str, tuple[Callable[[Path], None], int]] = {
    "long": (long, 0),
    "deep": (deep, 0),
    "link_to_another": (link_to("no_kernel.ipynb"), 0),
    "link_outside": (link_to("/etc/passwd"), 0),
    "link_to_itself": (link_to("link_to_itself.ipynb"), 0),
    "link_to_nothing": (link_to("nowhere"), 0),
    "pipe": (lambda path: os.mkfifo(path), 0),
    "device": (link_to("/dev/zero"), 0),
}
NAMES = (
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"x\",\"y\")", "\t=1", "\r=1", "a,b;c\"d'e", "a\nb",
    "<img src=x onerror=alert(1)>", "&lt;b&gt;", "{{7*7}}", "%s%n", "$(touch taken)",
    "`touch taken`", "名前🙂", "e\u0301", "\u00e9", "\u202etxt", "\u200b", "a b", "a_b", "a.b",
    "CON", "x" * 249, "x" * 248 + "y", "~", "#", "-rf",
)  # fmt: skip


def lay(folder: Path) -> dict[str, int]:
    """All of them as LEARNER.ipynb in a folder. Returns the points that each learner must get."""
    earned = {}
    for name, (data, points) in BYTES.items():
        (folder / f"{name}.ipynb").write_bytes(data)
        earned[name] = points
    for name, (make, points) in MADE.items():
        make(folder / f"{name}.ipynb")
        earned[name] = points
    for name in NAMES:
        (folder / f"{name}.ipynb").write_bytes(book())
        earned[name] = 2
    os.rename(folder / "~.ipynb", os.fsencode(folder) + b"/\xff\xfe.ipynb")  # no text at all
    earned["\\xff\\xfe"] = earned.pop("~")
    (folder / ".hidden.ipynb").write_bytes(book())  # what a system hides is nobody's
    (folder / "a_folder.ipynb").mkdir()
    earned["a_folder.ipynb"] = 0
    (folder / "named").mkdir()
    (folder / "named" / "01_value.ipynb").write_bytes(book())
    earned["named"] = 2
    (folder / ("y" * 255)).mkdir()
    (folder / ("y" * 255) / "01_value.ipynb").write_bytes(book())
    earned["y" * 255] = 2
    (folder / "linked").symlink_to("named")
    earned["linked"] = 0
    return earned
