"""Recurrent layers beyond parity: long histories, memory, paper, sequences of different lengths."""

import gc
import tracemalloc
import weakref
from copy import deepcopy

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.compiler import trace
from minidl.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from .twin import torch

RNG = np.random.default_rng(0)


def twins(code):
    """The layer in both frameworks, with PyTorch's weights."""
    mine, theirs = (eval(code, {"nn": f.nn}) for f in (minidl, torch))
    mine.load_state_dict({k: minidl.tensor(t.numpy()) for k, t in theirs.state_dict().items()})
    return mine, theirs


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_gradients_through_fifty_steps_agree(kind):
    torch.manual_seed(0)
    nets = twins(f"nn.{kind}(6, 16, 2)")
    x = RNG.normal(size=(50, 3, 6)).astype("f")
    found = []
    for framework, net in zip((minidl, torch), nets, strict=True):
        inputs = framework.tensor(x).requires_grad_()
        output, _ = net(inputs)
        output[-1].square().sum().backward()  # only the last step is judged
        found.append([inputs.grad.numpy(), *(p.grad.numpy() for p in net.parameters())])
    assert np.abs(found[0][0][0]).max() > 0  # the first step has a share
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=1e-6)


def test_a_cell_in_a_loop_is_the_layer():
    layer, cell = nn.LSTM(3, 4), nn.LSTMCell(3, 4)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in layer.state_dict().items()})
    x = minidl.randn(7, 2, 3)
    state, outputs = (minidl.zeros(2, 4), minidl.zeros(2, 4)), []
    for step in x:
        state = cell(step, state)
        outputs.append(state[0])
    output, (h, c) = layer(x)
    np.testing.assert_allclose(output.detach(), minidl.stack(outputs).detach(), atol=1e-6)
    np.testing.assert_allclose(h[0].detach(), state[0].detach(), atol=1e-6)
    np.testing.assert_allclose(c[0].detach(), state[1].detach(), atol=1e-6)


def test_packed_sequences_do_not_see_the_padding():
    net = nn.GRU(3, 4, num_layers=2, bidirectional=True)
    lengths = [2, 6, 1, 6]
    sequences = [minidl.randn(n, 3) for n in lengths]
    padded = pad_sequence(sequences, padding_value=1e6)
    packed = pack_padded_sequence(padded, lengths, enforce_sorted=False)
    output, h = net(packed)
    output, counts = pad_packed_sequence(output)
    assert counts.tolist() == lengths
    for i, sequence in enumerate(sequences):
        alone, end = net(sequence)
        np.testing.assert_allclose(output[: lengths[i], i].detach(), alone.detach(), atol=1e-6)
        np.testing.assert_allclose(h[:, i].detach(), end.detach(), atol=1e-6)


def test_a_length_beyond_the_padding_is_refused():
    """PyTorch takes it, and gives rows that no sequence has."""
    with pytest.raises(ValueError, match="lengths must lie between 1 and 4"):
        pack_padded_sequence(minidl.zeros(4, 2, 3), [5, 1])


def test_dropout_between_layers_needs_a_second_layer():
    with pytest.warns(UserWarning, match="dropout"):
        nn.LSTM(3, 4, dropout=0.5)


def test_dropout_leaves_out_about_its_share_between_layers():
    minidl.manual_seed(0)
    net = nn.RNN(3, 200, 2, bias=False, dropout=0.3)
    with minidl.no_grad():
        net.weight_ih_l1.copy_(minidl.eye(200))
        net.weight_hh_l1.zero_()
    between = net(minidl.randn(20, 4, 3))[0]  # tanh of what dropout let through
    assert 0.27 < (between == 0).float().mean().item() < 0.33
    assert not (net.eval()(minidl.randn(20, 4, 3))[0] == 0).any().item()


def test_a_layer_runs_on_paper():
    net = nn.LSTM(3, 4, 2, bidirectional=True)
    x = minidl.randn(6, 2, 3)
    expected, (h, c) = net(x)
    graph = trace(lambda x: (lambda out: (out[0], *out[1]))(net(x)))(x)
    for got, wanted in zip(graph.evaluate(x), (expected, h, c), strict=True):
        np.testing.assert_allclose(got, wanted.detach(), atol=1e-6)


def test_a_packed_layer_and_its_gradient_run_on_paper():
    net = nn.GRU(3, 4, bidirectional=True)

    def gradient(x):
        packed = pack_padded_sequence(x, [2, 5], enforce_sorted=False)
        output, _ = pad_packed_sequence(net(packed)[0])
        return minidl.autograd.grad(output.square().sum(), x)[0]

    x = minidl.randn(5, 2, 3).requires_grad_()
    (got,) = trace(gradient)(x).evaluate(x)
    np.testing.assert_allclose(got, gradient(x).detach(), atol=1e-6)
    assert (got[2:, 0] == 0).all() and (got[:2, 0] != 0).all()


def test_a_detached_state_lets_go_of_the_past():
    first, net = None, nn.LSTM(8, 16)
    optimizer = minidl.optim.SGD(net.parameters(), lr=0.1)
    x, state, held = minidl.randn(10, 4, 8), None, []

    for step in range(20):
        if state is not None:
            state = tuple(s.detach() for s in state)
        output, state = net(x, state)
        if step == 0:
            first = weakref.ref(output.grad_fn)
        output.square().mean().backward()
        optimizer.step()
        optimizer.zero_grad()
        if step == 3:
            tracemalloc.start()
        if step > 3:
            gc.collect()  # also empties Python's own store of small objects to be used again
            held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert first is not None and first() is None
    assert max(held) - min(held) < 10_000, held  # one step's history alone is 150 KB


def test_a_layer_can_be_copied_and_its_weights_replaced():
    """As weight drop does: `weight_hh_l0` may be any tensor computed from parameters."""
    net = deepcopy(nn.LSTM(3, 4))
    raw = net.weight_hh_l0
    del net.weight_hh_l0
    net.register_parameter("raw", raw)
    net.weight_hh_l0 = raw * 0.5
    net(minidl.randn(5, 2, 3))[0].sum().backward()
    assert raw.grad is not None and net.weight_ih_l0.grad is not None
