"""A program's steps: each kernel as one or two calls of C functions, with what they touch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any, final

from .kernels import Attention, Convolution, Fill, Host, Panels, Product, Scatter
from .letters import c_type
from .loops import Loop
from .nests import Member, Nest, common_steps
from .views import Buffer, View, rows_in_order
from .walking import Walk

ALONE = 2**12  # places below which sharing a loop costs more than it brings
SMALL = 2**18  # multiplications below which one thread multiplies


@final
class Step:
    """One call in the emitted function.

    Attributes:
        reads, writes: buffers.
        alone: whether the first thread does it, and no other.
        text: (pointer: view or buffer -> C text) -> lines of the call.
        where: the user's line, or "".
        host: the kernel that NumPy runs, if it is one.
        title: a word for the comment beside it.
    """

    def __init__(self, reads: Iterable[Buffer], writes: Iterable[Buffer], text: Callable,
                 alone: bool = False, where: str = "", title: str = "", loop: Loop | None = None,
                 host: Host | None = None):  # fmt: skip
        self.reads, self.writes = list(reads), list(writes)
        self.text, self.alone, self.where, self.title = text, alone, where, title
        self.loop, self.host = loop, host

    def heirs(self, dying: Sequence[Buffer], result: Buffer | None = None) -> dict[Buffer, Buffer]:
        """Which results (or whether one) may be written over which buffers that are read here for
        the last time."""
        return heirs_of(self.loop, dying, result) if self.loop is not None and dying else {}


def heirs_of(
    loop: Walk, dying: Sequence[Buffer], result: Buffer | None = None
) -> dict[Buffer, Buffer]:
    """Which results of a loop (or whether one) may be written over which buffers that only it
    still reads."""
    free = {id(b): b for b in dying}
    found: dict[Buffer, Buffer] = {}
    for member in loop.nest.members:
        if member.kind != "map" or member.level != "full" or not member.stored:
            continue
        view = member.view
        if result is not None and view.buffer is not result:
            continue
        if view.buffer.kind != "arena" or not view.contiguous or view.size != view.buffer.size:
            continue
        for old in list(free.values()):
            if old.bytes == view.buffer.bytes and _read_in_step(loop, member, old):
                found[view.buffer] = free.pop(id(old))
                break
    return found


def _read_in_step(loop: Walk, member: Member, old: Buffer) -> bool:
    """Whether a nest reads a buffer place by place, each before a member writes there."""
    for other in loop.nest.members:
        for operand in other.operands:
            if operand.member is not None or all(v.buffer is not old for v in operand.views):
                continue
            if operand.indices or operand.view.dtype.itemsize != member.dtype.itemsize:
                return False
            if other.level_of_operands != "full" or not common_steps(member.view, operand.view):
                return False
            if operand.view.offset != 0 or other.number > member.number:
                return False
            if max(loop.needed.get(other, {0}), default=0) > loop.phases[member]:
                return False
    return True


# Kernels as steps -----------------------------------------------------------------------------


@final
class Functions:
    """The C functions of a program: nests that differ in their pointers only share one."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def name(self, loop: Loop) -> str:
        types = [kind for kind, _, _ in loop.arguments]
        if loop.checks:
            types.append("int*")
        names = loop.names + (["status"] if loop.checks else [])
        parameters = ", ".join(f"{k} {n}" for k, n in zip(types, names, strict=True))
        key = f"({parameters}, long lo, long hi) {loop.text}"
        return self.texts.setdefault(key, f"loop_{len(self.texts)}")

    def source(self) -> str:
        return "\n\n".join(f"APART void {name}{key}" for key, name in self.texts.items())


def steps_of(kernel: Any, threads: int, functions: Functions) -> list[Step]:
    """The steps of one kernel."""
    if isinstance(kernel, Nest):
        return _nest(kernel, threads, functions)
    if isinstance(kernel, Product):
        made = _product if kernel.panels is None else _product_by_panels
        return [made(kernel, threads)]
    if isinstance(kernel, Panels):
        return [_panels(kernel, threads)]
    if isinstance(kernel, Convolution):
        return _convolution(kernel, threads)
    if isinstance(kernel, Attention):
        return [_attention(kernel, threads)]
    if isinstance(kernel, Scatter):
        return [_scatter(kernel)]
    if isinstance(kernel, Fill):
        text = lambda at: [f"memset({at(kernel.buffer)}, 0, {kernel.buffer.bytes});"]
        return [Step([], kernel.writes, text, alone=True, title="zeros")]
    assert isinstance(kernel, Host)
    return [Step(kernel.reads, kernel.writes, lambda at: [], where=kernel.where, host=kernel)]


def _nest(nest: Nest, threads: int, functions: Functions) -> list[Step]:
    loop = Loop(nest)
    name = functions.name(loop)
    alone = threads == 1 or nest.size * len(nest.members) < ALONE or loop.count < threads
    parts: dict[Any, Buffer] = {}
    if not alone:
        for member in loop.collects:
            size = member.view.size
            parts[_spot(member.view)] = Buffer("arena", threads * size, member.dtype)

    def text(at: Callable) -> list[str]:
        given = []
        for kind, buffer, offset in loop.arguments:
            part = parts.get((id(buffer), offset))
            if part is None or kind.startswith("const"):
                given.append(at(buffer, offset, kind))
            else:
                given.append(f"{at(part, 0, kind)} + t * {part.size // threads}")
        if loop.checks:
            given.append("p->status")
        step = 16 if loop.flat else 1
        span = f"share({loop.count}, {step}, t, T), share({loop.count}, {step}, t + 1, T)"
        span = f"0, {loop.count}" if alone else span
        return [f"{name}({', '.join([*given, span])});"]

    stored = [m for m in nest.members if m.stored]
    writes = [parts.get(_spot(m.view), m.view.buffer) for m in stored]
    where = next((m.where for m in nest.members if m.where), "")
    title = ", ".join(m.name for m in nest.members)
    steps = [Step(nest.reads, writes, text, alone, where, title, loop)]
    for member in loop.collects if parts else []:
        steps.append(_combined(member, parts[_spot(member.view)]))
    return steps


def _spot(view: View) -> Any:
    return id(view.buffer), view.offset


def _combined(member: Member, part: Buffer) -> Step:
    """Adds up what every thread collected for itself."""
    n, kind = member.view.size, c_type(member.dtype)
    both = "a + b" if member.join == "add" else f"{member.join}_{member.dtype.name}(a, b)"

    def text(at: Callable) -> list[str]:
        out, parts = at(member.view.buffer, member.view.offset), at(part)
        return [
            f"{{ {kind}* z = {out}; const {kind}* x = {parts};",
            f"  for (long i = 0; i < {n}; i++) {{ {kind} a = x[i];",
            f"    for (int s = 1; s < T; s++) {{ const {kind} b = x[s * {n} + i]; a = {both}; }}",
            "    z[i] = a; } }",
        ]

    return Step([part], [member.view.buffer], text, alone=True, title="sum of all threads")


def _product(kernel: Product, threads: int) -> Step:
    a, b, c = kernel.a, kernel.b, kernel.c
    if c.steps[-1] != 1 and c.shape[-1] != 1:  # BLAS writes rows: by columns it is the transpose
        swap = [*range(len(c.shape) - 2), len(c.shape) - 1, len(c.shape) - 2]
        a, b, c = b.permuted(swap), a.permuted(swap), c.permuted(swap)
    (m, n), k = c.shape[-2:], a.shape[-1]
    (ta, lda), (tb, ldb), (_, ldc) = _layout(a), _layout(b), _layout(c)
    stack = prod(c.shape[:-2])
    alone = threads == 1 or kernel.flops < SMALL
    gemm = f"gemm_{c.dtype.name}"

    def text(at: Callable) -> list[str]:
        pointers = [at(v.buffer, v.offset) for v in (a, b, c)]
        shifts = [_stack_shift(v) for v in (a, b, c)]
        x, y, z = (f"{p}{s}" for p, s in zip(pointers, shifts, strict=True))
        sizes = f"{ta}, {tb}, {m}, {n}, {k}, {x}, {lda}, {y}, {ldb}, 0, {z}, {ldc}"
        if stack == 1:
            call = f"{gemm}(p, {sizes});" if alone else f"{gemm}_share(p, t, T, {sizes});"
            return [call]
        if alone or stack % threads == 0 or stack >= 4 * threads:
            span = (0, stack) if alone else (f"share({stack}, 1, t, T)",
                                             f"share({stack}, 1, t + 1, T)")  # fmt: skip
            return [f"for (long q = {span[0]}; q < {span[1]}; q++) {gemm}(p, {sizes});"]
        return [f"for (long q = 0; q < {stack}; q++) {gemm}_share(p, t, T, {sizes});"]

    title = f"{'x'.join(map(str, c.shape[:-2]))} {m}x{k} @ {k}x{n}".strip()
    return Step(kernel.reads, kernel.writes, text, alone, kernel.where, title)


def _panels(kernel: Panels, threads: int) -> Step:
    (k, n), (down, right) = kernel.matrix.shape, kernel.matrix.steps
    laid = f"to_panels_{kernel.matrix.dtype.name}"
    alone = threads == 1 or k * n < ALONE

    def text(at: Callable) -> list[str]:
        b, panels = at(kernel.matrix.buffer, kernel.matrix.offset), at(kernel.panels)
        return [f"{laid}({b}, {down}, {right}, {k}, {_columns(n, alone)}, {panels});"]

    title = f"{k}x{n} as panels"
    return Step(kernel.reads, kernel.writes, text, alone, kernel.where, title)


def _product_by_panels(kernel: Product, threads: int) -> Step:
    (m, k), n, (down, right) = kernel.a.shape, kernel.c.shape[1], kernel.a.steps
    met = f"meet_panels_{kernel.c.dtype.name}"
    alone = threads == 1 or kernel.flops < SMALL

    def text(at: Callable) -> list[str]:
        a, c = (at(v.buffer, v.offset) for v in (kernel.a, kernel.c))
        return [
            f"{met}({m}, {k}, {a}, {down}, {right}, {at(kernel.panels)}, "
            f"{_columns(n, alone)}, {c}, {kernel.c.steps[0]});"
        ]

    title = f"{m}x{k} @ {k}x{n} in panels"
    return Step(kernel.reads, kernel.writes, text, alone, kernel.where, title)


def _columns(n: int, alone: bool) -> str:
    """A thread's share of n columns, in whole panels."""
    if alone:
        return f"0, {n}"
    return f"share({n}, {Panels.WIDEST}, t, T), share({n}, {Panels.WIDEST}, t + 1, T)"


def _layout(view: View) -> tuple[int, int]:
    """Whether BLAS is to read a matrix transposed, and how far its rows (or columns) lie apart."""
    (m, n), (down, right) = view.shape[-2:], view.steps[-2:]
    if rows_in_order(view):
        return 0, max(down if m > 1 else n, n, 1)
    return 1, max(right if n > 1 else m, m, 1)


def _stack_shift(view: View) -> str:
    """The way to matrix number q of a stack."""
    terms, behind = [], 1
    shape, steps = view.shape[:-2], view.steps[:-2]
    for d in range(len(shape) - 1, -1, -1):
        if steps[d] and shape[d] > 1:
            index = "q" if behind == 1 else f"q / {behind}"
            more = any(n > 1 for n in shape[:d])
            index = f"({index}) % {shape[d]}" if more else index
            terms.append(f" + ({index}) * {steps[d]}")
        behind *= shape[d]
    return "".join(terms)


def _fields(sizes: dict[str, Any]) -> str:
    """What stands between the braces of a C struct."""
    return ", ".join(f".{name} = {value}" for name, value in sizes.items())


def _convolution(kernel: Convolution, threads: int) -> list[Step]:
    sizes = _fields(kernel.sizes)
    out = kernel.output

    def text(at: Callable) -> list[str]:
        given = ["0" if v is None else at(v.buffer, v.offset) for v in kernel.operands]
        target = at(kernel.parts) if kernel.parts is not None else at(out.buffer, out.offset)
        given += [target, at(kernel.scratch)]
        return [
            f"{{ static const conv_t s = {{{sizes}}};",
            f"  {kernel.kind}(p, t, T, &s, {', '.join(given)}); }}",
        ]

    writes = [kernel.parts if kernel.parts is not None else out.buffer, kernel.scratch]
    steps = [Step(kernel.reads, writes, text, threads == 1, kernel.where, kernel.kind)]
    if kernel.parts is not None:
        parts = kernel.parts

        def total(at: Callable) -> list[str]:
            given = f"&s, {at(parts)}, T, {at(out.buffer, out.offset)}"
            return [
                f"{{ static const conv_t s = {{{sizes}}};",
                f"  sum_of_{kernel.kind}({given}); }}",
            ]

        title = "sum of all threads"
        steps.append(Step([parts], [out.buffer], total, True, kernel.where, title))
    return steps


def _attention(kernel: Attention, threads: int) -> Step:
    views, each = kernel.views, kernel.scratch.size // threads
    rows = {name: _layout(view)[1] for name, view in views.items() if len(name) == 1}
    sizes = _fields(kernel.sizes | rows)
    stack = prod(views["q"].shape[:-2])

    def text(at: Callable) -> list[str]:
        given = [f"{at(x.buffer, x.offset)}{_stack_shift(x)}" for x in views.values()]
        given.append(f"{at(kernel.scratch)} + t * {each}")
        return [
            f"{{ static const attention_t s = {{{sizes}}};",
            f"  for (long q = share({stack}, 1, t, T); q < share({stack}, 1, t + 1, T); q++)",
            f"    {kernel.name}(p, &s, {', '.join(given)}); }}",
        ]

    return Step(kernel.reads, kernel.writes, text, threads == 1, kernel.where, kernel.name)


def _scatter(kernel: Scatter) -> Step:
    """Every thread walks through all numbers and adds those whose first index lies in its share."""
    source, into, out = kernel.source, kernel.into, kernel.output
    kind = c_type(out.dtype)
    bound = kernel.indices[0][1]

    def text(at: Callable) -> list[str]:
        lines = ["{", f"  {kind}* z = {at(out.buffer)}; const {kind}* x = "
                 f"{at(source.buffer, source.offset)};"]  # fmt: skip
        step = kernel.indices[0][2]
        whole = bound * step == out.size
        if whole:
            lines.append(f"  const int64_t lo = share({bound}, 1, t, T), "
                         f"hi = share({bound}, 1, t + 1, T);")  # fmt: skip
            lines.append(f"  memset(z + lo * {step}, 0, (hi - lo) * {step * out.dtype.itemsize});")
        else:
            lines.append(f"  const int64_t lo = t == 0 ? 0 : {bound}, hi = {bound};")
            lines.append(f"  if (t == 0) memset(z, 0, {out.buffer.bytes});")
        for k, (view, _, _) in enumerate(kernel.indices):
            index = c_type(view.dtype)
            lines.append(f"  const {index}* n{k} = {at(view.buffer, view.offset)};")
        rank = len(source.shape)
        inner = _independent(kernel)
        pad = "  "
        for d in range(inner):
            lines.append(f"{pad}for (long i{d} = 0; i{d} < {source.shape[d]}; i{d}++) {{")
            pad += "  "
        shift = ""
        for k, (view, n, far) in enumerate(kernel.indices):
            spot = _at(view, inner)
            lines.append(f"{pad}const int64_t j{k} = in_bounds(n{k}[{spot}], {n}, p->status);")
            shift += f" + j{k} * {far}"
        lines.append(f"{pad}if (j0 < lo || j0 >= hi) continue;")
        for d in range(inner, rank):
            if source.shape[d] > 1:
                lines.append(f"{pad}for (long i{d} = 0; i{d} < {source.shape[d]}; i{d}++)")
        lines.append(f"{pad}  z[{into.offset} + {_at(into, rank)}{shift}] += "
                     f"x[{_at(source, rank)}];")  # fmt: skip
        lines += [pad[: 2 * (inner - d)] + "}" for d in range(inner)]
        return [*lines, "}"]

    return Step(kernel.reads, kernel.writes, text, False, kernel.where, "scatter")


def _independent(kernel: Scatter) -> int:
    """How many loops come before those along which no index changes."""
    rank = len(kernel.source.shape)
    while rank > 1 and all(
        view.steps[rank - 1] == 0 or kernel.source.shape[rank - 1] == 1
        for view, _, _ in kernel.indices
    ):
        rank -= 1
    return rank


def _at(view: View, rank: int) -> str:
    """The place of a number for the indices of the first loops."""
    terms = [f"i{d} * {view.steps[d]}" for d in range(rank) if view.steps[d] and view.shape[d] > 1]
    return " + ".join(terms) or "0"
