"""Recurrent cells: one step of a recurrent layer, for loops of one's own."""

import math
from abc import ABC
from typing import Any, final

from ..creation import empty, zeros
from ..errors import ShapeError
from ..tensors import Tensor
from . import functional as F, init
from .functional import recurrent
from .module import Module
from .padded import home_of
from .parameter import Parameter


class RNNCellBase(Module, ABC):
    """What RNNCell, LSTMCell and GRUCell share: their weights, and what they refuse.

    Args:
        input_size: the size of the input's last dimension.
        hidden_size: the size of the state.
        bias: whether there are biases.

    Attributes:
        weight_ih: (gates * hidden_size, input_size).
        weight_hh: (gates * hidden_size, hidden_size).
        bias_ih, bias_hh: (gates * hidden_size,) or None.
        All begin as U(-k, k), k = 1 / sqrt(hidden_size).
    """

    gates: int  # how many vectors of hidden_size the cell computes

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = self.gates * hidden_size
        sizes = {"weight_ih": (rows, input_size), "weight_hh": (rows, hidden_size)}
        for name, shape in (sizes | {"bias_ih": (rows,), "bias_hh": (rows,)}).items():
            made = name in sizes or bias
            weight = Parameter(empty(shape, device=device, dtype=dtype)) if made else None
            self.register_parameter(name, weight)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draws every weight anew."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size else 0.0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def _state(self, input: Tensor, name: str, hx: Tensor | None) -> Tensor:
        """The state a step begins with; zeros where none came."""
        kind = type(self).__name__
        if not isinstance(input, Tensor) or input.ndim not in (1, 2):
            what = input.shape if isinstance(input, Tensor) else type(input).__name__
            raise ShapeError(f"{kind}: input must be (N, input_size) or (input_size,), got {what}.")
        if input.shape[-1] != self.input_size:
            raise ShapeError(
                f"{kind}: the last dimension of input must be input_size = {self.input_size}, got "
                f"{input.shape}."
            )
        wanted = (*input.shape[:-1], self.hidden_size)
        if hx is None:
            return zeros(wanted, dtype=input.dtype, device=home_of(input))
        if hx.shape != wanted:
            raise ShapeError(f"{kind}: {name} must have the shape {wanted}, got {hx.shape}.")
        return hx

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


@final
class RNNCell(RNNCellBase):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu

    Args:
        nonlinearity: "tanh" or "relu".
        The others as for `RNNCellBase`.

    Shape:
        input (N, input_size) and hx (N, hidden_size), zeros by default; or both without N.
        Returns h', as hx.
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__(input_size, hidden_size, bias, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        if self.nonlinearity not in ("tanh", "relu"):
            raise ValueError(
                f"RNNCell: nonlinearity must be 'tanh' or 'relu', got {self.nonlinearity!r}."
            )
        h = self._state(input, "hx", hx)
        gate = F.linear(input, self.weight_ih, self.bias_ih)
        return recurrent.rnn_cell(gate + F.linear(h, self.weight_hh, self.bias_hh),
                                  self.nonlinearity)  # fmt: skip

    def extra_repr(self) -> str:
        special = self.nonlinearity != "tanh"
        return super().extra_repr() + (f", nonlinearity={self.nonlinearity}" if special else "")


@final
class LSTMCell(RNNCellBase):
    """One step of an LSTM; the formula stands at `LSTM`.

    Args:
        As for `RNNCellBase`.

    Shape:
        input (N, input_size) and hx, a pair (h, c) of (N, hidden_size), zeros by default; or all
        without N. Returns (h', c'), as hx.
    """

    gates = 4

    def forward(
        self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Tensor]:
        if hx is not None and (not isinstance(hx, (tuple, list)) or len(hx) != 2):
            raise TypeError("LSTMCell: hx must be a pair (h, c) of tensors.")
        h, c = (None, None) if hx is None else hx
        h, c = self._state(input, "h of hx", h), self._state(input, "c of hx", c)
        gates = F.linear(input, self.weight_ih, self.bias_ih)
        return recurrent.lstm_cell(gates + F.linear(h, self.weight_hh, self.bias_hh), c)


@final
class GRUCell(RNNCellBase):
    """One step of a GRU; the formula stands at `GRU`.

    Args:
        As for `RNNCellBase`.

    Shape:
        input (N, input_size) and hx (N, hidden_size), zeros by default; or both without N.
        Returns h', as hx.
    """

    gates = 3

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        h = self._state(input, "hx", hx)
        from_input = F.linear(input, self.weight_ih, self.bias_ih)
        return recurrent.gru_cell(from_input, F.linear(h, self.weight_hh, self.bias_hh), h)
