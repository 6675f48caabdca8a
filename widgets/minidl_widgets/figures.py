"""matplotlib's figures in the page's own colours: what is black takes the page's ink, in any theme.

A picture of pixels brings a white card into a dark page. As SVG a figure names the page's colours:
its ground is `Canvas`, its black (letters, axes, whatever was drawn black) `CanvasText`, and where
a page does not say what these are, they still belong together. The same figure gives the same bytes
each time, so a notebook may keep it. A figure that is wider than a page is as wide as its page.
Nothing is imported before a figure is there to be shown.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

WHITE = (1.0, 1.0, 1.0)
SILENT = dict.fromkeys(("Creator", "Date", "Format", "Type"))  # versions and dates differ
SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "minidl"}  # letters stay letters
STYLE = (
    "color-scheme: light dark; background: Canvas; color: CanvasText; fill: currentColor; "
    "font-family: 'DejaVu Sans', sans-serif; max-width: 100%; height: auto"
)
PAGE = 600.0  # points, 800 pixels: what a notebook's page holds on a small screen
SIZE = re.compile(r' (width|height)="([\d.]+)pt"')
RULES = """.mdl-figure [id^=mdl-paper] { color: black }
.mdl-figure [id^=mdl-page] path { fill: Canvas !important }
.mdl-figure *"""  # the last for matplotlib's own rule, which would hold for the whole page
FONTS = re.compile(r"font-family: 'DejaVu Sans'[^;\"]*(?:; )?")  # said once, for all letters
PLACES = re.compile(r'(?<= )(?:d|x|y)="[^"]*"')  # matplotlib writes six decimals of a point
DECIMALS = re.compile(r"-?\d+\.\d+")
BETWEEN = re.compile(r">\s+<")
LONG = 500  # letters


def follow_the_page(shell: Any) -> None:
    """Let `svg` draw the figures that this notebook shows from now on.

    Whoever then asks IPython for another format (`%config InlineBackend.figure_formats`) gets it.
    """
    taken: list[bool] = []

    def shown(figure: Any, **_: Any) -> dict[str, str]:
        from matplotlib_inline.config import InlineBackend

        formats = InlineBackend.instance(parent=shell)
        if not taken and formats.figure_formats == {"png"}:  # the default, which nobody chose
            formats.figure_formats = set()
        taken.append(True)
        if formats.figure_formats:
            return {}
        return {"image/svg+xml": svg(figure), "text/plain": repr(figure)}

    bundles = shell.display_formatter.mimebundle_formatter
    bundles.for_type_by_name("matplotlib.figure", "Figure", shown)


def svg(figure: Any) -> str:
    """A figure as SVG, its ground and its ink taken from where it stands."""
    import matplotlib

    file = io.StringIO()
    with matplotlib.rc_context(SETTINGS), _without_paper(figure):
        figure.savefig(file, format="svg", bbox_inches="tight", metadata=SILENT)
    text = file.getvalue()
    frame, inside = text[text.index("<svg") + len("<svg") :].split(">", 1)
    inside = FONTS.sub("", inside).replace("*{stroke-", RULES + "{stroke-", 1)
    inside = PLACES.sub(_short, inside).replace("#000000", "currentColor")
    inside = BETWEEN.sub("><", inside)
    head = f'<svg class="mdl-figure" role="img" style="{STYLE}"{_fitted(frame)}>'
    return f"{head}<title>{_title(figure)}</title>{inside}"


def _fitted(frame: str) -> str:
    """The attributes of an <svg>; of a wide one the page decides the size, and this the shape.

    JupyterLab shows it as an <img> of the size that stands here, and does not keep it in the page.
    """
    wide = float(dict(SIZE.findall(frame))["width"]) > PAGE
    return SIZE.sub("", frame) + ' width="100%"' if wide else frame


def _title(figure: Any) -> str:
    """What a screen reader says of the figure: its titles."""
    titles = [figure.get_suptitle(), *(axes.get_title() for axes in figure.axes)]
    return escape("; ".join(filter(None, titles)) or "A figure without a title")


@contextmanager
def _without_paper(figure: Any) -> Iterator[None]:
    """While entered, the grounds that matplotlib makes white by itself are clear.

    A map (an image, filled contours) keeps its paper and all that is drawn on it: white numbers on
    pale squares would be lost. The groups that CSS must know are named.
    """
    clear, named = [figure.patch], {}
    for number, axes in enumerate(figure.axes):
        legend = axes.get_legend()
        if _is_map(axes):
            inside = [*axes.lines, *axes.collections, *axes.patches, *axes.texts, legend]
            named |= {one: f"mdl-paper-{number}-{i}" for i, one in enumerate(inside) if one}
            continue
        clear.append(axes.patch)
        if legend:
            named[legend.get_frame()] = f"mdl-page-{number}"
    before = [(one, one.get_facecolor()) for one in clear]
    ids = [(one, one.get_gid()) for one in named]
    try:
        for one, colour in before:
            one.set_facecolor("none" if colour[:3] == WHITE else colour)
        for one, name in named.items():
            one.set_gid(name)
        yield
    finally:
        for one, colour in before:
            one.set_facecolor(colour)
        for one, name in ids:
            one.set_gid(name)


def _is_map(axes: Any) -> bool:
    """True where colours fill the plane, so that what lies on them needs these very colours."""
    meshes = ("QuadMesh", "PolyQuadMesh")
    filled = (getattr(c, "filled", type(c).__name__ in meshes) for c in axes.collections)
    return bool(axes.images) or any(filled)


def _short(place: re.Match[str]) -> str:
    """On one line; to a tenth of a point if it is long, such as a map's contours."""
    digits = 1 if len(place[0]) > LONG else 2
    written = lambda number: f"{float(number[0]):.{digits}f}".rstrip("0").rstrip(".")
    return DECIMALS.sub(written, " ".join(place[0].split()))
