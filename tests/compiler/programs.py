"""Random programs for Hypothesis: lines of Python on tensors, the same for every emitter.

A program is drawn line by line, and each line is run at once, so that the next knows the shapes of
what there is. Numbers are kept small and corners avoided by odd offsets (relu(x + 0.0137)), so that
two ways to compute differ by roundings only.
"""

from collections.abc import Callable
from typing import Any, final

import numpy as np
from hypothesis import strategies as st

import minidl
from minidl.nn import functional

OFFSET = 0.0137  # no sum of drawn numbers is the opposite of it
LARGE = 30.0  # a result beyond it is scaled down


@final
class Program:
    """Lines such as "v2 = v0 + v1"; called on tensors it gives the last values.

    Attributes:
        inputs: the arrays it was drawn with.
        lines: the right sides, in order; the first names one more than the inputs.
        count: how many of the last values it returns.
    """

    def __init__(self, inputs: list[np.ndarray], lines: list[str], count: int):
        self.inputs, self.lines, self.count = inputs, lines, count
        self.code = [compile(line, "<program>", "eval") for line in lines]

    def __call__(self, *tensors: Any) -> tuple[Any, ...]:
        names = {f"v{i}": x for i, x in enumerate(tensors)}
        values = list(tensors)
        for code in self.code:
            values.append(eval(code, {"minidl": minidl, "F": functional}, names))
            names[f"v{len(names)}"] = values[-1]
        return tuple(values[-self.count :])

    def loss(self, *tensors: Any) -> Any:
        """One number that depends on every output of real numbers."""
        found = [z.double().sum() for z in self(*tensors) if z.is_floating_point()]
        return sum(found[1:], found[0]) if found else minidl.zeros((), dtype=minidl.float64)

    def gradients(self, *tensors: Any) -> tuple[Any, ...]:
        """The loss, and its gradients by the inputs that hold real numbers."""
        moving = [x for x in tensors if x.is_floating_point()]
        leaves = [x.detach().requires_grad_() for x in moving]
        replaced = iter(leaves)
        loss = self.loss(*(next(replaced) if x.is_floating_point() else x for x in tensors))
        if not loss.requires_grad:
            return (loss,)
        found = minidl.autograd.grad(loss, leaves, allow_unused=True)
        return (loss, *(g for g in found if g is not None))

    def __repr__(self) -> str:
        inputs = [f"v{i} = {x!r} ({x.dtype})" for i, x in enumerate(self.inputs)]
        lines = [f"v{i} = {line}" for i, line in enumerate(self.lines, len(inputs))]
        return "\n".join(["", *inputs, *lines, f"return the last {self.count}"])


@final
class Sheet:
    """What is written so far: the values, and draws from them."""

    def __init__(self, draw: Callable, values: list[Any]):
        self.draw, self.values = draw, values

    def pick(self, test: Callable[[Any], bool] = lambda x: True) -> int:
        """A value for which a test holds; -1 where there is none. Late ones come first."""
        found = [i for i, x in enumerate(self.values) if test(x)]
        return self.draw(st.sampled_from(found[::-1])) if found else -1

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def dim(self, i: int) -> int:
        return self.draw(st.integers(0, self.values[i].ndim - 1))


def _real(x: Any) -> bool:
    return x.is_floating_point()


def _whole(x: Any) -> bool:
    return x.dtype == minidl.int64


def _some(x: Any) -> bool:
    return _real(x) and x.ndim > 0 and x.numel() > 0


def _unary(s: Sheet) -> str | None:
    x = s.pick(_real)
    form = s.one_of(
        "minidl.tanh(v{x})", "minidl.sigmoid(v{x})", "minidl.exp(minidl.tanh(v{x}))", "-v{x}",
        "minidl.relu(v{x} + {o})", "minidl.log(v{x} * v{x} + 1)", "minidl.sin(v{x})",
        "(v{x} * v{x} + 0.5).sqrt()", "v{x} ** 2", "v{x} ** 3", "(v{x} + {o}).abs()",
        "F.gelu(v{x})", "minidl.erf(v{x})", "v{x}.clone()", "v{x}.detach()", "F.softplus(v{x})",
    )  # fmt: skip
    return form.format(x=x, o=OFFSET) if x >= 0 else None


def _number(s: Sheet) -> str | None:
    x = s.pick(_real)
    form = s.one_of("v{x} + {c}", "v{x} - {c}", "{c} - v{x}", "v{x} * {c}", "{c} * v{x}")
    if s.draw(st.integers(0, 3)) == 0:
        form = s.one_of("v{x} / {c}", "(v{x} * v{x} + 0.5) ** {c}")
        return form.format(x=x, c=s.one_of(1, 2, -4, 0.5, 3.0)) if x >= 0 else None
    return form.format(x=x, c=s.one_of(0, 1, -1, 2, 0.5, 0.1, 3)) if x >= 0 else None


def _binary(s: Sheet) -> str | None:
    x = s.pick(_real)
    y = s.pick(lambda b: not _clash(s.values[x], b)) if x >= 0 else -1
    form = s.one_of("v{x} + v{y}", "v{x} - v{y}", "v{x} * v{y}", "v{y} * v{x}",
                    "v{x} / (v{y} * v{y} + 1)", "minidl.where(v{x} > v{y} + {o}, v{x}, v{y})",
                    "minidl.where(v{x} > v{y} + {o}, v{x}, 0)",
                    "minidl.maximum(v{x}, (v{y} + {o}).to(v{x}.dtype))",
                    "minidl.minimum(v{x}, (v{y} + {o}).to(v{x}.dtype))")  # fmt: skip
    if y >= 0 and "-" in form and s.values[y].dtype == minidl.bool:
        return None
    return form.format(x=x, y=y, o=OFFSET) if y >= 0 else None


def _clash(a: Any, b: Any) -> bool:
    """Whether two shapes do not broadcast."""
    pairs = zip(reversed(a.shape), reversed(b.shape), strict=False)
    return any(n != m and 1 not in (n, m) for n, m in pairs)


def _integers(s: Sheet) -> str | None:
    x = s.pick(_whole)
    y = s.pick(lambda b: _whole(b) and not _clash(s.values[x], b)) if x >= 0 else -1
    form = s.one_of("v{x} + v{y}", "v{x} * v{y} % 7", "v{x} - v{y}", "v{x} // 2", "v{x} % 3",
                    "v{x} == v{y}", "v{x} < v{y}", "v{x}.sum()", "v{x} & v{y}", "-v{x}",
                    "v{x}.float()", "v{x} / 3")  # fmt: skip
    return form.format(x=x, y=y) if y >= 0 else None


def _bools(s: Sheet) -> str | None:
    x = s.pick(lambda a: a.dtype == minidl.bool)
    form = s.one_of("~v{x}", "v{x}.float()", "v{x}.double()", "v{x} & ~v{x}", "v{x}.sum()",
                    "minidl.where(v{x}, 1.5, 0.5)")  # fmt: skip
    return form.format(x=x) if x >= 0 else None


def _reduction(s: Sheet) -> str | None:
    x = s.pick(_some)
    if x < 0:
        return None
    form = s.one_of("v{x}.sum({d}, keepdim={k})", "v{x}.mean({d}, keepdim={k})", "v{x}.sum()",
                    "v{x}.amax({d}, keepdim={k})", "minidl.softmax(v{x}, {d})",
                    "minidl.log_softmax(v{x}, {d})", "minidl.logsumexp(v{x}, {d}, keepdim={k})",
                    "minidl.cumsum(v{x}, {d})", "F.layer_norm(v{x}, v{x}.shape[{d}:], eps=0.1)",
                    "v{x}.var({d}, unbiased=False, keepdim={k})")  # fmt: skip
    return form.format(x=x, d=s.dim(x), k=s.one_of(True, False))


def _movement(s: Sheet) -> str | None:
    x = s.pick(lambda a: _real(a) and a.ndim > 0)
    if x < 0:
        return None
    a = s.values[x]
    order = s.draw(st.permutations(range(a.ndim)))
    form = s.one_of("v{x}.reshape(-1)" if a.numel() else "v{x}", "v{x}.permute({order})",
                    "v{x}.unsqueeze({d})", "v{x}.flip({d})", "v{x}.reshape({shape})",
                    "v{x}.unsqueeze(0).expand(3, *v{x}.shape)", "minidl.cat([v{x}, v{x}], {d})",
                    "minidl.stack([v{x}, -v{x}], {d})", "v{x}.narrow({d}, 0, {half})",
                    "v{x}[..., ::2]", "F.pad(v{x}, (1, 2))", "v{x}.repeat({ones}, 2)")  # fmt: skip
    d = s.dim(x)
    return form.format(x=x, d=d, order=tuple(order), half=a.shape[d] // 2, shape=(1, *a.shape),
                       ones=", ".join("1" * (a.ndim - 1)) or "1")  # fmt: skip


def _product(s: Sheet) -> str | None:
    x = s.pick(lambda a: _real(a) and a.ndim > 1)
    form = s.one_of("v{x} @ v{x}.mT", "v{x}.mT @ v{x}", "F.linear(v{x}, v{x}[:2])")
    if x >= 0 and s.values[x].ndim > 2:
        form = s.one_of("v{x} @ v{x}.mT", "v{x}.mT @ v{x}")
    return form.format(x=x) if x >= 0 else None


def _lookup(s: Sheet) -> str | None:
    x = s.pick(_some)
    form = s.one_of("v{x}[minidl.tensor([0, -1, 0])]",
                    "v{x}.index_select(0, minidl.tensor([0, 0]))",
                    "v{x}.index_add(0, minidl.tensor([0]), v{x}[:1])", "v{x}[-1]",
                    "minidl.tril(v{x}) if v{x}.ndim > 1 else v{x}", "F.dropout(v{x}, 0.4)",
                    "v{x} + 0.1 * minidl.randn_like(v{x})")  # fmt: skip
    return form.format(x=x) if x >= 0 else None


def _kind(s: Sheet) -> str | None:
    x = s.pick(_real)
    return f"v{x}.{s.one_of('float()', 'double()', 'double().float()')}" if x >= 0 else None


KINDS = (_unary, _number, _binary, _integers, _bools, _reduction, _movement, _product, _lookup,
         _kind)  # fmt: skip


@st.composite
def arrays(draw: Callable, specials: bool = False) -> np.ndarray:
    """A small array: real numbers mostly, some integers or bools; sizes from 0 up."""
    shape = draw(st.lists(st.sampled_from([1, 2, 3, 4, 0, 9]), max_size=3).map(tuple))
    kind = draw(st.sampled_from(["float32", "float32", "float64", "int64", "bool"]))
    seed = draw(st.integers(0, 9))
    rng = np.random.default_rng(seed)
    numbers = rng.integers(-8, 9, shape)
    if kind == "bool":
        return np.asarray(numbers > 0)
    if kind == "int64":
        return np.asarray(numbers)
    x = np.asarray(numbers / 4 + (rng.random(shape) if seed % 2 else 0), kind)
    if specials and x.size:
        x.flat[draw(st.integers(0, x.size - 1))] = draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    return x


@st.composite
def programs(draw: Callable, specials: bool = False, most: int = 12) -> Program:
    """A program with inputs.

    Args:
        specials: put nan and inf among the inputs.
        most: the largest number of lines.
    """
    inputs = draw(st.lists(arrays(specials), min_size=1, max_size=3))
    sheet = Sheet(draw, [minidl.tensor(x) for x in inputs])
    lines: list[str] = []
    for _ in range(draw(st.integers(1, most))):
        line = draw(st.sampled_from(KINDS))(sheet)
        if line is None:
            continue
        value = _value(line, sheet.values)
        if value.numel() > 3000:
            continue
        lines.append(line)
        sheet.values.append(value)
        if value.is_floating_point() and _too_large(value):
            lines.append(f"minidl.tanh(v{len(sheet.values) - 1})")
            sheet.values.append(value.tanh())
    lines = lines or ["v0.clone()"]
    return Program(inputs, lines, draw(st.integers(1, min(3, len(lines)))))


def _value(line: str, values: list[Any]) -> Any:
    names = {f"v{i}": x for i, x in enumerate(values)}
    with np.errstate(all="ignore"):  # inf - inf is nan, as it should be
        return eval(line, {"minidl": minidl, "F": functional}, names)


def _too_large(x: Any) -> bool:
    numbers = x.numpy()
    return bool(np.any(np.abs(numbers[np.isfinite(numbers)]) > LARGE))
