"""Recurrent layers: networks that read a sequence step by step and remember what came before."""

from typing import Any, final

from ..tensors import Tensor
from .functional import recurrent
from .recurrent_layers import RNNBase


@final
class RNN(RNNBase):
    """h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), or relu

    Args:
        nonlinearity: "tanh" or "relu"; by position it is the fourth argument, as in PyTorch.
        The others as for `RNNBase`.

    Shape:
        input: (T, N, input_size), or (N, T, input_size) where `batch_first`, or (T, input_size)
            for one sequence, or a PackedSequence.
        hx: (num_layers * D, N, hidden_size), or without N for one sequence; zeros by default.
        Returns (output, h_n): h of every step of the last layer, (T, N, D * hidden_size), in the
        form of the input; and the last h of every layer and direction, as hx.

    Raises:
        ShapeError: input or hx has another shape.

    Source: J. Elman, "Finding Structure in Time" (1990).
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ):
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"RNN: nonlinearity must be 'tanh' or 'relu', got {nonlinearity!r}.")
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout,
                         bidirectional, device=device, dtype=dtype)  # fmt: skip
        self.nonlinearity = nonlinearity

    def forward(self, input: Any, hx: Tensor | None = None) -> tuple[Any, Tensor]:
        output, (h,) = self._read(input, None if hx is None else (hx,))
        return output, h

    def _direction(self, x, sizes, state, weights, reverse):
        return recurrent.rnn(x, sizes, state, weights[:4], reverse, self.nonlinearity)


@final
class LSTM(RNNBase):
    """i, f, o = sigmoid(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), g the same with tanh;
    c_t = f c_(t-1) + i g, h_t = o tanh(c_t)

    The rows of the weights are those of i, f, g and o, in this order.

    Args:
        proj_size: where above 0, h_t is W_hr times the above, of this size (weight_hr_l0,
            (proj_size, hidden_size)).
        The others as for `RNNBase`.

    Shape:
        input: (T, N, input_size), or (N, T, input_size) where `batch_first`, or (T, input_size)
            for one sequence, or a PackedSequence.
        hx: (h_0, c_0), (num_layers * D, N, H_out) and (num_layers * D, N, hidden_size), or without
            N for one sequence; zeros by default.
        Returns (output, (h_n, c_n)): h of every step of the last layer, (T, N, D * H_out), in the
        form of the input; and the last states of every layer and direction, as hx.

    Raises:
        ShapeError: input or hx has another shape.

    Source: Hochreiter, Schmidhuber, "Long Short-Term Memory" (1997); Gers, Schmidhuber, Cummins,
    "Learning to Forget" (2000); proj_size from Sak, Senior, Beaufays (2014), section 2.
    """

    gates = 4

    def forward(self, input: Any, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Any, tuple]:
        if hx is not None and (not isinstance(hx, (tuple, list)) or len(hx) != 2):
            raise TypeError("LSTM: hx must be a pair (h_0, c_0) of tensors.")
        return self._read(input, None if hx is None else tuple(hx))

    def _direction(self, x, sizes, state, weights, reverse):
        return recurrent.lstm(x, sizes, state, weights, reverse)

    def _state_sizes(self) -> list[int]:
        return [self.proj_size or self.hidden_size, self.hidden_size]


@final
class GRU(RNNBase):
    """r, z = sigmoid(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), n = tanh(x's part + r (h's part));
    h_t = (1 - z) n + z h_(t-1)

    The rows of the weights are those of r, z and n, in this order.

    Args:
        As for `RNNBase`.

    Shape:
        input, hx and what is returned: as for `RNN`.

    Raises:
        ShapeError: input or hx has another shape.

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder" (2014), with r
    applied after W_hh, as in PyTorch.
    """

    gates = 3

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout,
                         bidirectional, device=device, dtype=dtype)  # fmt: skip

    def forward(self, input: Any, hx: Tensor | None = None) -> tuple[Any, Tensor]:
        output, (h,) = self._read(input, None if hx is None else (hx,))
        return output, h

    def _direction(self, x, sizes, state, weights, reverse):
        return recurrent.gru(x, sizes, state, weights[:4], reverse)
