"""Other shapes for the same numbers, cutting, joining, copies, diagonals."""

from typing import Any

from ..case import Case, Refused, Trial, bools, ints, real

X: dict[str, Any] = {"x": real(2, 3, 4)}
M: dict[str, Any] = {"x": real(3, 4)}
V: dict[str, Any] = {"x": real(5)}
NUMBER: dict[str, Any] = {"x": real()}
EMPTY: dict[str, Any] = {"x": real(0, 3)}
ALL = (X, M, V, NUMBER, EMPTY)


def _each(names: Any, *codes: str) -> list[Trial]:
    """Every line of code on every set of inputs."""
    sets = names if isinstance(names, tuple) else (names,)
    return [Case(code, **inputs) for code in codes for inputs in sets]


def _refused(says: str, inputs: dict[str, Any], *codes: str) -> list[Trial]:
    return [Refused(code, says=says, **inputs) for code in codes]


CASES: dict[str, list[Trial]] = {
    "reshape": [
        *_each(ALL, "m.reshape(x, (-1,))", "x.reshape(-1)"),
        *_each(X, "x.reshape(4, 6)", "m.reshape(input=x, shape=(2, -1, 2))", "x.reshape([3, 8])"),
        Case("x.reshape(shape=(6, -1))", **X),
        Case("x.transpose(0, 1).reshape(-1, 2)", **X),
        Case("x.reshape(())", x=real(1, 1)),
        Case("x.reshape(1, 1)", **NUMBER),
        Case("x.reshape(3, 0)", **EMPTY),
        Case("x.reshape(-1, 3)", **EMPTY),
        Case("x.reshape(2, 3)", x=bools(6)),
        *_refused(
            "reshape.*shape", X, "x.reshape(5, -1)", "x.reshape(-1, -1)", "x.reshape(-2, 12)"
        ),
        *_refused("reshape.*shape", X, "x.reshape(())", "m.reshape(x, (2, 3, 5))"),
        Refused("x.reshape(-1, 0)", says="-1", **EMPTY),
        Refused("m.reshape(x, (2.0, 12))", says="2.0", **X),
    ],
    "Tensor.view": [
        *_each((V, NUMBER, EMPTY), "x.view(-1)"),
        *[
            Case(f"x.view({size})", strided=False, **X)
            for size in ("-1", "4, 6", "(2, 12)", "size=(6, 4)", "(3, -1, 2)")
        ],
        Case("x.view(2, 3, 2, 2)", **X),
        Case("x.view(24)[3:5]", strided=False, **X),
        Case("x.transpose(0, 1).contiguous().view(6, 4)", **X),
        Case("x.view(3, 0)", **EMPTY),
        Case("m.zeros(2, 6).copy_(x).t().view(3, 2, 2)", strided=False, x=real(2, 6)),
        Case("x.view(m.int32)", strided=False, gradient=False, kinds=("float32",), **M),
        Case("x.view(m.int64)", strided=False, gradient=False, kinds=("float32",), **M),
        Case("x.view(m.int16)", strided=False, gradient=False, kinds=("float32",), **M),
        Case("x.view_as(m.zeros(4, 3))", strided=False, **M),
        Refused("x.t().view(12)", says=r"view.*reshape\(\)", **M),
        Refused("x[:, :3].view(9)", says=r"view.*reshape\(\)", **M),
        Refused("x[:, :3].view(m.int64)", says="view: dtype", **M),
        *_refused("view.*size|view.*shape", M, "x.view(5, 3)", "x.view(-1, 5)", "x.view(-1, -1)"),
    ],
    "flatten": [
        *_each(ALL, "m.flatten(x)", "x.flatten()"),
        *_each(
            X, "m.flatten(x, 1)", "m.flatten(x, start_dim=-2)", "x.flatten(0, 1)", "x.flatten(1, 1)"
        ),
        Case("m.flatten(x, end_dim=-2)", **X),
        Case("m.flatten(x, 1)", x=real(2, 0, 3)),
        Case("x.ravel()", **X),
        Refused("m.flatten(x, 1, 0)", says="start_dim", **X),
        Refused("m.flatten(x, 0, 3)", says="dim", **X),
        Refused("m.flatten(x, -5)", says="dim", **X),
    ],
    "unflatten": [
        *_each(
            X, "m.unflatten(x, 2, (2, 2))", "x.unflatten(-1, (-1, 2))", "x.unflatten(0, [1, 2, 1])"
        ),
        Case("m.unflatten(x, dim=0, sizes=(5, 1))", **V),
        Case("x.unflatten(0, (0, 4))", **EMPTY),
        *_refused(
            "sizes", X, "m.unflatten(x, 2, (3,))", "x.unflatten(2, ())", "x.unflatten(1, (2, 2))"
        ),
        *_refused("size", X, "x.unflatten(2, (-1, -1))", "x.unflatten(2, (3, -1))"),
        Refused("m.unflatten(x, 3, (1,))", says="dim", **X),
        Refused("x.unflatten(0, (0, -1))", says="-1", **EMPTY),
    ],
    "squeeze": [
        *_each(ALL, "m.squeeze(x)", "x.squeeze()", "x[None].squeeze(0)"),
        *_each(
            X,
            "x[None, :, None].squeeze((0, 2))",
            "x[None, :, None].squeeze(-3)",
            "x[None].squeeze(1)",
        ),
        Case("m.squeeze(x, dim=(0, 1))", x=real(1, 3, 1)),
        Case("x.squeeze(())", x=real(1, 3)),
        Case("m.squeeze(x, 0)", **NUMBER),
        Refused("m.squeeze(x, 3)", says="dim", **X),
        Refused("m.squeeze(x, (0, 0))", says="dim", **X),
        Refused("m.squeeze(x, 1)", says="dim", **NUMBER),
    ],
    "unsqueeze": [
        *_each(ALL, "m.unsqueeze(x, 0)", "x.unsqueeze(-1)"),
        *_each(X, "x.unsqueeze(2)", "x.unsqueeze(3)", "m.unsqueeze(input=x, dim=-4)"),
        Case("(x * 1).unsqueeze_(1).squeeze_(0)", x=real(1, 3)),
        Refused("m.unsqueeze(x, 4)", says="dim", **X),
        Refused("m.unsqueeze(x, -5)", says="dim", **X),
        Refused("m.unsqueeze(x, 1.0)", says="dim", **X),
    ],
    "transpose": [
        *_each(X, "m.transpose(x, 0, -1)", "x.transpose(1, 0)", "x.transpose(dim0=0, dim1=2)"),
        Case("m.transpose(x, 0, 1)", **EMPTY),
        Case("m.transpose(x, 0, 0)", **V),
        Case("m.transpose(x, 0, -1)", **NUMBER),
        Case("x.mT", **X),
        Case("x.mH", **X),
        Case("x.T", **X),
        Case("x.H", **M),
        Case("(x * 1).transpose_(0, 1)", **M),
        Refused("m.transpose(x, 0, 3)", says="dim", **X),
        Refused("m.transpose(x, 0, 1)", says="dim", **NUMBER),
        Refused("x.mT", says="vector", **V),
        Refused("x.H", says="mH", **X),
    ],
    "permute": [
        *_each(X, "m.permute(x, (2, 0, 1))", "x.permute(1, 0, 2)", "x.permute(-1, 0, -2)"),
        Case("m.permute(input=x, dims=[1, 0])", **EMPTY),
        Case("x.permute(dims=(0, 2, 1))", **X),
        Case("x.permute(())", **NUMBER),
        *_refused("dim", X, "x.permute(0, 1)", "x.permute(0, 1, 1)", "x.permute(0, 1, 3)"),
    ],
    "swapaxes": [
        *_each(X, "m.swapaxes(x, 0, 2)", "x.swapaxes(axis0=-1, axis1=0)", "m.swapdims(x, 0, 1)"),
        Case("x.swapdims(dim0=0, dim1=1)", **EMPTY),
        Case("m.swapaxes(x, 0, -1)", **NUMBER),
        Refused("m.swapaxes(x, 0, 3)", says="dim", **X),
    ],
    "movedim": [
        *_each(X, "m.movedim(x, 0, -1)", "x.movedim((0, 1), (1, 2))", "m.moveaxis(x, 2, 0)"),
        Case("m.movedim(x, source=(2, 0), destination=(0, 1))", **X),
        Case("x.movedim(1, 0)", **EMPTY),
        Case("m.movedim(x, 0, 0)", **NUMBER),
        *_refused("dim", X, "m.movedim(x, (0, 0), (1, 2))", "x.movedim((0, 1), (1, 1))"),
        *_refused("dim", X, "m.movedim(x, 0, 3)", "m.movedim(x, -4, 0)"),
        Refused("m.movedim(x, (0, 1), (1,))", says="destination", **X),
    ],
    "t": [
        *_each((M, V, NUMBER, EMPTY), "m.t(x)", "x.t()", "x.T"),
        Case("(x * 1).t_()", **M),
        Refused("m.t(x)", says="transpose", **X),
    ],
}

# Copies, real and apparent ----------------------------------------------------------------------

CASES |= {
    "Tensor.expand": [
        *_each({"x": real(3, 1)}, "x.expand(2, 3, 4)", "x.expand(-1, 4)", "x.expand((2, 3, 1))"),
        Case("x.expand(2, -1, -1, -1)", **X),
        Case("x.expand(size=(3, 5))", **V),
        Case("x.expand(2, 3)", **NUMBER),
        Case("x.expand(())", **NUMBER),
        Case("x.expand(0)", x=real(1)),
        Case("x.expand(4, 0, 3)", **EMPTY),
        Case("x.expand_as(m.zeros(2, 3, 4))", **M),
        *_refused("expand.*size", V, "x.expand(-1, 5)", "x.expand(2, 3)", "x.expand(())"),
        *_refused("expand.*size", X, "x.expand(2, 3, -2)", "x.expand(2, 3, 0)"),
        Refused("x.expand(-1)", says="expand.*size", **NUMBER),
        Refused("x.expand(2, 5).add_(1)", says=r"written.*clone\(\)", **V),
        Refused("x.expand(3)", says="expand.*size", x=real(0)),
    ],
    "broadcast_to": [
        *_each({"x": real(3, 1)}, "m.broadcast_to(x, (2, 3, 4))", "x.broadcast_to((3, 4))"),
        Case("m.broadcast_to(x, size=(2, -1))", **V),
        Case("m.broadcast_to(x, (0,))", **NUMBER),
        Case("m.broadcast_tensors(x, y)", x=real(3, 1), y=real(4)),
        Case("m.broadcast_tensors()"),
        Case("tuple(m.broadcast_shapes((2,), (3, 1), ()))"),
        Refused("m.broadcast_to(x, (2, 3))", says="size", **V),
        Refused("m.broadcast_tensors(x, x[:3])", says="broadcast", **V),
    ],
    "Tensor.repeat": [
        *_each(X, "x.repeat(2, 1, 3)", "x.repeat((2, 2, 1, 1))", "x.repeat(1, 0, 2)"),
        Case("x.repeat(3)", **NUMBER),
        Case("x.repeat(repeats=(2, 2))", **V),
        Case("x.repeat(2, 2)", **EMPTY),
        *_refused("repeats", X, "x.repeat(2)", "x.repeat(2, -1, 1)"),
    ],
    "tile": [
        *_each(X, "m.tile(x, (2,))", "m.tile(x, (2, 1, 1, 2))", "x.tile(2, 2)", "m.tile(x, ())"),
        Case("m.tile(input=x, dims=(3,))", **NUMBER),
        Case("x.tile((2, 0))", **V),
        Refused("x.tile(-1)", says="repeats", **X),
    ],
    "repeat_interleave": [
        *_each(ALL, "m.repeat_interleave(x, 2)", "x.repeat_interleave(3)"),
        *_each(X, "m.repeat_interleave(x, 2, 1)", "x.repeat_interleave(repeats=3, dim=-1)"),
        Case("x.repeat_interleave(0, 1)", **X),
        Case("m.repeat_interleave(x, r, 1)", **X, r=ints(4, 3)),
        Case("m.repeat_interleave(x, r, dim=-1)", **X, r=ints(3, 4)),
        Case("m.repeat_interleave(x, r)", x=real(2, 2), r=ints(3, 4)),
        Case("m.repeat_interleave(x, r, 1, output_size=6)", **X, r=ints(3, 3, low=2)),
        Case("m.repeat_interleave(x, r, 0)", **X, r=ints(3, 1, low=2)),
        Case("m.repeat_interleave(x, r.int(), 0)", **X, r=ints(3, 2)),
        Case("m.repeat_interleave(r)", r=ints(4, 5)),
        Case("m.repeat_interleave(x, r, 0)", **EMPTY, r=ints(4, 0)),
        *_refused(
            "repeats",
            X | {"r": ints(3, 3)},
            "m.repeat_interleave(x, -1)",
            "x.repeat_interleave(r[:2], 1)",
        ),
        *_refused(
            "repeats",
            X | {"r": ints(3, 3)},
            "m.repeat_interleave(x, r - 9, 1)",
            "x.repeat_interleave(r[None], 1)",
        ),
        Refused("m.repeat_interleave(x, r + 0.5, 1)", says="repeats", **X, r=ints(3, 3)),
        Refused("m.repeat_interleave(x, 2, 3)", says="dim", **X),
    ],
    "meshgrid": [
        Case("m.meshgrid(x, y, indexing='ij')", x=real(3), y=real(2)),
        Case("m.meshgrid([x, y], indexing='xy')", x=real(3), y=real(2)),
        Case("m.meshgrid(x, y, y + 1, indexing='xy')", x=real(3), y=real(2)),
        Case("m.meshgrid(x, y)", x=real(3), y=real(2)),
        Case("m.meshgrid(x, y, indexing='xy')", x=real(), y=real(2)),
        Case("m.meshgrid(x, indexing='xy')", x=real(3)),
        Case("m.meshgrid(x, y, indexing='ij')", x=real(0), y=real(2)),
        Refused("m.meshgrid(x, indexing='rows')", says="indexing", **V),
        Refused("m.meshgrid(x)", says="tensors", **M),
        Refused("m.meshgrid(x, x.long())", says="dtype", **V),
        Refused("m.meshgrid()", says="tensors"),
    ],
    "clone": [
        *_each(ALL, "m.clone(x)", "x.clone()"),
        Case("x.clone()", x=bools(3)),
        Case("m.zeros(2, 3, 4, dtype=x.dtype).copy_(x) * x", **M),
        Case("m.zeros(3, 4).copy_(x)", **M),
        Case("m.atleast_1d(x)", **NUMBER),
        Case("m.atleast_2d(x)", **V),
        Case("m.atleast_3d(x)", **V),
        Case("m.atleast_3d(x, x[0])", **M),
    ],
    "roll": [
        *_each(ALL, "m.roll(x, 1)", "x.roll(-2)"),
        *_each(X, "m.roll(x, shifts=(1, -1), dims=(0, 2))", "x.roll(5, 1)", "x.roll(3, -1)"),
        Case("m.roll(x, (1, 2), (0, 0))", **M),
        Case("m.roll(x, 1, 0)", **EMPTY),
        Refused("m.roll(x, (1, 2))", says="dims", **X),
        Refused("m.roll(x, (1, 2), 0)", says="dims", **X),
        Refused("m.roll(x, 1, 3)", says="dim", **X),
        Refused("m.roll(x, 1, 0)", says="dim", **NUMBER),
    ],
    "flip": [
        *_each(
            X,
            "m.flip(x, (0, 2))",
            "x.flip(-1)",
            "x.flip(0, 1)",
            "x.flip([1])",
            "m.flip(x, dims=())",
        ),
        Case("m.flip(x, (0,))", **NUMBER),
        Case("m.flip(x, (0, 1))", **EMPTY),
        Case("m.fliplr(x)", **M),
        Case("x.flipud()", **V),
        *[Case(f"m.rot90(x, {k}, (0, 1))", **M) for k in (-1, 0, 1, 2, 3)],
        Case("x.rot90(1, [1, 2])", **X),
        Refused("m.flip(x, (0, 0))", says="dim", **X),
        Refused("m.flip(x, (3,))", says="dim", **X),
        Refused("m.fliplr(x)", says="dim", **V),
        Refused("m.rot90(x, 1, (1, 1))", says="dim", **X),
        Refused("m.rot90(x)", says="dimensions", **V),
    ],
}

# Cutting and joining ----------------------------------------------------------------------------

Y: dict[str, Any] = {"x": real(2, 3), "y": real(2, 1, seed=1)}

CASES |= {
    "cat": [
        *_each(Y, "m.cat([x, y], 1)", "m.cat((y, x, x), dim=-1)", "m.concat([x, y], 1)"),
        Case("m.concatenate([x, x * 2])", **X),
        Case("m.cat([x, m.zeros(0, 3)])", **EMPTY),
        Case("m.cat([m.tensor([]), x], 1)", **X),
        Case("m.cat([m.tensor([]), x])", **X),
        Case("m.cat([m.tensor([]), i])", i=ints(5, 3)),
        Case("m.cat([m.tensor([]), m.tensor([])], 1)"),
        Case("m.cat([x, i], 0)", **V, i=ints(5, 3)),
        Case("m.cat([b, i])", b=bools(2), i=ints(5, 3)),
        Case("m.cat([x, x.float()])", **V),
        Case("m.cat(tensors=[x])", **V),
        Refused("m.cat([])", says="tensors"),
        Refused("m.cat(x)", says="tensors", **X),
        Refused("m.cat([x, 1.0])", says="tensors", **V),
        Refused("m.cat([x, x], 3)", says="dim", **X),
        Refused("m.cat([x, x])", says="dim", **NUMBER),
        Refused("m.cat([x, y])", says="cat", **Y),
        Refused("m.cat([x, y[0]], 1)", says="tensors", **Y),
    ],
    "stack": [
        *_each(ALL, "m.stack([x, x * 2])", "m.stack((x, x), -1)"),
        Case("m.stack(tensors=[x, x], dim=2)", **X),
        Case("m.stack([x, x.long()], 1)", gradient=False, **M),
        Case("m.stack([x, x], dim=3)", **X),
        Refused("m.stack([])", says="tensors"),
        Refused("m.stack([x, x], 4)", says="dim", **X),
        Refused("m.stack([x, y])", says="stack.*shape", **Y),
    ],
    "hstack": [
        Case("m.hstack([x, y])", **Y),
        Case("m.hstack((x, x[:2]))", **V),
        Case("m.hstack([x, x[None]])", **NUMBER),
        Case("m.hstack([x, x])", **X),
        Case("m.column_stack([x, x])", **V),
        Case("m.column_stack([y, x])", x=real(2), y=real(2, 3)),
        Refused("m.hstack([])", says="tensors"),
        Refused("m.hstack([x, y.T])", says="cat", **Y),
    ],
    "vstack": [
        Case("m.vstack([x, x])", **V),
        Case("m.vstack((x, x[0]))", **M),
        Case("m.vstack([x, x])", **NUMBER),
        Case("m.vstack([x, x])", **X),
        Case("m.dstack([x, x])", **V),
        Case("m.dstack([x, x])", **M),
        Refused("m.vstack([])", says="tensors"),
        Refused("m.vstack([x, y])", says="cat", **Y),
    ],
    "split": [
        *_each(
            X, "m.split(x, 2, 1)", "x.split(3, -1)", "x.split([1, 2], dim=1)", "x.split((3, 0), 1)"
        ),
        Case("m.split(tensor=x, split_size_or_sections=1)", **X),
        Case("x.split(9)", **V),
        Case("m.split(x, 2)", **EMPTY),
        Case("m.split(x, 0)", **EMPTY),
        Case("m.tensor_split(x, 3, 2)", **X),
        Case("x.tensor_split((1, 3), dim=-1)", **X),
        Case("x.tensor_split((1, 9, -1))", **V),
        Case("x.tensor_split(7)", **V),
        *_refused("split_size_or_sections", V, "x.split(0)", "x.split(-1)", "x.split([1, 1])"),
        *_refused("split_size_or_sections", V, "x.split([6, -1])", "x.split(1.5)"),
        Refused("m.split(x, 1, 3)", says="dim", **X),
        Refused("m.split(x, 1)", says="dim", **NUMBER),
        Refused("m.tensor_split(x, 0)", says="indices_or_sections", **V),
    ],
    "chunk": [
        *_each(X, "m.chunk(x, 2, 2)", "x.chunk(3, -1)", "x.chunk(9, dim=1)", "x.chunk(1)"),
        Case("m.chunk(input=x, chunks=4)", **V),
        Case("m.chunk(x, 2)", **EMPTY),
        Refused("m.chunk(x, 0)", says="chunks", **X),
        Refused("m.chunk(x, -1)", says="chunks", **X),
        Refused("m.chunk(x, 2, 3)", says="dim", **X),
        Refused("m.chunk(x, 2)", says="dim", **NUMBER),
    ],
    "unbind": [
        *_each(X, "m.unbind(x)", "x.unbind(1)", "m.unbind(x, dim=-1)", "[*x]"),
        Case("m.unbind(x)", **EMPTY),
        Case("x.unbind()[2] * x.unbind()[0]", **V),
        Refused("m.unbind(x, 3)", says="dim", **X),
        Refused("m.unbind(x)", says="dim", **NUMBER),
    ],
    "narrow": [
        *_each(X, "m.narrow(x, 1, 1, 2)", "x.narrow(-1, -3, 2)", "x.narrow(1, 3, 0)"),
        Case("m.narrow(x, dim=0, start=1, length=4)", **V),
        Case("m.narrow(x, 0, m.tensor(1), 2)", **V),
        Case("m.narrow(x, 0, 0, 0)", **EMPTY),
        *_refused(
            "start.*length", X, "m.narrow(x, 1, 2, 2)", "x.narrow(1, 0, -1)", "x.narrow(1, -4, 1)"
        ),
        Refused("m.narrow(x, 3, 0, 1)", says="dim", **X),
        Refused("m.narrow(x, 0, 0, 1)", says="dim", **NUMBER),
    ],
    "select": [
        *_each(X, "m.select(x, 1, 2)", "x.select(-1, -4)", "x.select(dim=0, index=1)"),
        Case("m.select(x, 0, 4)", **V),
        Refused("m.select(x, 1, 3)", says="index 3.*dimension 1.*size is 3", **X),
        Refused("m.select(x, 1, -4)", says="index -4", **X),
        Refused("m.select(x, 3, 0)", says="dim", **X),
        Refused("m.select(x, 0, 0)", says="dim", **NUMBER),
    ],
    "Tensor.unfold": [
        *_each(
            X, "x.unfold(2, 2, 1)", "x.unfold(1, 3, 2)", "x.unfold(-1, 3, 1)", "x.unfold(0, 1, 1)"
        ),
        Case("x.unfold(0, 2, 2)", **V),
        Case("x.unfold(dimension=0, size=2, step=3)", **V),
        Case("x.unfold(1, 0, 1)", **X),
        Case("x.unfold(0, 1, 1)", **NUMBER),
        Case("x.unfold(0, 0, 1)", **NUMBER),
        Case("x.unfold(0, 2, 1).unfold(1, 2, 1)", **M),
        Case("x.unfold(0, 3, 1)", x=ints(9, 6)),
        Refused("x.unfold(1, 4, 1)", says="size", **X),
        Refused("x.unfold(1, -1, 1)", says="size", **X),
        Refused("x.unfold(1, 2, 0)", says="step", **X),
        Refused("x.unfold(3, 1, 1)", says="dim", **X),
    ],
}

# Diagonals and triangles ------------------------------------------------------------------------

CASES |= {
    "tril": [
        *[Case(f"m.tril(x, {k})", **M) for k in (-9, -1, 0, 1, 9)],
        Case("x.tril()", **X),
        Case("m.tril(x, diagonal=1)", **X),
        Case("m.tril(x)", **EMPTY),
        Case("m.tril(x)", x=bools(3, 3)),
        Case("m.tril(x / 0)", gradient=False, **M),
        Case("(x * 1).tril_(-1)", **M),
        Refused("m.tril(x)", says="dimensions", **V),
        Refused("m.tril(x)", says="dimensions", **NUMBER),
    ],
    "triu": [
        *[Case(f"m.triu(x, {k})", **M) for k in (-9, -1, 0, 1, 9)],
        Case("x.triu(diagonal=1)", **X),
        Case("m.triu(x)", **EMPTY),
        Case("m.triu(x, 1)", x=ints(9, 3, 3)),
        Case("(x * 1).triu_()", **M),
        Refused("m.triu(x)", says="dimensions", **V),
    ],
    "diag": [
        *[Case(f"m.diag(x, {k})", **names) for k in (-4, -1, 0, 2) for names in (M, V)],
        Case("x.diag(diagonal=1)", **M),
        Case("m.diag(x)", x=real(0)),
        Case("m.diag(x)", x=bools(3)),
        Case("m.diag_embed(x, 1, 0, 2)", **X),
        Case("m.diag_embed(x, offset=-2)", **M),
        Case("x.diag_embed(dim1=0, dim2=-2)", **X),
        Refused("m.diag(x)", says="dimensions", **X),
        Refused("m.diag(x)", says="dimensions", **NUMBER),
        Refused("m.diag_embed(x)", says="dim", **NUMBER),
        Refused("m.diag_embed(x, 0, 1, 1)", says="dim", **X),
    ],
    "diagonal": [
        *_each(
            X,
            "m.diagonal(x)",
            "x.diagonal(1)",
            "x.diagonal(-2)",
            "m.diagonal(x, 9)",
            "x.diagonal(-9)",
        ),
        Case("m.diagonal(x, 1, 1, 2)", **X),
        Case("m.diagonal(x, offset=-1, dim1=-1, dim2=0)", **X),
        Case("m.diagonal(x)", **EMPTY),
        Case("x.diagonal().add_(1) is None or x", gradient=False, **M),
        Case("(x * 1).fill_diagonal_(7.0)", **M),
        Case("(x * 1).t().fill_diagonal_(7.0)", gradient=False, **M),
        Refused("m.diagonal(x, 0, 1, 1)", says="dim", **X),
        Refused("m.diagonal(x)", says="dim", **V),
    ],
    "trace": [
        *_each((M, {"x": real(4, 4)}, EMPTY), "m.trace(x)", "x.trace()"),
        Case("m.trace(x)", x=ints(9, 3, 3)),
        Case("m.trace(x.int())", x=ints(9, 3, 3)),
        Refused("m.trace(x)", says="matrix", **X),
        Refused("m.trace(x)", says="matrix", **V),
        Refused("m.trace(x)", says="bool", x=bools(3, 3)),
    ],
}
