"""Lays together what the site is made of: guides, lessons, names; links that lead out are cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from minidl.grading.course import lessons, tour

from . import reference

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#\s]+)(#[^)]*)?\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
HOME = """# minidl

{door}

```{{toctree}}
:caption: The course
:maxdepth: 1

tour
{lessons}
```

```{{toctree}}
:caption: Guides
:maxdepth: 1

{guides}
```

```{{toctree}}
:caption: Reference
:maxdepth: 2

names/index
changes
```
"""


def lay_out(folder: Path) -> None:
    """Writes the sources of every page; files that stay as they were are not touched."""
    wanted = dict(_files())
    for path, text in wanted.items():
        _write(folder / path, text)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if str(path.relative_to(folder)) not in wanted:
            path.unlink()


def _files() -> Iterator[tuple[str, bytes]]:
    here = lessons()
    guides = sorted(DOCS.glob("*.md"))
    yield "index.md", _home([lesson.name for lesson in here], [page.stem for page in guides])
    yield "tour.md", _tour()
    for page in guides:
        text = page.read_text(encoding="utf-8")
        yield page.name, _inside(text, DOCS).encode()
        yield from _pictures(text, DOCS)
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    yield "changes.md", _inside(changes, ROOT).encode()
    for lesson in here:
        yield f"lessons/{lesson.name}.ipynb", lesson.solution.read_bytes()
    for name, text in reference.pages():
        yield f"names/{name}.rst", text.encode()


def _home(names: list[str], guides: list[str]) -> bytes:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    door = readme.partition("\n")[2].partition("In a clone")[0].strip()
    listed = "\n".join(f"lessons/{name}" for name in names)
    return HOME.format(door=door, lessons=listed, guides="\n".join(guides)).encode()


def _tour() -> bytes:
    """The map with links to the lessons' pages here."""
    text = tour.page(lessons()).replace("/student.ipynb)", ".ipynb)")
    return re.sub(r"\]\((\d\d_)", r"](lessons/\1", text).encode()


def _inside(text: str, folder: Path) -> str:
    """The text with links to other pages of the site; those to files of the clone become plain."""

    def kept(link: re.Match) -> str:
        target = link[2]
        if re.match(r"\w+:", target):
            return link[0]
        path = (folder / target).resolve()
        if path.parent == DOCS and path.suffix == ".md":
            return f"[{link[1]}]({path.name}{link[3] or ''})"
        return link[1]

    return PICTURE.sub(
        lambda found: f"![{found[1]}](pictures/{Path(found[2]).name})", LINK.sub(kept, text)
    )


def _pictures(text: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    for _, target in PICTURE.findall(text):
        yield f"pictures/{Path(target).name}", (folder / target).read_bytes()


def _write(path: Path, data: bytes) -> None:
    """A file that holds this already keeps its time, so that its page is not made anew."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
