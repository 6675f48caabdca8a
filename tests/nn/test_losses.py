"""Losses by hand, and what they say when labels or shapes are wrong."""

import math

import numpy as np
import pytest

import minidl
from minidl import nn
from minidl.nn import functional as F

LOGITS = minidl.tensor([[2.0, 0.0, -1.0], [0.0, 0.0, 0.0]])


def test_cross_entropy_is_the_surprise_at_the_right_class():
    surprise = -math.log(math.exp(2) / (math.exp(2) + 1 + math.exp(-1)))
    loss = F.cross_entropy(LOGITS, minidl.tensor([0, 2]), reduction="none")
    assert loss.tolist() == pytest.approx([surprise, math.log(3)], rel=1e-6)
    mean = nn.CrossEntropyLoss()(LOGITS, minidl.tensor([0, 2])).item()
    assert mean == pytest.approx((surprise + math.log(3)) / 2, rel=1e-6)


def test_its_gradient_is_softmax_minus_one_hot():
    logits = LOGITS.clone().requires_grad_()
    labels = minidl.tensor([0, 2])
    F.cross_entropy(logits, labels, reduction="sum").backward()
    expected = F.softmax(LOGITS, -1) - F.one_hot(labels, 3)
    np.testing.assert_allclose(logits.grad.numpy(), expected.numpy(), atol=1e-6)


def test_huge_logits_stay_finite():
    logits = minidl.tensor([[1e4, 0.0], [0.0, -1e4]], requires_grad=True)
    loss = F.cross_entropy(logits, minidl.tensor([1, 0]))
    loss.backward()
    assert loss.item() == pytest.approx(5000.0)
    assert logits.grad.isfinite().all()
    assert F.binary_cross_entropy_with_logits(logits, minidl.zeros(2, 2)).isfinite()


LABELS = [
    (minidl.tensor([0, 3]), IndexError, r"label 3 at index 1 .* with 3 classes.* 0 to 2"),
    (minidl.tensor([1, 3]), IndexError, r"count from 1, so use target - 1"),
    (minidl.tensor([-1, 0]), IndexError, r"label -1 at index 0"),
    (minidl.tensor([0.0, 1.0]), TypeError, r"must hold integers .*, got float32.*target.long\(\)"),
    (minidl.tensor([0, 1, 2]), ValueError, r"input \(2, 3\).*\(2,\), got \(3,\).*2 rows.*3 labels"),
    (minidl.tensor([[0], [1]]), ValueError, r"got \(2, 1\); target.squeeze\(-1\)"),
    (minidl.tensor([[1, 0, 0], [0, 1, 0]]), ValueError, r"target.argmax\(1\)"),
    (minidl.tensor(0), ValueError, r"needs a target of shape \(2,\), got \(\)"),
]


@pytest.mark.parametrize(("target", "error", "message"), LABELS)
@pytest.mark.parametrize("loss", [F.cross_entropy, F.nll_loss])
def test_wrong_labels_are_named(loss, target, error, message):
    with pytest.raises(error, match=message):
        loss(LOGITS, target)


def test_a_wrong_label_in_an_image_is_placed():
    labels = minidl.zeros(2, 4, 4).long()
    labels[1, 2, 3] = 7
    with pytest.raises(IndexError, match=r"label 7 at index \(1, 2, 3\)"):
        F.cross_entropy(minidl.zeros(2, 5, 4, 4), labels)


def test_a_column_against_a_row_warns_and_broadcasts():
    with pytest.warns(UserWarning, match=r"input has shape \(8, 1\), target \(8,\)") as caught:
        loss = nn.MSELoss(reduction="none")(minidl.zeros(8, 1), minidl.ones(8))
    assert loss.shape == (8, 8)
    assert "reshape((8, 1))" in str(caught[0].message)


def test_binary_cross_entropy_wants_probabilities_and_one_shape():
    with pytest.raises(ValueError, match=r"input\[1\] = 1.5 is no probability.*with_logits"):
        nn.BCELoss()(minidl.tensor([0.5, 1.5]), minidl.tensor([1.0, 0.0]))
    with pytest.raises(minidl.ShapeError, match=r"\(2, 1\) and target \(2,\).*reshape\(\(2, 1\)\)"):
        nn.BCEWithLogitsLoss()(minidl.zeros(2, 1), minidl.zeros(2))
    with pytest.raises(TypeError, match="target must hold real numbers, got int64; .*float"):
        nn.BCEWithLogitsLoss()(minidl.zeros(2), minidl.tensor([0, 1]))


def test_kl_div_of_a_distribution_from_itself_is_zero():
    p = minidl.tensor([[0.5, 0.5, 0.0]])
    near = F.kl_div((p + 1e-9).log(), p, reduction="batchmean")
    assert near.item() == pytest.approx(0, abs=1e-6)
    with pytest.warns(UserWarning, match="batchmean"):
        nn.KLDivLoss()(p, p)


def test_losses_can_be_traced_without_numbers():
    from minidl.compiler import trace

    labels = minidl.tensor([0, 2])
    graph = trace(lambda x: F.cross_entropy(x, labels))(LOGITS)
    assert graph.evaluate(LOGITS.numpy())[0] == pytest.approx(
        F.cross_entropy(LOGITS, labels).item()
    )
    graph = trace(F.cross_entropy)(LOGITS, labels)
    value = graph.evaluate(LOGITS.numpy(), labels.numpy())[0]
    assert value == pytest.approx(F.cross_entropy(LOGITS, labels).item())
