"""What only graphics cards need of the operations; loaded before the first card is used."""

from . import (
    attending_gpu as attending_gpu,
    batch_normalizing_gpu as batch_normalizing_gpu,
    bends_gpu as bends_gpu,
    casting_gpu as casting_gpu,
    convolution_gpu as convolution_gpu,
    elementwise_gpu as elementwise_gpu,
    entropy_gpu as entropy_gpu,
    exponentials_gpu as exponentials_gpu,
    folding_gpu as folding_gpu,
    linear_gpu as linear_gpu,
    normalizing_gpu as normalizing_gpu,
    pooling_gpu as pooling_gpu,
    positions_gpu as positions_gpu,
    random_gpu as random_gpu,
    recurring_gpu as recurring_gpu,
    reduction_gpu as reduction_gpu,
    rows_gpu as rows_gpu,
    solving_gpu as solving_gpu,
    sums_gpu as sums_gpu,
)
