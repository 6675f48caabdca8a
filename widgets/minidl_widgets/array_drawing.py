"""The explorers as pictures for paper: cells of numbers, the buffer under them, two shapes."""

from collections.abc import Sequence
from typing import Any, final

from .cells import sizes
from .drawing import sheet, text_at

SIDE, GAP, LINE = 40, 22, 24  # a cell is SIDE wide and LINE tall; GAP lies between two blocks
EDGE = 20
HINT = "Run the cell to change it and to ask it."


def stride_svg(scene: dict[str, Any], title: str) -> str:
    """The array as one reads it, its buffer below, its strides above."""
    sheet = Sheet()
    facts = f"shape {sizes(scene['shape'])}   strides {sizes(scene['strides'])}   offset "
    sheet.text("name", "".join(scene["chain"]))
    sheet.text("value", facts + str(scene["offset"]))
    sheet.down(6)
    sheet.blocks(
        [(block["title"], [[(cell["text"], "") for cell in row] for row in block["rows"]])]
        for block in scene["blocks"]
    )
    if not any(block["rows"] and block["rows"][0] for block in scene["blocks"]):
        sheet.text("key", "no numbers")
    sheet.down(10)
    sheet.text("key", f"the buffer: {scene['size']} numbers of dtype {scene['dtype']}")
    for start in range(0, len(scene["buffer"]), 16):
        line = scene["buffer"][start : start + 16]
        sheet.row([(cell["text"], "" if cell["read"] else "gone") for cell in line])
        sheet.row_of_words([str(cell["place"]) for cell in line])
    for words in (scene["left"], scene["differs"], scene["problem"]):
        sheet.text("problem" if words != scene["left"] else "key", words)
    return sheet.finished(title)


def broadcast_svg(scene: dict[str, Any], title: str) -> str:
    """The two shapes under each other, and the numbers that come of them."""
    sheet = Sheet()
    columns = scene["columns"]
    sheet.text("name", f"x {scene['sign']} y")
    for name, which in (("x", 0), ("y", 1)):
        texts = ["" if c["sizes"][which] is None else str(c["sizes"][which]) for c in columns]
        kinds = ["gone" if c["state"] == "clash" else "" for c in columns]
        sheet.row([(name, None), *zip(texts, kinds, strict=True)])
    results = ["≠" if c["state"] == "clash" else c["result"] for c in columns]
    sheet.row([("", None), *(("" if r is None else str(r), "result") for r in results)])
    sheet.down(8)
    if scene["common"] is None:
        sheet.text("problem", scene["steps"][-1]["say"])
    for block in scene["blocks"]:
        sheet.blocks([_side_by_side(block, scene["sign"])])
    sheet.text("key", scene["rule"])
    sheet.text("problem", scene["differs"])
    return sheet.finished(title)


def _side_by_side(block: dict[str, Any], sign: str) -> list[tuple[str, list[list[tuple]]]]:
    """x, y and the result of one block; what is repeated is dashed."""
    rows = block["rows"]
    kinds = [
        lambda c: "module" if c["ghosts"][0] else "",
        lambda c: "module" if c["ghosts"][1] else "",
    ]
    made = [
        (f"{title} {block['title']}", [[(c["texts"][i], kind(c)) for c in row] for row in rows])
        for i, (title, kind) in enumerate(zip(("x", "y"), kinds, strict=True))
    ]
    result = [[(c["texts"][2], "result") for c in row] for row in rows]
    return [*made, (f"x {sign} y {block['title']}", result)]


@final
class Sheet:
    """A page that is filled from the top down."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y, self.width = float(EDGE), 320.0

    def down(self, by: float) -> None:
        """Leaves some room."""
        self.y += by

    def text(self, kind: str, words: str) -> None:
        """A line of words; nothing for no words."""
        if words:
            self.y += 18
            self.parts.append(text_at(EDGE, self.y, kind, words))
            self.width = max(self.width, 2 * EDGE + 7.6 * len(words))
            self.y += 4

    def row(self, cells: Sequence[tuple[str, str | None]], x: float = EDGE) -> None:
        """A row of cells, each (text, kind); a kind of None has no box."""
        self._cells(cells, x)
        self.y += LINE

    def row_of_words(self, words: Sequence[str]) -> None:
        """Small words under the cells of a row."""
        for i, word in enumerate(words):
            self.parts.append(text_at(EDGE + (i + 0.5) * SIDE, self.y + 12, "key", word, "middle"))
        self.y += 18

    def blocks(self, lines: Any) -> None:
        """Blocks (title, rows): those of one line side by side, then the next line."""
        for line in lines:
            top, lowest, x = self.y, self.y, float(EDGE)
            for title, rows in line:
                self.y = top
                if title.strip():
                    self.parts.append(text_at(x, self.y + 14, "key", title))
                    self.y += 20
                for row in rows:
                    self.row(row, x)
                lowest = max(lowest, self.y)
                x += max((len(row) for row in rows), default=0) * SIDE + GAP
            self.y = lowest + 6

    def _cells(self, cells: Sequence[tuple[str, str | None]], x: float) -> None:
        for i, (words, kind) in enumerate(cells):
            left = x + i * SIDE
            if kind is not None:
                place = f'x="{left:.0f}" y="{self.y:.0f}" width="{SIDE}" height="{LINE}"'
                self.parts.append(f'<rect class="card {kind}" {place}/>')
            at = left + SIDE / 2
            self.parts.append(text_at(at, self.y + 16, "", words, "middle"))
        self.width = max(self.width, x + len(cells) * SIDE + EDGE)

    def finished(self, title: str) -> str:
        """The whole as SVG."""
        self.text("key", HINT)
        return sheet(self.width, self.y + EDGE - 6, title, self.parts)
