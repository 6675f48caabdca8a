"""Keys in brackets, and picking, putting, counting and sorting by position."""

from typing import Any

import numpy as np

from ..case import Case, Refused, Trial, bools, ints, real

X: dict[str, Any] = {"x": real(2, 3, 4)}
M: dict[str, Any] = {"x": real(3, 4)}
V: dict[str, Any] = {"x": real(5)}
NUMBER: dict[str, Any] = {"x": real()}
EMPTY: dict[str, Any] = {"x": real(0, 3)}
I: dict[str, Any] = {"i": ints(3, 4, low=-2), "j": ints(2, 4), "k": ints(2, 2, 1)}
MASKS: dict[str, Any] = {"a": bools(2, 3), "b": bools(3, 4), "c": bools(4), "d": bools(2, 3, 4)}


def _each(names: dict[str, Any], *codes: str) -> list[Trial]:
    return [Case(code, **names) for code in codes]


def _refused(says: str, names: dict[str, Any], *codes: str) -> list[Trial]:
    return [Refused(code, says=says, **names) for code in codes]


# Keys -------------------------------------------------------------------------------------------

PLAIN = (
    "0", "-1", "1, 2, 3", "1, -1", "0:1", ":, 1:", "..., 0", "..., ::2", "0, ..., 1", "..., ...",
    "..., 0, ...", "None", "None, ..., None", ":, None, 1", "()", "...", ":", "1:, 1:2, -3:-1",
    "5:9", "-9:2, 2:1", "::3, ::2", "None, 1, None, :, None", "np.int64(1)", "m.tensor(1)",
    "0:m.tensor(1)", "slice(None), slice(1, 3)",
)  # fmt: skip
ARRAYS = (
    "j", ":, i", ":, :, i", "..., i", "j, :, i[:2, None]", "j, i", "j, i, 1", "j, 1, i", "0, :, i",
    "0, i", "1, ..., i", ":, i, j", ":, i, 0", "j, :, i", "j[:, None], i", "k, :, 0", "..., k",
    "None, j", "j, None, i", "j, None", "1:, i", "1:, i, ::2", "i[:0]", "i[:0], i[:0]", "j.int()",
    "[0, 1]", "[0, 1], [2, 0]", "(0, 1), ...", "range(2)", "[]", "[-1], 0",
    "np.array([1, 0])", "k, [[1]]", "0, i, j", "i[0]", "j, i, i",
)  # fmt: skip
MASKED = (
    "a", ":, b", "..., c", "d", "d[0].any(1).any() | (d > 3).any(-1).any(-1)", "x > 0", "a, 0",
    "0, b", "1, :, c", "a, :2", "a[:, 0]", "a[:, 0], 1", ":, a[0]", "a[:, 0], :, [1]", "True",
    "False", "0, True", ":, True", "m.tensor(True)", "m.tensor(False)", "[True, False]",
    "a[:, 0].to(m.uint8)", "a[:, 0].nonzero()[:, 0]", "(x > 0).nonzero(as_tuple=True)",
    "None, a", "a & ~a", "d, None", "x[:, 0, 0] == x[:, 0, 0], :, 2",
)  # fmt: skip

BAD = {
    "index 2 is out of range for dimension 0, whose size is 2": ("2", "2, :, i", "j + 2", "[0, 2]"),
    "index -4 is out of range for dimension 1, whose size is 3": ("0, -4", ":, [-4]"),
    "index 9 is out of range for dimension 2, whose size is 4": ("..., 9", "j, :, j * 0 + 9"),
    "dimensions was given 4": ("0, 0, 0, 0", "0, ..., a, j", "b[0], b[0], b[0], 0"),
    "step.*flip": ("::-1", ":, 2:0:-1"),
    "slice step|step": ("::0",),
    "mask": ("b", "a[:, :2]", ":, a", "c", "a, c[:3]"),
    "broadcast": ("[0, 1], [0, 1, 2]", "j, k[0], j[:3]"),
    "int64": ("j.short()", "j + 0.0", "m.tensor([])", "j.to(m.int8)"),
    "key": ("1.0", "'a'", "1j"),
}

CASES: dict[str, list[Trial]] = {
    "Tensor.__getitem__": [
        *[Case(f"x[{key}]", **X) for key in PLAIN],
        *[Case(f"x[{key}]", **X, **I) for key in ARRAYS],
        *[Case(f"x[{key}]", **X, **MASKS) for key in MASKED],
        *_each(NUMBER, "x[...]", "x[None]", "x[()]", "x[x > -9]", "x[x > 9]", "x[True]"),
        *_each(EMPTY, "x[:, 1]", "x[..., None]", "x[:0, [0, 2]]", "x[x > 0]", "x[[]]"),
        *_each({"x": ints(9, 4)}, "x[1:]", "x[[3, 0]]", "x[x > 3]", "x[x > 3][::2]"),
        *_each({"x": bools(4)}, "x[1:]", "x[[3, 0]]", "x[x]"),
        Case("x[1:][0][..., 1:][[1, 0]]", **X),
        Case("x[1].add_(1) is None or x", gradient=False, **X),
        *[
            Refused(f"x[{key}]", says=says, **X, **I, **MASKS)
            for says, keys in BAD.items()
            for key in keys
        ],
        Refused("x[0]", says="given 1", **NUMBER),
        *[
            Case(f"x[m.tensor({key})]", **X)  # as bare lists these read two ways, so minidl refuses
            for key in ("[[0, 1], [1, 0]]", "[[True, False, True], [False, True, True]]")
        ],
        Refused("x[0]", says="index 0 is out of range for dimension 0", **EMPTY),
    ],
    "Tensor.__setitem__": [],
}


def _put(key: str, value: str) -> str:
    """Code that writes into a tensor that is no leaf, and gives it back."""
    return f"(lambda z: z.__setitem__(np.s_[{key}], {value}) or z)(x * 1)"


# What fits each key once it is written; v is a number that wants a gradient, w a vector of 4.
ROWS = ("j", "[0, 1]", "j[:1]", "a[:, 0]", "0", "1:", "..., 1:", "None", "True", "j, i", "1, :, i")
UNIQUE = ("[1, 0]", "0", "1:", "...", ":, 1", "a[:, 0]", "[0, 1], [2, 0]", "None, 1", "0, [2, 0]")
V4: dict[str, Any] = {"v": real(seed=3), "w": real(4, seed=4)}

CASES["Tensor.__setitem__"] = [
    *[Case(_put(key, "2.5"), **X, **I, **MASKS) for key in (*ROWS, *PLAIN[:12])],
    *[Case(_put(key, "v"), **X, **I, **MASKS, **V4) for key in UNIQUE],
    *[Case(_put(key, "w"), **X, **I, **MASKS, **V4) for key in UNIQUE],
    *[Case(_put(key, "w[None, None]"), **X, **MASKS, **V4) for key in ("0", "[1, 0]", "1, 2")],
    Case(_put("d", "x[d] * x[d]"), **X, **MASKS),
    Case(_put("d", "v"), **X, **MASKS, **V4),
    Case(_put("x > 0", "x[x > 0] ** 2"), **X),
    Case(_put("0, :, i[:2]", "w[:2]"), **X, **I, **V4),
    Case(_put("0, :, [2, 0]", "x[1, :, 2:]"), **X),
    Case(_put("[0, 1], :, [2, 0]", "x[:, :, 1]"), **X),
    Case(_put("0", "x[1]"), **X),
    Case(_put("0", "x[1].detach()"), **X),
    Case(_put("0", "(x[1] * 0 + 7).long()"), gradient=False, **X),
    Case("(lambda z: z.__setitem__(0, w) or z)(m.zeros(3, 4, dtype=w.dtype))", **V4),
    Case("(lambda z: z.__setitem__([2, 0], w) or z)(m.zeros(3, 4, dtype=w.dtype))", **V4),
    *[
        Case(f"[x.__setitem__(np.s_[{key}], {value}), x][1]", gradient=False, **X, **I, **MASKS)
        for key in ("0", "j", "d", "a", ":, 1:2", "0, :, i", "...", "True", "False", "i[:0]")
        for value in ("1.5", "x.sum()")
    ],
    *[
        Case(f"[x.__setitem__({key}, {value}), x][1]", x=ints(9, 2, 3))
        for key in ("0", "[1]", "x > 4")
        for value in ("2.7", "True")
    ],
    Case("[x.__setitem__(m.tensor([0, 0]), y), x][1]", gradient=False, x=real(2, 3), y=real(2, 3)),
    Case("[x.__setitem__(0, 2.5), x][1]", x=bools(2, 3)),
    Case("[x.__setitem__(x > 0, m.tensor(7)), x][1]", gradient=False, **X),
    Case("[x.__setitem__((slice(None), 0), x[:, 1]), x][1]", gradient=False, **X),
    *[
        Refused(f"x.__setitem__(np.s_[{key}], 1.0)", says=says, **X, **I, **MASKS)
        for says, keys in BAD.items()
        for key in keys
        if says not in ("dimensions was given 4", "key")
    ],
    *[
        Refused(f"x.__setitem__({key}, m.zeros({size}))", says="assigned", **X, **MASKS)
        for key, size in (("0", "2, 4"), ("[0, 1]", "3, 3, 4"), ("d", "99"), ("(0, 1)", "3"))
    ],
    Refused("x.__setitem__([0], m.zeros(1).long())", says="dtype", **X),
    Refused("x.__setitem__([0], m.zeros(3, 4).double())", says="dtype", **X),
    Refused("x.requires_grad_().__setitem__(0, 1.0)", says="leaf", **X),
    Refused("(x * 1).requires_grad_().__setitem__([0], 1.0)", says="leaf", **X),
]

# One dimension by an index of the result's shape ------------------------------------------------

G: dict[str, Any] = {"x": real(3, 4), "i": ints(3, 2, 4), "j": ints(4, 3, 2)}
WHOLE: dict[str, Any] = {"x": ints(9, 3), "i": ints(3, 7), "s": ints(9, 7, low=-9)}
S: dict[str, Any] = {**G, "s": real(3, 4, seed=1)}
# Where a place is named twice PyTorch's gradient of what is written there is not defined.
ONCE: dict[str, Any] = {"x": real(3, 4), "s": real(3, 4, seed=1), "p": np.argsort(real(3, 4), 1)}

CASES |= {
    "gather": [
        *_each(G, "m.gather(x, 0, i)", "x.gather(-1, j)", "m.gather(x, dim=1, index=j[:2])"),
        *_each(G, "m.gather(x, 0, i[:, :1])", "x.gather(1, j.int())", "m.gather(x, 1, j[:0])"),
        Case("m.gather(x, 1, i)", **X, i=ints(3, 2, 5, 3)),
        Case("m.gather(x, 2, i)", x=ints(9, 2, 3, 4), i=ints(4, 1, 2, 3)),
        *_each({**NUMBER, "i": ints(1)}, "m.gather(x, 0, i)", "m.gather(x, -1, i[None])"),
        Case("m.gather(x, 0, i)", **V, i=ints(5)),
        Case("m.gather(x, 0, i)", **V, i=ints(5, 7)),
        Case("m.gather(x, 1, m.zeros(0, dtype=m.int64))", **M),
        Case("m.gather(x, 0, i)", **EMPTY, i=ints(1, 0, 2)),
        Refused("m.gather(x, 0, i - 3)", says="index -.*dimension 0, whose size is 3", **G),
        Refused("m.gather(x, 0, i + 3)", says="index .*dimension 0, whose size is 3", **G),
        *_refused("index", G, "m.gather(x, 0, i[0])", "m.gather(x, 1, m.cat([j, j]))"),
        *_refused("index must be int64", G, "m.gather(x, 0, i + 0.5)", "m.gather(x, 0, i.short())"),
        Refused("m.gather(x, 2, i)", says="dim", **G),
    ],
    "take_along_dim": [
        *_each(G, "m.take_along_dim(x, x.argsort(1), 1)", "x.take_along_dim(i, 0)"),
        *_each(G, "m.take_along_dim(x, x.argmax(1, True), dim=1)", "x.take_along_dim(j, 1)"),
        *_each(G, "m.take_along_dim(x, i[:1, :1], 0)", "m.take_along_dim(x, j - 4, -1)"),
        Case("m.take_along_dim(x, i)", strided=False, **G),
        Case("m.take_along_dim(input=x, indices=j[0] + 6)", strided=False, **G),
        *_each(G, "m.take(x, i)", "x.take(j[0, 0])", "x.take(m.tensor([-1, 11]))"),
        Refused("m.take_along_dim(x, i[0], 1)", says="indices", **G),
        Refused("m.take_along_dim(x, i.int(), 0)", says="indices", **G),
        Refused("m.take_along_dim(x, j[:2], 1)", says="broadcast", **G),
        Refused("m.take(x, i.int())", says="index must be int64", **G),
        Refused("m.take(x, i + 11)", says="index .*size is 12", **G),
    ],
    "scatter": [
        *_each(ONCE, "m.scatter(x, 1, p, s)", "x.scatter(-1, p[:2, :3], s[:2, :3])"),
        *_each(ONCE, "m.scatter(x, 0, p[:1] // 2, s[:1])", "m.scatter(x, dim=1, index=p, src=s)"),
        *_each(S, "m.scatter(x, 0, i, 1.5)", "x.scatter(1, j, value=2)"),
        *_each(S, "x.scatter(1, j[:0], s[:0, :2])"),
        Case("m.scatter(x, 0, i, s)", gradient=False, **S),
        Case("m.scatter(x, 0, i, s, reduce='add')", gradient=False, **S),
        Case("m.scatter(x, 1, j, s, reduce='multiply')", gradient=False, **S),
        Case("m.scatter(x, 1, j, 3.0, reduce='multiply')", gradient=False, **S),
        Case("m.scatter(x, 1, j, 3.0, reduce='add')", gradient=False, **S),
        Case("m.scatter(x, 0, i, 2.7)", x=ints(9, 3, 4), i=ints(3, 2, 4)),
        Case("m.scatter(x, 0, i, True)", x=bools(3, 4), i=ints(3, 2, 4)),
        Case("m.scatter(x, 0, i, y)", **NUMBER, i=ints(1), y=real(seed=1)),
        Case("m.scatter(x, 0, i, 2.0)", **NUMBER, i=ints(1)),
        Case("m.scatter(x, 1, m.zeros(0, dtype=m.int64), s)", gradient=False, **S),
        Case("(x * 1).scatter_(1, p, s)", **ONCE),
        Case("(x * 1).scatter_(1, j, 0.5).mul_(2)", **S),
        *_refused("index", S, "m.scatter(x, 0, i - 3, s)", "m.scatter(x, 0, i + 3, s)"),
        *_refused("index", S, "m.scatter(x, 0, i[0], s)", "m.scatter(x, 1, i.short(), s)"),
        *_refused("src", S, "m.scatter(x, 0, i, s[:1])", "m.scatter(x, 0, i, s.double())"),
        *_refused("src", S, "m.scatter(x, 0, i, s[0])", "m.scatter(x, 0, i)"),
        Refused("m.scatter(x, 0, i, s, reduce='sum')", says="reduce", **S),
        Refused("m.scatter(x, 2, i, s)", says="dim", **S),
    ],
    "scatter_add": [
        *_each(S, "m.scatter_add(x, 0, i, s[:2])", "x.scatter_add(1, j, s[:, 2:])"),
        *_each(S, "m.scatter_add(x, dim=1, index=j[:2], src=s[:2, :2])"),
        *_each(S, "x.scatter_add(0, i.int(), s[1:])"),
        Case("m.scatter_add(x, 0, i, s)", gradient=False, **S),
        Case("m.scatter_add(x, 1, i, s)", **X, i=ints(3, 2, 5, 4), s=real(2, 5, 4)),
        Case("m.scatter_add(x, 0, i, y)", **NUMBER, i=ints(1), y=real(seed=1)),
        Case("m.scatter_add(x, 0, i, s)", x=ints(9, 3), i=ints(3, 7), s=ints(9, 7)),
        Case("(x * 1).scatter_add_(0, i, s[:2])", **S),
        *[
            Case(f"m.scatter_reduce(x, {dim}, {i}, {src}, {how!r}, include_self={own})", **S)
            for dim, i, src in ((0, "i", "s[1:]"), (1, "j", "s[:, :2]"))
            for how in ("sum", "mean", "amax", "amin", "prod")
            for own in (True, False)
        ],
        *[
            Case(f"x.scatter_reduce(0, i, s, reduce={how!r}, include_self={own})", **WHOLE)
            for how in ("sum", "mean", "amax", "amin", "prod")
            for own in (True, False)
        ],
        Case("m.scatter_reduce(x, 0, i, (s - s)[:2], 'prod')", second=False, **S),
        Case("m.scatter_reduce(x, 0, i, (s * (s > 0))[:2], 'prod')", second=False, **S),
        Case("(x * 1).scatter_reduce_(1, j, s[:, :2], 'amax')", **S),
        *_refused("index", S, "m.scatter_add(x, 0, i - 3, s)", "m.scatter_add(x, 0, i + 3, s)"),
        *_refused("index", S, "m.scatter_add(x, 0, i[0], s)", "m.scatter_add(x, 0, i, s[:1])"),
        *_refused("src", S, "m.scatter_add(x, 0, i, 1.0)", "m.scatter_add(x, 0, i, s.double())"),
        *_refused("reduce", S, "m.scatter_reduce(x, 0, i, s, 'add')"),
    ],
}

# Rows by a vector of positions ------------------------------------------------------------------

R: dict[str, Any] = {"x": real(3, 4), "i": ints(3, 5), "s": real(5, 4, seed=1)}

CASES |= {
    "index_select": [
        *_each(R, "m.index_select(x, 0, i)", "x.index_select(-1, i)", "x.index_select(1, i.int())"),
        *_each(R, "m.index_select(input=x, dim=0, index=i[:0])", "m.index_select(x, 0, i[0])"),
        Case("m.index_select(x, 0, i)", **NUMBER, i=ints(1, 1)),
        Case("m.index_select(x, 1, i)", **X, i=ints(3, 2)),
        Case("m.index_select(x, 1, i)", **EMPTY, i=ints(3, 2)),
        Case("m.masked_select(x, x > 0)", **X),
        Case("x.masked_select(b)", **M, b=bools(4)),
        Case("m.masked_select(x, mask=b)", **V, b=bools(3, 1)),
        Case("m.masked_select(x, b)", **NUMBER, b=bools(3)),
        Refused("m.index_select(x, 0, i - 3)", says="index -.*dimension 0, whose size is 3", **R),
        Refused("m.index_select(x, 0, i + 3)", says="index .*dimension 0, whose size is 3", **R),
        *_refused("index", R, "m.index_select(x, 0, i[None])", "m.index_select(x, 0, i + 0.5)"),
        Refused("m.index_select(x, 0, i)", says="index", **NUMBER, i=ints(1, 2)),
        Refused("m.index_select(x, 2, i)", says="dim", **R),
        Refused("m.masked_select(x, i)", says="mask", **V, i=ints(2, 5)),
        Refused("m.masked_select(x, b)", says="broadcast", **V, b=bools(3)),
    ],
    "index_add": [
        *_each(R, "m.index_add(x, 0, i, s)", "x.index_add(0, i.int(), s, alpha=-0.5)"),
        *_each(R, "x.index_add(dim=1, index=i, source=s[:3].repeat(1, 2)[:, :5])"),
        *_each(R, "x.index_add(0, i[0], s[:1])", "x.index_add(0, i[:0], s[:0])"),
        Case("m.index_add(x, 0, i, y)", **NUMBER, i=ints(1, 1), y=real(seed=2)),
        Case("m.index_add(x, 0, i, s)", x=ints(9, 3), i=ints(3, 5), s=ints(9, 5)),
        Case("(x * 1).index_add_(0, i, s, alpha=2)", **R),
        *_each(R, "m.index_copy(x, 0, m.tensor([2, 0]), s[:2])", "x.index_copy(0, i[0], s[:1])"),
        Case("(x * 1).index_copy_(1, m.tensor([3]), s[:3, :1])", **R),
        *_each(R, "m.index_fill(x, 1, i, 7.0)", "x.index_fill(0, i[:1] - 3, 2)"),
        *_each(R, "x.index_fill(dim=0, index=i[0], value=2)", "(x * 1).index_fill_(1, i, 0.5)"),
        Case("x.index_fill(0, i, v)", **R, v=real(seed=2)),
        Case("x.index_fill(0, i, 2.7)", x=ints(9, 3), i=ints(3, 2)),
        Case("m.index_put(x, (i, i), s[:, 0])", gradient=False, **R),
        Case("m.index_put(x, (i, i), s[:, 0], accumulate=True)", **R),
        Case("m.index_put(x, (i,), s[0], accumulate=True)", **R),
        Case("x.index_put([x > 0], s.sum())", **R),
        Case("(x * 1).index_put_((i,), s, accumulate=True)", **R),
        *_refused("index", R, "m.index_add(x, 0, i - 3, s)", "m.index_add(x, 0, i + 3, s)"),
        *_refused("index", R, "m.index_add(x, 0, i[None], s)", "m.index_copy(x, 0, i.int(), s)"),
        *_refused("source", R, "m.index_add(x, 0, i[:3], s)", "m.index_add(x, 0, i, s[:, :1])"),
        *_refused("source", R, "m.index_add(x, 0, i, s.double())", "x.index_copy(0, i, s[:, :2])"),
        *_refused("index", R, "x.index_fill(0, i + 3, 1.0)", "x.index_fill(0, i.int(), 1.0)"),
        Refused("x.index_fill(0, i, s[0])", says="value", **R),
        Refused("m.index_put(x, (i,), s.double())", says="dtype", **R),
    ],
}

# Places, order, counts --------------------------------------------------------------------------

Q: dict[str, Any] = {"q": np.sort(real(6)), "x": np.round(real(3, 4), 1)}
ROWED: dict[str, Any] = {"q": np.sort(real(2, 3, 5), -1), "x": real(2, 3, 4, seed=1)}
TIES: dict[str, Any] = {"x": ints(3, 4, 6).astype(float)}
COUNTS: dict[str, Any] = {"i": ints(5, 9), "w": real(9)}


def _still(names: dict[str, Any], *codes: str) -> list[Trial]:
    """As _each, for what has no gradient."""
    return [Case(code, gradient=False, **names) for code in codes]


CASES |= {
    "searchsorted": [
        *_still(Q, "m.searchsorted(q, x)", "m.searchsorted(q, x, right=True)"),
        *_still(Q, "m.searchsorted(q, x, side='right')", "m.searchsorted(q, x, side='left')"),
        *_still(Q, "m.searchsorted(q, q)", "m.searchsorted(q, q, right=True)"),
        *_still(Q, "m.searchsorted(sorted_sequence=q, input=x, out_int32=True)"),
        *_still(Q, "m.searchsorted(q, 0.25)", "m.searchsorted(q, q[3])"),
        *_still(Q, "m.searchsorted(q[:0], x)"),
        *_still(Q, "m.searchsorted(q.flip(0), x, sorter=q.flip(0).argsort())"),
        *_still(ROWED, "m.searchsorted(q, x)", "m.searchsorted(q, x, right=True)"),
        *_still(ROWED, "m.searchsorted(q, x[:, :, :0])", "m.searchsorted(q[:, :, :0], x)"),
        *_still(ROWED, "m.searchsorted(q.flip(-1), x, sorter=q.flip(-1).argsort())"),
        *_still({"i": ints(9, 3, 2)}, "m.searchsorted(m.arange(9) // 2, i)"),
        *_still({"i": ints(9, 3, 2)}, "m.searchsorted(m.arange(9), i, right=True)"),
        *_still(Q, "m.bucketize(x, q)", "m.bucketize(input=x, boundaries=q, right=True)"),
        *_still(Q, "m.bucketize(0.5, q)", "m.bucketize(x, q[:1], out_int32=True)"),
        *_refused("side", Q, "m.searchsorted(q, x, side='up')"),
        *_refused("side", Q, "m.searchsorted(q, x, right=True, side='left')"),
        *_refused("sorted_sequence", ROWED, "m.searchsorted(q, x[0])", "m.searchsorted(q, 0.5)"),
        *_refused("sorted_sequence", Q, "m.searchsorted(q[0], x)"),
        *_refused("sorter", Q, "m.searchsorted(q, x, sorter=q[1:].argsort())"),
        *_refused("index 9", Q, "m.searchsorted(q, x, sorter=q.argsort() * 0 + 9)"),
        *_refused("boundaries", ROWED, "m.bucketize(x, q)"),
    ],
    "nonzero": [
        *_each(MASKS, "m.nonzero(a)", "d.nonzero()", "m.nonzero(c, as_tuple=True)"),
        *_each(MASKS, "d.nonzero(as_tuple=True)", "m.nonzero(a & ~a)", "a.T.nonzero()"),
        *_still(NUMBER, "m.nonzero(x)", "m.nonzero(x * 0)", "m.nonzero(x, as_tuple=True)"),
        *_still(EMPTY, "m.nonzero(x)", "m.nonzero(x, as_tuple=True)"),
        *_still(X, "m.nonzero(input=x * (x > 0))", "x[m.nonzero(x, as_tuple=True)]"),
        Case("m.nonzero(i)", i=ints(2, 3, 3)),
    ],
    "argwhere": [
        *_each(MASKS, "m.argwhere(a)", "d.argwhere()", "m.argwhere(input=c)"),
        *_still(NUMBER, "m.argwhere(x)", "m.argwhere(x * 0)"),
        *_still(EMPTY, "m.argwhere(x)"),
        Case("m.argwhere(i)", i=ints(2, 3, 3)),
    ],
    "sort": [
        *_each(X, "m.sort(x)", "x.sort(1, True)", "m.sort(x, dim=0, descending=True)"),
        *_each(X, "m.sort(x, stable=True)", "x.sort(dim=-2, stable=True, descending=True).values"),
        *_each(TIES, "m.sort(x, stable=True)", "x.sort(dim=0, stable=True, descending=True)"),
        *_each(NUMBER, "m.sort(x)", "x.sort(0)"),
        *_each(EMPTY, "m.sort(x, 0)", "m.sort(x, 1)"),
        Case("m.sort(x)", x=ints(9, 3, 4, low=-9)),
        Case("m.sort(x, stable=True)", x=bools(7)),
        Case("m.sort(x / (x > 0), descending=True)", gradient=False, **V),
        Case("m.sort(m.where(x > 0, x, float('nan'))).values", gradient=False, **V),
        Refused("m.sort(x, 3)", says="dim", **X),
        Refused("m.sort(x, 1)", says="dim", **NUMBER),
    ],
    "argsort": [
        *_each(X, "m.argsort(x)", "x.argsort(0)", "m.argsort(x, dim=1, descending=True)"),
        *_each(TIES, "m.argsort(x, stable=True)", "x.argsort(dim=0, descending=True, stable=True)"),
        *_each(NUMBER, "m.argsort(x)", "x.argsort(-1)"),
        *_each(EMPTY, "m.argsort(x, 0)"),
        Case("m.argsort(x, stable=True)", x=ints(3, 3, 9)),
        Case("x[m.argsort(x)]", **V),
        Refused("m.argsort(x, 3)", says="dim", **X),
    ],
    "topk": [
        *_each(X, "m.topk(x, 2)", "x.topk(1, 0)", "m.topk(x, k=3, dim=1, largest=False)"),
        *_each(X, "m.topk(x, 4).values", "x.topk(0)", "m.topk(x, 2, -1, True, True).indices"),
        *_each(TIES, "m.topk(x, 3).values.detach()", "x.topk(2, 0, False)[0].detach()"),
        Case("m.topk(x, 2, sorted=False)[0].sum(-1)", **X),
        *_each(NUMBER, "m.topk(x, 1)", "m.topk(x, 0)"),
        Case("m.topk(x, 2)", x=np.arange(6)[::-1].copy()),
        *_refused("k must be", X, "m.topk(x, 5)", "m.topk(x, -1)", "m.topk(x, 3, 0)"),
        *_refused("k must be", NUMBER, "m.topk(x, 2)"),
        Refused("m.topk(x, 1, 3)", says="dim", **X),
        Refused("m.topk(x, 1)", says="bool", x=bools(3)),
    ],
    "unique": [
        *[
            Case(f"m.{name}(x, return_inverse={inverse}, return_counts={counts}, dim={dim})", x=x)
            for name in ("unique", "unique_consecutive")
            for inverse, counts in ((False, False), (True, False), (False, True), (True, True))
            for dim, x in ((None, ints(4, 3, 4)), (0, ints(2, 9, 2)), (-1, ints(2, 2, 2, 9)))
        ],
        *_still(TIES, "m.unique(x)", "x.unique(True, True, True)", "x.unique_consecutive()"),
        *_still(TIES, "m.unique(x, sorted=False)", "m.unique(x, dim=1, return_inverse=True)"),
        *_still({"x": real(0)}, "m.unique(x, return_inverse=True, return_counts=True)"),
        *_still({"x": real(0)}, "m.unique_consecutive(x, True, True)", "m.unique(x, dim=0)"),
        *_still(EMPTY, "m.unique(x, dim=0, return_counts=True)"),
        *_still(NUMBER, "m.unique(x, return_inverse=True)", "m.unique_consecutive(x)"),
        Case("m.unique(x, return_counts=True)", x=bools(7)),
        Case("m.unique(m.where(x > 0, x, float('nan')), return_counts=True)", gradient=False, **V),
        Refused("m.unique(x, dim=2)", says="dim", **M),
        Refused("m.unique(x, dim=0)", says="dim", **NUMBER),
        Refused("m.unique(x, dim=1)", says="dim", **EMPTY),
    ],
    "bincount": [
        *_still(COUNTS, "m.bincount(i)", "i.bincount(minlength=8)", "m.bincount(i, w)"),
        *_still(COUNTS, "m.bincount(i, weights=i)", "m.bincount(i, w, minlength=2)"),
        *_still(COUNTS, "m.bincount(i[:0])", "m.bincount(i[:0], minlength=3)", "m.bincount(i[:1])"),
        *_still(COUNTS, "m.bincount(i.to(m.uint8), w.half())", "m.bincount(input=i.int())"),
        *_still(COUNTS, "m.bincount(i[:0], w[:0])"),
        *_refused("weights", COUNTS, "m.bincount(i, w[:3])"),
        *_refused("minlength", COUNTS, "m.bincount(i, minlength=-1)"),
        *_refused("input", COUNTS, "m.bincount(i - 9)", "m.bincount(w)", "m.bincount(i[None])"),
        *_refused("input", COUNTS, "m.bincount(i > 1)"),
    ],
}
