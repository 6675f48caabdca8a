"""A hundred training steps of every workload of the benchmark, in small: compiled as in eager."""

import numpy as np
import pytest

import minidl
from benchmarks.workloads import WORKLOADS, batches, tensors, train_step, weights

STEPS = 100


@pytest.mark.parametrize("backend", ["native", "plan"])
@pytest.mark.parametrize("name", WORKLOADS)
def test_losses_are_those_of_eager(name, backend):
    work = WORKLOADS[name].sized(**WORKLOADS[name].small)
    start, given = weights(work), tensors(minidl, batches(work))
    eager = train_step(minidl, work, start)
    compiled = minidl.compile(train_step(minidl, work, start), backend=backend)
    losses = [
        [step(*given[i % len(given)]).item() for i in range(STEPS)] for step in (eager, compiled)
    ]
    np.testing.assert_allclose(losses[1], losses[0], rtol=2e-3, atol=2e-4)
    assert losses[1][-1] < losses[1][0]
    wanted = "NativeProgram" if backend == "native" else "Plan"
    assert wanted in str(compiled.explain())
