"""Random numbers, always from an explicit generator, so that a run can be repeated and resumed.

A random primitive takes a value only for its shape, dtype and device: on paper it is then part of
the graph, and a compiled step draws afresh instead of repeating one mask for ever.
"""

from secrets import randbits
from typing import Any, final

from ..backend import int64, random_bits
from ..primitive import primitive
from ..tape import Outline

__all__ = [
    "Generator",
    "default_generator",
    "manual_seed",
]


@final
class Generator:
    """A stream of random numbers that depends on its seed alone.

    Source: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
    for Random Number Generation" (2014); NumPy's PCG64.
    """

    def __init__(self, seed: int = 0):
        self.manual_seed(seed)

    def manual_seed(self, seed: int) -> "Generator":
        """Starts the stream of this seed from its beginning."""
        self._seed = int(seed)
        self.bits = random_bits(self._seed % 2**64)
        return self

    def initial_seed(self) -> int:
        """The seed the stream began with."""
        return self._seed

    def seed(self) -> int:
        """Starts a stream nobody has seen before, and returns its seed."""
        self.manual_seed(randbits(63))
        return self._seed

    def state_dict(self) -> dict[str, Any]:
        """The exact position in the stream; big numbers as text, since JSON may round them."""
        state = self.bits.bit_generator.state
        return {
            "seed": str(self._seed),
            "state": str(state["state"]["state"]),
            "inc": str(state["state"]["inc"]),
            "has_uint32": state["has_uint32"],
            "uinteger": state["uinteger"],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes to a position that `state_dict` described."""
        self._seed = int(state["seed"])
        self.bits.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": int(state["state"]), "inc": int(state["inc"])},
            "has_uint32": int(state["has_uint32"]),
            "uinteger": int(state["uinteger"]),
        }

    def __repr__(self) -> str:
        return f"Generator(seed={self._seed})"


default_generator = Generator()


def manual_seed(seed: int) -> Generator:
    """Starts the default generator anew with a seed, and returns it."""
    return default_generator.manual_seed(seed)


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
