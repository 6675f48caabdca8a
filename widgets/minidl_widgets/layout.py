"""Where each box of a graph goes: columns by depth, few crossings, straight edges. Left to right.

The classic steps of a layered drawing (Sugiyama, Tagawa and Toda, 1981): columns by longest path; a
bend point in every column that a long edge passes; sweeps that sort each column by its neighbours'
mean position; then heights, pulled towards the neighbours and kept apart. The live view and the
static picture share the result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

Size = tuple[float, float]
Point = tuple[float, float]
GAP_X, GAP_Y, BEND, MARGIN = 84.0, 36.0, 18.0, 24.0
SWEEPS = 8
PORT = 17.0  # between two edges that end in one box: room for the number of each


@final
@dataclass
class Places:
    """The result: each box's top left corner, each edge's points, the size of the sheet."""

    boxes: dict[str, Point]
    edges: list[list[Point]]
    size: Size


def place(sizes: Mapping[str, Size], edges: Sequence[tuple[str, str]]) -> Places:
    """Lay out boxes (name -> width, height; in an order in which sources come first) and edges."""
    column = _columns(list(sizes), edges)
    height = {name: size[1] for name, size in sizes.items()}
    chains = _bend(column, edges, height)
    links = [pair for chain in chains for pair in zip(chain, chain[1:], strict=False)]
    grid = _sort(column, links)
    centre = _heights(grid, links, height)
    spans = _spans(grid, sizes)
    lowest = min(centre[name] - height[name] / 2 for name in height) if height else 0.0
    shift = GAP_Y - lowest  # above the topmost box as between two
    boxes = {n: (spans[column[n]][0], centre[n] - height[n] / 2 + shift) for n in sizes}
    bottom = max((y + height[n] for n, (_, y) in boxes.items()), default=0.0)
    lines = _lines(chains, column, centre, spans, sizes, shift)
    bottom = max([bottom, *(y for line in lines for _, y in line)])
    right = spans[-1][1] if spans else MARGIN
    return Places(boxes, lines, (right + MARGIN, bottom + GAP_Y))


def _columns(names: list[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The longest path decides the column; a box without inputs stands before its first use."""
    column = dict.fromkeys(names, 0)
    order = {name: i for i, name in enumerate(names)}
    for source, target in sorted(edges, key=lambda edge: order[edge[1]]):
        column[target] = max(column[target], column[source] + 1)
    fed = {target for _, target in edges}
    for name in names:
        uses = [column[target] for source, target in edges if source == name]
        if name not in fed and uses:
            column[name] = min(uses) - 1
    return column


def _bend(column: dict[str, int], edges: Sequence[tuple[str, str]], height: dict[str, float]):
    """Each edge as a chain of names, one per column; `column` and `height` learn the bends."""
    chains = []
    for number, (source, target) in enumerate(edges):
        bends = [f"~{number}.{c}" for c in range(column[source] + 1, column[target])]
        column.update({name: column[source] + 1 + i for i, name in enumerate(bends)})
        height.update(dict.fromkeys(bends, BEND))
        chains.append([source, *bends, target])
    return chains


def _sort(column: dict[str, int], links: list[tuple[str, str]]) -> list[list[str]]:
    """Sweep right and left, sorting each column by its neighbours' mean; keep the least crossed."""
    grid: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for name, c in column.items():
        grid[c].append(name)
    before, after = _neighbours(links)
    best, fewest = [list(row) for row in grid], _crossings(grid, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        near = before if forward else after
        for row in grid if forward else reversed(grid):
            rank = {name: i for other in grid for i, name in enumerate(other)}
            keys = {n: _mean([rank[m] for m in near.get(n, ())], rank[n]) for n in row}
            row.sort(key=keys.__getitem__)
        crossed = _crossings(grid, after)
        if crossed < fewest:
            best, fewest = [list(row) for row in grid], crossed
    return best


def _crossings(grid: list[list[str]], after: dict[str, list[str]]) -> int:
    rank = {name: i for row in grid for i, name in enumerate(row)}
    total = 0
    for row in grid:
        ends = [
            rank[target]
            for name in row
            for target in sorted(after.get(name, ()), key=rank.__getitem__)
        ]
        total += sum(a > b for i, a in enumerate(ends) for b in ends[i + 1 :])
    return total


def _heights(grid: list[list[str]], links: list[tuple[str, str]], height: dict[str, float]):
    """Pull each box towards the mean of its neighbours, then push the boxes of a column apart."""
    before, after = _neighbours(links)
    centre: dict[str, float] = {}
    for row in grid:
        _apart(row, dict.fromkeys(row, 0.0), height, centre)
    for sweep in range(3 * SWEEPS):
        for row in grid if sweep % 2 == 0 else reversed(grid):
            near = {n: [centre[m] for m in before.get(n, []) + after.get(n, [])] for n in row}
            _apart(row, {n: _mean(near[n], centre[n]) for n in row}, height, centre)
    return centre


def _apart(
    row: list[str], wish: dict[str, float], height: dict[str, float], centre: dict[str, float]
):
    """The heights nearest to the wishes, in least squares, that keep order and distance."""
    offset, here = {}, 0.0
    for i, name in enumerate(row):
        if i:
            here += (height[row[i - 1]] + height[name]) / 2 + GAP_Y * (height[name] > BEND)
        offset[name] = here
    blocks: list[tuple[float, list[str]]] = []  # neighbours that must move as one
    for name in row:
        mean, members = wish[name] - offset[name], [name]
        while blocks and blocks[-1][0] > mean:
            other, theirs = blocks.pop()
            mean = (other * len(theirs) + mean * len(members)) / (len(theirs) + len(members))
            members = theirs + members
        blocks.append((mean, members))
    for mean, members in blocks:
        centre.update({name: mean + offset[name] for name in members})


def _spans(grid: list[list[str]], sizes: Mapping[str, Size]) -> list[tuple[float, float]]:
    """The left and right side of each column."""
    spans, x = [], MARGIN
    for row in grid:
        width = max((sizes[name][0] for name in row if name in sizes), default=0.0)
        spans.append((x, x + width))
        x += width + GAP_X
    return spans


def _lines(chains, column, centre, spans, sizes, shift) -> list[list[Point]]:
    """The points of each edge: level through its columns, and then into its own port."""
    ports: dict[str, list[int]] = {}
    for number, chain in enumerate(chains):
        ports.setdefault(chain[-1], []).append(number)
    lines = []
    for number, (source, *bends, target) in enumerate(chains):
        arriving = sorted(ports[target], key=lambda k: (centre[chains[k][-2]], k))
        step = min(PORT, (sizes[target][1] - 8) / len(arriving))
        port = (arriving.index(number) - (len(arriving) - 1) / 2) * step
        left, right = spans[column[source]]
        level = [(left + sizes[source][0], centre[source]), (right, centre[source])]
        level += [(x, centre[bend]) for bend in bends for x in spans[column[bend]]]
        level.append((spans[column[target]][0], centre[target] + port))
        points = [(x, y + shift) for x, y in level]
        lines.append(points[points[0] == points[1] :])
    return lines


def _neighbours(links: list[tuple[str, str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for source, target in links:
        after.setdefault(source, []).append(target)
        before.setdefault(target, []).append(source)
    return before, after


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise
