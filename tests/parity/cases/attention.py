"""Scaled dot-product attention: masks, causality, scale, shared heads, dropout."""

from typing import Any

from ..case import Case, Refused, Trial, bools, ints, real

_F = "F.scaled_dot_product_attention"
HEADS: dict[str, Any] = dict(q=real(2, 3, 4, 5), k=real(2, 3, 6, 5), v=real(2, 3, 6, 2))
PLAIN: dict[str, Any] = dict(q=real(2, 4, 5), k=real(2, 6, 5), v=real(2, 6, 2))
SELF: dict[str, Any] = {"x": real(2, 4, 5)}


def _given(*shapes: tuple[int, ...]) -> dict[str, Any]:
    return {name: real(*shape, seed=i) for i, (name, shape) in
            enumerate(zip("qkv", shapes, strict=True))}  # fmt: skip


def _case(options: str = "", **inputs: Any) -> Case:
    return Case(f"{_F}(q, k, v{options})", **inputs)


def _refused(says: str, options: str = "", **inputs: Any) -> Refused:
    return Refused(f"{_F}(q, k, v{options})", says=says, **inputs)


CASES: dict[str, list[Trial]] = {
    "nn.functional.scaled_dot_product_attention": [
        *[_case(**_given(*shapes)) for shapes in (
            ((4, 5), (6, 5), (6, 2)),
            ((2, 4, 5), (2, 6, 5), (2, 6, 2)),
            ((2, 3, 4, 5), (2, 3, 6, 5), (2, 3, 6, 2)),
            ((2, 4, 5), (6, 5), (6, 2)),
            ((2, 1, 4, 5), (1, 3, 6, 5), (2, 3, 6, 2)),
            ((2, 1, 5), (2, 1, 5), (2, 1, 1)),
            ((2, 0, 5), (2, 6, 5), (2, 6, 2)),
            ((2, 4, 5), (2, 0, 5), (2, 0, 2)),
        )],
        Case(f"{_F}(query=x, key=x, value=x)", **SELF),
        Case(f"{_F}(x, x, x, is_causal=True)", **SELF),
        *[_case(", is_causal=True", **inputs) for inputs in (PLAIN, HEADS)],
        _case(", is_causal=True", **_given((6, 5), (4, 5), (4, 5))),
        *[_case(f", scale={s}", **HEADS) for s in (1.0, 0.1, -0.5, 0.0)],
        *[_case(", a", **HEADS, a=bools(*s, seed=3)) for s in ((4, 6), (2, 1, 1, 6), (2, 3, 4, 6))],
        *[_case(", attn_mask=a", **HEADS, a=real(*s)) for s in ((4, 6), (3, 4, 6))],
        *[_case(", attn_mask=a", **PLAIN, a=a) for a in (real(6), bools(6))],
        _case(", a", **HEADS, a=bools(4, 6) & False),
        _case(", m.where(a, 0.0, -float('inf')).to(q.dtype)", **HEADS, a=bools(4, 6, seed=1)),
        _case(", m.where(a, 0.0, -float('inf')).to(q.dtype)", **HEADS, a=bools(4, 6) & False),
        _case(", dropout_p=1.0", **HEADS),
        _case(", None, 0.0, False", **HEADS),
        *[_case(", enable_gqa=True", **_given(*shapes)) for shapes in (
            ((2, 6, 4, 5), (2, 3, 7, 5), (2, 3, 7, 2)), ((2, 6, 4, 5), (2, 1, 7, 5), (2, 2, 7, 5)),
            ((2, 2, 4, 5), (2, 2, 7, 5), (2, 2, 7, 5)))],
        _case(", enable_gqa=True, is_causal=True", **_given((4, 3, 5), (2, 3, 5), (2, 3, 5))),
        Case(f"{_F}(m.randn(2, 3, 4), m.randn(2, 5, 4), m.randn(2, 5, 6), dropout_p=0.5).shape"),
        _refused("query must be", **_given((5,), (6, 5), (6, 2))),
        _refused("query .* and key", **_given((4, 5), (6, 4), (6, 2))),
        _refused("key .* and value", **_given((4, 5), (6, 5), (5, 2))),
        _refused("3 heads|heads", ", enable_gqa=True", **_given((5, 4, 5), (3, 6, 5), (3, 6, 5))),
        _refused("broadcast", **_given((6, 4, 5), (3, 6, 5), (3, 6, 5))),
        _refused("is_causal", ", a, is_causal=True", **PLAIN, a=bools(4, 6)),
        _refused("attn_mask must be bool", ", a", **PLAIN, a=ints(2, 4, 6)),
        _refused("attn_mask must be bool", ", a.double()", **PLAIN, a=real(4, 6)),
        _refused("attn_mask", ", a", **PLAIN, a=bools(4, 5)),
        _refused("attn_mask", ", a", **PLAIN, a=bools(3, 2, 4, 6)),
        _refused("dropout_p", ", dropout_p=1.5", **PLAIN),
        Refused(f"{_F}(x, x.double(), x)", says="query and key", **SELF),
        Refused(f"{_F}(x, x, x.double())", says="query and value", **SELF),
        Refused(f"{_F}(x, x, x)", says="query must hold real", x=ints(9, 2, 3)),
    ],
}  # fmt: skip
