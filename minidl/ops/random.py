"""Random numbers, always from an explicit generator, so that a run can be repeated and resumed.

A random primitive takes a value only for its shape, dtype and device: on paper it is then part of
the graph, and a compiled step draws afresh instead of repeating one mask for ever.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import randbits
from typing import Any, final

from ..backend import Device, device as device_named, float64, int64, random_bits
from ..dtypes import is_floating
from ..errors import ShapeError
from ..primitive import broadcast, primitive
from ..tape import Outline
from .dims import whole
from .elementwise import fill
from .movement import cast

__all__ = [
    "Generator",
    "bernoulli",
    "default_generator",
    "get_rng_state",
    "manual_seed",
    "multinomial",
    "set_rng_state",
]


@final
class Generator:
    """A stream of random numbers that depends on its seed alone.

    Args:
        seed: where the stream begins.
        device: where numbers are wanted; they are always drawn on the processor, so that one seed
            gives one stream on every device. May stand first, as in Generator("cuda").

    Source: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
    for Random Number Generation" (2014); NumPy's PCG64.
    """

    _seed: int
    _bits: Any

    def __init__(self, seed: Any = 0, device: Any = "cpu"):
        named = isinstance(seed, (str, Device))
        self.device = device_named(seed if named else device)
        self.manual_seed(0 if named else seed)

    def manual_seed(self, seed: int) -> "Generator":
        """Starts the stream of this seed from its beginning; -1 means 2^64 - 1, and so on.

        Raises:
            TypeError: `seed` is no integer.
        """
        here = self._here()
        here._seed = whole(seed, "seed") % 2**64
        here._bits = random_bits(here._seed)
        return self

    @property
    def bits(self) -> Any:
        """NumPy's generator, from which the numbers are drawn."""
        return self._here()._bits

    def _here(self) -> "Generator":
        """This generator, or what stands in for it in this thread (see `instead`)."""
        stand_in = _thread.stand_in
        return stand_in() if stand_in is not None and self is default_generator else self

    def initial_seed(self) -> int:
        """The seed the stream began with."""
        return self._here()._seed

    def seed(self) -> int:
        """Starts a stream nobody has seen before, and returns its seed."""
        return self.manual_seed(randbits(63)).initial_seed()

    def state_dict(self) -> dict[str, Any]:
        """The exact position in the stream; big numbers as text, since JSON may round them."""
        state = self.bits.bit_generator.state
        return {
            "seed": str(self.initial_seed()),
            "state": str(state["state"]["state"]),
            "inc": str(state["state"]["inc"]),
            "has_uint32": state["has_uint32"],
            "uinteger": state["uinteger"],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes to a position that `state_dict` described."""
        self._here()._seed = int(state["seed"])
        self.bits.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": int(state["state"]), "inc": int(state["inc"])},
            "has_uint32": int(state["has_uint32"]),
            "uinteger": int(state["uinteger"]),
        }

    get_state, set_state = state_dict, load_state_dict  # PyTorch's names; a tensor there

    def __repr__(self) -> str:
        return f"Generator(seed={self.initial_seed()})"


@final
class _Thread(threading.local):
    """What each thread has of its own: a stand-in for the default generator, or none."""

    stand_in: Callable[[], Generator] | None = None


_thread = _Thread()
default_generator = Generator()


@contextmanager
def instead(stand_in: Callable[[], Generator]) -> Iterator[None]:
    """In this block, and in this thread alone, another generator is the default one.

    So threads that fetch data draw neither from one stream in an order that nobody knows, nor
    numbers that the training would have had.
    """
    before, _thread.stand_in = _thread.stand_in, stand_in
    try:
        yield
    finally:
        _thread.stand_in = before


def manual_seed(seed: int) -> Generator:
    """Starts the default generator anew with a seed, and returns it."""
    return default_generator.manual_seed(seed)


def get_rng_state() -> dict[str, Any]:
    """The default generator's position in its stream."""
    return default_generator.state_dict()


def set_rng_state(new_state: dict[str, Any]) -> None:
    """Brings the default generator to a position that get_rng_state gave."""
    default_generator.load_state_dict(new_state)


# Primitives -----------------------------------------------------------------------------------


@primitive(lambda x, *, generator: Outline(tuple(x.shape), x.dtype), onnx="RandomUniformLike")
def uniform_like(xp, x, *, generator):
    """Numbers between 0 (included) and 1, one for each of x."""
    wide = x.dtype.itemsize == 8
    draws = generator.bits.random(x.shape, dtype="float64" if wide else "float32")
    return xp.asarray(draws, dtype=x.dtype)


@primitive(lambda x, *, generator: Outline(tuple(x.shape), x.dtype), onnx="RandomNormalLike")
def normal_like(xp, x, *, generator):
    """Numbers with mean 0 and variance 1, one for each of x."""
    wide = x.dtype.itemsize == 8
    draws = generator.bits.standard_normal(x.shape, dtype="float64" if wide else "float32")
    return xp.asarray(draws, dtype=x.dtype)


@primitive(lambda x, *, low, high, generator: Outline(tuple(x.shape), int64))
def integers_like(xp, x, *, low, high, generator):
    """Integers from low to high - 1, one for each of x."""
    return xp.asarray(generator.bits.integers(low, high, x.shape))


@primitive(lambda x, *, generator: Outline(tuple(x.shape), int64))
def permutation_like(xp, x, *, generator):
    """The positions of a vector in random order."""
    return xp.asarray(generator.bits.permutation(x.shape[0]))


@primitive(lambda p, *, generator: Outline(tuple(p.shape), p.dtype), onnx="Bernoulli")
def bernoulli_(xp, p, *, generator):
    """1 with the probability that stands at the place, else 0"""
    if not xp.all((p >= 0) & (p <= 1)):
        raise ValueError("bernoulli: the probabilities must all lie between 0 and 1.")
    wide = p.dtype.itemsize == 8
    draws = generator.bits.random(p.shape, dtype="float64" if wide else "float32")
    return (xp.asarray(draws) < p).astype(p.dtype)


bernoulli_.vjp(lambda g, z, p, generator: fill(g, value=0))


@primitive(
    lambda w, *, draws, replacement, generator: Outline((*w.shape[:-1], draws), int64), quiet=True
)
def multinomial_(xp, w, *, draws, replacement, generator):
    """Positions along the last dimension, drawn with the weights that stand there"""
    if not xp.all((w >= 0) & (w < float("inf"))):
        raise ValueError("multinomial: input must hold no negative number, no inf and no nan.")
    total = w.sum(-1, keepdims=True, dtype="float64")
    if not xp.all(total > 0):
        raise ValueError("multinomial: input must not sum to 0: there is nothing to draw.")
    if not replacement:  # of waiting times E / w, with E exponential, the smallest come first
        waits = xp.asarray(generator.bits.standard_exponential(w.shape)) / w
        return xp.argsort(waits, -1)[..., :draws]
    rows, n = total.size, w.shape[-1]
    row = xp.arange(rows)[:, None]
    ladder = xp.reshape(xp.cumsum(w / total, -1), (rows, n))
    steps = xp.asarray(generator.bits.random((rows, draws))) * ladder[:, -1:]
    # all ladders one above the other, each 1 high, so that one search serves all rows
    places = xp.searchsorted(xp.ravel(ladder + row), steps + row, side="right") - row * n
    return xp.reshape(xp.minimum(places, n - 1), (*w.shape[:-1], draws))


@primitive(
    lambda mean, std, *, generator: Outline(
        broadcast(tuple(mean.shape), tuple(std.shape)), mean.dtype
    ),
)
def normal_(xp, mean, std, *, generator):
    """Normal numbers, each with a mean and a standard deviation of its own"""
    if not xp.all(std >= 0):
        raise ValueError("normal: std must not be negative.")
    shape = broadcast(mean.shape, std.shape)
    draws = xp.asarray(generator.bits.standard_normal(shape))
    return (draws * std + mean).astype(mean.dtype)


normal_.vjp(
    lambda g, z, mean, std, generator: fill(g, value=0),
    lambda g, z, mean, std, generator: fill(g, value=0),
)


# PyTorch's names ------------------------------------------------------------------------------


def bernoulli(input: Any, p: float | None = None, *, generator: Generator | None = None) -> Any:
    """1 with the probability that stands at the place, else 0; in the shape and dtype of input.

    Args:
        p: one probability for all places; then the numbers of `input` do not matter.

    Raises:
        TypeError: `input` holds no real numbers, which probabilities must be.
        ValueError: a probability below 0 or above 1.
    """
    if not hasattr(input, "dtype"):
        raise TypeError(f"bernoulli: input must be a tensor, got {input!r:.60}.")
    if p is not None:
        if not 0 <= p <= 1:
            raise ValueError(f"bernoulli: p must lie between 0 and 1, got {p}.")
        chances = fill(cast(input, dtype=float64), value=p)
        return cast(bernoulli_(chances, generator=_given(generator)), dtype=input.dtype)
    if not is_floating(input.dtype):
        raise TypeError(f"bernoulli: input must hold probabilities, got {input.dtype}.")
    return bernoulli_(input, generator=_given(generator))


def multinomial(
    input: Any, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Any:
    """Positions drawn by weight along the last dimension.

    Args:
        input: (n,) or (m, n), not negative; they need not add up to 1.
        num_samples: how many to draw.
        replacement: whether one position may come twice.

    Returns:
        (num_samples,) or (m, num_samples), int64.

    Raises:
        TypeError: `input` holds no real numbers.
        ShapeError: `input` has neither one nor two dimensions.
        ValueError: no draws, more draws than positions without replacement, or bad weights.
    """
    if not is_floating(input.dtype):
        raise TypeError(f"multinomial: input must hold real numbers, got {input.dtype}.")
    if input.ndim not in (1, 2):
        raise ShapeError(f"multinomial: input must be (n,) or (m, n), got {tuple(input.shape)}.")
    if num_samples <= 0:
        raise ValueError(f"multinomial: num_samples must be positive, got {num_samples}.")
    if not replacement and num_samples > input.shape[-1]:
        raise ValueError(
            f"multinomial: num_samples={num_samples} draws without replacement from "
            f"{input.shape[-1]}."
        )
    return multinomial_(input.detach(), draws=num_samples, replacement=replacement,
                        generator=_given(generator))  # fmt: skip


def _given(generator: Generator | None) -> Generator:
    return default_generator if generator is None else generator
