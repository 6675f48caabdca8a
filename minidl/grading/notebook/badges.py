"""The badge: whose each part of the running minidl is, yours or minidl's, and why."""

from __future__ import annotations

from ..pieces.yours import owners
from ..report import Card

NOTHING = "Every part of this minidl is its own. Pass an exercise, and it runs on yours."


def badge() -> Card:
    """Which parts of the running minidl are yours, and which are minidl's."""
    rows = owners()
    if not rows:
        return Card(NOTHING, f"<p>{NOTHING}</p>")
    width = max(len(name) for name, _, _ in rows)
    lines = [f"{name:<{width}}  {owner:<8}  {note}".rstrip() for name, owner, note in rows]
    why = any(note for _, _, note in rows)
    cells = "".join(
        f"<tr><td><code>{name}</code></td>"
        f'<td class="{"good" if owner == "yours" else "soft"}">{owner}</td>'
        + (f"<td>{note}</td></tr>" if why else "</tr>")
        for name, owner, note in rows
    )
    head = f"<tr><th>part</th><th>whose</th>{'<th>why</th>' if why else ''}</tr>"
    return Card("\n".join(lines), f"<table>{head}{cells}</table>")
