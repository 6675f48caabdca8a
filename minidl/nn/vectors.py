"""All parameters as one vector, and back: for whoever treats a network as a point in space."""

from collections.abc import Iterable

from .. import ops
from ..errors import ShapeError
from ..tape import no_grad
from ..tensors import Tensor


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All numbers of some parameters, one after another, as (n,)."""
    return ops.cat([parameter.reshape(-1) for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Writes the numbers of a vector (n,) back into parameters.

    Raises:
        ShapeError: the vector holds fewer or more numbers than the parameters. (PyTorch ignores
            what is over.) TypeError: it is no tensor.
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"vector_to_parameters: vec must be a tensor, got {type(vec).__name__}.")
    targets = list(parameters)
    sizes = [parameter.numel() for parameter in targets]
    if vec.shape != (sum(sizes),):
        raise ShapeError(
            f"vector_to_parameters: parameters hold {sum(sizes)} numbers, vec is {vec.shape}."
        )
    with no_grad():
        for parameter, part in zip(targets, ops.split(vec.detach(), sizes), strict=True):
            parameter.copy_(part.reshape(parameter.shape))
