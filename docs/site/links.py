"""Follows every link of the built site: each leads somewhere, and nothing is loaded from afar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import final
from urllib.parse import unquote, urlsplit

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
BACK = re.compile(r'<a class="viewcode-back"[^>]*>[^<]*</a>')
FROM_CSS = re.compile(r"""(?:url\(|@import)\s*["']?\s*(https?:|//)""")


@final
class Page(HTMLParser):
    """The anchors of one page, where its links lead, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if LOADED.get(tag, "") in given and given.get("rel") != "canonical":
            self.loads.append(given[LOADED[tag]])


def leave_back_links_out(site: Path) -> None:
    """Takes the links from source pages back to the names' pages away.

    Sphinx assumes that one page tells of all names of a file; of ours several may.
    """
    for path in (site / "_modules").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        without = BACK.sub("", text)
        if without != text:
            path.write_text(without, encoding="utf-8")


def broken(site: Path) -> Iterator[str]:
    """A sentence for each link that leads nowhere, and for each thing that is fetched from afar."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site)
        for target in dict.fromkeys([*page.links, *page.loads]):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                if target in page.loads and parts.scheme != "data":
                    yield f"{name} loads {target}"
                continue
            place = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            there = place / "index.html" if place.is_dir() else place
            if not there.is_file():
                yield f"{name} links to {target}, which is not there"
            elif parts.fragment and there in pages:
                if unquote(parts.fragment) not in pages[there].anchors:
                    yield f"{name} links to {target}, where there is no such place"
    for path in sorted(site.rglob("*.css")):
        if FROM_CSS.search(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site)} loads something from elsewhere"
