"""Recurrent layers: one cell, applied step after step, that hands its state on.

The input's share of all gates is one product of matrices for all steps; only the state's share has
to wait for the step before. Rows stand as in a `PackedSequence`: those of step 0, then of step 1,
and so on, `sizes` of them each, which for sequences of one length is the batch, T times.

Shapes: x (rows, in), w_ih (gates * hidden, in), w_hh (gates * hidden, out), biases
(gates * hidden,) or None, states (N, size).
"""

from collections.abc import Callable, Sequence
from typing import Any

from ... import ops
from ...tensors import Tensor
from .dense import linear, of_one_dtype

State = tuple[Tensor, ...]

# Cells ------------------------------------------------------------------------------------------


def rnn_cell(gate: Tensor, nonlinearity: str) -> Tensor:
    """h' = tanh(gate), or relu

    Args:
        gate: (N, hidden), W_ih x + b_ih + W_hh h + b_hh.
        nonlinearity: "tanh" or "relu".

    Source: J. Elman, "Finding Structure in Time" (1990).
    """
    return ops.tanh(gate) if nonlinearity == "tanh" else ops.relu(gate)


def lstm_cell(gates: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c')

    Args:
        gates: (N, 4 hidden), i, f, g and o side by side, each W_ih x + b_ih + W_hh h + b_hh.
        c: (N, hidden), what the cell remembers.

    Returns:
        (h', c'), each (N, hidden).

    Source: Hochreiter, Schmidhuber, "Long Short-Term Memory" (1997); the forget gate f from Gers,
    Schmidhuber, Cummins, "Learning to Forget" (2000).
    """
    i, f, g, o = ops.chunk(gates, 4, -1)
    c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
    return ops.sigmoid(o) * ops.tanh(c), c


def gru_cell(from_input: Tensor, from_state: Tensor, h: Tensor) -> Tensor:
    """h' = (1 - z) n + z h, with r = sigmoid(r_x + r_h), z = sigmoid(z_x + z_h) and
    n = tanh(n_x + r n_h)

    Args:
        from_input: (N, 3 hidden), r_x, z_x and n_x side by side: W_ih x + b_ih.
        from_state: (N, 3 hidden), r_h, z_h and n_h: W_hh h + b_hh.
        h: (N, hidden).

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder" (2014). There
    r multiplies h before its matrix; here, as in PyTorch, after it.
    """
    hidden = h.shape[-1]
    rz_x, n_x = ops.split(from_input, [2 * hidden, hidden], -1)
    rz_h, n_h = ops.split(from_state, [2 * hidden, hidden], -1)
    r, z = ops.chunk(ops.sigmoid(rz_x + rz_h), 2, -1)
    n = ops.tanh(n_x + r * n_h)
    return n + z * (h - n)


# One direction of one layer -----------------------------------------------------------------------


def rnn(x: Tensor, sizes: Sequence[int], state: State, weights: Sequence[Any],
        reverse: bool, nonlinearity: str) -> tuple[Tensor, State]:  # fmt: skip
    """A plain recurrent layer; `weights` are w_ih, w_hh, b_ih, b_hh."""
    w_ih, w_hh, b_ih, b_hh = weights
    back = w_hh.t()

    def step(gate: Tensor, state: State) -> State:
        return (rnn_cell(gate + state[0] @ back, nonlinearity),)

    return _steps(step, linear(x, w_ih, _sum(b_ih, b_hh)), sizes, state, reverse)


def lstm(x: Tensor, sizes: Sequence[int], state: State, weights: Sequence[Any],
         reverse: bool) -> tuple[Tensor, State]:  # fmt: skip
    """An LSTM layer; `weights` are w_ih, w_hh, b_ih, b_hh and w_hr (out, hidden), which makes the
    state h of the cell's output, or None."""
    w_ih, w_hh, b_ih, b_hh, w_hr = weights
    bias = _sum(b_ih, b_hh)
    if w_hr is None and sizes[0] == sizes[-1] > 0:
        x, *weights = of_one_dtype(x, w_ih, w_hh, *([] if bias is None else [bias]))
        return _lstm_at_once(x, len(sizes), state, weights, reverse)
    shares, back, out = linear(x, w_ih, bias), w_hh.t(), None if w_hr is None else w_hr.t()

    def step(gates: Tensor, state: State) -> State:
        h, c = lstm_cell(gates + state[0] @ back, state[1])
        return h if out is None else h @ out, c

    return _steps(step, shares, sizes, state, reverse)


def _lstm_at_once(
    x: Tensor, steps: int, state: State, weights: Sequence[Tensor], reverse: bool
) -> tuple[Tensor, State]:
    """The same for sequences of one length, as one primitive."""
    h, c = state
    states = ops.lstm_layer(x, h, c, *weights, steps=steps, reverse=reverse, memory=[])
    rows, n = x.shape[0], c.shape[0]
    end = 0 if reverse else rows - n
    return ops.narrow(states, 0, 0, rows), tuple(
        ops.narrow(states, 0, start, n) for start in (end, rows)
    )


def gru(x: Tensor, sizes: Sequence[int], state: State, weights: Sequence[Any],
        reverse: bool) -> tuple[Tensor, State]:  # fmt: skip
    """A GRU layer; `weights` are w_ih, w_hh, b_ih, b_hh."""
    w_ih, w_hh, b_ih, b_hh = weights

    def step(from_input: Tensor, state: State) -> State:
        (h,) = state
        return (gru_cell(from_input, linear(h, w_hh, b_hh), h),)

    return _steps(step, linear(x, w_ih, b_ih), sizes, state, reverse)


def _sum(a: Tensor | None, b: Tensor | None) -> Tensor | None:
    """Both biases as one, where they are only ever added."""
    return a if b is None else b if a is None else a + b


# The walk through the steps -----------------------------------------------------------------------


def _steps(
    step: Callable[[Tensor, State], State],
    shares: Tensor,
    sizes: Sequence[int],
    begin: State,
    reverse: bool,
) -> tuple[Tensor, State]:
    """Applies a cell to every step, from the first or from the last.

    Sequences stand longest first. Forward, the shortest leave as they end; backward, they join at
    their last step, each with the state it begins with.

    Returns:
        (output, end): h of every row, and each sequence's last state.
    """
    pieces = _pieces(shares, sizes)
    outputs: list[Tensor] = [shares] * len(sizes)
    order = range(len(sizes) - 1, -1, -1) if reverse else range(len(sizes))
    running = sizes[order[0]]
    state, ended = _rows(begin, 0, running), []
    for t in order:
        if sizes[t] < running:
            ended.insert(0, _rows(state, sizes[t], running))
            state = _rows(state, 0, sizes[t])
        elif sizes[t] > running:
            state = _joined([state, _rows(begin, running, sizes[t])])
        running = sizes[t]
        state = step(pieces[t], state)
        outputs[t] = state[0]
    return ops.cat(outputs), _joined([state, *ended])


def _rows(state: State, start: int, end: int) -> State:
    """Some sequences' part of a state."""
    if start == 0 and end == state[0].shape[0]:
        return state
    return tuple(ops.narrow(x, 0, start, end - start) for x in state)


def _joined(states: list[State]) -> State:
    if len(states) == 1:
        return states[0]
    return tuple(ops.cat(parts) for parts in zip(*states, strict=True))


def _pieces(x: Tensor, sizes: Sequence[int]) -> list[Tensor]:
    """The rows of each step, cut out by halves of halves.

    The gradient of a cut is filled up with zeros to the size of what it was cut from: T cuts from
    the whole would cost T times the whole, halves of halves cost log2(T) times.
    """
    if len(sizes) == 1:
        return [x]
    half = len(sizes) // 2
    rows = sum(sizes[:half])
    early, late = ops.split(x, [rows, x.shape[0] - rows])
    return _pieces(early, sizes[:half]) + _pieces(late, sizes[half:])
