"""What is tried against PyTorch also runs on paper, and gives there what it gives at once."""

from typing import Any

import numpy as np
import pytest

import minidl
from minidl.compiler import trace

from .case import Case
from .cases import CASES
from .judge import flat, tensors
from .names import FAMILIES

NAMES = [name for family in ("elementwise", "reductions") for name in FAMILIES[family].split()]
FUNCTIONS = [name for family in ("layers", "activations", "losses")
             for name in FAMILIES[family].split() if name.startswith("nn.functional.")]  # fmt: skip
# The shape of these results depends on numbers, which paper has not; or they are no tensor.
WITHOUT = {"masked_select", "allclose", "m.where(b)", "m.where(x)", "F.one_hot(i)"}
WITHOUT.add("(lambda y: F.relu(y.view(-1), inplace=True))(x * 1)")  # a view changed in place


def _function(case: Case, names: list[str]) -> Any:
    def call(*inputs):
        known = {"m": minidl, "F": minidl.nn.functional}
        value = eval(case.code, known | dict(zip(names, inputs, strict=True)))  # noqa: S307
        return [z for z in flat(value) if isinstance(z, minidl.Tensor)]

    return call


@pytest.mark.parametrize("name", [name for name in NAMES + FUNCTIONS if name not in WITHOUT])
def test_name_on_paper(name):
    for case in CASES[name]:
        in_place = case.code.startswith(("[", "(lambda m0"))  # also running statistics
        if not isinstance(case, Case) or in_place or case.code in WITHOUT:
            continue
        inputs = tensors(minidl, case.inputs, "float64", False, False)
        function = _function(case, [*inputs])
        expected = function(*inputs.values())
        if not expected:
            continue
        got = trace(function)(*inputs.values()).evaluate(*inputs.values())
        for ours, theirs in zip(got, expected, strict=True):
            assert np.asarray(ours).dtype == theirs.dtype, case.code
            # fused in eager, composed on paper: sums of other orders
            wide = theirs.dtype.itemsize > 4 or theirs.dtype.kind not in "fc"
            rtol, atol = (1e-12, 1e-15) if wide else (1e-6, 1e-7)
            np.testing.assert_allclose(ours, theirs.numpy(), rtol, atol, err_msg=case.code)
