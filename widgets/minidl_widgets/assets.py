"""Hands a widget its front end: the shared pieces first, then the widget's own file, as one text.

anywidget imports a module from a blob, where a relative import finds nothing; so what two widgets
share (`theme.css`, `page.js`) is put in front of each here, and what you read is what ships.
"""

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def script(*stems: str) -> str:
    """The ES module of one widget: `page.js` (plain functions, no exports), then its own files."""
    return _joined("page.js", *(f"{stem}.js" for stem in stems))


@cache
def style(*stems: str) -> str:
    """The style sheet of one widget: `theme.css` (the variables), then its own files."""
    return _joined("theme.css", *(f"{stem}.css" for stem in stems))


def _joined(*names: str) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
