"""The batch inspector on paper: some items of the batch, one item's steps, what was found."""

from typing import Any

from .drawing import sheet, text_at
from .pixels import png

EDGE, SIDE, WIDE, STEP = 20, 54, 12, 96
HINT = "Run the cell to walk through batches and steps."
SIGNS = {"fine": "fine:", "alarm": "ALARM:", "open": "note:"}


def inspector_svg(scene: dict[str, Any], title: str) -> str:
    """Rows of items, the chosen item's steps, histograms, findings."""
    head = f"{scene['name']}, epoch {scene['epoch'] + 1}, batch {scene['batch'] + 1}"
    parts = [text_at(EDGE, 30, "name", f"{head} of {scene['batches']}, seed {scene['seed']}")]
    y = _items(parts, scene["items"][: 2 * WIDE], 44)
    y = _steps(parts, scene["steps"], y + 12)
    y = _histograms(parts, scene, y + 8)
    for check in scene["checks"]:
        y += 20
        kind = "problem" if check["state"] == "alarm" else "key"
        parts.append(text_at(EDGE, y, kind, f"{SIGNS[check['state']]} {check['words']}"))
    for words, kind in ((scene["problem"], "problem"), (HINT, "key")):
        if words:
            y += 20
            parts.append(text_at(EDGE, y, kind, words))
    return sheet(EDGE * 2 + WIDE * (SIDE + 4), y + 14, title, parts)


def _picture(drawn: dict[str, Any], x: float, y: float, side: float) -> str:
    wide = side * min(1, drawn["columns"] / drawn["rows"])
    tall = side * min(1, drawn["rows"] / drawn["columns"])
    place = f'x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{tall:.0f}"'
    return f'<image {place} style="image-rendering:pixelated" href="{png(drawn)}"/>'


def _items(parts: list[str], items: list[dict[str, Any]], y: float) -> float:
    if any("picture" not in item for item in items):
        for item in items[:8]:
            y += 18
            words = " ".join(item.get("numbers", [item.get("text", "")]))
            parts.append(text_at(EDGE, y, "", f"{item['index']:>6}: {words}  {item['label']}"[:92]))
        return y
    for k, item in enumerate(items):
        x, top = EDGE + k % WIDE * (SIDE + 4), y + k // WIDE * (SIDE + 22)
        parts.append(_picture(item["picture"], x, top, SIDE))
        parts.append(text_at(x, top + SIDE + 13, "key", f"{item['index']}: {item['label']}"[:10]))
    return y + -(-len(items) // WIDE) * (SIDE + 22)


def _steps(parts: list[str], steps: list[dict[str, Any]], y: float) -> float:
    if any("picture" not in step for step in steps) or len(steps) < 2:
        for step in steps[1:]:
            y += 18
            words = " ".join(step.get("numbers", [step.get("text", step["facts"])]))
            parts.append(text_at(EDGE, y, "", f"{step['title']}: {words}"[:92]))
        return y
    for k, step in enumerate(steps[:4]):
        x = EDGE + k * (STEP + 60)
        drawn = f"{step['title']}{', random' if step['random'] else ''}"
        parts.append(text_at(x, y + 10, "key", drawn[:24]))
        parts.append(_picture(step["picture"], x, y + 18, STEP))
    return y + STEP + 24


def _histograms(parts: list[str], scene: dict[str, Any], y: float) -> float:
    drawn = [(key, scene[key]) for key in ("before", "after") if scene[key]]
    for k, (key, found) in enumerate(drawn):
        x, most = EDGE + k * 330, max(found["counts"]) or 1
        words = f"{key}: mean {found['mean']}, spread {found['spread']}"
        parts.append(text_at(x, y + 12, "key", words if len(drawn) > 1 else words[8:]))
        for i, count in enumerate(found["counts"]):
            tall = 40 * count / most
            box = f'x="{x + i * 11}" y="{y + 60 - tall:.1f}" width="10" height="{tall:.1f}"'
            parts.append(f'<rect class="bar" {box} fill="var(--value)"/>')
        parts.append(text_at(x, y + 74, "key", found["low"]))
        parts.append(text_at(x + 264, y + 74, "key", found["high"], "end"))
    return y + 78 if drawn else y
