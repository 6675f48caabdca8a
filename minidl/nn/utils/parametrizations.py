"""PyTorch's `nn.utils.parametrizations`: weights learned in another form."""

from ..spectral_norm import spectral_norm
from ..weight_norm import weight_norm

__all__ = ["spectral_norm", "weight_norm"]
