"""Lesson 03: the rules of six operations, asked on bare arrays, inside minidl, and against a nudge.

Every exercise asks the same five kinds of question: numbers small enough to work out by hand;
other shapes, with sizes 0 and 1, in float32; linearity in `g`; a loss inside minidl, where the
rule works beside the others and broadcasting is undone; and `check_grad` to the second order,
where the rule itself is differentiated. The references are NumPy and know nothing of minidl.
"""

from contextlib import contextmanager

import numpy as np

import minidl
from minidl.grading import Exercise, Part, Wrong
from minidl.ops.indexing import Slot
from minidl.primitive import TABLE

# What both an answer and a `run` use, and gives nothing away: the judge's test asks for this list.
SHARED = ("slopes", "numpy_key", "expo", "row_and_whole", "largest", "looked_up", "joined")
AGREES = "every number agrees with a nudge"


@contextmanager
def at_work(name, code, entries):
    """The learner's rules in their primitive for a while; whatever was there comes back."""
    primitive = TABLE[name]
    before, joint, shapes_only = primitive.rules, primitive.joint, primitive.shapes_only
    rules = [getattr(code, entry) for entry in entries]
    (primitive.joint_vjp if joint else primitive.vjp)(*rules)
    try:
        yield
    finally:
        if joint:
            primitive.joint_vjp(*before, shapes_only=shapes_only)
        else:
            primitive.vjp(*before)


# ---------------------------------------------------------------- parts that every exercise has


def numbers(title, generate, run, reference, id="numbers", **options):
    """The rule on bare arrays."""
    return Part(id, title, generate, run, reference, rtol=1e-6, **options)


def shapes(generate, run, reference, title="other shapes, sizes 0 and 1; float32 stays float32"):
    """The rule on bare arrays of float32 and unusual shapes."""
    return Part(
        "shapes", title, generate, run, reference, rtol=1e-4, atol=1e-5, dtype=True, seeds=6
    )


def linear(generate, run, reference):
    """Twice the letter must give twice the answer, and two letters the sum of their answers."""

    def draw(rng):
        inputs = generate(rng)
        return {**inputs, "g2": rng.normal(size=np.shape(inputs["g"]))}

    def combined(function):
        return lambda g, g2, **inputs: function(g=2 * g - 3 * g2, **inputs)

    return Part(
        "linear",
        "linear in `g`: 2 g - 3 h gives twice the answer to g, minus three times that to h",
        draw,
        lambda code, g, g2, **inputs: combined(lambda **all: run(code, **all))(g, g2, **inputs),
        lambda g, g2, **inputs: _mixed(reference(g=g, **inputs), reference(g=g2, **inputs)),
        rtol=1e-6,
        atol=1e-7,
    )


def _mixed(one, other):
    if isinstance(one, dict):
        return {key: _mixed(one[key], other[key]) for key in one}
    if isinstance(one, (list, tuple)):
        return [_mixed(a, b) for a, b in zip(one, other, strict=True)]
    return one if isinstance(one, int) else 2 * one - 3 * other


def inside(name, entries, title, generate, loss, reference):
    """The rule in minidl: `loss` gets tensors by name, and `reference` gives their gradients."""

    def run(code, **inputs):
        with at_work(name, code, entries):
            xs = {
                key: minidl.tensor(x, requires_grad=True) if x.dtype.kind == "f" else x
                for key, x in inputs.items()
            }
            with minidl.no_grad():
                silent = loss(**xs)
            loss(**xs).backward()
        found = {key: x.grad for key, x in xs.items() if isinstance(x, minidl.Tensor)}
        recorded = silent.requires_grad or any(g.requires_grad for g in found.values())
        return {**found, "recorded under no_grad": recorded}

    return Part(
        "inside",
        title,
        generate,
        run,
        lambda **inputs: {**reference(**inputs), "recorded under no_grad": False},
        rtol=1e-6,
    )


def slopes(function, inputs):
    """The gradient of sum(function(...) cos(k)), k counting its numbers, and that one's gradient.

    A slope that depends on no input any more has the gradient 0.
    """
    xs = [minidl.tensor(x, requires_grad=True) for x in inputs.values()]
    y = function(*xs)
    weights = minidl.cos(minidl.arange(y.numel(), dtype=y.dtype)).reshape(y.shape)
    first = minidl.autograd.grad((y * weights).sum(), xs, create_graph=True)
    total = sum((g * g).sum() for g in first) + sum(0 * x.sum() for x in xs)
    second = minidl.autograd.grad(total, xs)
    return {"first": [g.detach() for g in first], "second": list(second)}


def nudged(name, entries, generate, function):
    """check_grad of the first and the second order, with the rule at work; and what it found.

    The verdict alone could be forged by code that takes check_grad over; the slopes cannot.
    """

    def run(code, **inputs):
        xs = [minidl.tensor(x) for x in inputs.values()]
        with at_work(name, code, entries):
            try:
                minidl.check_grad(function, *xs, order=2)
            except minidl.GradientError as error:
                return {"check_grad": str(error), "slopes": {}}
            return {"check_grad": AGREES, "slopes": slopes(function, inputs)}

    return Part(
        "nudged",
        "`check_grad`: the gradient, and the gradient of the gradient",
        generate,
        run,
        lambda **inputs: {"check_grad": AGREES, "slopes": slopes(function, inputs)},
        seeds=2,
    )


# Functions to be nudged, which lean on one rule each.


def expo(x):
    return minidl.exp(x)


def row_and_whole(x):
    return x.sum(1) * x.sum((0, 1))


def largest(x):
    return (x * x).amax(1) * x.amax(1)


def looked_up(x):
    return x[[0, 2, 0]] * x[[1, 1, 0]]


def joined(x, y):
    return minidl.cat([x, y * y, x], 0) ** 2


def pick(rng, choices):
    """One of several shapes or settings."""
    return choices[int(rng.integers(len(choices)))]


def tidy(rng, shape):
    """Numbers with one decimal, which are easier to read in a message."""
    return np.round(rng.uniform(-2, 2, size=shape), 1)


# ---------------------------------------------------------------- 1: exp


def exp_inputs(rng):
    return {"g": tidy(rng, 4), "x": tidy(rng, 4) + 0.05}


def exp_small(rng):
    shape = pick(rng, [(), (1,), (0, 3), (2, 1, 3)])
    return {key: rng.normal(size=shape).astype(np.float32) for key in ("g", "x")}


def exp_run(code, g, x):
    return code.exp_vjp(g, np.exp(x), x)


EXP = Exercise(
    id="03.exp",
    title="The rule of exp",
    entry=("exp_vjp",),
    replaces="primitive:exp.vjp",
    parts=[
        numbers("four numbers", exp_inputs, exp_run, lambda g, x: g * np.exp(x)),
        shapes(exp_small, exp_run, lambda g, x: g * np.exp(x)),
        linear(exp_inputs, exp_run, lambda g, x: g * np.exp(x)),
        inside(
            "exp",
            ("exp_vjp",),
            "inside minidl: `x` is used twice; nothing is recorded under `no_grad`",
            lambda rng: {"x": tidy(rng, (2, 3)), "w": tidy(rng, 3)},
            lambda x, w: (minidl.exp(x) * w).sum() + minidl.exp(x * 2).sum(),
            lambda x, w: {
                "x": np.exp(x) * w + 2 * np.exp(2 * x),
                "w": np.exp(x).sum(0),
            },
        ),
        nudged("exp", ("exp_vjp",), lambda rng: {"x": tidy(rng, (2, 2))}, expo),
    ],
    hints=[
        (
            "The map of exp is a diagonal: number i of the output answers to number i of the input "
            "only. So the rule multiplies number by number."
        ),
        "The slope of e to the power x is itself. And what exp gave is at hand: it is `z`.",
        "`return g * ...`, and the dots are one letter.",
    ],
    wrong=[
        Wrong(
            "input_for_output",
            "the input stands where the output belongs",
            "You multiply by the input `x`. The slope of exp is exp itself, and that is the "
            "output: use `z`.",
            change={"g * z": "g * x"},
        ),
        Wrong(
            "exp_of_output",
            "exp is applied once more to the output",
            "You take exp once too often: `z` is already exp(x), so exp(z) is the exp of an "
            "exp. The slope is `z` as it is.",
            change={"g * z": "g * minidl.exp(z)"},
        ),
        Wrong(
            "letter_lost",
            "the local derivative is returned without g",
            "You return the local derivative and leave out the letter `g`. Along a path slopes "
            "multiply: what came from the end times the slope of this step.",
            change={"g * z": "z"},
        ),
        Wrong(
            "numpy",
            "NumPy computes inside the rule",
            "The numbers are right, but they come out of NumPy, which remembers nothing: so "
            "there is no gradient of the gradient. Write a rule with minidl's functions and "
            "with + - * / only. Here you even have the answer in hand: `z`.",
            change={"g * z": "g * np.exp(x)"},
        ),
    ],
)


# ---------------------------------------------------------------- 2: matmul

MATMUL_RULES = ("matmul_vjp_x", "matmul_vjp_y")


def square(rng):
    return {key: np.round(tidy(rng, (3, 3)) * 2) for key in ("g", "x", "y")}


def rectangles(rng):
    n, k, m = pick(rng, [(2, 3, 4), (1, 3, 1), (0, 3, 2), (4, 1, 2), (3, 2, 0), (1, 1, 1)])
    drawn = {"g": (n, m), "x": (n, k), "y": (k, m)}
    return {key: rng.normal(size=shape).astype(np.float32) for key, shape in drawn.items()}


def matmul_x(code, g, x, y):
    return code.matmul_vjp_x(g, x @ y, x, y)


def matmul_y(code, g, x, y):
    return code.matmul_vjp_y(g, x @ y, x, y)


def matmul_both(code, g, x, y):
    return {"x": matmul_x(code, g, x, y), "y": matmul_y(code, g, x, y)}


def matmul_reference(g, x, y):
    """Number by number, as z[i, k] = sum over j of x[i, j] y[j, k] says."""
    return {"x": np.einsum("ik,jk->ij", g, y), "y": np.einsum("ij,ik->jk", x, g)}


def stack_gradients(x, y, v, w):
    """For sum(v * (x @ y)) with one y for the whole stack, and the same with a w for each."""
    return {
        "x": np.einsum("bik,jk->bij", v, y) + np.einsum("bik,bjk->bij", v, w),
        "y": np.einsum("bij,bik->jk", x, v),
        "v": x @ y + x @ w,
        "w": np.einsum("bij,bik->bjk", x, v),
    }


MATMUL = Exercise(
    id="03.matmul",
    title="The rules of the matrix product",
    entry=MATMUL_RULES,
    replaces="primitive:matmul.vjp",
    parts=[
        numbers(
            "square matrices, the gradient of `x`",
            square,
            matmul_x,
            lambda **inputs: matmul_reference(**inputs)["x"],
            id="square_x",
        ),
        numbers(
            "square matrices, the gradient of `y`",
            square,
            matmul_y,
            lambda **inputs: matmul_reference(**inputs)["y"],
            id="square_y",
        ),
        shapes(rectangles, matmul_both, matmul_reference),
        linear(square, matmul_both, matmul_reference),
        inside(
            "matmul",
            MATMUL_RULES,
            "inside minidl: a stack of matrices, times one and times another stack",
            lambda rng: {
                "x": tidy(rng, (2, 3, 4)),
                "y": tidy(rng, (4, 5)),
                "v": tidy(rng, (2, 3, 5)),
                "w": tidy(rng, (2, 4, 5)),
            },
            lambda x, y, v, w: (v * (minidl.matmul(x, y) + minidl.matmul(x, w))).sum(),
            stack_gradients,
        ),
        nudged(
            "matmul",
            MATMUL_RULES,
            lambda rng: {"x": tidy(rng, (2, 3)), "y": tidy(rng, (3, 2))},
            minidl.matmul,
        ),
    ],
    hints=[
        (
            "Let the shapes lead you. x is (n, k), y is (k, m), g is (n, m). How can you multiply "
            "g and y, one of them turned on its side, so that (n, k) comes out?"
        ),
        (
            "`minidl.transpose(y, -2, -1)` turns y on its side: (k, m) becomes (m, k). Then g "
            "times that is (n, m) times (m, k)."
        ),
        (
            "For `y`: (k, n) times (n, m) is (k, m). So x on its side comes first, then g. Both "
            "rules are one `minidl.matmul(..., ...)`."
        ),
    ],
    wrong=[
        Wrong(
            "no_transpose",
            "nothing is transposed",
            "Nothing is turned on its side. x[i, j] meets the row y[j, :], and its letters "
            "come from g[i, :]: two rows meet, so the other matrix must be transposed.",
            change={"minidl.transpose(y, -2, -1)": "y", "minidl.transpose(x, -2, -1)": "x"},
        ),
        Wrong(
            "order",
            "the factors stand in the wrong order",
            "The factors are in the wrong order, and for matrices that matters. The gradient "
            "of `x` keeps the rows of g, so g comes first; the gradient of `y` keeps its "
            "columns, so g comes last.",
            change={
                "g, minidl.transpose(y, -2, -1)": "minidl.transpose(y, -2, -1), g",
                "minidl.transpose(x, -2, -1), g": "g, minidl.transpose(x, -2, -1)",
            },
        ),
        Wrong(
            "own_lever",
            "each matrix is its own lever",
            "Each matrix is its own lever here. As in a product of numbers, the lever of `x` "
            "is `y`, and the lever of `y` is `x`.",
            change={
                "transpose(y, -2, -1)": "transpose(x, -2, -1)",
                "transpose(x, -2, -1), g": "transpose(y, -2, -1), g",
            },
        ),
        Wrong(
            "number_by_number",
            "the rule of the product number by number",
            "This is the rule of `x * y`, number by number. In a matrix product each number of "
            "x reaches a whole row of z, so its gradient is a sum over that row.",
            change={
                "minidl.matmul(g, minidl.transpose(y, -2, -1))": "g * y",
                "minidl.matmul(minidl.transpose(x, -2, -1), g)": "g * x",
            },
        ),
        *(
            Wrong(
                id,
                "all axes of a stack are turned, not the last two",
                "Right for two matrices, wrong for stacks of them: a stack keeps its first axes, "
                "and only the last two are exchanged. Write `minidl.transpose(y, -2, -1)`.",
                change={f"minidl.transpose({x}, -2, -1)": turned.format(x) for x in "xy"},
            )
            for id, turned in (  # they stumble with different errors
                ("whole_stack_turned", "{0}.T"),
                ("whole_stack_permuted", "minidl.permute({0}, *reversed(range({0}.ndim)))"),
            )
        ),
    ],
)


# ---------------------------------------------------------------- 3: sum


def row_sums(rng):
    return {"g": tidy(rng, 3), "x": tidy(rng, (3, 3)), "dims": (1,), "keepdim": False}


REDUCTIONS = [
    ((3, 4), (0,), False),
    ((3, 4), (1,), True),
    ((2, 1, 3), (0, 2), False),
    ((2, 1, 3), (0, 2), True),
    ((2, 3), (0, 1), False),
    ((4,), (0,), False),
    ((), (), False),
]
EMPTY_REDUCTIONS = [((0, 3), (1,), False), ((0, 3), (0,), False), ((2, 0), (0, 1), True)]


def reduction(rng, choices):
    """float32 inputs of one of several shapes; g has the shape that the reduction leaves."""
    shape, dims, keepdim = pick(rng, choices)
    x = rng.permutation(int(np.prod(shape))).reshape(shape).astype(np.float32)
    g = rng.normal(size=np.sum(x, axis=dims, keepdims=keepdim).shape).astype(np.float32)
    return {"g": g, "x": x, "dims": dims, "keepdim": keepdim}


def kept(shape, dims):
    return tuple(1 if d in dims else n for d, n in enumerate(shape))


def sum_run(code, g, x, dims, keepdim):
    return code.sum_vjp(g, x.sum(axis=dims, keepdims=keepdim), x, dims=dims, keepdim=keepdim)


def sum_reference(g, x, dims, keepdim):
    return np.broadcast_to(g.reshape(kept(x.shape, dims)), x.shape)


PUT_BACK = "minidl.reshape(g, kept(x.shape, dims))"
STRETCHED = f"minidl.expand({PUT_BACK}, x.shape)"

SUM = Exercise(
    id="03.sum",
    title="The rule of sum",
    entry=("sum_vjp",),
    replaces="primitive:sum.vjp",
    parts=[
        numbers("the sums of the rows of a 3 x 3 matrix", row_sums, sum_run, sum_reference),
        shapes(
            lambda rng: reduction(rng, REDUCTIONS + EMPTY_REDUCTIONS),
            sum_run,
            sum_reference,
            "other shapes and dimensions, sizes 0 and 1; float32 stays float32",
        ),
        linear(row_sums, sum_run, sum_reference),
        inside(
            "sum",
            ("sum_vjp",),
            "inside minidl: sums of columns and of all numbers; nothing recorded under `no_grad`",
            lambda rng: {"x": tidy(rng, (3, 4)), "w": tidy(rng, 4)},
            lambda x, w: (x.sum(0) * w).sum() + (x * x).sum(),
            lambda x, w: {"x": np.broadcast_to(w, x.shape) + 2 * x, "w": x.sum(0)},
        ),
        nudged(
            "sum",
            ("sum_vjp",),
            lambda rng: {"x": tidy(rng, (2, 3))},
            row_and_whole,
        ),
    ],
    hints=[
        (
            "Every number of a row moved the row's sum just as far. So each of them gets the row's "
            "letter, unchanged."
        ),
        (
            "Two steps: put the lost axis back with size 1 (`minidl.reshape` to `kept(...)`), then "
            "repeat along it (`minidl.expand` to the shape of x)."
        ),
        "`minidl.expand(minidl.reshape(g, kept(x.shape, dims)), x.shape)`",
    ],
    wrong=[
        Wrong(
            "axis_not_put_back",
            "g is stretched without putting the lost axis back",
            "You stretch `g` before its lost axis is back. Shapes are matched from the right, "
            "so the letters of the rows are dealt out to the columns. First reshape g to "
            "`kept(x.shape, dims)`.",
            change={PUT_BACK: "g"},
        ),
        Wrong(
            "mean",
            "the gradient is divided among the summands, as in a mean",
            "You divide by the number of summands: that is the rule of the mean. A nudge of "
            "one summand moves the sum by the whole nudge.",
            change={
                ", x.shape)": ", x.shape) / minidl.sum(minidl.ones_like(x), dims, keepdim=True)"
            },
        ),
        Wrong(
            "ones",
            "the local derivative is returned without g",
            "You return the local derivatives, all 1, and leave out the letter `g`. Each "
            "number of x gets the letter of the sum it went into.",
            change={STRETCHED: "minidl.ones_like(x)"},
        ),
        Wrong(
            "not_stretched",
            "the gradient keeps the size 1 of the reduced axis",
            "The axis is back, but with size 1. A gradient has the shape of its value: repeat "
            "it along that axis with `minidl.expand(..., x.shape)`.",
            change={STRETCHED: PUT_BACK},
        ),
        Wrong(
            "times_x",
            "the input is taken for the lever",
            "You multiply by `x`. A sum has no lever: how far it moves does not depend on how "
            "large the summand is.",
            change={", x.shape)": ", x.shape) * x"},
        ),
    ],
)


# ---------------------------------------------------------------- 4: max


def row_maxima(rng):
    x = rng.permutation(9).reshape(3, 3).astype(float) - 2
    return {"g": np.round(rng.uniform(1, 9, 3), 1), "x": x, "dims": (1,), "keepdim": False}


def with_ties(rng):
    """Rows with one, two and three winners."""
    x = np.array([[5, 1, 2], [4, 4, 0], [3, 3, 3]], float)
    rows = {key: np.round(rng.uniform(1, 9, 3), 1) for key in ("g",)}
    return {**rows, "x": rng.permutation(x.T).T.copy(), "dims": (1,), "keepdim": False}


def max_run(code, g, x, dims, keepdim):
    z = x.max(axis=dims, keepdims=keepdim)
    return code.max_vjp(g, z, x, dims=dims, keepdim=keepdim)


def max_reference(g, x, dims, keepdim):
    won = (x == x.max(axis=dims, keepdims=True)).astype(x.dtype)
    return won / won.sum(axis=dims, keepdims=True) * g.reshape(kept(x.shape, dims))


MAX = Exercise(
    id="03.max",
    title="The rule of max",
    entry=("max_vjp",),
    replaces="primitive:amax.vjp",
    parts=[
        numbers("the largest of each row, no two equal", row_maxima, max_run, max_reference),
        numbers("rows with two and three winners", with_ties, max_run, max_reference, id="ties"),
        shapes(
            lambda rng: reduction(rng, [*REDUCTIONS, EMPTY_REDUCTIONS[0]]),
            max_run,
            max_reference,
            "other shapes and dimensions, sizes 0 and 1; float32 stays float32",
        ),
        linear(row_maxima, max_run, max_reference),
        inside(
            "amax",
            ("max_vjp",),
            "inside minidl: the largest of each column, and of all numbers",
            lambda rng: {"x": row_maxima(rng)["x"], "w": tidy(rng, 3)},
            lambda x, w: (x.amax(0) * w).sum() + x.amax(),
            lambda x, w: {"x": (x == x.max(0)) * w + 1.0 * (x == x.max()), "w": x.max(0)},
        ),
        nudged(
            "amax",
            ("max_vjp",),
            lambda rng: {"x": rng.permutation(6).reshape(2, 3) / 2.0},
            largest,
        ),
    ],
    hints=[
        (
            "A nudge of a number that is not the largest moves nothing. So only the winners get "
            "anything; `won` is 1 there and 0 elsewhere."
        ),
        (
            "Winners of one row share its letter equally. How many are there? "
            "`minidl.sum(won, dims, keepdim=True)` counts them."
        ),
        "Give the letter its axis back first: `minidl.reshape(g, kept(x.shape, dims))`, as in sum.",
        "won, times the letter in its kept shape, divided by the count.",
    ],
    wrong=[
        Wrong(
            "to_all",
            "everyone gets the gradient, as in a sum",
            "Everyone gets the letter here, as in a sum. Only the winner moved the maximum: "
            "multiply by `won`.",
            change={
                " / minidl.sum(won, dims, keepdim=True)": "",
                "won * share": "minidl.expand(share, x.shape)",
            },
        ),
        Wrong(
            "ties_paid_in_full",
            "each of several winners gets the whole gradient",
            "With one winner this is right; with two or three equal ones each gets the whole "
            "letter, and more is paid out than came in. Let them share: divide by the number "
            "of winners.",
            change={" / minidl.sum(won, dims, keepdim=True)": ""},
        ),
        Wrong(
            "letter_lost",
            "the local derivative is returned without g",
            "You return who won and leave out the letter `g`. Each winner gets the letter of "
            "its own row, shared with its equals.",
            change={PUT_BACK: "1"},
        ),
        Wrong(
            "shared_by_all",
            "divided by the number of all candidates",
            "You divide by the number of *all* candidates. Those who lost take no share: count "
            "the winners, `minidl.sum(won, dims, keepdim=True)`.",
            change={"minidl.sum(won,": "minidl.sum(minidl.ones_like(x),"},
        ),
        Wrong(
            "axis_not_put_back",
            "g is used without putting the lost axis back",
            "You use `g` before its lost axis is back, so the letters of the rows go to the "
            "columns. First reshape g to `kept(x.shape, dims)`.",
            change={PUT_BACK: "g"},
        ),
    ],
)


# ---------------------------------------------------------------- 5: looking up


def lookups(rng):
    """Six look-ups among four numbers: some number is surely asked for twice."""
    return {"g": np.arange(1.0, 7.0), "x": tidy(rng, 4), "rows": rng.integers(0, 4, size=6)}


def index_keys(rng):
    """Rows, columns, pairs of positions, none at all; float32."""
    shape, key, count = pick(
        rng,
        [
            ((4, 3), (Slot.ARRAY,), 1),
            ((3, 4), (slice(None), Slot.ARRAY), 1),
            ((4, 4), (Slot.ARRAY, Slot.ARRAY), 2),
            ((4, 1, 2), (Slot.ARRAY, 0), 1),
            ((4,), (Slot.ARRAY,), 1),
        ],
    )
    indices = [rng.integers(0, 4, size=pick(rng, [0, 1, 5])) for _ in range(1)] * count
    x = rng.normal(size=shape).astype(np.float32)
    found = x[numpy_key(key, indices)]
    g = rng.normal(size=found.shape).astype(np.float32)
    return {"g": g, "x": x, "key": key, "indices": indices}


def numpy_key(key, indices):
    arrays = iter(indices)
    return tuple(next(arrays) if k is Slot.ARRAY else k for k in key)


def index_run(code, g, x, key, indices):
    """The gradient of x, and how many gradients came back in all."""
    answer = code.index_vjp(g, x[numpy_key(key, indices)], x, *indices, key=key)
    answers = answer if isinstance(answer, (tuple, list)) else (answer,)
    return {"x": answers[0], "gradients returned": len(answers)}


def index_reference(g, x, key, indices):
    gradient = np.zeros_like(x, dtype=g.dtype)
    np.add.at(gradient, numpy_key(key, indices), g)
    return {"x": gradient, "gradients returned": 1 + len(indices)}


def lookup_run(code, g, x, rows):
    return index_run(code, g, x, (Slot.ARRAY,), [rows])


def lookup_reference(g, x, rows):
    return index_reference(g, x, (Slot.ARRAY,), [rows])


def picked_gradients(x, w, rows, columns):
    """For sum(x[rows] * w) + sum(x[rows, columns]^2)."""
    gradient = np.zeros_like(x)
    np.add.at(gradient, rows, w)
    np.add.at(gradient, (rows, columns), 2 * x[rows, columns])
    return {"x": gradient, "w": x[rows]}


INDEX = Exercise(
    id="03.index",
    title="The rule of looking up",
    entry=("index_vjp",),
    replaces="primitive:gather_at.vjp",
    parts=[
        numbers("six look-ups among four numbers", lookups, lookup_run, lookup_reference),
        shapes(
            index_keys,
            index_run,
            index_reference,
            "rows, columns, pairs of positions, none at all; float32 stays float32",
        ),
        linear(lookups, lookup_run, lookup_reference),
        inside(
            "gather_at",
            ("index_vjp",),
            "inside minidl: `x[rows]` and `x[rows, columns]` in one loss",
            lambda rng: {
                "x": tidy(rng, (3, 4)),
                "w": tidy(rng, (5, 4)),
                "rows": rng.integers(0, 3, size=5),
                "columns": rng.integers(0, 4, size=5),
            },
            lambda x, w, rows, columns: (x[rows] * w).sum() + (x[rows, columns] ** 2).sum(),
            picked_gradients,
        ),
        nudged(
            "gather_at",
            ("index_vjp",),
            lambda rng: {"x": tidy(rng, (3, 2))},
            looked_up,
        ),
    ],
    hints=[
        (
            "Look at the third map again: a column with two squares was looked up twice, so two "
            "letters arrive there. What happens where letters meet?"
        ),
        (
            "`put_at` writes, so the last letter wins. `scatter_at` adds. Which shape has the "
            "gradient of x? `x.shape`."
        ),
        (
            "One gradient per input: the one of x, then None for each array of positions. The last "
            "line: `return gradient, *[None] * len(indices)`."
        ),
    ],
    wrong=[
        Wrong(
            "assigns",
            "= in place of +=: repeated positions overwrite each other",
            "Where one number was looked up twice, only its last letter is left: `put_at` is "
            "an `=`. Where paths meet gradients add, so you need the `+=`: `scatter_at`.",
            change={
                "scatter_at(g,": "put_at(x * 0, g,",
                ", shape=x.shape": "",
            },
        ),
        Wrong(
            "looks_up_again",
            "the gradient is looked up instead of laid back",
            "You look the letters up as if they were numbers. The way back is the other "
            "direction: letter i belongs at the place that output i was taken from.",
            change={"scatter_at(": "TABLE['gather_at'](", ", shape=x.shape": ""},
        ),
        Wrong(
            "shape_of_g",
            "the gradient has the shape of the output",
            "Your gradient has the shape of `g`. It must have the shape of the value that was "
            "looked into: `shape=x.shape`.",
            change={"x.shape": "g.shape"},
        ),
        Wrong(
            "one_gradient",
            "no answer for the positions",
            "The gradient of `x` is right, but the rule must return one thing per input, and "
            "the positions are inputs too. They are whole numbers without a slope: add a None "
            "for each of them.",
            change={", *[None] * len(indices)": ""},
        ),
    ],
)


# ---------------------------------------------------------------- 6: cat


def three_pieces(rng):
    """Matrices of 1, 3 and 2 rows."""
    a, b, c = (tidy(rng, (n, 2)) for n in (1, 3, 2))
    return {"g": np.arange(12.0).reshape(6, 2), "xs": [a, b, c], "dim": 0}


def joins(rng):
    """float32 pieces of unequal length, joined along any dimension; some are empty."""
    lengths = pick(rng, [(2, 1), (1, 0, 3), (4,), (2, 2, 1)])
    dim = int(rng.integers(0, 2))
    xs = [np.zeros((n, 3) if dim == 0 else (3, n), np.float32) for n in lengths]
    g = rng.normal(size=np.concatenate(xs, dim).shape).astype(np.float32)
    return {"g": g, "xs": xs, "dim": dim}


def cat_run(code, g, xs, dim):
    return list(code.cat_vjp(g, np.concatenate(xs, dim), *xs, dim=dim))


def cat_reference(g, xs, dim):
    return np.split(g, np.cumsum([x.shape[dim] for x in xs])[:-1], dim)


CAT = Exercise(
    id="03.cat",
    title="The rule of cat",
    entry=("cat_vjp",),
    replaces="primitive:cat.vjp",
    parts=[
        numbers("matrices of 1, 3 and 2 rows", three_pieces, cat_run, cat_reference),
        shapes(
            joins,
            cat_run,
            cat_reference,
            "joined along rows or columns, empty pieces too; float32 stays float32",
        ),
        linear(three_pieces, cat_run, cat_reference),
        inside(
            "cat",
            ("cat_vjp",),
            "inside minidl: one tensor joined twice, and one of another width",
            lambda rng: {"x": tidy(rng, (2, 2)), "y": tidy(rng, (2, 3)), "w": tidy(rng, (2, 7))},
            lambda x, y, w: (minidl.cat([x, y, x], 1) * w).sum(),
            lambda x, y, w: {
                "x": w[:, :2] + w[:, 5:],
                "y": w[:, 2:5],
                "w": np.concatenate([x, y, x], 1),
            },
        ),
        nudged(
            "cat",
            ("cat_vjp",),
            lambda rng: {"x": tidy(rng, (1, 2)), "y": tidy(rng, (2, 2))},
            joined,
        ),
    ],
    hints=[
        (
            "What was laid end to end is cut at the same places. The first piece starts at 0; the "
            "next starts where the last one ended."
        ),
        (
            "`minidl.narrow(g, dim, start, length)` cuts out a piece; how long it is says "
            "`x.shape[dim]`."
        ),
        "Append the piece to `pieces`, then move on: `start += x.shape[dim]`.",
    ],
    wrong=[
        Wrong(
            "never_moves",
            "every piece is cut from the beginning",
            "Every piece is cut from the beginning of `g`. After each cut move on: "
            "`start += x.shape[dim]`.",
            change={"start += x.shape[dim]": "pass"},
        ),
        Wrong(
            "start_not_added_up",
            "= in place of += for the start",
            "The first two pieces are right, the third starts too early: `start` is set to one "
            "length, where the lengths so far have to be added up (`+=`).",
            change={"start +=": "start ="},
        ),
        Wrong(
            "equal_pieces",
            "the gradient is cut into equal pieces",
            "You cut `g` into equal pieces. The tensors that were joined may differ in length: "
            "ask each for its own, `x.shape[dim]`.",
            change={"return pieces": "return list(minidl.chunk(g, len(xs), dim))"},
        ),
        Wrong(
            "always_rows",
            "the dimension is ignored",
            "You always cut along dimension 0. The tensors were joined along `dim`: measure "
            "and cut along that one.",
            change={
                "g, dim, start, x.shape[dim]": "g, 0, start, x.shape[0]",
                "start += x.shape[dim]": "start += x.shape[0]",
            },
        ),
        Wrong(
            "all_to_everyone",
            "each input gets the whole gradient",
            "Each tensor gets the whole of `g`, and a gradient must have the shape of its "
            "value. Cut out the part that came from this tensor.",
            change={"minidl.narrow(g, dim, start, x.shape[dim])": "g"},
        ),
    ],
)


EXERCISES = [EXP, MATMUL, SUM, MAX, INDEX, CAT]
