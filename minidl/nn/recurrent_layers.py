"""What RNN, LSTM and GRU share: layers and directions, their weights, and the forms of input."""

import math
import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from .. import ops
from ..creation import empty, zeros
from ..errors import ShapeError
from ..tensors import Tensor
from . import functional as F, init
from .functional.recurrent import State
from .module import Module
from .packing import PackedSequence
from .padded import home_of
from .parameter import Parameter


class RNNBase(Module, ABC):
    """What RNN, LSTM and GRU share: layers and directions, their weights, and forms of input.

    With D = 2 where `bidirectional`, else 1, and H_out = proj_size where given, else hidden_size:

    Args:
        input_size: the size of the input's last dimension.
        hidden_size: the size of the state.
        num_layers: each layer reads the output of the one before.
        bias: whether there are biases.
        batch_first: whether input and output are (N, T, *) and not (T, N, *); states never are.
        dropout: the probability with which outputs are left out between layers, while training.
        bidirectional: whether each layer also reads from the last step to the first.

    Attributes:
        weight_ih_l0: (gates * hidden_size, input_size), for later layers (.., D * H_out).
        weight_hh_l0: (gates * hidden_size, H_out).
        bias_ih_l0, bias_hh_l0: (gates * hidden_size,).
        All begin as U(-k, k), k = 1 / sqrt(hidden_size); `_l1` and so on for the next layers,
        `_l0_reverse` for the way back.
    """

    gates: int  # how many vectors of hidden_size a cell computes

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        self.bidirectional, self.proj_size = bidirectional, proj_size
        self._check_sizes()
        for name, shape in self._shapes().items():
            self.register_parameter(name, Parameter(empty(shape, device=device, dtype=dtype)))
        self.reset_parameters()

    def _check_sizes(self) -> None:
        kind = type(self).__name__
        for name in ("input_size", "hidden_size", "num_layers"):
            size, least = getattr(self, name), 0 if name == "input_size" else 1
            if not isinstance(size, int) or size < least:
                raise ValueError(f"{kind}: {name} must be an integer from {least}, got {size!r}.")
        if not 0 <= self.dropout <= 1:
            raise ValueError(f"{kind}: dropout is a probability, 0 to 1, got {self.dropout}.")
        if not 0 <= self.proj_size < self.hidden_size:
            raise ValueError(
                f"{kind}: proj_size must be from 0 to below hidden_size={self.hidden_size}, got "
                f"{self.proj_size}."
            )
        if self.dropout and self.num_layers == 1:
            warnings.warn(
                f"{kind}: dropout={self.dropout} has no effect, since it acts between layers and "
                "num_layers is 1.",
                stacklevel=4,
            )

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter by name, in PyTorch's order."""
        rows, out = self.gates * self.hidden_size, self.proj_size or self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {}
        for layer in range(self.num_layers):
            read = out * (1 + self.bidirectional) if layer else self.input_size
            for names in self._names(layer):
                sizes = [(rows, read), (rows, out), *[(rows,)] * (2 * self.bias)]
                sizes += [(out, self.hidden_size)] * bool(self.proj_size)
                shapes |= dict(zip([name for name in names if name], sizes, strict=True))
        return shapes

    def _names(self, layer: int) -> list[list[str | None]]:
        """Per direction the names of a layer's weights; None for one that it lacks."""
        ends = [f"_l{layer}", f"_l{layer}_reverse"][: 1 + self.bidirectional]
        return [
            [
                f"weight_ih{end}",
                f"weight_hh{end}",
                f"bias_ih{end}" if self.bias else None,
                f"bias_hh{end}" if self.bias else None,
                f"weight_hr{end}" if self.proj_size else None,
            ]
            for end in ends
        ]

    @property
    def all_weights(self) -> list[list[Tensor]]:
        """Per layer and direction its parameters."""
        directions = [names for layer in range(self.num_layers) for names in self._names(layer)]
        return [[getattr(self, name) for name in names if name] for names in directions]

    def reset_parameters(self) -> None:
        """Draws every weight anew."""
        bound = 1 / math.sqrt(self.hidden_size)
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self) -> None:
        """Does nothing: PyTorch needs it to lay the weights out for a graphics card."""

    @abstractmethod
    def _direction(
        self, x: Tensor, sizes: Sequence[int], state: State, weights: list, reverse: bool
    ) -> tuple[Tensor, State]:
        """One direction of one layer, on rows as in `functional/recurrent.py`."""

    # The walk through the layers ----------------------------------------------------------------

    def _read(self, input: Any, states: State | None) -> tuple[Any, State]:
        """The output in the form of the input, and the last states (layers * D, N, size)."""
        if isinstance(input, PackedSequence):
            return self._read_packed(input, states)
        if not isinstance(input, Tensor) or input.ndim not in (2, 3):
            what = input.shape if isinstance(input, Tensor) else type(input).__name__
            raise ShapeError(
                f"{type(self).__name__}: input must be (T, N, {self.input_size}), or (T, "
                f"{self.input_size}) for one sequence, or a PackedSequence; got {what}."
            )
        alone = input.ndim == 2
        if alone:
            input = input.unsqueeze(1)
            states = states and self._batched(states)
        elif self.batch_first:
            input = input.transpose(0, 1)
        steps, n, _ = input.shape
        rows, states = self._layers(ops.flatten(input, 0, 1), [n] * steps, states)
        output = rows.reshape(steps, n, rows.shape[-1])
        if alone:
            return output.squeeze(1), tuple(x.squeeze(1) for x in states)
        return output.transpose(0, 1) if self.batch_first else output, states

    def _batched(self, states: State) -> State:
        for x in states:
            if x.ndim != 2:
                raise ShapeError(
                    f"{type(self).__name__}: for one sequence hx must have two dimensions, as "
                    f"(layers, size), got {x.shape}."
                )
        return tuple(x.unsqueeze(1) for x in states)

    def _read_packed(self, input: PackedSequence, states: State | None) -> tuple[Any, State]:
        data, sizes, order, back = input
        if states and order is not None:
            self._check_states(states, sizes[0].item())
            states = tuple(ops.index_select(x, 1, order) for x in states)
        rows, states = self._layers(data, sizes.tolist(), states)
        if back is not None:
            states = tuple(ops.index_select(x, 1, back) for x in states)
        return PackedSequence(rows, sizes, order, back), states

    def _layers(self, x: Tensor, sizes: list[int], states: State | None) -> tuple[Tensor, State]:
        """Every layer in turn, on rows; each direction of each begins with its own state."""
        if not sizes:
            raise ShapeError(f"{type(self).__name__}: input has no steps; at least one is needed.")
        if x.ndim != 2 or x.shape[1] != self.input_size:
            raise ShapeError(
                f"{type(self).__name__}: the last dimension of input must be input_size = "
                f"{self.input_size}, got {x.shape[-1]}."
            )
        if states is None:
            states = self._zeros(x, sizes[0])
        else:
            self._check_states(states, sizes[0], x.dtype)
        ends, ways = [], 1 + self.bidirectional
        for layer in range(self.num_layers):
            if layer and self.dropout:
                x = F.dropout(x, self.dropout, self.training)
            sides = []
            for way, names in enumerate(self._names(layer)):
                weights = [name and getattr(self, name) for name in names]
                begin = tuple(s[layer * ways + way] for s in states)
                side, end = self._direction(x, sizes, begin, weights, way == 1)
                sides.append(side)
                ends.append(end)
            x = sides[0] if ways == 1 else ops.cat(sides, -1)
        return x, tuple(ops.stack(parts) for parts in zip(*ends, strict=True))

    # States -------------------------------------------------------------------------------------

    def _state_sizes(self) -> list[int]:
        """The last size of each state: of h, and of c where there is one."""
        return [self.hidden_size]

    def _zeros(self, x: Tensor, n: int) -> State:
        count = self.num_layers * (1 + self.bidirectional)
        return tuple(
            zeros(count, n, size, dtype=x.dtype, device=home_of(x)) for size in self._state_sizes()
        )

    def _check_states(self, states: State, n: int, kind: Any = None) -> None:
        count = self.num_layers * (1 + self.bidirectional)
        for name, x, size in zip(("hx", "cx"), states, self._state_sizes(), strict=False):
            if x.shape != (count, n, size):
                raise ShapeError(
                    f"{type(self).__name__}: {name} must be (layers * directions, batch, size) = "
                    f"{(count, n, size)}, got {x.shape}."
                )
            if kind is not None and x.dtype != kind:
                raise TypeError(
                    f"{type(self).__name__}: {name} must be {kind} as the input, got {x.dtype}."
                )

    def extra_repr(self) -> str:
        shown = [f"{self.input_size}, {self.hidden_size}"]
        usual = dict(
            proj_size=0, num_layers=1, bias=True, batch_first=False, dropout=0, bidirectional=False
        )
        for name, value in usual.items():
            if getattr(self, name) != value:
                shown.append(f"{name}={getattr(self, name)}")
        return ", ".join(shown)
