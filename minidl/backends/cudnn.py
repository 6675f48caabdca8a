"""Switches for convolutions on a graphics card.

Attributes:
    allow_tf32: convolutions of float32 may round their inputs to TF32, 10 bits after the point, and
        be several times as fast. Unlike products of matrices they do so by default, as PyTorch's.
    benchmark, deterministic, enabled: taken for PyTorch's sake; here they change nothing.
"""

allow_tf32 = True
benchmark, deterministic, enabled = False, False, True
