"""Multi-head attention: every position asks others, in several ways at once."""

from typing import Any, final

from ..creation import empty
from ..tensors import Tensor
from . import functional as F, init
from .linear import Linear
from .module import Module
from .parameter import Parameter


@final
class MultiheadAttention(Module):
    """W_out concat(head_1, ..., head_H) + b, head_h = softmax(q_h k_h^T / sqrt(d)) v_h

    with q_h, k_h and v_h the d = embed_dim / num_heads rows of head h of W_q query + b_q,
    W_k key + b_k and W_v value + b_v.

    Args:
        embed_dim: the size of queries and of the output.
        num_heads: how many heads; divides embed_dim.
        dropout: the chance that an attention weight is left out, while training.
        bias: whether there are b_q, b_k, b_v and b.
        add_bias_kv: whether one more key and value are learned, which every query may ask.
        add_zero_attn: whether there is one more key and value of zeros.
        kdim, vdim: the sizes of keys and of values; embed_dim by default.
        batch_first: whether the batch comes first, (N, L, E) and not (L, N, E).

    Attributes:
        in_proj_weight: (3 embed_dim, embed_dim), W_q, W_k and W_v one below the other, begins as
            `xavier_uniform_`; where kdim or vdim differ, q_proj_weight (embed_dim, embed_dim),
            k_proj_weight (embed_dim, kdim) and v_proj_weight (embed_dim, vdim) instead.
        in_proj_bias: (3 embed_dim,), begins at 0; or None.
        out_proj: a Linear, whose bias begins at 0.
        bias_k, bias_v: (1, 1, embed_dim), begin as `xavier_normal_`; or None.

    Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.2.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        if embed_dim <= 0 or num_heads <= 0 or embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: embed_dim={embed_dim} must be a positive multiple of "
                f"num_heads={num_heads}, so that each head has as many numbers."
            )
        self.embed_dim, self.num_heads, self.head_dim = embed_dim, num_heads, embed_dim // num_heads
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        self.dropout, self.batch_first, self.add_zero_attn = dropout, batch_first, add_zero_attn
        self._qkv_same_embed_dim = self.kdim == self.vdim == embed_dim
        one = self._qkv_same_embed_dim
        shapes = {
            "q_proj_weight": None if one else (embed_dim, embed_dim),
            "k_proj_weight": None if one else (embed_dim, self.kdim),
            "v_proj_weight": None if one else (embed_dim, self.vdim),
            "in_proj_weight": (3 * embed_dim, embed_dim) if one else None,
            "in_proj_bias": (3 * embed_dim,) if bias else None,
            "bias_k": (1, 1, embed_dim) if add_bias_kv else None,
            "bias_v": (1, 1, embed_dim) if add_bias_kv else None,
        }
        for name, shape in shapes.items():
            made = None if shape is None else Parameter(empty(shape, device=device, dtype=dtype))
            self.register_parameter(name, made)
        self.out_proj = Linear(embed_dim, embed_dim, bias=bias, device=device, dtype=dtype)
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        for name, weight in self.named_parameters(recurse=False):
            if name.endswith("weight"):
                init.xavier_uniform_(weight)
            elif name in ("bias_k", "bias_v"):
                init.xavier_normal_(weight)
        for bias in (self.in_proj_bias, self.out_proj.bias):
            if bias is not None:
                init.zeros_(bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Attention of L queries to S keys; the formula's source and edge cases stand at
        `functional.multi_head_attention_forward`.

        Args:
            query: (L, N, embed_dim), (N, L, embed_dim) where `batch_first`, or (L, embed_dim).
            key, value: as query with S and kdim, and with S and vdim.
            key_padding_mask: (N, S) or (S,); True, or -inf added, for a key that nobody may ask.
            need_weights: whether the weights are returned; without them it is faster.
            attn_mask: (L, S) or (N num_heads, L, S); True, or -inf added, where a query may not ask
                a key. (In `scaled_dot_product_attention` True means that it may.)
            average_attn_weights: whether the weights are the mean over heads.
            is_causal: a promise that attn_mask is the causal one.

        Returns:
            (output, weights): as query; and (N, L, S), or (N, num_heads, L, S), or None.

        Raises:
            ShapeError: sizes do not fit. TypeError: a mask is neither bool nor float.
        """
        turned = self.batch_first and query.ndim == 3
        if turned:
            query, key, value = _turned(query, key, value)
        output, weights = F.multi_head_attention_forward(
            query, key, value, self.embed_dim, self.num_heads,
            self.in_proj_weight, self.in_proj_bias, self.bias_k, self.bias_v, self.add_zero_attn,
            self.dropout, self.out_proj.weight, self.out_proj.bias, training=self.training,
            key_padding_mask=key_padding_mask, need_weights=need_weights, attn_mask=attn_mask,
            use_separate_proj_weight=not self._qkv_same_embed_dim,
            q_proj_weight=self.q_proj_weight, k_proj_weight=self.k_proj_weight,
            v_proj_weight=self.v_proj_weight, average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )  # fmt: skip
        return output.transpose(0, 1) if turned else output, weights


def _turned(*inputs: Tensor) -> tuple[Tensor, ...]:
    """Each with batch and positions exchanged; what was one tensor remains one."""
    seen: dict[int, Tensor] = {}
    for x in inputs:
        if id(x) not in seen:
            seen[id(x)] = x.transpose(0, 1) if x.ndim == 3 else x
    return tuple(seen[id(x)] for x in inputs)
