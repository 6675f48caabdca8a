"""PyTorch's `autograd` face: gradients returned, and the switches of recording."""

from .tape import enable_grad, no_grad, set_grad_enabled
from .transforms import gradients as grad, hessian, jacobian

__all__ = ["enable_grad", "grad", "hessian", "jacobian", "no_grad", "set_grad_enabled"]
