"""The one table of primitives: a row per primitive says what it must compute, on which inputs.

test_table.py holds every row against its NumPy reference, finite differences, its outline rule and
paper; and asserts that no primitive is missing. rows/ has one file per file of minidl/ops.
"""

import numpy as np

from .rows import (
    attending,
    batch_normalizing,
    bends,
    complexes,
    convolution,
    diagonals,
    elementwise,
    exponentials,
    indexing,
    linear,
    movement,
    normalizing,
    pooling,
    questions,
    recurring,
    reduction,
    sliding,
    special,
    trigonometry,
)

ROWS = [*movement.ROWS, *elementwise.ROWS, *reduction.ROWS, *linear.ROWS, *indexing.ROWS]
ROWS += [*questions.ROWS, *trigonometry.ROWS, *special.ROWS]
ROWS += [*complexes.ROWS, *sliding.ROWS, *pooling.ROWS, *convolution.ROWS, *diagonals.ROWS]
ROWS += [*exponentials.ROWS, *normalizing.ROWS, *batch_normalizing.ROWS, *bends.ROWS]
ROWS += [*attending.ROWS, *recurring.ROWS]

# Random primitives have no reference to be equal to; test_random.py holds their distributions.
RANDOM = {
    *("uniform_like", "normal_like", "integers_like", "permutation_like"),
    *("bernoulli", "multinomial", "normal"),
}

# Ties have no derivative to nudge; test_table.py holds how their gradient is shared.
TIED = np.array([[1.0, 2.0], [2.0, 0.5]])
