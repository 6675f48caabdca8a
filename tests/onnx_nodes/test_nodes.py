"""Each operator that minidl has computes what ONNX says; the rest are left out by name."""

import pytest

pytest.importorskip("onnx")

from .reader import Unsupported, node_tests, run  # noqa: E402
from .table import OPERATORS  # noqa: E402


@pytest.fixture(scope="module")
def verdicts():
    """For every test: None if it passes, else why not."""
    found = {}
    for test in node_tests():
        try:
            run(test, OPERATORS)
        except Exception as error:
            found[test.name] = error
        else:
            found[test.name] = None
    return found


@pytest.mark.filterwarnings("ignore")
def test_what_is_run_passes(verdicts):
    failing = {
        name: f"{type(e).__name__}: {e}"[:300]
        for name, e in verdicts.items()
        if e is not None and not isinstance(e, Unsupported)
    }
    assert not failing, "\n".join(f"{name}: {why}" for name, why in failing.items())


@pytest.mark.filterwarnings("ignore")
def test_every_operator_of_the_table_is_judged(verdicts):
    judged = {
        test.operators[0]
        for test in node_tests()
        if len(test.operators) == 1 and verdicts[test.name] is None
    }
    assert judged >= set(OPERATORS)


def test_a_wrong_operator_fails():
    wrong = {**OPERATORS, "Relu": lambda node, x: x}
    (relu,) = (test for test in node_tests() if test.name == "relu")
    with pytest.raises(AssertionError):
        run(relu, wrong)
    with pytest.raises(Unsupported, match="Relu"):
        run(relu, {})
