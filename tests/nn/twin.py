"""The same sentence of code, run in PyTorch and in minidl from the same numbers."""

import importlib
import os
import warnings

import numpy as np
import pytest

import minidl

if os.environ.get("MINIDL_REQUIRE_TORCH") == "1":
    torch = importlib.import_module("torch")
else:
    torch = pytest.importorskip("torch")


def given(framework, array):
    """An input in a framework: floats ask for gradients, integers and bools do not."""
    made = framework.as_tensor(array.copy())
    return made.requires_grad_() if array.dtype.kind == "f" else made


def run(framework, sentence, arrays):
    """The sentence's result, and the gradients of its weighted sum where it has any."""
    inputs = [given(framework, a) for a in arrays]
    names = dict(
        zip("xyzw", inputs, strict=False), m=framework, nn=framework.nn, F=framework.nn.functional
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = eval(sentence, names)
    grads = []
    if result.requires_grad:
        weights = np.cos(np.arange(np.prod(result.shape, dtype=int))).reshape(tuple(result.shape))
        weighted = result * framework.as_tensor(weights.astype(str(result.dtype).split(".")[-1]))
        weighted.sum().backward()
        grads = [None if x.grad is None else x.grad.numpy() for x in inputs]
    return result.detach().numpy(), grads


def same(sentence, arrays, rtol=1e-5, atol=1e-7):
    """Asserts that numbers, dtypes and gradients agree."""
    mine, my_grads = run(minidl, sentence, arrays)
    theirs, their_grads = run(torch, sentence, arrays)
    assert mine.shape == theirs.shape and mine.dtype == theirs.dtype
    np.testing.assert_allclose(mine, theirs, rtol, atol)
    assert [g is None for g in my_grads] == [g is None for g in their_grads]
    for a, b in zip(my_grads, their_grads, strict=True):
        if a is not None and b is not None:
            assert a.dtype == b.dtype
            np.testing.assert_allclose(a, b, rtol, atol)
