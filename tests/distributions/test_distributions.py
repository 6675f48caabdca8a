"""Distributions against PyTorch's: log-probabilities, entropies, samples, divergences."""

import numpy as np
import pytest

import minidl

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

PROBS = np.array([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]])
LOGITS = np.log(PROBS) + 3.0
ONE = np.array([0.2, 0.9])

# How it is made (d is m.distributions), and values whose probability is asked for.
KINDS = [
    ("d.Categorical(t(PROBS))", np.array([2, 0])),
    ("d.Categorical(logits=t(LOGITS))", np.array([[2, 0], [1, 1], [0, 2]])),
    ("d.Categorical(probs=t(PROBS[0]))", np.array(1)),
    ("d.Normal(t(ONE), t(ONE))", np.array([0.3, -1.0])),
    ("d.Normal(0.0, 2.0)", np.array([0.5, 1.5])),
    ("d.Normal(t(ONE), 1.0)", np.array([[0.5], [1.5]])),
    ("d.Bernoulli(t(ONE))", np.array([1.0, 0.0])),
    ("d.Bernoulli(logits=t(ONE))", np.array([[1.0, 0.0], [0.0, 0.0]])),
    ("d.Uniform(t(-ONE), t(ONE + 1))", np.array([0.1, 7.0])),
]


def _made(m, code):
    leaves = []

    def t(array):
        leaves.append(m.tensor(np.asarray(array), requires_grad=True))
        return leaves[-1]

    names = {"d": m.distributions, "t": t, "PROBS": PROBS, "LOGITS": LOGITS, "ONE": ONE}
    return eval(code, names), leaves  # noqa: S307


@pytest.mark.parametrize(("code", "value"), KINDS, ids=[code for code, _ in KINDS])
def test_log_prob_entropy_and_their_gradients(code, value):
    results = []
    for m in (minidl, torch):
        distribution, leaves = _made(m, code)
        x = m.tensor(value)
        if m is torch:
            distribution = type(distribution)(
                *(), validate_args=False,
                **{k: getattr(distribution, k) for k in _arguments(distribution, code)}
            )  # fmt: skip
        outputs = [distribution.log_prob(x), distribution.entropy()]
        if leaves:
            finite = outputs[0].nan_to_num(neginf=0.0).sum() + outputs[1].sum()
            outputs += m.autograd.grad(finite, leaves)
        results.append([o.detach().numpy() for o in outputs])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7)


def _arguments(distribution, code):
    """What PyTorch's distribution is made of again, without its check of the values' range."""
    kind = type(distribution).__name__
    if kind in ("Categorical", "Bernoulli"):
        return ["logits" if "logits" in code else "probs"]
    return {"Normal": ["loc", "scale"], "Uniform": ["low", "high"]}[kind]


@pytest.mark.parametrize("code", [code for code, _ in KINDS])
def test_samples_have_the_shape_and_mean_of_the_distribution(code):
    minidl.manual_seed(0)
    ours, _ = _made(minidl, code)
    theirs, _ = _made(torch, code)
    for shape in ((), (4,), (2, 3)):
        assert ours.sample(shape).shape == tuple(theirs.sample(torch.Size(shape)).shape)
        assert not ours.sample(shape).requires_grad
    many = ours.sample((20000,)).double()
    reference = theirs.sample(torch.Size((20000,))).double()
    np.testing.assert_allclose(many.mean(0).numpy(), reference.mean(0).numpy(), atol=0.06)
    np.testing.assert_allclose(many.std(0).numpy(), reference.std(0).numpy(), atol=0.06)


def test_gradients_flow_through_a_reparametrised_sample():
    loc = minidl.tensor([1.0, 2.0], requires_grad=True)
    scale = minidl.tensor([0.5, 0.5], requires_grad=True)
    sample = minidl.distributions.Normal(loc, scale).rsample((3,))
    sample.sum().backward()
    assert loc.grad.tolist() == [3.0, 3.0]
    noise = (sample.detach() - loc.detach()) / 0.5
    np.testing.assert_allclose(scale.grad.numpy(), noise.sum(0).numpy(), rtol=1e-5)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        ("d.Normal(0.5, 2.0)", "d.Normal(t(ONE), t(ONE))"),
        ("d.Categorical(t(PROBS))", "d.Categorical(t(PROBS[::-1].copy()))"),
        ("d.Bernoulli(t(ONE))", "d.Bernoulli(t(ONE / 2))"),
    ],
)
def test_divergence(p, q):
    values = [
        m.distributions.kl_divergence(_made(m, p)[0], _made(m, q)[0]).detach().numpy()
        for m in (minidl, torch)
    ]
    np.testing.assert_allclose(*values, rtol=1e-5, atol=1e-7)


def test_what_cannot_be_is_refused():
    d = minidl.distributions
    with pytest.raises(ValueError, match="probs or logits"):
        d.Categorical()
    with pytest.raises(ValueError, match="probs or logits"):
        d.Bernoulli(probs=minidl.tensor(0.5), logits=minidl.tensor(0.0))
    with pytest.raises(minidl.ShapeError, match="classes"):
        d.Categorical(minidl.tensor(0.5))
    with pytest.raises(ValueError, match="low must be below high"):
        d.Uniform(1.0, 1.0)
    with pytest.raises(NotImplementedError, match="score function"):
        d.Categorical(minidl.tensor([0.5, 0.5])).rsample()
    with pytest.raises(NotImplementedError, match="Uniform with Normal"):
        d.kl_divergence(d.Uniform(0.0, 1.0), d.Normal(0.0, 1.0))
