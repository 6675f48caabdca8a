"""The layers of a transformer: attention, then a network applied to every position by itself."""

from abc import ABC
from collections.abc import Callable
from typing import Any, final

from ..tensors import Tensor
from . import functional as F
from .attention import MultiheadAttention
from .dropout import Dropout
from .linear import Linear
from .module import Module
from .normalization import LayerNorm

Activation = str | Callable[[Tensor], Tensor]


def activation_of(name: Activation) -> Callable[[Tensor], Tensor]:
    """The function meant by "relu" or "gelu"; a function or module as it is."""
    if not isinstance(name, str):
        return name
    known = {"relu": F.relu, "gelu": F.gelu}
    if name not in known:
        raise ValueError(f"activation must be 'relu', 'gelu' or a function, got {name!r}.")
    return known[name]


class _Layer(Module, ABC):
    """What the layers of encoder and decoder share: their parts, and blocks with a way around them.

    A layer has one block per attention, and the network of each position; each has its norm.
    """

    attentions: tuple[str, ...]
    norm1: LayerNorm
    norm2: LayerNorm
    norm3: LayerNorm
    dropout1: Dropout
    dropout2: Dropout
    dropout3: Dropout
    self_attn: MultiheadAttention
    multihead_attn: MultiheadAttention

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        place: dict[str, Any] = {"bias": bias, "device": device, "dtype": dtype}
        for name in self.attentions:
            made = MultiheadAttention(d_model, nhead, dropout, batch_first=batch_first, **place)
            setattr(self, name, made)
        self.linear1 = Linear(d_model, dim_feedforward, **place)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **place)
        self.norm_first = norm_first
        blocks = range(1, len(self.attentions) + 2)
        for i in blocks:
            setattr(self, f"norm{i}", LayerNorm(d_model, layer_norm_eps, **place))
        for i in blocks:
            setattr(self, f"dropout{i}", Dropout(dropout))
        self.activation = activation_of(activation)

    def _around(self, x: Tensor, norm: Module, block: Callable[[Tensor], Tensor]) -> Tensor:
        """x + block(norm(x)), or norm(x + block(x))"""
        return x + block(norm(x)) if self.norm_first else norm(x + block(x))

    def _attend_to_itself(self, mask: Any, padding: Any, causal: bool) -> Callable:
        def block(x: Tensor) -> Tensor:
            found, _ = self.self_attn(x, x, x, padding, False, mask, is_causal=causal)
            return self.dropout1(found)

        return block

    def _feed_forward(self, last: Dropout) -> Callable:
        return lambda x: last(self.linear2(self.dropout(self.activation(self.linear1(x)))))


@final
class TransformerEncoderLayer(_Layer):
    """x = norm1(x + attention(x, x, x)), y = norm2(x + W_2 activation(W_1 x + b_1) + b_2)

    Args:
        d_model: the size of every position's vector.
        nhead: how many heads attend; divides d_model.
        dim_feedforward: the rows of W_1.
        dropout: the chance with which each block's results and attention's weights are left out.
        activation: "relu", "gelu", or a function of tensors.
        layer_norm_eps: the eps of both norms.
        batch_first: whether input and output are (N, S, d_model) and not (S, N, d_model).
        norm_first: x + attention(norm1(x)) and x + ...(norm2(x)) instead.
        bias: whether linear layers and norms have biases.

    Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.1; `norm_first` from Xiong
    et al., "On Layer Normalization in the Transformer Architecture" (2020).
    """

    attentions = ("self_attn",)

    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        """The layer at (S, N, d_model), (N, S, d_model) where `batch_first`, or (S, d_model).

        Args:
            src: the input.
            src_mask: who may not ask whom, (S, S) or (N nhead, S, S), as attn_mask of
                `MultiheadAttention`.
            src_key_padding_mask: whom nobody may ask, (N, S).
            is_causal: a promise that src_mask is the causal one.
        """
        attend = self._attend_to_itself(src_mask, src_key_padding_mask, is_causal)
        x = self._around(src, self.norm1, attend)
        return self._around(x, self.norm2, self._feed_forward(self.dropout2))


@final
class TransformerDecoderLayer(_Layer):
    """As TransformerEncoderLayer, with attention to the encoder's output between the two blocks.

    x = norm1(x + attention(x, x, x)), x = norm2(x + attention(x, memory, memory)),
    y = norm3(x + W_2 activation(W_1 x + b_1) + b_2)

    Args:
        As for `TransformerEncoderLayer`, with three norms.

    Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.1.
    """

    attentions = ("self_attn", "multihead_attn")

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """The layer at tgt (T, N, d_model) and memory (S, N, d_model), batch first, or without N.

        Args:
            tgt: the input.
            memory: the encoder's output.
            tgt_mask: who may not ask whom, (T, T). memory_mask: the same towards memory, (T, S).
            tgt_key_padding_mask: whom nobody may ask, (N, T). memory_key_padding_mask: (N, S).
            tgt_is_causal, memory_is_causal: promises that the mask is the causal one.
        """

        def ask_memory(x: Tensor) -> Tensor:
            found, _ = self.multihead_attn(x, memory, memory, memory_key_padding_mask, False,
                                           memory_mask, is_causal=memory_is_causal)  # fmt: skip
            return self.dropout2(found)

        attend = self._attend_to_itself(tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        x = self._around(tgt, self.norm1, attend)
        x = self._around(x, self.norm2, ask_memory)
        return self._around(x, self.norm3, self._feed_forward(self.dropout3))
