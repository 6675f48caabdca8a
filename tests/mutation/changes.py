"""What may be wrong in one place: each operator, comparison, index, constant, argument in turn."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import final

OPERATORS: dict[type, list[type]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Mod: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
    ast.BitXor: [ast.BitAnd],
    ast.LShift: [ast.RShift],
    ast.RShift: [ast.LShift],
}
SWAPPED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
CLOSED = (
    ast.Constant,
    ast.Name,
    ast.Call,
    ast.Subscript,
    ast.Slice,
)  # need no brackets around them
COMPARISONS: dict[type, list[type]] = {
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}


@final
@dataclass(frozen=True)
class Mutant:
    """A solution changed in one place."""

    kind: str
    line: int
    source: str
    original: str

    @property
    def change(self) -> str:
        """The changed line, before and after: a mutant's name in the table of equivalents."""
        old, new = self.original.splitlines(), self.source.splitlines()
        ends = [i for i in range(min(len(old), len(new))) if old[i] != new[i]]
        first = ends[0] if ends else min(len(old), len(new)) - 1
        return f"{old[first].strip()}  =>  {new[first].strip()}"

    @property
    def diff(self) -> str:
        """The change as `diff -u` shows it, one line of the surroundings on either side."""
        lines = unified_diff(self.original.splitlines(), self.source.splitlines(), n=1, lineterm="")
        return "\n".join(list(lines)[2:])


def mutants(source: str, lines: frozenset[int]) -> list[Mutant]:
    """Every mutant of these lines of the source, each other text once."""
    found: dict[str, Mutant] = {}
    tree = ast.parse(source)
    silent, others = _docstrings(tree), _other_inputs(tree)
    for node in ast.walk(tree):
        if not isinstance(node, (ast.expr, ast.stmt)) or node.lineno not in lines:
            continue
        if id(node) in silent:
            continue
        for kind, new in [*_changed(node), *others.get(id(node), ())]:
            text = _put(source, node, new)
            if text != source and text not in found and _parses(text):
                found[text] = Mutant(kind, node.lineno, text, source)
    return sorted(found.values(), key=lambda mutant: mutant.line)


def _docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand alone: changing them changes nothing."""
    alone = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    inside = [
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if not isinstance(part, ast.JoinedStr)
    ]
    return {id(node) for node in alone if isinstance(node, ast.Constant)} | {id(p) for p in inside}


def _other_inputs(tree: ast.AST) -> dict[int, list[tuple[str, ast.AST]]]:
    """For each use of a function's input, the same with the function's next input in its place."""
    found = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = [one.arg for one in function.args.args if one.arg != "self"]
            after = dict(zip(names, [*names[1:], *names[:1]], strict=True))
            for node in ast.walk(function):
                if isinstance(node, ast.Name) and after.get(node.id, node.id) != node.id:
                    found[id(node)] = [("name", _with(node, id=after[node.id]))]
    return found


def _changed(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """(what is changed, the changed copy) for one node."""
    if isinstance(node, ast.BinOp):
        yield from _operators(node)
    elif isinstance(node, ast.AugAssign):
        for other in OPERATORS[type(node.op)]:
            yield "operator", _with(node, op=other())
        yield "operator", ast.Assign([node.target], node.value)
    elif isinstance(node, ast.UnaryOp):
        yield "operator", node.operand
    elif isinstance(node, ast.BoolOp):
        yield "operator", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for i in range(len(node.values)):
            yield "condition", _without(node, "values", i)
    elif isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in COMPARISONS[type(op)]:
                yield "comparison", _with(node, ops=[*node.ops[:i], other(), *node.ops[i + 1 :]])
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Subscript):
        yield from _indices(node)
    elif isinstance(node, ast.Slice):
        yield from _bounds(node)
    elif isinstance(node, ast.Call):
        yield from _arguments(node)
    elif isinstance(node, ast.IfExp):
        yield "condition", node.body
        yield "condition", node.orelse
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for i in range(len(node.elts) - 1):
            yield "order", _with(node, elts=_exchanged(node.elts, i))
    if isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign)):
        yield "statement", ast.Pass()


def _operators(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    for other in OPERATORS[type(node.op)]:
        yield "operator", _with(node, op=other())
    if isinstance(node.op, SWAPPED):
        yield "operator", _with(node, left=node.right, right=node.left)


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield "constant", ast.Constant(value + 1)
        yield "constant", ast.Constant(value - 1)
    elif isinstance(value, str):
        yield "constant", ast.Constant(value + "_")


def _indices(node: ast.Subscript) -> Iterator[tuple[str, ast.AST]]:
    """Two indices exchanged; a computed one, the one before it."""
    index = node.slice
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        yield "index", _with(node, slice=_with(index, elts=index.elts[::-1]))
    elif isinstance(index, (ast.Name, ast.BinOp)):
        yield "index", _with(node, slice=ast.BinOp(index, ast.Sub(), ast.Constant(1)))


def _bounds(node: ast.Slice) -> Iterator[tuple[str, ast.AST]]:
    """Each bound of a slice left out."""
    for bound in ("lower", "upper", "step"):
        if getattr(node, bound) is not None:
            yield "index", _with(node, **{bound: None})


def _arguments(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """Each named argument left out, and neighbours exchanged."""
    for i in range(len(node.keywords)):
        yield "argument", _without(node, "keywords", i)
    for i in range(len(node.args) - 1):
        if not any(isinstance(one, ast.Starred) for one in node.args[i : i + 2]):
            yield "argument", _with(node, args=_exchanged(node.args, i))


def _exchanged(items: list, i: int) -> list:
    """A copy with items i and i + 1 exchanged."""
    return [*items[:i], items[i + 1], items[i], *items[i + 2 :]]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """A copy with some fields replaced."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _without(node: ast.AST, name: str, i: int) -> ast.AST:
    """A copy with one item of a list left out."""
    items = getattr(node, name)
    rest = [*items[:i], *items[i + 1 :]]
    if name == "values" and len(rest) == 1:
        return rest[0]
    return _with(node, **{name: rest})


def _put(source: str, node: ast.expr | ast.stmt, new: ast.AST) -> str:
    """The source with the node's own text replaced; the rest keeps its form."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
    text = ast.unparse(ast.fix_missing_locations(new))
    if isinstance(node, ast.expr) and not isinstance(new, CLOSED):
        text = f"({text})"
    raw = source.encode()
    return (raw[:begin] + text.encode() + raw[end:]).decode()


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
