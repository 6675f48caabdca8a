"""Lesson 04: a tree of parts, a layer, a loss that never overflows, and how to begin.

The references are NumPy. What is random, the beginnings, is asked by its spread: over many draws,
and after thirty layers.
"""

import math

import numpy as np

import minidl
from minidl import nn
from minidl.grading import Exercise, Part, Wrong

# ---------------------------------------------------------------- 1: the tree


def _tree(kind):
    """A network of parts within parts, each with parameters of its own."""

    def part(**attributes):
        made = kind()
        for name, value in attributes.items():
            setattr(made, name, value)
        return made

    def numbers(*shape):
        return minidl.zeros(*shape, requires_grad=True)

    first = part(weight=numbers(3, 2), bias=numbers(3))
    second = part(weight=numbers(1, 3), note="no tensor")
    block = part(inner=second, scale=numbers(1))
    return part(first=first, block=block, steps=7)


def _names(code, again):
    found = {}
    for _ in range(again):
        found = dict(code.named_parameters(_tree(code.Part)))
    return {name: list(x.shape) for name, x in found.items()}


NAMES = {
    "first.weight": [3, 2],
    "first.bias": [3],
    "block.inner.weight": [1, 3],
    "block.scale": [1],
}

TREE_CODE = """import minidl


class Part:
    pass


def named_parameters(part):
    found = {}
    for name, value in vars(part).items():
        if isinstance(value, minidl.Tensor):
            found[name] = value
        elif isinstance(value, Part):
            for inner, parameter in named_parameters(value).items():
                found[name + "." + inner] = parameter
    return found
"""

TREE = Exercise(
    id="04.tree",
    title="Find every dial",
    entry=("Part", "named_parameters"),
    parts=[
        Part(
            "names",
            "every parameter, by its path",
            lambda rng: {"again": int(rng.integers(1, 4))},
            _names,
            lambda again: NAMES,
            points=3,
        )
    ],
    hints=[
        "For a value that is a `Part`, call `named_parameters` on it and go through what it found.",
        'A dial inside a part is called `name + "." + inner`.',
    ],
    wrong=[
        Wrong(
            "top_only",
            "only the outermost part",
            "Only the outermost part was searched. A part may hold parts: ask each of them for its "
            "own parameters as well.",
            TREE_CODE[: TREE_CODE.index("        elif")] + "    return found\n",
        ),
        Wrong(
            "no_path",
            "the inner name without its path",
            "Two dials with the same inner name fell into one, because the path is missing. Put "
            "the name of the part and a dot in front.",
            TREE_CODE.replace('found[name + "." + inner]', "found[inner]"),
        ),
        Wrong(
            "one_floor",
            "only one floor deep",
            "Parts inside parts were opened, but not the parts inside those. Let the function call "
            "itself, and it goes as deep as the tree.",
            TREE_CODE.replace(
                "named_parameters(value).items():",
                "vars(value).items():\n                if isinstance(parameter, minidl.Tensor):",
            ).replace(
                '                found[name + "." + inner] = parameter',
                '                    found[name + "." + inner] = parameter',
            ),
        ),
        Wrong(
            "shared",
            "one dictionary for all calls",
            "The dictionary of found parameters is shared between calls, so names of one part turn "
            "up in another. Make a new one, `found = {}`, inside the function.",
            TREE_CODE.replace(
                "named_parameters(part):\n    found = {}", "named_parameters(part, found={}):"
            ).replace("named_parameters(value).items()", "list(named_parameters(value).items())"),
        ),
    ],
)

# ---------------------------------------------------------------- 2: the layer


def _layer(rng):
    rows, inputs, outputs = (int(n) for n in rng.integers(1, 6, size=3))
    return {
        "x": np.round(rng.uniform(-2, 2, (rows, inputs)), 1),
        "weight": np.round(rng.uniform(-2, 2, (outputs, inputs)), 1),
        "bias": np.round(rng.uniform(-2, 2, outputs), 1),
    }


def _three(rng):
    return _layer(rng) | {
        "x": np.round(rng.uniform(-2, 2, (4, 3)), 1),
        "weight": np.round(rng.uniform(-2, 2, (4, 3)), 1),
        "bias": np.round(rng.uniform(-2, 2, 4), 1),
    }


def _outputs(code, x, weight, bias):
    return {
        "output": code.linear(minidl.tensor(x), minidl.tensor(weight), minidl.tensor(bias)),
        "without bias": code.linear(minidl.tensor(x), minidl.tensor(weight)),
    }


def _outputs_expected(x, weight, bias):
    return {"output": x @ weight.T + bias, "without bias": x @ weight.T}


def _slopes(code, x, weight, bias):
    tensors = [minidl.tensor(a, requires_grad=True) for a in (x, weight, bias)]
    (code.linear(*tensors) ** 2).sum().backward()
    return dict(zip(("x", "weight", "bias"), (t.grad for t in tensors), strict=True))


def _slopes_expected(x, weight, bias):
    g = 2 * (x @ weight.T + bias)
    return {"x": g @ weight, "weight": g.T @ x, "bias": g.sum(0)}


LINEAR_CODE = """def linear(input, weight, bias=None):
    output = input @ weight.T
    return output if bias is None else output + bias
"""

LINEAR = Exercise(
    id="04.linear",
    title="The layer",
    entry=("linear",),
    replaces="nn.functional.linear",
    parts=[
        Part(
            "numbers",
            "four examples of three numbers",
            _three,
            _outputs,
            _outputs_expected,
            rtol=1e-9,
            points=2,
        ),
        Part(
            "shapes",
            "any number of examples, inputs and outputs",
            _layer,
            _outputs,
            _outputs_expected,
            rtol=1e-9,
            seeds=6,
        ),
        Part("slopes", "its gradients", _layer, _slopes, _slopes_expected, rtol=1e-9),
    ],
    hints=[
        "`weight` has one row per output. To meet the examples it must be turned: `weight.T`.",
        "`input @ weight.T`, and `+ bias` unless `bias is None`.",
    ],
    wrong=[
        Wrong(
            "not_turned",
            "the weights are not transposed",
            "The weights were not turned. They have one row per output, so that row must lie "
            "along the examples' numbers: `input @ weight.T`.",
            LINEAR_CODE.replace("weight.T", "weight"),
        ),
        Wrong(
            "no_bias",
            "the bias is forgotten",
            "The bias is missing: without it an example of zeros always gives zeros. Add `bias` "
            "unless it is None.",
            LINEAR_CODE.replace("output if bias is None else output + bias", "output"),
        ),
        Wrong(
            "bias_by_row",
            "one bias per example",
            "The bias was added down the examples. It belongs to the outputs: one number for each "
            "column of the result, which plain `+ bias` does.",
            LINEAR_CODE.replace("output + bias", "(output.T + bias).T"),
        ),
        Wrong(
            "always_bias",
            "a bias is always expected",
            "A layer may have no bias: then `bias` is None, and nothing is to be added.",
            LINEAR_CODE.replace("output if bias is None else output + bias", "output + bias"),
        ),
    ],
)

# ---------------------------------------------------------------- 3: the loss


def _scores(rng):
    rows, classes = int(rng.integers(1, 6)), int(rng.integers(3, 7))
    return {
        "scores": np.round(rng.uniform(-3, 3, (rows, classes)), 1),
        "labels": rng.integers(0, classes, rows),
    }


def _huge(rng):
    drawn = _scores(rng)
    return drawn | {"scores": drawn["scores"] * 1000}


def _loss(code, scores, labels):
    x = minidl.tensor(scores, requires_grad=True)
    loss = code.cross_entropy(x, minidl.tensor(labels))
    loss.backward()
    return {"loss": loss.detach(), "gradient": x.grad}


def _loss_expected(scores, labels):
    safe = scores - scores.max(1, keepdims=True)
    logs = safe - np.log(np.exp(safe).sum(1, keepdims=True))
    rows = np.arange(len(labels))
    gradient = np.exp(logs)
    gradient[rows, labels] -= 1
    return {"loss": np.asarray(-logs[rows, labels].mean()), "gradient": gradient / len(labels)}


def _knows_nothing(code, classes, rows):
    scores = minidl.zeros(rows, classes, dtype=minidl.float64)
    return code.cross_entropy(scores, minidl.zeros(rows, dtype=minidl.int64)).item()


AGREES = "every slope agrees with a nudge"


def _nudged(function, *arrays):
    """What check_grad says of a learner's function."""
    try:
        minidl.check_grad(function, *map(minidl.tensor, arrays))
    except minidl.GradientError as error:
        return str(error)
    return AGREES


LOSS_CODE = """import minidl


def cross_entropy(input, target):
    safe = input - input.amax(1, keepdim=True).detach()
    logs = safe - minidl.exp(safe).sum(1, keepdim=True).log()
    right = logs[minidl.arange(len(target)), target]
    return -right.mean()
"""

LOSS = Exercise(
    id="04.loss",
    title="The price of a wrong answer",
    entry=("cross_entropy",),
    replaces="nn.functional.cross_entropy",
    parts=[
        Part(
            "numbers",
            "the loss and its gradient",
            _scores,
            _loss,
            _loss_expected,
            rtol=1e-7,
            atol=1e-9,
            points=2,
        ),
        Part(
            "nothing",
            "who knows nothing pays ln(classes), however many examples there are",
            lambda rng: {"classes": int(rng.integers(2, 12)), "rows": int(rng.integers(1, 5))},
            _knows_nothing,
            lambda classes, rows: math.log(classes),
            rtol=1e-9,
        ),
        Part(
            "huge",
            "scores of thousands",
            _huge,
            _loss,
            _loss_expected,
            rtol=1e-7,
            atol=1e-9,
            points=2,
        ),
        Part(
            "nudged",
            "`check_grad`: every slope against a nudge",
            _scores,
            lambda code, scores, labels: _nudged(
                lambda x: code.cross_entropy(x, minidl.tensor(labels)), scores
            ),
            lambda scores, labels: AGREES,
            seeds=2,
        ),
    ],
    hints=[
        "Three steps: take the largest score of each row out; subtract the logarithm of the sum "
        "of exponentials; pick the right class of each row.",
        "`logs[minidl.arange(len(target)), target]` picks one number per row. The loss is minus "
        "their mean.",
    ],
    wrong=[
        Wrong(
            "overflows",
            "the largest score is not taken out",
            "With scores of thousands `exp` overflows. Take the largest score of each row out "
            "first: the result stays the same, and no exponent is above 0.",
            LOSS_CODE.replace("input - input.amax(1, keepdim=True).detach()", "input"),
        ),
        Wrong(
            "softmax_then_log",
            "first rounded to 0, then the logarithm",
            "The probability was rounded to 0 before its logarithm was taken. Subtract the "
            "logarithm of the sum instead: never take the logarithm of a probability.",
            LOSS_CODE.replace(
                "safe - minidl.exp(safe).sum(1, keepdim=True).log()",
                "(minidl.exp(safe) / minidl.exp(safe).sum(1, keepdim=True)).log()",
            ),
        ),
        Wrong(
            "wrong_axis",
            "summed down the examples",
            "The exponentials were summed down the examples (dimension 0). Each example shares its "
            "probability out among its own classes: dimension 1.",
            LOSS_CODE.replace("(1, keepdim=True)", "(0, keepdim=True)"),
        ),
        Wrong(
            "all_classes",
            "the mean over all classes",
            "The mean runs over all classes. Only the right class of each example counts: pick it "
            "by `logs[minidl.arange(len(target)), target]`.",
            LOSS_CODE.replace("-right.mean()", "-logs.mean()"),
        ),
        Wrong(
            "sums",
            "the sum in place of the mean",
            "The prices were added up, so a larger batch would cost more and push harder. Take "
            "the mean over the examples.",
            LOSS_CODE.replace("right.mean()", "right.sum()"),
        ),
        Wrong(
            "sign",
            "the minus is missing",
            "The sign is the wrong way round: a logarithm of a probability is negative, and a "
            "price should be positive. Put a minus in front.",
            LOSS_CODE.replace("-right.mean()", "right.mean()"),
        ),
    ],
)

# ---------------------------------------------------------------- 4: the beginning


def _sizes(rng):
    return {"inputs": int(rng.integers(40, 400)), "outputs": int(rng.integers(40, 400))}


def _spread(code, inputs, outputs):
    minidl.manual_seed(inputs)
    drawn = [float((code.xavier(outputs, inputs) ** 2).mean().item()) for _ in range(20)]
    minidl.manual_seed(inputs)
    he = [float((code.he(outputs, inputs) ** 2).mean().item()) for _ in range(20)]
    return {
        "shape": list(code.he(outputs, inputs).shape),
        "xavier: variance": sum(drawn) / 20,
        "he: variance": sum(he) / 20,
    }


def _spread_expected(inputs, outputs):
    return {
        "shape": [outputs, inputs],
        "xavier: variance": 2 / (inputs + outputs),
        "he: variance": 2 / inputs,
    }


def _deep(code, width):
    minidl.manual_seed(width)
    through = []
    for weights, bend in ((code.he, nn.ReLU()), (code.xavier, nn.Identity())):
        sizes = []
        for _ in range(12):
            x = minidl.randn(64, width)
            for _ in range(30):
                x = bend(x @ weights(width, width).T)
            sizes.append((x**2).mean().log().item())
        through.append(abs(sum(sizes) / len(sizes)) < 2.5)
    return {"he with relu": through[0], "xavier without a bend": through[1]}


START_CODE = """import math

import minidl


def xavier(outputs, inputs):
    return minidl.randn(outputs, inputs) * math.sqrt(2 / (inputs + outputs))


def he(outputs, inputs):
    return minidl.randn(outputs, inputs) * math.sqrt(2 / inputs)
"""

START = Exercise(
    id="04.start",
    title="How to begin",
    entry=("xavier", "he"),
    parts=[
        Part(
            "spread",
            "the variance of the weights",
            _sizes,
            _spread,
            _spread_expected,
            rtol=0.06,
            points=2,
        ),
        Part(
            "deep",
            "a signal survives 30 layers",
            lambda rng: {"width": int(rng.integers(180, 260))},
            _deep,
            lambda width: {"he with relu": True, "xavier without a bend": True},
            seeds=2,
            points=2,
        ),
    ],
    hints=[
        "`minidl.randn(outputs, inputs)` has variance 1. Multiplying numbers by $s$ multiplies "
        "their variance by $s^2$.",
        "So multiply by the square root of the variance you want: `math.sqrt(2 / inputs)` for he.",
    ],
    wrong=[
        Wrong(
            "variance_for_spread",
            "multiplied by the variance",
            "The numbers were multiplied by the variance itself. Their variance then is its "
            "square: multiply by its square root.",
            START_CODE.replace("math.sqrt(", "("),
        ),
        Wrong(
            "fan_out",
            "he by the number of outputs",
            "`he` was scaled by the number of outputs. What adds up in one output are its inputs, "
            "so it is their number that counts.",
            START_CODE.replace("math.sqrt(2 / inputs)", "math.sqrt(2 / outputs)"),
        ),
        Wrong(
            "no_two",
            "the 2 of he is missing",
            "The 2 of `he` is missing: relu lets only half of the signal pass, and the 2 makes up "
            "for it. Without it, thirty layers leave a billionth.",
            START_CODE.replace("math.sqrt(2 / inputs)", "math.sqrt(1 / inputs)"),
        ),
        Wrong(
            "unscaled",
            "not scaled at all",
            "The weights were not scaled. Each layer then multiplies the signal by about the "
            "square root of its inputs, and thirty layers make it astronomic.",
            START_CODE.replace(" * math.sqrt(2 / (inputs + outputs))", "").replace(
                " * math.sqrt(2 / inputs)", ""
            ),
        ),
        Wrong(
            "turned",
            "inputs and outputs exchanged in the shape",
            "The shape is turned: a layer's weights have one row per output, so the shape is "
            "`(outputs, inputs)`.",
            START_CODE.replace("minidl.randn(outputs, inputs)", "minidl.randn(inputs, outputs)"),
        ),
    ],
)

EXERCISES = [TREE, LINEAR, LOSS, START]
