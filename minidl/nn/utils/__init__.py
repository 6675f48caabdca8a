"""PyTorch's `nn.utils`: a thin face over what lives elsewhere."""

from ...optim.clip import clip_grad_norm_, clip_grad_value_
from ..vectors import parameters_to_vector, vector_to_parameters
from . import rnn

__all__ = [
    "clip_grad_norm_",
    "clip_grad_value_",
    "parameters_to_vector",
    "rnn",
    "vector_to_parameters",
]
