"""Attention: every query asks all keys, and gets the values of those that answer."""

import math

from ... import ops
from ...backend import bool_
from ...creation import arange
from ...errors import ShapeError
from ...precision import mixes
from ...tensors import Tensor
from .arguments import check_alike, check_chance, fits
from .noise import dropout


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """softmax(q k^T * scale + mask) v

    Args:
        query: (..., H, L, d), L positions that ask.
        key: (..., H, S, d), S positions that are asked.
        value: (..., H, S, v), what they give.
        attn_mask: broadcasts to (..., H, L, S); bools say who takes part (True: does), floats are
            added to the scores (-inf: does not). A query that may ask nobody gets zeros.
        dropout_p: the chance that a weight is left out; also outside training, so pass 0 there.
        is_causal: position i asks only positions 0 to i; not together with attn_mask.
        scale: 1 / sqrt(d) by default.
        enable_gqa: key and value may have fewer heads than query: each serves H / heads of them.

    Returns:
        Tensor: (..., H, L, v).

    Raises:
        ShapeError: sizes do not fit. TypeError: dtypes differ. ValueError: mask and is_causal both.

    Source: Vaswani et al., "Attention Is All You Need" (2017), equation 1; Ainslie et al., "GQA"
    (2023), section 2.2, for shared heads.
    """
    name = "scaled_dot_product_attention"
    _check(name, query, key, value, attn_mask, is_causal)
    check_chance(name, dropout_p, "dropout_p")
    if enable_gqa:
        key, value = _shared_heads(name, query, key), _shared_heads(name, query, value)
    scale = 1 / math.sqrt(query.shape[-1] or 1) if scale is None else float(scale)
    plain = attn_mask is None and query.shape[:-2] == key.shape[:-2]
    if plain and query.shape[-2] and key.shape[-2]:
        if dropout_p == 0 and key.shape[:-2] == value.shape[:-2]:
            options = {"scale": scale, "causal": is_causal, "memory": []}
            return ops.attention(query, key, value, **options)
        weights = ops.attention_weights(query, key, scale=scale, causal=is_causal)
        return ops.matmul(dropout(weights, dropout_p), value)
    scores = ops.matmul(query * scale, ops.transpose(key, -2, -1))
    nobody = None
    if is_causal:
        asking, asked = (arange(n).to(scores.device) for n in scores.shape[-2:])
        scores = ops.where(ops.unsqueeze(asking, -1) >= asked, scores, -math.inf)
    elif attn_mask is not None:
        scores, nobody = _masked(name, scores, attn_mask)
    output = ops.matmul(dropout(ops.softmax(scores, -1), dropout_p), value)
    return output if nobody is None else ops.where(nobody, 0.0, output)


def _masked(name: str, scores: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """The scores with -inf where the mask forbids; and which queries may ask nobody (..., L, 1).

    Those are let off the mask, since the softmax of nothing but -inf would be nan; their output is
    set to 0 in the end.
    """
    if not fits(mask.shape, scores.shape):
        raise ShapeError(f"{name}: attn_mask {mask.shape} does not fit scores {scores.shape}.")
    if mask.dtype == bool_:
        nobody = ops.logical_not(ops.any(mask, -1, keepdim=True))
        return ops.where(ops.logical_or(mask, nobody), scores, -math.inf), nobody
    nobody = ops.all(mask == -math.inf, -1, keepdim=True)
    return scores + ops.where(nobody, 0.0, mask), nobody


def _shared_heads(name: str, query: Tensor, x: Tensor) -> Tensor:
    """Each head of x (..., heads, S, d) repeated, side by side, until there are query's many."""
    heads, wanted = x.shape[-3], query.shape[-3]
    if heads == 0 or wanted % heads:
        raise ShapeError(
            f"{name}: query has {wanted} heads, which the {heads} of key or value do not divide."
        )
    spread = (*x.shape[:-2], wanted // heads, *x.shape[-2:])
    wide = ops.expand(ops.unsqueeze(x, -3), spread)
    return ops.reshape(wide, (*x.shape[:-3], wanted, *x.shape[-2:]))


def _check(
    name: str, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, is_causal: bool
) -> None:
    check_alike(name, query=query, key=key, value=value)
    for word, x in (("query", query), ("key", key), ("value", value)):
        if x.ndim < 2:
            raise ShapeError(f"{name}: {word} must be (..., positions, size), got {x.shape}.")
    if query.shape[-1] != key.shape[-1]:
        raise ShapeError(f"{name}: query {query.shape} and key {key.shape} differ in last size.")
    if key.shape[-2] != value.shape[-2]:
        raise ShapeError(f"{name}: key {key.shape} and value {value.shape} differ in positions.")
    if mask is None:
        return
    if is_causal:
        raise ValueError(f"{name}: is_causal makes a mask of its own; leave attn_mask out.")
    if mask.dtype not in (bool_, query.dtype) and not mixes(mask, query):
        raise TypeError(f"{name}: attn_mask must be bool or {query.dtype}, got {mask.dtype}.")
