"""Attention by several heads: queries, keys and values are projected, and each head attends alone.

Shapes: L queries and S keys of N examples, as (L, N, E) and (S, N, ...), or without N; H heads of
d = E / H numbers each. Inside, heads stand as (N, H, L, d).
"""

import math
from typing import Any

from ... import ops
from ...backend import bool_
from ...dtypes import is_floating
from ...errors import ShapeError
from ...tensors import Tensor
from .attention import scaled_dot_product_attention
from .dense import linear
from .noise import dropout
from .padding import pad

NAME = "multi_head_attention_forward"


def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """softmax(q_h k_h^T / sqrt(d) + mask) v_h of every head h, side by side, W_out, + b_out

    Args:
        query: (L, N, E) or (L, E). key: (S, N, kdim). value: (S, N, vdim).
        embed_dim_to_check: E.
        num_heads: H, which divides E.
        in_proj_weight: (3 E, E): W_q, W_k and W_v one below the other; or None, and each by itself
            as q_proj_weight (E, E), k_proj_weight (E, kdim), v_proj_weight (E, vdim) where
            `use_separate_proj_weight`.
        in_proj_bias: (3 E,) or None.
        bias_k, bias_v: (1, 1, E) or None: one more key and value, learned.
        add_zero_attn: one more key and value of zeros.
        dropout_p: the chance that an attention weight is left out, while `training`.
        out_proj_weight: (E, E). out_proj_bias: (E,) or None.
        key_padding_mask: (N, S) or (S,); True, or -inf added, for a key that nobody may ask.
        need_weights: whether the weights are returned, too. A query that may ask nobody then gives
            nan; without the weights, zeros before W_out. (Both as in PyTorch.)
        attn_mask: (L, S) or (N H, L, S); True, or -inf added, where a query may not ask a key.
        static_k, static_v: (N H, S, d): heads to be used in place of the projected ones.
        average_attn_weights: whether the weights are the mean over heads.
        is_causal: a promise that attn_mask is the causal one, which then need not be looked at.

    Returns:
        (output, weights): (L, N, E); and (N, L, S), or (N, H, L, S) of each head, or None.

    Raises:
        ShapeError: sizes do not fit. TypeError: a mask is neither bool nor float.

    Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.2.
    """
    separate = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else None
    _check(query, key, value, embed_dim_to_check, num_heads, separate)
    if is_causal and attn_mask is None:
        raise ValueError(f"{NAME}: is_causal is a promise about attn_mask, which must be given.")
    alone = query.ndim == 2
    mask = _mask(query, key, num_heads, attn_mask, key_padding_mask)
    q, k, v = _projected(query, key, value, in_proj_weight, separate, in_proj_bias)
    if alone:
        q, k, v = q.unsqueeze(1), k.unsqueeze(1), v.unsqueeze(1)
    if bias_k is not None and bias_v is not None:
        k, v = _joined(k, bias_k), _joined(v, bias_v)
    q, k, v = (_heads(x, num_heads) for x in (q, k, v))
    k, v = _static("static_k", static_k, k), _static("static_v", static_v, v)
    if add_zero_attn:
        k, v = (pad(x, (0, 0, 0, 1)) for x in (k, v))
    if mask is not None:
        mask = pad(mask, (0, k.shape[2] - mask.shape[-1]))
    chance, weights = dropout_p if training else 0.0, None
    if need_weights:
        scores = ops.matmul(q * math.sqrt(1 / q.shape[-1]), ops.transpose(k, -2, -1))
        weights = dropout(ops.softmax(scores if mask is None else scores + mask, -1), chance)
        attended = ops.matmul(weights, v)
    else:
        causal = is_causal and key_padding_mask is None
        attended = scaled_dot_product_attention(q, k, v, None if causal else mask, chance, causal)
    joined = ops.flatten(ops.permute(attended, 2, 0, 1, 3), 2)
    output = linear(joined, out_proj_weight, out_proj_bias)
    if weights is not None and average_attn_weights:
        weights = weights.mean(1)
    if alone:
        return output.squeeze(1), None if weights is None else weights.squeeze(0)
    return output, weights


def _joined(x: Tensor, extra: Tensor) -> Tensor:
    """One more position (1, 1, E) behind (S, N, E)."""
    return ops.cat([x, ops.expand(extra, (1, *x.shape[1:]))])


def _heads(x: Tensor, heads: int) -> Tensor:
    """(L, N, E) as (N, H, L, d)"""
    return ops.permute(ops.unflatten(x, 2, (heads, x.shape[2] // heads)), 1, 2, 0, 3)


def _static(name: str, static: Tensor | None, x: Tensor) -> Tensor:
    """Heads given as (N H, S, d) in place of projected ones."""
    if static is None:
        return x
    n, heads, _, size = x.shape
    if static.ndim != 3 or (static.shape[0], static.shape[2]) != (n * heads, size):
        raise ShapeError(f"{NAME}: {name} must be ({n * heads}, S, {size}), got {static.shape}.")
    return ops.unflatten(static, 0, (n, heads))


def _projected(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    weight: Tensor | None,
    separate: tuple | None,
    bias: Tensor | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """W_q q + b_q, W_k k + b_k, W_v v + b_v; in one product where they read the same input."""
    if separate is None and query is key and key is value:
        assert weight is not None
        q, k, v = ops.chunk(linear(query, weight, bias), 3, -1)
        return q, k, v
    if separate is None:
        assert weight is not None
        separate = ops.chunk(weight, 3)
    biases = (None, None, None) if bias is None else ops.chunk(bias, 3)
    inputs = (query, key, value)
    q, k, v = (linear(x, w, b) for x, w, b in zip(inputs, separate, biases, strict=True))
    return q, k, v


# Masks and checks -------------------------------------------------------------------------------


def additive(name: str, mask: Tensor | None, kind: Any) -> Tensor | None:
    """A mask as numbers to be added to scores: True becomes -inf, False 0.

    Raises:
        TypeError: it is neither bool nor float.
    """
    if mask is None or is_floating(mask.dtype):
        return mask
    if mask.dtype != bool_:
        raise TypeError(f"{name} must be bool or float, got {mask.dtype}.")
    return ops.where(mask, -math.inf, 0.0).to(kind)


def _mask(
    query: Tensor, key: Tensor, heads: int, attn_mask: Tensor | None, padding: Tensor | None
) -> Tensor | None:
    """Both masks as one to be added, broadcasting to (N, H, L, S)."""
    n, mask = 1 if query.ndim == 2 else query.shape[1], None
    queries, keys = query.shape[0], key.shape[0]
    if attn_mask is not None:
        wanted = (queries, keys) if attn_mask.ndim == 2 else (n * heads, queries, keys)
        _expect("attn_mask", attn_mask, wanted)
        mask = additive(f"{NAME}: attn_mask", attn_mask, query.dtype)
        mask = mask if mask is None or mask.ndim == 2 else ops.unflatten(mask, 0, (n, heads))
    if padding is not None:
        _expect("key_padding_mask", padding, (keys,) if query.ndim == 2 else (n, keys))
        hidden = additive(f"{NAME}: key_padding_mask", padding, query.dtype)
        hidden = ops.reshape(hidden, n, 1, 1, keys)
        mask = hidden if mask is None else mask + hidden
    return mask


def _expect(name: str, x: Tensor, wanted: tuple[int, ...]) -> None:
    if x.shape != wanted:
        raise ShapeError(f"{NAME}: {name} must have the shape {wanted}, got {x.shape}.")


def _check(
    query: Tensor, key: Tensor, value: Tensor, size: int, heads: int, separate: tuple | None
) -> None:
    if query.ndim not in (2, 3):
        raise ShapeError(f"{NAME}: query must be (L, N, E) or (L, E), got {query.shape}.")
    sizes = [w.shape[-1] for w in separate] if separate else [size] * 3
    inputs = {"query": query, "key": key, "value": value}
    for (name, x), features in zip(inputs.items(), sizes, strict=True):
        if x.ndim != query.ndim:
            raise ShapeError(
                f"{NAME}: {name} must have {query.ndim} dimensions as query, got {x.shape}."
            )
        if x.shape[-1] != features:
            raise ShapeError(f"{NAME}: {name} must have {features} features, got {x.shape}.")
    if size % heads:
        raise ShapeError(f"{NAME}: num_heads={heads} does not divide embed_dim={size}.")
    if key.shape[:-1] != value.shape[:-1]:
        raise ShapeError(
            f"{NAME}: key {key.shape} and value {value.shape} may differ in features only."
        )
    if key.shape[1:-1] != query.shape[1:-1]:
        raise ShapeError(
            f"{NAME}: key {key.shape} and query {query.shape} differ in the batch, dimension 1."
        )
