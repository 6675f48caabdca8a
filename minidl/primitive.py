"""What a primitive is: a forward rule, its derivative, its shape, its ONNX name, in one block.

    @elementwise(onnx="Mul")
    def mul(xp, x, y):
        \"\"\"z = x * y\"\"\"
        return x * y

    mul.vjp(
        lambda g, z, x, y: g * y,  # dz/dx
        lambda g, z, x, y: g * x,  # dz/dy
    )

Calling one on bare arrays computes at once; on values it is also written on their tape; on symbols
it is written on paper. A rule gets the gradient `g` of the output, the output, the inputs and the
parameters, and is itself written with primitives: so one text serves backward on bare arrays,
gradients of gradients, and traces.
"""

import dis
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, final

from . import backend, tape
from .dtypes import get_default_dtype, is_differentiable, of_number, result_type
from .errors import GradientError, ShapeError
from .tape import Outline, Traced

TABLE: dict[str, "Primitive"] = {}  # every primitive by name


@final
class Primitive:
    """An operation that is not made of other operations.

    Attributes:
        name: its key in `TABLE`.
        forward: (xp, *arrays, **params) -> array, with `xp` the array module of the inputs.
        rules: one vjp rule per input, or one for all (`joint`), or None: no gradient.
        outline: (*inputs, **params) -> Outline: the output's shape and dtype without its numbers.
        onnx: the ONNX operator of the same meaning, or None.
        view: whether the output may share the input's memory.
        part: whether the output is input[key]: its gradient is then added where the part stands.
        quiet: whether forward may meet overflow or 0/0, whose inf and nan need no warning.
        operands: the names by which inputs may be given, as in mul(x, other=y).
        overrides: forward rules for devices that need a kernel of their own.
        slopes: for such devices, one vjp rule for all inputs, tried before `rules` on bare arrays.
        whole: by device, when paper keeps a fused primitive as one call: (*inputs, **params).
        composition: the same written with other primitives, where this one is fused for speed.
    """

    def __init__(
        self,
        forward: Callable,
        outline: Callable,
        *,
        onnx: str | None = None,
        view: bool = False,
        part: bool = False,
        quiet: bool = False,
        prepare: Callable | None = None,
        operands: tuple[str, ...] = (),
    ):
        self.name = forward.__name__.rstrip("_")
        self.__name__ = forward.__name__
        self.__doc__ = forward.__doc__
        self.__module__ = forward.__module__
        self.forward = forward
        self.outline = outline
        self.onnx = onnx
        self.view = view
        self.part = part
        self.quiet = quiet
        self.prepare = prepare
        self.operands = operands
        self.rules: tuple[Callable | None, ...] | None = None
        self.joint = False
        self.shapes_only = False
        self.overrides: dict[str, Callable] = {}
        self.slopes: dict[str, Callable] = {}
        self._first: Any = None  # the rules that `slopes` stand for; a learner may put in others
        self.whole: dict[str, Callable] = {}
        self.composition: Any = None
        self._reads: dict[int, tuple[bool, tuple[bool, ...]]] = {}
        if self.name in TABLE:
            raise ValueError(f"There are two primitives named '{self.name}'.")
        TABLE[self.name] = self

    def __call__(self, *inputs: Any, **params: Any) -> Any:
        if params and self.operands:
            named = [params.pop(name) for name in self.operands[len(inputs) :] if name in params]
            inputs = (*inputs, *named)
        for x in inputs:
            if isinstance(x, Traced):
                if self.composition is not None and self.rules is None:
                    return self.composition(*inputs, **params)  # recorded as its parts
                if self.prepare is not None:
                    inputs = self.prepare(inputs)
                return tape.apply(self, inputs, params)
        return backend.run(self, inputs, params)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """Lets a primitive be a method, as a function would."""
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def vjp(self, *rules: Callable | None) -> "Primitive":
        """Declares one rule per input: (g, output, *inputs, **params) -> gradient of that input."""
        self.rules, self.joint, self._reads = rules, False, {}
        self._first = self._first or rules
        return self

    def joint_vjp(self, rule: Callable, shapes_only: bool = False) -> "Primitive":
        """Declares one rule for all inputs, which returns a gradient for each, or how to get it.

        What only one gradient needs it can leave to a function, called where that one is wanted.

        Args:
            shapes_only: the rule asks for shapes and dtypes only, where its code does not show it.
        """
        self.rules, self.joint, self._reads = (rule,), True, {}
        self._first = self._first or self.rules
        self.shapes_only = shapes_only
        return self

    def composed(self, composition: Callable) -> Callable:
        """A decorator for the composed form of a fused primitive: (*inputs, **params) -> output.

        It is the primitive's reference in the test table, and what paper writes down in its place:
        a compiler fuses again what it sees apart, and draws and exports what is known elsewhere.
        A fused primitive without rules is on the tape as its composed form: so the gradient of a
        rule that calls it needs no rule of its own.
        """
        self.composition = composition
        return composition

    def on(self, device_type: str) -> Callable:
        """A decorator for the forward rule of a device that needs another kernel."""
        return lambda forward: self.overrides.setdefault(device_type, forward)

    def kept_whole(self, device_type: str, when: Callable) -> None:
        """Lets paper keep a fused primitive as one call for a device: when(*inputs, **params)."""
        self.whole[device_type] = when

    def slopes_on(self, device_type: str) -> Callable:
        """A decorator for one device's rule: (xp, g, output, *inputs, **params) -> a gradient for
        each input, of bare arrays, or None where the device has no kernel for these.

        It reads no operand's numbers that the rules do not read.
        """
        return lambda rule: self.slopes.setdefault(device_type, rule)

    def reads(self, wanted: int) -> tuple[bool, tuple[bool, ...]]:
        """For the output, and each input: do the rules of wanted gradients read its numbers?

        Args:
            wanted: a bit per input, the first the lowest, and a last bit that ends them.
        """
        known = self._reads.get(wanted)
        if known is None:
            known = self._reads[wanted] = self._look_up(wanted)
        return known

    def _look_up(self, wanted: int) -> tuple[bool, tuple[bool, ...]]:
        operands = wanted.bit_length()  # the output, and the inputs
        rules = () if self.shapes_only else self.rules or ()
        if not self.joint:
            rules = [rule for i, rule in enumerate(rules) if wanted >> i & 1]
        asked = [
            _numbers_read(part, operands)
            for rule in rules
            if rule is not None
            for part in getattr(rule, "stands_for", (rule,))  # a replaced rule and its fall-back
        ]
        output, *inputs = (any(reads[i] for reads in asked) for i in range(operands))
        return output, tuple(inputs)

    def pull(self, g: Any, operands: tuple, wanted: tuple, params: dict) -> Any:
        """Carries a gradient from the output to the inputs.

        Args:
            g: the output's gradient, as an array, a value or a symbol.
            operands: the output and the inputs, as `g`; an `Outline` where no rule reads numbers.
            wanted: per input, something other than None where its gradient is wanted.
        """
        rules: Any = self.rules
        if rules is None:
            raise GradientError(f"'{self.name}' has no derivative.")
        own = self.slopes and self._first == rules
        shares = backend.slopes(self, g, operands, params) if own else None
        if self.joint or shares is not None:
            shares = shares or rules[0](g, *operands, **params)
            shares = [
                None if w is None else s() if isinstance(s, FunctionType) else s
                for w, s in zip(wanted, shares, strict=True)
            ]
            pairs = zip(shares, operands[1:], strict=True)
            return [None if s is None else fit(s, x) for s, x in pairs]
        shares, i = [], 0
        for parent in wanted:
            rule, i = rules[i], i + 1
            if parent is None or rule is None:
                shares.append(None)
                continue
            share, x = rule(g, *operands, **params), operands[i]
            known = share.shape == x.shape and share.dtype is x.dtype  # mostly, and then it fits
            shares.append(share if known else fit(share, x))
        return shares


def fit(g: Any, x: Any) -> Any:
    """A gradient with the shape and dtype of its value: the one place that undoes broadcasting."""
    if g.shape != x.shape:
        g = TABLE["sum_to"](g, shape=tuple(x.shape))
    if g.dtype != x.dtype:
        g = TABLE["cast"](g, dtype=x.dtype)
    return g


def _numbers_read(rule: Callable, operands: int) -> tuple[bool, ...]:
    """Which operands a rule reads, found in its own code.

    `lambda g, z, x, y: g * y` never mentions z or x, so the tape need not keep them; where a rule
    only asks for `x.shape`, an outline is enough. Whatever is not plainly so counts as read.
    """
    code = getattr(rule, "__code__", None)
    if code is None:
        return (True,) * operands
    names = code.co_varnames[1 : code.co_argcount]
    steps = list(dis.get_instructions(code))
    read = set(code.co_cellvars)
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        if not step.opname.startswith("LOAD_FAST"):
            continue
        loaded = step.argval if isinstance(step.argval, tuple) else (step.argval,)
        read.update(loaded[:-1])
        attribute = after.argval if after and after.opname == "LOAD_ATTR" else None
        if attribute not in ("shape", "dtype", "ndim"):
            read.add(loaded[-1])
    flags = [name in read for name in names[:operands]]
    if code.co_flags & 4:  # *inputs
        star = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        flags += [star in read] * (operands - len(flags))
    return tuple(flags[:operands]) + (True,) * (operands - len(flags))


# Ways to declare one --------------------------------------------------------------------------


def primitive(outline: Callable, **options: Any) -> Callable[[Callable], Primitive]:
    """Declares a primitive by its forward rule and its outline rule."""
    return lambda forward: Primitive(forward, outline, **options)


_ALL = (0, 1, 2, 3)  # the categories of dtype
_WORDS = ("bools", "integers", "real numbers", "complex numbers")


def elementwise(
    *,
    result: Any = None,
    floats: bool = False,
    choose: int = 0,
    takes: tuple[int, ...] = _ALL,
    early: bool = False,
    numbers: bool = True,
    **options: Any,
) -> Callable[[Callable], Primitive]:
    """Declares a primitive that acts on each element, with broadcasting and type promotion.

    Args:
        result: the output's dtype where it is not the inputs' (comparisons give bool).
        floats: turn integer inputs into the default float first (exp, division).
        choose: how many leading inputs stand apart from promotion (the condition of `where`).
        takes: the categories of dtype it is defined for (see `backend.category`). Looked at when
            dtypes mix or are complex, on paper, and when NumPy refuses.
        early: look at every call, after promotion, since NumPy would compute something.
        numbers: whether an input may be a Python number (PyTorch's maximum takes tensors only).

    It is quiet: whatever overflows or is 0/0 becomes inf or nan without a warning.
    """

    def declare(forward: Callable) -> Primitive:
        name = forward.__name__.rstrip("_")
        operands = ("input", "other")[: forward.__code__.co_argcount - 1] if not choose else ()

        checked = early or not numbers

        def prepare(inputs: tuple) -> tuple:
            if not checked and not choose and _settled(inputs):
                return inputs
            promoted = _promoted(inputs, floats, choose)
            if checked:
                _acceptable(name, inputs, promoted, takes, numbers)
            elif takes is not _ALL and (promoted is not inputs or _is_complex(promoted)):
                _acceptable(name, inputs, inputs, takes, numbers)
            return promoted

        def outline(*inputs: Any, **params: Any) -> Outline:
            shape = broadcast(*(x.shape for x in inputs if hasattr(x, "shape")))
            if takes is not _ALL:
                _acceptable(name, inputs, inputs, takes, True)
            kinds = [x.dtype for x in inputs[choose:] if hasattr(x, "dtype")]
            return Outline(shape, result or backend.combine(*kinds))

        return Primitive(
            forward, outline, quiet=True, prepare=prepare, operands=operands, **options
        )

    return declare


def _is_complex(promoted: tuple) -> bool:
    """Whether inputs, which have one dtype by now, hold complex numbers."""
    for x in promoted:
        if isinstance(x, Traced):
            return x.array.dtype.kind == "c"
    return False


def _acceptable(
    name: str, inputs: tuple, promoted: tuple, takes: tuple[int, ...], numbers: bool
) -> None:
    """Raises where a primitive is not defined for what it was given."""
    for word, x, y in zip(("input", "other"), inputs, promoted, strict=False):
        if backend.is_number(x):
            if not numbers:
                raise TypeError(f"{name}: {word} must be a tensor, got the number {x!r}.")
        elif backend.category(y.dtype) not in takes:
            wanted = " or ".join(_WORDS[category] for category in takes)
            raise TypeError(f"{name}: {word} must hold {wanted}, got {x.dtype}.")


def _settled(inputs: tuple) -> bool:
    """Whether there is nothing to promote: real numbers of one dtype, and Python's beside them."""
    kind = None
    for x in inputs:
        if isinstance(x, Traced):
            mine = x.array.dtype
            if mine is not kind and kind is not None:
                return False
            kind = mine
        elif type(x) is not float and type(x) is not int:
            return False
    return kind is not None and kind.kind == "f"


def _promoted(inputs: tuple, floats: bool, choose: int) -> tuple:
    """The inputs with the dtypes their common result asks for, casts recorded."""
    operands = inputs[choose:]
    target, mixed, reach = None, False, 0
    for x in operands:
        kind = x.array.dtype if isinstance(x, Traced) else getattr(x, "dtype", None)
        if kind is not None:
            mixed = mixed or target is not None and kind != target
            target = kind
        elif backend.is_number(x):
            reach = max(reach, backend.category(of_number(x)))
        else:
            raise TypeError(f"Expected tensors or numbers, got {type(x).__name__}: {x!r:.60}")
    if mixed or target is None or reach > backend.category(target):
        target = result_type(*operands)
        mixed = True
    if floats and not is_differentiable(target):
        target = get_default_dtype()
        mixed = True
    if not mixed:
        return inputs
    return inputs[:choose] + tuple(
        x if backend.is_number(x) or x.dtype == target else TABLE["cast"](x, dtype=target)
        for x in operands
    )


def broadcast(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The common shape of several.

    Raises:
        ShapeError: from the right, two sizes differ and neither is 1.
    """
    try:
        return tuple(backend.broadcast_shapes(*shapes))
    except ValueError:
        listed = " and ".join(str(tuple(s)) for s in shapes)
        raise ShapeError(
            f"Shapes {listed} do not broadcast: compared from the right, sizes must be equal, or "
            "one of them 1."
        ) from None
