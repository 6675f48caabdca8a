"""The transformer: layers that attend to each other's positions, encoder and decoder."""

from abc import ABC
from collections.abc import Callable
from copy import deepcopy
from math import inf
from typing import Any, final

from .. import ops
from ..creation import full
from ..errors import ShapeError
from ..tensors import Tensor
from . import functional as F, init
from .containers import ModuleList
from .module import Module
from .normalization import LayerNorm
from .transformer_layers import Activation, TransformerDecoderLayer, TransformerEncoderLayer

# PyTorch sets `is_causal` by looking whether a mask is the causal one. That changes how fast
# attention is, never what it gives; here only the caller's own promise counts, so that a
# transformer runs on paper, where there are no numbers to look at.


class _Stack(Module, ABC):
    """Copies of one layer, one after another, and a norm behind them."""

    def __init__(self, layer: Module, num_layers: int, norm: Module | None):
        super().__init__()
        self.layers = ModuleList([deepcopy(layer) for _ in range(num_layers)])
        self.num_layers, self.norm = num_layers, norm

    def _run(self, x: Tensor, *others: Any, **masks: Any) -> Tensor:
        for layer in self.layers:
            x = layer(x, *others, **masks)
        return x if self.norm is None else self.norm(x)


@final
class TransformerEncoder(_Stack):
    """Encoder layers one after another.

    Args:
        encoder_layer: copied with its weights, so that all layers begin alike.
        num_layers: how many copies.
        norm: applied to the last layer's output, or None.
        enable_nested_tensor, mask_check: taken for PyTorch's sake. There, in eval mode and without
            gradients, padded positions may come out as zeros; here they never do.
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ):
        super().__init__(encoder_layer, num_layers, norm)
        self.enable_nested_tensor, self.mask_check = enable_nested_tensor, mask_check

    def forward(
        self,
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool | None = None,
    ) -> Tensor:
        """Each layer in turn; shapes as for `TransformerEncoderLayer`."""
        return self._run(
            src,
            src_mask=mask,
            src_key_padding_mask=src_key_padding_mask,
            is_causal=is_causal is True,
        )


@final
class TransformerDecoder(_Stack):
    """Decoder layers one after another, each of which asks the same memory.

    Args:
        decoder_layer: copied with its weights, so that all layers begin alike.
        num_layers: how many copies.
        norm: applied to the last layer's output, or None.
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None):
        super().__init__(decoder_layer, num_layers, norm)

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """Each layer in turn; shapes as for `TransformerDecoderLayer`."""
        return self._run(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal is True,
            memory_is_causal=memory_is_causal,
        )


@final
class Transformer(Module):
    """decoder(tgt, encoder(src)): sequences to sequences; embeddings and positions are yours.

    Args:
        d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first,
            norm_first, bias: as for `TransformerEncoderLayer`.
        num_encoder_layers, num_decoder_layers: how many layers.
        custom_encoder, custom_decoder: modules to be used instead.

    All matrices begin as `xavier_uniform_`.

    Source: Vaswani et al., "Attention Is All You Need" (2017).
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first
        sizes = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first,
                 norm_first, bias, device, dtype)  # fmt: skip

        def stack(of: Callable, layer: Callable, count: int) -> Module:
            norm = LayerNorm(d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype)
            return of(layer(*sizes), count, norm)

        self.encoder = custom_encoder or stack(
            TransformerEncoder, TransformerEncoderLayer, num_encoder_layers
        )
        self.decoder = custom_decoder or stack(
            TransformerDecoder, TransformerDecoderLayer, num_decoder_layers
        )
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        for weight in self.parameters():
            if weight.ndim > 1:
                init.xavier_uniform_(weight)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """(S, N, d_model) and (T, N, d_model) to (T, N, d_model), or batch first, or without N.

        Args:
            src, tgt: what the encoder reads, and what the decoder reads.
            src_mask, tgt_mask, memory_mask: who may not ask whom, (S, S), (T, T) and (T, S); see
                `generate_square_subsequent_mask` and attn_mask of `MultiheadAttention`.
            src_key_padding_mask, tgt_key_padding_mask, memory_key_padding_mask: whom nobody may
                ask, (N, S), (N, T) and (N, S).
            src_is_causal, tgt_is_causal, memory_is_causal: promises that a mask is the causal one.

        Raises:
            ShapeError: src and tgt differ in N, or their last size is not d_model.
        """
        batch = 0 if self.batch_first else 1
        if src.ndim == 3 and src.shape[batch] != tgt.shape[batch]:
            raise ShapeError(
                f"Transformer: src {src.shape} and tgt {tgt.shape} differ in the batch, dimension "
                f"{batch}."
            )
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise ShapeError(
                f"Transformer: src and tgt must have d_model = {self.d_model} features, got "
                f"{src.shape} and {tgt.shape}."
            )
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask,
                              is_causal=src_is_causal)  # fmt: skip
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: Any = None, dtype: Any = None) -> Tensor:
        """The causal mask (sz, sz): 0 where position i may ask j <= i, -inf above the diagonal."""
        return ops.triu(full((sz, sz), -inf, device=device, dtype=dtype), 1)
