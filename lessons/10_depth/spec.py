"""Lesson 10: batch norm in both of its modes, layer norm, dropout, and a road past the layers.

The references are NumPy, gradients by hand. Dropout is random, so it is asked by what holds for any
dice: which numbers are left, how many, whether the same seed repeats them.
"""

import numpy as np

import minidl
from minidl import nn
from minidl.grading import Exercise, Part, Wrong

# ---------------------------------------------------------------- what both norms are asked


def drawn(rng, *shape):
    """Numbers with two decimals, whose mean is not 0 and whose spread is not 1."""
    return np.round(rng.normal(rng.uniform(-2, 2), rng.uniform(0.5, 3), shape), 2)


def given(rows):
    """Rows as tensors; what is None stays None."""
    return [None if row is None else minidl.tensor(row) for row in rows]


# ---------------------------------------------------------------- 1: batch norm

EPS = (1e-5, 1e-3, 0.1)


def batch(rng, sizes=(), running=True, scale=False):
    """A batch (n, c, *sizes), its memories and dials, and how it is to be done."""
    n, c = (int(k) for k in rng.integers((2, 1), (6, 5)))
    x = drawn(rng, n, c, *sizes)
    memory = (drawn(rng, c), np.round(rng.uniform(0.2, 3, c), 2)) if running else (None, None)
    dials = (drawn(rng, c), drawn(rng, c)) if scale else (None, None)
    return {
        "x": x,
        "rows": [*memory, *dials],
        "momentum": float(rng.choice([0.1, 0.3, 0.75])),
        "eps": float(rng.choice(EPS)),
    }


def some_sizes(rng):
    """What stands behind the channels: nothing, a length, or a height and a width."""
    dimensions = int(rng.integers(0, 3))
    return tuple(int(k) for k in rng.integers(1, 5, dimensions))


def run_learning(code, x, rows, momentum, eps):
    """The output while it learns, and what is remembered after it."""
    mean, var, w, b = given(rows)
    z = code.batch_norm(minidl.tensor(x), mean, var, w, b, True, momentum, eps)
    return {"output": z, "running mean": mean, "running variance": var}


def run_output(code, x, rows, momentum, eps):
    """The output alone, while it learns."""
    return run_learning(code, x, rows, momentum, eps)["output"]


def run_memories(code, x, rows, momentum, eps):
    """The memories after three batches."""
    mean, var, w, b = given(rows)
    for part in range(3):
        code.batch_norm(minidl.tensor(x * (part + 1)), mean, var, w, b, True, momentum, eps)
    return {"running mean": mean, "running variance": var}


def run_use(code, x, rows, momentum, eps):
    """The output in use, and the memories after it, which have not moved."""
    mean, var, w, b = given(rows)
    z = code.batch_norm(minidl.tensor(x), mean, var, w, b, False, momentum, eps)
    return {"output": z, "running mean": mean, "running variance": var}


def run_batch_slopes(code, x, rows, momentum, eps, g, training):
    """The gradients of the sum of g times the output; and how many memories have a history."""
    mean, var, w, b = given(rows)
    leaves = {"input": minidl.tensor(x), "weight": w, "bias": b}
    for leaf in leaves.values():
        leaf.requires_grad = True
    z = code.batch_norm(leaves["input"], mean, var, w, b, training, momentum, eps)
    (z * minidl.tensor(g)).sum().backward()
    slopes = {name: leaf.grad for name, leaf in leaves.items()}
    wanting = sum(int(memory.requires_grad) for memory in (mean, var) if memory is not None)
    return {**slopes, "memories that want gradients": wanting}


def run_batch_dtype(code, x, rows, momentum, eps):
    """All in float32, as training does it."""
    return run_learning(code, x, rows, momentum, eps)


def column(row, x):
    """A row over channels, so that it meets x."""
    return row.reshape(-1, *(1,) * (x.ndim - 2))


def batch_moments(x):
    """Mean, variance (n below) and n, channel by channel."""
    columns = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
    return columns.mean(1), columns.var(1), columns.shape[1]


def normal_by(x, mean, var, w, b, eps):
    """x less the mean, divided by the root of the variance, scaled and shifted."""
    z = (x - column(mean, x)) / np.sqrt(column(var, x) + eps)
    z = z if w is None else z * column(w, x)
    return (z if b is None else z + column(b, x)).astype(x.dtype)


def true_learning(x, rows, momentum, eps):
    mean, var, w, b = rows
    m, v, n = batch_moments(x)
    z = normal_by(x, m, v, w, b, eps)
    if mean is not None:
        mean = ((1 - momentum) * mean + momentum * m).astype(x.dtype)
        var = ((1 - momentum) * var + momentum * v * n / (n - 1)).astype(x.dtype)
    return {"output": z, "running mean": mean, "running variance": var}


def true_output(x, rows, momentum, eps):
    return true_learning(x, rows, momentum, eps)["output"]


def true_memories(x, rows, momentum, eps):
    for part in range(3):
        found = true_learning(x * (part + 1), rows, momentum, eps)
        rows = [found["running mean"], found["running variance"], *rows[2:]]
    return {"running mean": rows[0], "running variance": rows[1]}


def true_use(x, rows, momentum, eps):
    mean, var, w, b = rows
    z = normal_by(x, mean, var, w, b, eps)
    return {"output": z, "running mean": mean, "running variance": var}


def true_batch_slopes(x, rows, momentum, eps, g, training):
    """By hand: what g says of the mean and of the size is taken out of it while it learns."""
    mean, var, w, b = rows
    m, v, _ = batch_moments(x) if training else (mean, var, 0)
    over = (0, *range(2, x.ndim))
    root = np.sqrt(column(v, x) + eps)
    normal = (x - column(m, x)) / root
    h = g * column(w, x)
    if training:
        both = (h * normal).mean(over, keepdims=True)
        h = h - h.mean(over, keepdims=True) - normal * both
    return {
        "input": h / root,
        "weight": (g * normal).sum(over),
        "bias": g.sum(over),
        "memories that want gradients": 0,
    }


def with_batch_letters(training):
    """A question about gradients, in one of the modes."""

    def generate(rng):
        question = batch(rng, some_sizes(rng), scale=True)
        return {**question, "g": drawn(rng, *question["x"].shape), "training": training}

    return generate


def one_alone(rng):
    """In use: often a single example."""
    question = batch(rng, some_sizes(rng), scale=bool(rng.integers(2)))
    return {**question, "x": question["x"][: int(rng.integers(1, 3))]}


def single_batch(rng):
    """In float32."""
    question = batch(rng, some_sizes(rng), scale=True)
    rows = [row.astype(np.float32) for row in question["rows"]]
    return {**question, "x": question["x"].astype(np.float32), "rows": rows}


def half_scaled(rng):
    """One dial only, the weight or the bias."""
    question = batch(rng, some_sizes(rng), running=False, scale=True)
    question["rows"][2 + int(rng.integers(2))] = None
    return question


HONEST = "honest = var.reshape(channels) * count / (count - 1)"
DIMS = "dims = (0, *range(2, input.ndim))"

BATCH = Exercise(
    id="10.batch",
    title="Batch norm, learning and in use",
    entry=("batch_norm",),
    replaces="nn.functional.batch_norm",
    withholds=(
        *("nn.functional.instance_norm", "nn.functional.group_norm", "nn.functional.layer_norm"),
        *("nn.functional.batch_normalization._by_own", "nn.functional.batch_normalization._fused"),
        *("nn.functional.batch_normalization._by_running", "nn.functional.normalization.moments"),
        *("nn.functional.batch_normalization._remember", "primitive:batch_norm"),
        *("primitive:layer_norm", "primitive:channel_moments"),
    ),
    parts=[
        Part(
            "units",
            "while it learns, units",
            lambda rng: batch(rng, running=False),
            run_output,
            true_output,
            rtol=1e-9,
            seeds=4,
        ),
        Part(
            "channels",
            "while it learns, channels with places",
            lambda rng: batch(rng, (3, int(rng.integers(1, 5))), running=False),
            run_output,
            true_output,
            points=2,
            rtol=1e-9,
            seeds=4,
        ),
        Part(
            "dials",
            "a weight, a bias, or both",
            lambda rng: half_scaled(rng) if rng.integers(2) else batch(rng, (2,), False, True),
            run_output,
            true_output,
            rtol=1e-9,
            seeds=6,
        ),
        Part(
            "memories",
            "what three batches leave in the running averages",
            lambda rng: batch(rng, some_sizes(rng), scale=True),
            run_memories,
            true_memories,
            points=2,
            rtol=1e-9,
            seeds=4,
        ),
        Part(
            "use",
            "in use, one example as well as many; the memories stay",
            one_alone,
            run_use,
            true_use,
            points=2,
            rtol=1e-9,
            seeds=5,
        ),
        Part(
            "slopes",
            "the gradients while it learns; the memories have none",
            with_batch_letters(True),
            run_batch_slopes,
            true_batch_slopes,
            points=2,
            rtol=1e-7,
            atol=1e-9,
            seeds=4,
        ),
        Part(
            "slopes_in_use",
            "the gradients in use",
            with_batch_letters(False),
            run_batch_slopes,
            true_batch_slopes,
            rtol=1e-7,
            atol=1e-9,
        ),
        Part(
            "single",
            "float32 stays float32",
            single_batch,
            run_batch_dtype,
            true_learning,
            rtol=1e-3,
            atol=1e-4,
            dtype=True,
        ),
    ],
    hints=[
        "While it learns: `mean = input.mean(dims, keepdim=True)`, and `var` is the mean of "
        "`(input - mean) ** 2` over the same dimensions. In use both are the running ones, "
        "reshaped to `shape`.",
        "The memories, inside `with minidl.no_grad():`: `running_mean += momentum * "
        "(mean.reshape(channels) - running_mean)`. For the variance the newest is "
        "`var.reshape(channels) * count / (count - 1)`.",
        "At the end, in both modes: `(input - mean) / (var + eps).sqrt()`, times "
        "`weight.reshape(shape)` and plus `bias.reshape(shape)`, where they are not `None`.",
    ],
    wrong=[
        Wrong(
            "own_places",
            "a mean for each place",
            "Each place has a mean of its own in your answer. A channel counts as one unit: take "
            "its mean over all pictures *and* all places, over `dims`.",
            change={
                DIMS: "dims = 0",
                "mean.reshape(channels)": "mean.mean(dim=tuple(range(2, input.ndim))).reshape(-1)",
                "honest = var.reshape(channels)": (
                    "honest = var.mean(dim=tuple(range(2, input.ndim))).reshape(-1)"
                ),
            },
        ),
        Wrong(
            "never_eval",
            "the batch's own moments in use, too",
            "In use you still take the batch's own mean. Then the answer depends on who sits "
            "beside, and one example alone becomes 0: take `running_mean` and `running_var`.",
            change={
                "mean, var = running_mean.reshape(shape), running_var.reshape(shape)": (
                    "mean = input.mean(dims, keepdim=True)\n"
                    "        var = ((input - mean) ** 2).mean(dims, keepdim=True)"
                )
            },
        ),
        Wrong(
            "always_running",
            "the running averages while it learns, too",
            "While it learns you normalize by the running averages. They are for use; here take "
            "the batch's own mean and variance.",
            change={
                "    z = (input - mean) / (var + eps).sqrt()": (
                    "    if running_mean is not None:\n"
                    "        mean, var = running_mean.reshape(shape), running_var.reshape(shape)\n"
                    "    z = (input - mean) / (var + eps).sqrt()"
                )
            },
        ),
        Wrong(
            "momentum_of_the_past",
            "momentum as the share of the old",
            "Your memories hardly keep anything: you took `momentum` for the share of the *old*. "
            "Here it is the share of the newest.",
            change={
                "running_mean += momentum * (": "running_mean += (1 - momentum) * (",
                "running_var += momentum * (": "running_var += (1 - momentum) * (",
            },
        ),
        Wrong(
            "biased_memory",
            "n in place of n - 1 for what is remembered",
            "What is remembered of the variance is too small. To normalize one divides by n, but "
            "for the memory by n - 1: times `count / (count - 1)`.",
            change={HONEST: "honest = var.reshape(channels)"},
        ),
        Wrong(
            "unbiased_output",
            "n - 1 in place of n to normalize",
            "You normalize by the variance with n - 1 below. That is for what is remembered; the "
            "batch itself is divided by n.",
            change={
                "var = ((input - mean) ** 2).mean(dims, keepdim=True)": (
                    "var = ((input - mean) ** 2).sum(dims, keepdim=True) / (count - 1)"
                ),
                HONEST: "honest = var.reshape(channels)",
            },
        ),
        Wrong(
            "eps_outside",
            "eps outside the root",
            "`eps` belongs under the root, beside the variance.",
            change={"(var + eps).sqrt()": "(var.sqrt() + eps)"},
        ),
        Wrong(
            "learns_in_use",
            "the memories move in use",
            "Your memories move in use. A network in use must not change by being asked.",
            change={
                "running_var.reshape(shape)\n": (
                    "running_var.reshape(shape)\n"
                    "        with minidl.no_grad():\n"
                    "            now = input.mean(dims, keepdim=True).reshape(channels)\n"
                    "            running_mean += momentum * (now - running_mean)\n"
                )
            },
        ),
        Wrong(
            "a_new_name",
            "new tensors under the memories' names",
            "The memories have not moved: you made new tensors under their names. The layer holds "
            "*these* tensors; change them in place, with `+=`.",
            change={
                "running_mean += momentum * (mean.reshape(channels) - running_mean)": (
                    "running_mean = running_mean + momentum * "
                    "(mean.reshape(channels) - running_mean)"
                ),
                "running_var += momentum * (honest - running_var)": (
                    "running_var = running_var + momentum * (honest - running_var)"
                ),
            },
        ),
        Wrong(
            "memory_on_tape",
            "the memories are not kept off the tape",
            "The memories want gradients now: each would drag the tape of all batches so far "
            "behind it. Change them inside `with minidl.no_grad():`.",
            change={"with minidl.no_grad():": "if True:"},
        ),
        Wrong(
            "constant_mean",
            "mean and variance are taken for constants",
            "The output is right, the gradient of the input is not: it must go through the mean "
            "and the variance as well, so `detach` neither.",
            change={
                "    z = (input - mean) / (var + eps).sqrt()": (
                    "    mean, var = mean.detach(), var.detach()\n"
                    "    z = (input - mean) / (var + eps).sqrt()"
                )
            },
        ),
        Wrong(
            "bias_inside",
            "the bias is multiplied by the weight",
            "You add the bias before you multiply. The weight comes first: z * weight + bias.",
            change={
                "    z = z if weight is None else z * weight.reshape(shape)\n": (
                    "    z = z if bias is None else z + bias.reshape(shape)\n"
                ),
                "return z if bias is None else z + bias.reshape(shape)": (
                    "return z if weight is None else z * weight.reshape(shape)"
                ),
            },
        ),
    ],
)

# ---------------------------------------------------------------- 2: layer norm


def examples(rng, dials=(False, False), most=3):
    """Examples, the sizes that share a mean, a weight and a bias."""
    kept = [int(k) for k in rng.integers(1, 4, int(rng.integers(0, most)))]
    shape = [int(k) for k in rng.integers(2, 5, int(rng.integers(1, most)))]
    w, b = (drawn(rng, *shape) if wanted else None for wanted in dials)
    eps = float(rng.choice(EPS))
    return {"x": drawn(rng, *kept, *shape), "shape": shape, "w": w, "b": b, "eps": eps}


def run_layer(code, x, shape, w, b, eps):
    """The output."""
    return code.layer_norm(minidl.tensor(x), tuple(shape), *given([w, b]), eps)


def run_alone(code, x, shape, w, b, eps):
    """Each example by itself: nobody else may matter."""
    return [
        code.layer_norm(minidl.tensor(one[None]), tuple(shape), *given([w, b]), eps) for one in x
    ]


def run_layer_slopes(code, x, shape, w, b, eps, g):
    """The gradients of the sum of g times the output."""
    leaves = {"input": minidl.tensor(x), "weight": minidl.tensor(w), "bias": minidl.tensor(b)}
    for leaf in leaves.values():
        leaf.requires_grad = True
    z = code.layer_norm(leaves["input"], tuple(shape), leaves["weight"], leaves["bias"], eps)
    (z * minidl.tensor(g)).sum().backward()
    return {name: leaf.grad for name, leaf in leaves.items()}


def last(x, shape):
    """The last dimensions, as many as shape has."""
    return tuple(range(x.ndim - len(shape), x.ndim))


def true_layer(x, shape, w, b, eps):
    over = last(x, shape)
    z = (x - x.mean(over, keepdims=True)) / np.sqrt(x.var(over, keepdims=True) + eps)
    z = z if w is None else z * w
    return (z if b is None else z + b).astype(x.dtype)


def true_alone(x, shape, w, b, eps):
    return [true_layer(one[None], shape, w, b, eps) for one in x]


def true_layer_slopes(x, shape, w, b, eps, g):
    over, front = last(x, shape), tuple(range(x.ndim - len(shape)))
    root = np.sqrt(x.var(over, keepdims=True) + eps)
    normal = (x - x.mean(over, keepdims=True)) / root
    h = g * w
    both = (h * normal).mean(over, keepdims=True)
    return {
        "input": (h - h.mean(over, keepdims=True) - normal * both) / root,
        "weight": (g * normal).sum(front),
        "bias": g.sum(front),
    }


def layer_letters(rng):
    """A question about gradients."""
    question = examples(rng, (True, True))
    return {**question, "g": drawn(rng, *question["x"].shape)}


def in_a_table(rng):
    """A row of units for each of several examples."""
    question = examples(rng, most=2)
    n, units = (int(k) for k in rng.integers((2, 2), (5, 6)))
    return {**question, "x": drawn(rng, n, units), "shape": [units]}


def some_dials(rng):
    """With a weight, a bias, both, or neither."""
    return examples(rng, tuple(bool(k) for k in rng.integers(0, 2, 2)))


def single_layer(rng):
    """In float32, some dimensions of size 0."""
    question = examples(rng, (True, True))
    if rng.integers(2):
        question["x"] = np.zeros((0, *question["shape"]))
    return {k: v.astype(np.float32) if k in "xwb" else v for k, v in question.items()}


LAYER = Exercise(
    id="10.layer",
    title="Layer norm",
    entry=("layer_norm",),
    replaces="nn.functional.layer_norm",
    withholds=(
        *("nn.functional.instance_norm", "nn.functional.group_norm", "nn.functional.batch_norm"),
        *("nn.functional.rms_norm", "nn.functional.normalization.moments"),
        *("primitive:layer_norm", "primitive:batch_norm", "primitive:channel_moments"),
    ),
    parts=[
        Part(
            "rows",
            "a row of units for each example",
            in_a_table,
            run_layer,
            true_layer,
            points=2,
            rtol=1e-9,
            seeds=4,
        ),
        Part(
            "dimensions",
            "any number of dimensions in front, one or several that share a mean",
            examples,
            run_layer,
            true_layer,
            rtol=1e-9,
            seeds=6,
        ),
        Part(
            "alone",
            "each example for itself",
            in_a_table,
            run_alone,
            true_alone,
            rtol=1e-9,
        ),
        Part(
            "dials",
            "a weight, a bias, both or neither",
            some_dials,
            run_layer,
            true_layer,
            rtol=1e-9,
            seeds=6,
        ),
        Part(
            "slopes",
            "the gradients of input, weight and bias",
            layer_letters,
            run_layer_slopes,
            true_layer_slopes,
            points=2,
            rtol=1e-7,
            atol=1e-9,
            seeds=4,
        ),
        Part(
            "single",
            "float32 stays float32, and no examples are no trouble",
            single_layer,
            run_layer,
            true_layer,
            rtol=1e-3,
            atol=1e-4,
            dtype=True,
            seeds=4,
        ),
    ],
    hints=[
        "The last dimensions are those from `input.ndim - len(normalized_shape)` to "
        "`input.ndim - 1`: `tuple(range(...))` lists them.",
        "`input.mean(dims, keepdim=True)`; what is left without it, squared, has the variance as "
        "its mean over the same dimensions.",
        "Divide by `(var + eps).sqrt()`; then times `weight` and plus `bias`, where they are not "
        "`None`.",
    ],
    wrong=[
        Wrong(
            "over_examples",
            "over the examples, as batch norm",
            "You take the mean over the examples: that is batch norm. Here each example is "
            "normalized by its own numbers, over the *last* dimensions.",
            change={
                "tuple(range(input.ndim - len(normalized_shape), input.ndim))": (
                    "tuple(range(input.ndim - len(normalized_shape))) or (0,)"
                )
            },
        ),
        Wrong(
            "over_all",
            "one mean for everything",
            "All examples share one mean in your answer. Each has its own: leave the dimensions in "
            "front alone.",
            change={
                "tuple(range(input.ndim - len(normalized_shape), input.ndim))": (
                    "tuple(range(input.ndim))"
                )
            },
        ),
        Wrong(
            "last_only",
            "the last dimension only",
            "You take the last dimension alone. `normalized_shape` may list several: they all "
            "share one mean.",
            change={
                "tuple(range(input.ndim - len(normalized_shape), input.ndim))": (
                    "(input.ndim - 1,)"
                )
            },
        ),
        Wrong(
            "unbiased",
            "n - 1 below the variance",
            "You divide the sum of the squares by n - 1. Nothing is remembered here, so nothing "
            "needs mending: divide by n.",
            change={
                "(centred**2).mean(dims, keepdim=True)": (
                    "(centred**2).sum(dims, keepdim=True) / max(1, "
                    "int(minidl.ones(*normalized_shape).sum().item()) - 1)"
                )
            },
        ),
        Wrong(
            "eps_outside",
            "eps outside the root",
            "`eps` belongs under the root, beside the variance.",
            change={"(var + eps).sqrt()": "(var.sqrt() + eps)"},
        ),
        Wrong(
            "mean_kept",
            "the mean is not taken out",
            "You divide by the spread, but the mean is still there. What is divided is the input "
            "*less its mean*.",
            change={"z = centred /": "z = input /"},
        ),
        Wrong(
            "no_bias",
            "the bias is forgotten",
            "The bias is missing: where there is one, it is added at the end.",
            change={"z if bias is None else z + bias": "z"},
        ),
        Wrong(
            "constant_mean",
            "mean and variance are taken for constants",
            "The output is right, the gradient of the input is not: it must go through the mean "
            "and the variance as well, so `detach` neither.",
            change={
                "input - input.mean(dims, keepdim=True)": (
                    "input - input.mean(dims, keepdim=True).detach()"
                ),
                "var = (centred**2).mean(dims, keepdim=True)": (
                    "var = (centred**2).mean(dims, keepdim=True).detach()"
                ),
            },
        ),
    ],
)

# ---------------------------------------------------------------- 3: dropout


def many(rng):
    """Numbers none of which is 0 or 1 away from another's share, a chance, and a seed."""
    x = drawn(rng, 100, 200)
    return {
        "x": np.where(np.abs(x) < 0.05, 0.5, x),
        "p": float(rng.choice([0.1, 0.2, 0.3, 0.6, 0.75])),
        "seed": int(rng.integers(10_000)),
    }


def run_left(code, x, p, seed):
    """By what the numbers were multiplied: each answer once."""
    minidl.manual_seed(seed)
    z = code.dropout(minidl.tensor(x), p).numpy()
    return sorted(set(np.round(z / x, 6).ravel().tolist()))


def run_share(code, x, p, seed):
    """How many are switched off; how much that differs from row to row, and between columns."""
    minidl.manual_seed(seed)
    z = code.dropout(minidl.tensor(x), p, True).numpy()
    off = (z == 0).astype(float)
    return {
        "share": float(off.mean()),
        "between rows": float(off.mean(1).std()),
        "between columns": float(off.mean(0).std()),
        "mean": float((z / x).mean()),
    }


def run_again(code, x, p, seed):
    """How many differ: after the same seed, and at the next call."""
    minidl.manual_seed(seed)
    one, other = (code.dropout(minidl.tensor(x), p).numpy() for _ in range(2))
    minidl.manual_seed(seed)
    again = code.dropout(minidl.tensor(x), p).numpy()
    return {
        "the same seed": float((one != again).mean()),
        "the next call": float((one != other).mean()),
    }


def run_silent(code, x, p, seed):
    """In use: the output, the gradient, and the next number of the dice, which were not used."""
    minidl.manual_seed(seed)
    x = minidl.tensor(x[:3, :4], requires_grad=True)
    z = code.dropout(x, p, False)
    (z * z).sum().backward()
    return {"output": z.detach(), "gradient": x.grad}


def run_ends(code, x, p, seed):
    """Nobody switched off, and all; with gradients."""
    answers = {}
    for chance in (0, 1):
        leaf = minidl.tensor(x[:3, :4], requires_grad=True)
        z = code.dropout(leaf, chance)
        z.sum().backward()
        answers[f"p = {chance}"] = z.detach()
        answers[f"gradient, p = {chance}"] = leaf.grad
    return answers


def run_dropped_slopes(code, x, p, seed, g):
    """The gradient stands where the output stands, by the same factor."""
    minidl.manual_seed(seed)
    x = minidl.tensor(x, requires_grad=True)
    z = code.dropout(x, p)
    (z * minidl.tensor(g)).sum().backward()
    apart = x.grad.numpy() * x.detach().numpy() - g * z.detach().numpy()
    return {"share without": float((x.grad.numpy() == 0).mean()), "apart": float(abs(apart).max())}


def run_kinds(code, x, p, seed):
    """Shapes and dtypes, by the answers to zeros."""
    answers = []
    for shape in ((), (0, 3), (2, 1, 3)):
        for kind in (np.float32, np.float64):
            for training in (True, False):
                answers.append(code.dropout(minidl.tensor(np.zeros(shape, kind)), p, training))
    return answers


def true_kinds(x, p, seed):
    shapes, kinds = ((), (0, 3), (2, 1, 3)), (np.float32, np.float64)
    return [np.zeros(shape, kind) for shape in shapes for kind in kinds for _ in range(2)]


def true_left(x, p, seed):
    return [0.0, round(1 / (1 - p), 6)]


def true_share(x, p, seed):
    rows, columns = x.shape
    spread = np.sqrt(p * (1 - p))
    return {
        "share": p,
        "between rows": float(spread / np.sqrt(columns)),
        "between columns": float(spread / np.sqrt(rows)),
        "mean": 1.0,
    }


def true_silent(x, p, seed):
    return {"output": x[:3, :4], "gradient": 2 * x[:3, :4]}


def true_ends(x, p, seed):
    x = x[:3, :4]
    ones, zeros = np.ones_like(x), np.zeros_like(x)
    return {"p = 0": x, "gradient, p = 0": ones, "p = 1": zeros, "gradient, p = 1": zeros}


DROPOUT = Exercise(
    id="10.dropout",
    title="Dropout",
    entry=("dropout",),
    replaces="nn.functional.dropout",
    withholds=(
        *("nn.functional.dropout1d", "nn.functional.dropout2d", "nn.functional.dropout3d"),
        *("nn.functional.alpha_dropout", "nn.functional.noise._dropped"),
        "nn.functional.noise._kept",
    ),
    parts=[
        Part("left", "what is left is divided by 1 - p", many, run_left, true_left, 2, rtol=1e-5),
        Part(
            "share",
            "as many are switched off as p says, each by itself; the mean stays",
            many,
            run_share,
            true_share,
            points=2,
            rtol=0,
            atol=0.05,
            seeds=4,
        ),
        Part(
            "again",
            "the same seed, the same choice; the next call, another one",
            many,
            run_again,
            lambda x, p, seed: {"the same seed": 0.0, "the next call": 2 * p * (1 - p)},
            rtol=0,
            atol=0.03,
        ),
        Part("use", "in use all pass", many, run_silent, true_silent, 2, rtol=1e-9),
        Part("ends", "p = 0 and p = 1", many, run_ends, true_ends, rtol=1e-9),
        Part(
            "slopes",
            "the gradient goes where the numbers went",
            lambda rng: {**many(rng), "g": drawn(rng, 100, 200)},
            run_dropped_slopes,
            lambda x, p, seed, g: {"share without": p, "apart": 0.0},
            rtol=0,
            atol=0.03,
        ),
        Part(
            "kinds",
            "any shape; float32 stays float32",
            many,
            run_kinds,
            true_kinds,
            dtype=True,
        ),
    ],
    hints=[
        "In use there is nothing to do: `return input`.",
        "`minidl.rand_like(input) >= p` is True with probability 1 - p; times `input`, it switches "
        "off the others.",
        "Divide by `(1 - p)`. Before that, ask whether `p == 1`: then the answer is `input * 0`.",
    ],
    wrong=[
        Wrong(
            "not_scaled",
            "what is left is not divided by 1 - p",
            "What is left has its old size, so in use the next layer would hear more than it is "
            "used to. Divide by 1 - p while it learns.",
            change={"input * kept / (1 - p)": "input * kept"},
        ),
        Wrong(
            "scaled_by_p",
            "divided by p",
            "You divide by p. The share that is *left* is 1 - p: divide by that.",
            change={"input * kept / (1 - p)": "input * kept / max(p, 1e-9)"},
        ),
        Wrong(
            "keeps_p",
            "p is taken for the share that is kept",
            "You keep with probability p and switch off the rest. It is the other way round: p is "
            "the probability to be switched *off*.",
            change={
                "rand_like(input) >= p": "rand_like(input) < p",
                "input * kept / (1 - p)": "input * kept / max(p, 1e-9)",
            },
        ),
        Wrong(
            "always_on",
            "in use, too",
            "You switch off in use as well. Then nobody gets the same answer twice: outside "
            "training, give the input back as it is.",
            change={"    if not training:\n        return input\n": ""},
        ),
        Wrong(
            "scaled_in_use",
            "the numbers are scaled in use instead",
            "In use you multiply by 1 - p. That is the old way; here it is done while it learns, "
            "by dividing, so that in use nothing is left to do.",
            change={
                "        return input\n    if p": "        return input * (1 - p)\n    if p",
                "input * kept / (1 - p)": "input * kept",
            },
        ),
        Wrong(
            "whole_rows",
            "whole rows are switched off",
            "You switch off whole rows. Every number has dice of its own: draw as many as there "
            "are numbers, `minidl.rand_like(input)`.",
            change={
                "minidl.rand_like(input) >= p": (
                    "minidl.rand(*input.shape[:1], *(1,) * (input.ndim - 1)) >= p"
                )
            },
        ),
        Wrong(
            "own_dice",
            "other dice than minidl's",
            "`minidl.manual_seed` does not repeat your choice: the dice are not minidl's. Draw "
            "with `minidl.rand_like`.",
            change={
                "minidl.rand_like(input) >= p": (
                    "minidl.tensor(__import__('numpy').random.default_rng()"
                    ".random(input.shape)) >= p"
                )
            },
        ),
        Wrong(
            "same_mask",
            "the same numbers each time",
            "Each call switches off the same numbers. You set the seed inside; draw from the dice "
            "as they lie.",
            change={"    kept =": "    minidl.manual_seed(0)\n    kept ="},
        ),
        Wrong(
            "zero_by_zero",
            "p = 1 divides by 0",
            "With p = 1 you divide 0 by 0, and that is no number. Everything is switched off then: "
            "give back zeros.",
            change={"    if p == 1:\n        return input * 0\n": ""},
        ),
    ],
)

# ---------------------------------------------------------------- 4: a road past the layers


class Counting(nn.Module):
    """tanh of a linear layer with given weights, that counts how often it is asked."""

    def __init__(self, weight):
        super().__init__()
        self.weight, self.calls = nn.Parameter(minidl.tensor(weight)), 0

    def forward(self, x):
        self.calls += 1
        return (x @ self.weight.T).tanh()


class Turning(nn.Module):
    """A linear map without a bias."""

    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(minidl.tensor(weight))

    def forward(self, x):
        return x @ self.weight.T


def road(rng, wider=False):
    """An input, the body's weights, a letter for each number; a skip where the width changes."""
    n, units = (int(k) for k in rng.integers((1, 2), (5, 5)))
    out = units + int(rng.integers(1, 4)) if wider else units
    w, s = drawn(rng, out, units) / 3, drawn(rng, out, units) if wider else None
    return {"x": drawn(rng, n, units), "w": w, "s": s, "g": drawn(rng, n, out)}


def built(code, w, s):
    """The learner's block."""
    body = Counting(w)
    return code.Residual(body) if s is None else code.Residual(body, Turning(s))


def run_road(code, x, w, s, g):
    """The output, the input afterwards, and how often the body was asked."""
    block, x = built(code, w, s), minidl.tensor(x)
    with minidl.no_grad():
        z = block(x)
    return {"output": z, "input afterwards": x, "times the body was asked": block.body.calls}


def run_road_slopes(code, x, w, s, g):
    """The gradients of the input and of every dial, by path."""
    block, x = built(code, w, s), minidl.tensor(x, requires_grad=True)
    (block(x) * minidl.tensor(g)).sum().backward()
    dials = {path: dial.grad for path, dial in block.named_parameters()}
    return {"input": x.grad, **dials}


def run_modes(code, x, w, s, g):
    """Which parts there are, and whether each hears of the mode."""
    block = built(code, w, s)
    learning = {path or "block": int(part.training) for path, part in block.named_modules()}
    block.eval()
    use = {path or "block": int(part.training) for path, part in block.named_modules()}
    return {"after it was made": learning, "after eval()": use}


def run_stack(code, x, w, s, g):
    """Forty blocks one after the other, their weights small: the gradient that arrives."""
    blocks = nn.Sequential(*(code.Residual(Counting(w * 1e-3)) for _ in range(40)))
    x = minidl.tensor(x, requires_grad=True)
    (blocks(x) * minidl.tensor(g)).sum().backward()
    return x.grad


def true_road(x, w, s, g):
    z = np.tanh(x @ w.T) + (x if s is None else x @ s.T)
    return {"output": z, "input afterwards": x, "times the body was asked": 1}


def true_road_slopes(x, w, s, g):
    h = g * (1 - np.tanh(x @ w.T) ** 2)
    way = {"input": h @ w + (g if s is None else g @ s), "body.weight": h.T @ x}
    return way if s is None else {**way, "skip.weight": g.T @ x}


def true_modes(x, w, s, g):
    paths = ["block", "body", *([] if s is None else ["skip"])]
    return {"after it was made": dict.fromkeys(paths, 1), "after eval()": dict.fromkeys(paths, 0)}


def true_stack(x, w, s, g):
    """Forward by forty steps, keeping what the way back needs."""
    w, kept = w * 1e-3, []
    for _ in range(40):
        bent = np.tanh(x @ w.T)
        kept.append(1 - bent**2)
        x = x + bent
    for slope in reversed(kept):
        g = g + (g * slope) @ w
    return g


def either(rng):
    """With a skip or without."""
    return road(rng, bool(rng.integers(2)))


ANSWER = "return road + self.body(x)"

RESIDUAL = Exercise(
    id="10.residual",
    title="A road past the layers",
    entry=("Residual",),
    parts=[
        Part("sum", "what comes in, plus the body's answer", road, run_road, true_road, 2),
        Part(
            "skip",
            "where the width changes, skip's answer plus the body's",
            lambda rng: road(rng, True),
            run_road,
            true_road,
        ),
        Part(
            "slopes",
            "the gradients of input and dials, each dial under its path",
            either,
            run_road_slopes,
            true_road_slopes,
            points=2,
            rtol=1e-7,
            atol=1e-9,
            seeds=5,
        ),
        Part("modes", "train and eval reach the parts", either, run_modes, true_modes, seeds=4),
        Part("deep", "the gradient after forty blocks", road, run_stack, true_stack, rtol=1e-6),
    ],
    hints=[
        "In `__init__`, `self.body = body` and `self.skip = skip`; a module's drawers do the rest.",
        "In `forward`, the road is `x` where `self.skip` is `None`, and `self.skip(x)` otherwise.",
        "The answer is the road plus `self.body(x)`, a new tensor.",
    ],
    wrong=[
        Wrong(
            "no_road",
            "the input is not added",
            "The body's answer comes out alone: there is no road. Add what came in.",
            change={ANSWER: "return self.body(x)"},
        ),
        Wrong(
            "times",
            "multiplied in place of added",
            "You multiply. Then the letters would meet a factor again, the body's answer; a road "
            "is made by *adding*.",
            change={ANSWER: "return road * self.body(x)"},
        ),
        Wrong(
            "skip_ignored",
            "skip is not used",
            "Where a `skip` is handed in, its answer is added in place of `x`, which does not fit.",
            change={"road = x if self.skip is None else self.skip(x)": ("road = x")},
        ),
        Wrong(
            "in_place",
            "the input is changed",
            "You wrote into the input, and whoever else holds it finds other numbers. Make a new "
            "tensor: `a + b`, not `a += b`.",
            change={ANSWER: "road += self.body(x)\n        return road"},
        ),
        Wrong(
            "twice",
            "the body is asked twice",
            "The body is asked twice for each answer: twice the work, and with dropout in it two "
            "different answers. Ask it once.",
            change={ANSWER: "return road + (self.body(x) + self.body(x)) / 2"},
        ),
        Wrong(
            "hidden",
            "the body is hidden in a list",
            "The walk does not find the body's dials: it stands in a list, and a module opens only "
            "its own drawers. Write `self.body = body`.",
            change={
                "self.body, self.skip = body, skip": (
                    "self.held, self.skip = [body], skip\n"
                    "        type(self).body = property(lambda self: self.held[0])"
                )
            },
        ),
        Wrong(
            "cut_road",
            "the road is detached",
            "The numbers are right, but no gradient comes home by the road: it was cut off by "
            "`detach`.",
            change={ANSWER: "return road.detach() + self.body(x)"},
        ),
    ],
)

EXERCISES = [BATCH, LAYER, DROPOUT, RESIDUAL]
