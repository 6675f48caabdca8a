"""A parameter: a tensor that a module offers to its optimiser."""

from typing import Any, TypeGuard, final

from ..creation import empty
from ..tensors import Tensor


def is_parameter(value: Any) -> TypeGuard[Tensor]:
    """Whether a value is a tensor that was made a parameter."""
    return isinstance(value, Tensor) and value._is_parameter


@final
class _ParameterType(type):
    """Lets `isinstance(p, Parameter)` ask the tensor's flag, since `Tensor` is final."""

    def __instancecheck__(cls, value: Any) -> bool:
        return is_parameter(value)


@final
class Parameter(metaclass=_ParameterType):
    """Makes a tensor a parameter: set as a module's attribute, it is found by `parameters()`.

    Args:
        data: the starting numbers, any shape; their memory is shared, not copied.
        requires_grad: whether it is to be trained.

    Returns:
        Tensor: a leaf, flagged as parameter.
    """

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Tensor:
        if data is not None and not isinstance(data, Tensor):
            raise TypeError(
                f"Parameter: data must be a Tensor, got {type(data).__name__}: "
                "wrap it, minidl.tensor(data)."
            )
        parameter = empty(0) if data is None else data.detach()
        parameter._is_parameter = True
        return parameter.requires_grad_(requires_grad)
