"""Attention and transformers beyond parity: who sees whom, paper, copies."""

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.compiler import trace

MASK = nn.Transformer.generate_square_subsequent_mask


def seen_by(function, x):
    """[i, j]: whether output position i changes with input position j, both (positions, N, E)."""
    before = function(x).detach()
    rows = []
    for j in range(x.shape[0]):
        moved = x.clone()
        moved[j] = -moved[j]  # not only raised: a norm would take that out
        rows.append(((function(moved).detach() - before).abs() > 1e-7).flatten(1).any(1).tolist())
    return np.array(rows).T


@pytest.mark.parametrize("norm_first", [False, True])
def test_a_causal_encoder_sees_no_later_position(norm_first):
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, norm_first=norm_first)
    net = nn.TransformerEncoder(layer, 2, nn.LayerNorm(8))
    x = minidl.randn(5, 1, 8)
    causal = seen_by(lambda x: net(x, mask=MASK(5), is_causal=True), x)
    assert (causal == np.tril(np.ones((5, 5), bool))).all()
    assert seen_by(net, x).all()


def test_a_decoder_sees_earlier_words_and_all_memory():
    net = nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, dropout=0.0), 2)
    words, memory = minidl.randn(4, 1, 8), minidl.randn(3, 1, 8)
    own = seen_by(lambda x: net(x, memory, tgt_mask=MASK(4)), words)
    assert (own == np.tril(np.ones((4, 4), bool))).all()
    moved = net(words, -memory, tgt_mask=MASK(4)) - net(words, memory, tgt_mask=MASK(4))
    assert (moved.abs() > 1e-6).any(-1).all()


def test_padding_changes_nothing_for_the_others():
    net = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True), 2)
    x, padding = minidl.randn(1, 6, 8), minidl.tensor([[False] * 4 + [True] * 2])
    padded = net(x, src_key_padding_mask=padding)
    np.testing.assert_allclose(padded[:, :4].detach(), net(x[:, :4]).detach(), atol=1e-5)


@pytest.mark.parametrize("need_weights", [True, False])
def test_a_promise_of_causality_gives_what_the_mask_gives(need_weights):
    net, x = nn.MultiheadAttention(8, 2), minidl.randn(5, 3, 8)
    expected, _ = net(x, x, x, attn_mask=MASK(5), need_weights=need_weights)
    promised, _ = net(x, x, x, attn_mask=MASK(5), need_weights=need_weights, is_causal=True)
    np.testing.assert_allclose(promised.detach(), expected.detach(), atol=1e-6)


def test_attention_weights_are_a_distribution_over_keys_that_may_be_asked():
    net, x = nn.MultiheadAttention(8, 4, batch_first=True), minidl.randn(2, 5, 8)
    hidden = minidl.tensor([[False, False, True, False, False], [True, False, False, False, True]])
    _, weights = net(x, x, x, key_padding_mask=hidden, average_attn_weights=False)
    assert weights.shape == (2, 4, 5, 5)
    np.testing.assert_allclose(weights.sum(-1).detach(), 1, atol=1e-6)
    assert (weights.detach() == 0).all(2).all(1).tolist() == hidden.tolist()


def test_a_transformer_and_its_gradient_run_on_paper():
    net = nn.Transformer(8, 2, 1, 1, 16, dropout=0.0, activation="gelu")

    def gradient(src, tgt):
        output = net(src, tgt, tgt_mask=MASK(4), tgt_is_causal=True)
        return minidl.autograd.grad(output.square().sum(), [src, tgt])

    src, tgt = (minidl.randn(n, 2, 8).requires_grad_() for n in (5, 4))
    graph = trace(gradient)(src, tgt)
    for got, expected in zip(graph.evaluate(src, tgt), gradient(src, tgt), strict=True):
        np.testing.assert_allclose(got, expected.detach(), atol=1e-5)
    assert any(call.scope[1:3] == ("encoder", "layers") for call in graph.calls)


def test_layers_begin_alike_but_learn_apart():
    layer = nn.TransformerEncoderLayer(8, 2, 16)
    net = nn.TransformerEncoder(layer, 2)
    first, second = (part.linear1.weight for part in net.layers)
    assert minidl.equal(first, second) and first is not second
    assert first is not layer.linear1.weight
    net(minidl.randn(3, 2, 8)).square().sum().backward()
    assert not minidl.equal(first.grad, second.grad)


def test_a_learned_mask_gets_a_gradient():
    net, x = nn.MultiheadAttention(8, 2), minidl.randn(5, 3, 8)
    mask = minidl.zeros(5, 5, requires_grad=True)
    net(x, x, x, attn_mask=mask, need_weights=False)[0].square().sum().backward()
    assert mask.grad is not None and (mask.grad.abs() > 0).any()
    np.testing.assert_allclose(mask.grad.sum(-1), 0, atol=1e-5)  # a row may be raised as a whole
