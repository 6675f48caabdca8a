"""Fourier transforms of real and complex signals."""

from typing import Any

from ..case import Case, Refused, Trial, bools, complexes, ints, real

Z: dict[str, Any] = {"x": complexes(3, 5)}
X: dict[str, Any] = {"x": real(3, 6)}
WAYS = ("n=3", "n=8", "n=4, dim=0", "dim=-2", "norm='ortho'", "norm='forward'", "norm='backward'",
        "n=7, dim=1, norm='ortho'")  # fmt: skip


def turns(name: str, *inputs: Any) -> list[Trial]:
    """One transform of a signal, in every way, and what it refuses."""
    call = f"m.fft.{name}"
    return [
        *(Case(f"{call}(x)", x=x) for x in inputs),
        *(Case(f"{call}(x, {way})", x=inputs[0]) for way in WAYS),
        Case(f"{call}(input=x, n=4, dim=0, norm=None)", x=inputs[0]),
        Case(f"{call}(x, 1)", x=inputs[0]),
        Refused(f"{call}(x, dim=2)", says="dim", x=inputs[0]),
        Refused(f"{call}(x, n=0)", says="n must be", x=inputs[0]),
        Refused(f"{call}(x, norm='unit')", says="norm", x=inputs[0]),
        Refused(f"{call}(x)", says="at least one dimension", x=real()),
    ]


def planes(name: str, *inputs: Any) -> list[Trial]:
    """One transform over two dimensions."""
    call = f"m.fft.{name}"
    return [
        *(Case(f"{call}(x)", x=x) for x in inputs),
        Case(f"{call}(x, s=(4, 3))", x=inputs[0]),
        Case(f"{call}(input=x, s=(2, -1), dim=(1, 0), norm='ortho')", x=inputs[0]),
        Case(f"{call}(x, dim=(0, -1), norm='forward')", x=inputs[0]),
        Refused(f"{call}(x, s=(2,), dim=(0, 1))", says="s has 1", x=inputs[0]),
        Refused(f"{call}(x)", says="dim", x=real(3)),
    ]


_SIGNALS = (complexes(3, 5), real(3, 6), real(4), real(1), complexes(2, 2, 3), ints(9, 4), bools(3))

CASES: dict[str, list[Trial]] = {
    "fft.fft": [
        *turns("fft", *_SIGNALS),
        Case("m.fft.fft(x).abs().sum()", **X),
        Case("(m.fft.fft(x).abs() ** 2).sum(-1)", **Z),
        Case("m.fft.ifft(m.fft.fft(x) * m.fft.fft(y)).real", y=real(3, 6, seed=1), **X),
    ],
    "fft.ifft": turns("ifft", *_SIGNALS),
    "fft.rfft": [
        *turns("rfft", real(3, 6), real(3, 5), real(4), real(1), real(2, 2, 3), ints(9, 4)),
        Case("m.fft.rfft(x).real * m.fft.rfft(x).imag", **X),
        Case("m.fft.rfft(x).angle()", x=real(5)),
        Refused("m.fft.rfft(x)", says="input must be real", **Z),
    ],
    "fft.irfft": [
        *turns("irfft", *_SIGNALS[:3], complexes(4), complexes(2, 2, 3)),
        Case("m.fft.irfft(x)", x=ints(9, 4), kinds=("float32",)),
        Case("m.fft.irfft(m.fft.rfft(x))", **X),
        Case("m.fft.irfft(m.fft.rfft(x), n=5)", x=real(5)),
        Case("m.fft.irfft(m.fft.rfft(x, n=12) * m.fft.rfft(y, n=12))", y=real(4), **X),
        Refused("m.fft.irfft(x)", says="n must be", x=complexes(1)),
    ],
    "fft.fft2": planes("fft2", complexes(3, 5), real(3, 4), real(2, 3, 4)),
    "fft.ifft2": planes("ifft2", complexes(3, 5), real(3, 4), real(2, 3, 4)),
    "fft.rfft2": planes("rfft2", real(3, 4), real(2, 3, 5)),
    "fft.irfft2": [
        *planes("irfft2", complexes(3, 4), complexes(2, 3, 5)),
        Case("m.fft.irfft2(m.fft.rfft2(x) * 2, s=x.shape)", x=real(3, 5)),
    ],
    "fft.fftn": [
        Case("m.fft.fftn(x)", x=real(2, 3, 4)),
        Case("m.fft.fftn(x, s=(3, 2))", x=complexes(2, 3, 4)),
        Case("m.fft.fftn(input=x, dim=(0, 2), norm='ortho')", x=real(2, 3, 4)),
        Case("m.fft.rfftn(x)", x=real(2, 3, 4)),
        Refused("m.fft.fftn(x, dim=(0, 0))", says="dim", x=real(2, 3)),
    ],
    "fft.ifftn": [
        Case("m.fft.ifftn(x)", x=real(2, 3, 4)),
        Case("m.fft.ifftn(input=x, s=(3, 2), dim=(0, 1))", x=complexes(2, 3, 4)),
        Case("m.fft.irfftn(x, s=(2, 3, 5))", x=complexes(2, 3, 3)),
    ],
    "fft.fftfreq": [
        *(Case(f"m.fft.fftfreq({n})") for n in (1, 4, 5)),
        Case("m.fft.fftfreq(5, d=0.5)"),
        Case("m.fft.fftfreq(n=6, d=2, dtype=m.float64)"),
    ],
    "fft.rfftfreq": [
        *(Case(f"m.fft.rfftfreq({n})") for n in (1, 4, 5)),
        Case("m.fft.rfftfreq(n=5, d=0.5, dtype=m.float64)"),
    ],
    "fft.fftshift": [
        *(Case("m.fft.fftshift(x)", x=real(*s)) for s in ((4,), (5,), (3, 4), (1,), (0,))),
        Case("m.fft.fftshift(input=x, dim=0)", x=real(3, 4)),
        Case("m.fft.fftshift(x, dim=(0, -1))", x=complexes(2, 3, 5)),
    ],
    "fft.ifftshift": [
        *(Case("m.fft.ifftshift(x)", x=real(*s)) for s in ((4,), (5,), (3, 5))),
        Case("m.fft.ifftshift(input=x, dim=-1)", x=real(3, 5)),
    ],
}
