"""Evaluation and metrics."""

import pytest

import minidl
from minidl import nn
from minidl.data import DataLoader, TensorDataset
from minidl.training import accuracy, confusion_matrix, evaluate, top_k_accuracy


def scores():
    output = minidl.tensor([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0], [1.0, 3.0, 2.0], [3.0, 1.0, 2.0]])
    return output, minidl.tensor([0, 2, 0, 1])


def test_metrics_of_class_scores():
    output, target = scores()
    assert accuracy(output, target) == 0.5
    assert top_k_accuracy(2)(output, target) == 0.5
    assert top_k_accuracy(3)(output, target) == 1.0
    assert top_k_accuracy(2).__name__ == "top_2_accuracy"
    assert confusion_matrix(output, target, 3) == [[1, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_accuracy_of_one_logit_each():
    assert accuracy(minidl.tensor([1.0, -1.0, 2.0]), minidl.tensor([1.0, 0.0, 0.0])) == (
        pytest.approx(2 / 3)
    )


def test_accuracy_of_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match=r"\(4, 3\).*\(4, 1\)"):
        accuracy(scores()[0], minidl.zeros(4, 1))


@pytest.mark.parametrize("size", [1, 3, 10])
def test_the_mean_does_not_depend_on_the_batch_size(size):
    minidl.manual_seed(0)
    x = minidl.randn(10, 3)
    y = minidl.randint(0, 2, (10,))
    model = nn.Linear(3, 2)
    results = evaluate(model, DataLoader(TensorDataset(x, y), size), nn.CrossEntropyLoss())
    assert results["loss"] == pytest.approx(nn.CrossEntropyLoss()(model(x), y).item(), rel=1e-5)
    assert results["accuracy"] == pytest.approx(accuracy(model(x), y))


def test_evaluation_leaves_modes_generator_and_gradients_alone():
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 2))
    model[1].eval()
    before = minidl.default_generator.state_dict()
    loader = DataLoader(TensorDataset(minidl.ones(4, 3), minidl.zeros(4).long()), 2, shuffle=True)
    one, two = (evaluate(model, loader, nn.CrossEntropyLoss()) for _ in range(2))
    assert one == pytest.approx(two), "no dropout"
    assert [m.training for m in model.modules()] == [True, True, False, True]
    assert minidl.default_generator.state_dict() == before
    assert all(p.grad is None for p in model.parameters())


def test_nothing_to_evaluate():
    with pytest.raises(ValueError, match="no batch"):
        evaluate(nn.Linear(1, 1), [], nn.MSELoss())
