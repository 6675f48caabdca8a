"""What cuBLASLt is asked for, told to an imagined library by the real one's numbers."""

import ctypes
from types import SimpleNamespace

import numpy as np
import pytest

import minidl
from minidl.ops import cublaslt_gpu, products_gpu

from .test_launches import Array, Recorder

SWITCH = minidl.backends.cuda.matmul
NAMES = {"float16": "allow_fp16_reduced_precision_reduction", "float32": "allow_tf32"}


class Product:
    """Keeps what it was asked for, and multiplies nothing."""

    asked: list[tuple] = []

    def __init__(self, device, kind, compute, sizes, layouts, biased, alignment, narrow):
        self.asked.append((compute, narrow))

    def __call__(self, *_): ...


@pytest.fixture
def asked(monkeypatch):
    fake = SimpleNamespace(Product=Product, SINGLE="single", TF32="tf32", DOUBLE="double")
    monkeypatch.setattr(products_gpu, "library", lambda: fake)
    monkeypatch.setattr(products_gpu, "_known", {})
    Product.asked.clear()
    return Product.asked


def multiplied(kind):
    x = np.ones((4, 4), kind).view(Array)
    products_gpu.multiply(Recorder(), x, x)


@pytest.mark.parametrize("kind, on, off", [
    ("float16", ("single", True), ("single", False)),
    ("float32", ("tf32", True), ("single", True)),
])  # fmt: skip
def test_a_switch_acts_at_once_and_on_its_dtype_alone(asked, kind, on, off):
    before = getattr(SWITCH, NAMES[kind])
    try:
        for allowed in (True, False, True):
            setattr(SWITCH, NAMES[kind], allowed)
            multiplied(kind)
            multiplied("float64")
    finally:
        setattr(SWITCH, NAMES[kind], before)
    assert asked == [on, ("double", True), off]  # what was known from before is used again


@pytest.mark.parametrize("narrow", [True, False])
def test_parts_of_sums_are_asked_for_in_float32(monkeypatch, narrow):
    told = {}
    monkeypatch.setattr(cublaslt_gpu, "_made", lambda *_: ctypes.c_void_p(1))
    monkeypatch.setattr(
        cublaslt_gpu, "_told", lambda kind, thing, attribute, value: told.update({
            (kind, attribute): value.value})
    )  # fmt: skip

    def advise(handle, how, y, x, z, again, wish, count, answer, found):
        found._obj.value = 1
        return 0

    library = SimpleNamespace(cublasLtMatmulAlgoGetHeuristic=advise)
    monkeypatch.setattr(cublaslt_gpu, "library", lambda: library)
    monkeypatch.setattr(cublaslt_gpu, "_handle", lambda device: ctypes.c_void_p(1))
    monkeypatch.setattr(cublaslt_gpu, "_runner", lambda: None)
    layout = (False, 4, 0)
    cublaslt_gpu.Product(0, 2, 68, (4, 4, 4, 1), (layout, layout, layout), False, 16, narrow)
    # CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK and CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE
    assert told.get(("MatmulPreference", 3)) == (None if narrow else 2)
