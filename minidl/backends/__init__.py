"""What may be given up for speed, under PyTorch's names; each switch acts at once."""

from . import cpu as cpu, cuda as cuda, cudnn as cudnn
from .cuda import (
    get_float32_matmul_precision as get_float32_matmul_precision,
    set_float32_matmul_precision as set_float32_matmul_precision,
)
