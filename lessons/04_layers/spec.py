"""Lesson 04: the walk through a tree, a layer, a loss that never overflows, and how to begin.

The references are NumPy, and for the tree minidl's own walk. What is random, the beginnings, is
asked by its spread: over many draws, and after thirty layers.
"""

import math

import numpy as np

import minidl
from minidl import nn
from minidl.grading import Exercise, Part, Wrong

# ---------------------------------------------------------------- 1: the tree

# What both an answer and a `run` use, and gives nothing away: the judge's test asks for this list.
SHARED = ("_tree", "_modules_of", "_dials_of", "_prefixed", "_order")

WALKS = ("named_modules", "modules", "named_children", "children", "named_parameters", "parameters")


class Open(nn.Module):
    """A module with a label, walked by minidl's own functions."""

    def __init__(self, label):
        super().__init__()
        self.label = label


class Closed(Open):
    """The same with its walks locked: they are what the learner writes."""

    def __getattribute__(self, name):
        if name in WALKS:
            raise RuntimeError(f"`{name}` is yours to write: look into `_modules`, `_parameters`.")
        return super().__getattribute__(name)


def _tree(kind, seed):
    """A network with parts within parts, and with parts and dials that stand in two places."""
    rng = np.random.default_rng(seed)

    def dials(*shape):
        return nn.Parameter(minidl.zeros(*shape))

    root = kind("root")
    root.own = dials(2)  # the outermost module has a dial, too
    root.first, root.steps = kind("first"), 7
    root.first.weight, root.first.bias = dials(3, 2), dials(3)
    root.first.seen = minidl.zeros(3)  # a tensor, and no dial
    for number in range(int(rng.integers(1, 4))):
        block = kind(f"block {number}")
        setattr(root, f"block{number}", block)
        block.inner = kind(f"inner {number}")
        block.inner.deep = kind(f"deep {number}")
        block.inner.deep.weight = dials(1, int(rng.integers(1, 5)))
        block.inner.deep.register_parameter("bias", None)
        block.scale = dials(int(rng.integers(1, 5)))
    root.again = root.first  # one module in two places
    root.last = kind("last")
    root.last.weight = root.first.weight  # one dial in two modules
    root.last.add_module("left_out", None)
    return root


def _seed(rng):
    return {"seed": int(rng.integers(1000))}


def _modules_of(named):
    return {path or "(the whole)": module.label for path, module in named}


def _dials_of(named):
    return {path: list(dial.shape) for path, dial in named}


def _order(named):
    return " ".join(path or "(the whole)" for path, _ in named)


def _prefixed(modules, dials):
    return _modules_of(modules) | _dials_of(dials)


STEP = "yield from named_modules(child, memo, path, remove_duplicate)"

TREE = Exercise(
    id="04.tree",
    title="Find every dial",
    entry=("named_modules", "named_parameters"),
    replaces=("nn.Module.named_modules", "nn.Module.named_parameters"),
    parts=[
        Part(
            "modules",
            "every module, by its path",
            _seed,
            lambda code, seed: _modules_of(code.named_modules(_tree(Closed, seed))),
            lambda seed: _modules_of(_tree(Open, seed).named_modules()),
            points=2,
        ),
        Part(
            "dials",
            "every dial, by its path; a shared one once",
            _seed,
            lambda code, seed: _dials_of(code.named_parameters(_tree(Closed, seed))),
            lambda seed: _dials_of(_tree(Open, seed).named_parameters()),
            points=2,
        ),
        Part(
            "prefix",
            "a prefix stands in front of every path",
            _seed,
            lambda code, seed: _prefixed(
                code.named_modules(_tree(Closed, seed), prefix="net"),
                code.named_parameters(_tree(Closed, seed), prefix="net"),
            ),
            lambda seed: _prefixed(
                _tree(Open, seed).named_modules(prefix="net"),
                _tree(Open, seed).named_parameters(prefix="net"),
            ),
        ),
        Part(
            "places",
            "every place, where `remove_duplicate=False` asks for it",
            _seed,
            lambda code, seed: _modules_of(
                code.named_modules(_tree(Closed, seed), remove_duplicate=False)
            ),
            lambda seed: _modules_of(_tree(Open, seed).named_modules(remove_duplicate=False)),
        ),
        Part(
            "order",
            "in the order in which they were set",
            _seed,
            lambda code, seed: {
                "modules": _order(code.named_modules(_tree(Closed, seed))),
                "dials": _order(code.named_parameters(_tree(Closed, seed))),
            },
            lambda seed: {
                "modules": _order(_tree(Open, seed).named_modules()),
                "dials": _order(_tree(Open, seed).named_parameters()),
            },
        ),
    ],
    hints=[
        "The path of a child is the path so far, a dot, and its name; for the outermost module the "
        "path so far is empty, and then there is no dot.",
        "`yield from named_modules(child, memo, path, remove_duplicate)` walks the child.",
        "In the second function, skip a `parameter` that is `None` or in the set `seen`; the "
        "others go in by `seen.add(parameter)`, and out by `yield` with their path.",
    ],
    wrong=[
        Wrong(
            "top_only",
            "only the outermost module; or the child's walk is called and not handed on",
            "Only the outermost module came out. Walk every child as well, and hand on what its "
            "walk yields: `yield from named_modules(child, ...)`.",
            change={STEP: "pass"},
        ),
        Wrong(
            "one_floor",
            "only one floor deep",
            "The children came out, but not the modules inside those. Let the function call "
            "itself, and it goes as deep as the tree.",
            change={STEP: "yield path, child"},
        ),
        Wrong(
            "no_path",
            "the name alone in place of the path",
            "Only the last name is there. Two modules may bear the same one, so put the path of "
            "the parent and a dot in front.",
            change={'f"{prefix}.{name}" if prefix else name': "name"},
        ),
        Wrong(
            "leading_dot",
            "a dot before the first name",
            "The paths begin with a dot. The outermost module has an empty path: then the name "
            "stands alone.",
            change={" if prefix else name": "", " if place else name": ""},
        ),
        Wrong(
            "memo_kept_back",
            "memo is not handed on",
            "A module that stands in two places came twice. Hand `memo` on to the child's walk, so "
            "that all floors remember together whom they met.",
            change={"(child, memo,": "(child, None,"},
        ),
        Wrong(
            "duplicates_kept_back",
            "remove_duplicate is not handed on",
            "`remove_duplicate` did not reach the children. Hand it on to their walk, like `memo`.",
            change={"path, remove_duplicate)": "path)"},
        ),
        Wrong(
            "shared_twice",
            "a shared dial comes twice",
            "A dial that two modules share came twice, and an optimiser would turn it twice. Yield "
            "it only if it is not in `seen`, and put it there.",
            change={" and parameter not in seen": ""},
        ),
        Wrong(
            "none_counts",
            "None is yielded like a dial",
            "A layer without bias keeps `None` in its place, and you yielded that. Skip what is "
            "`None`.",
            change={"parameter is not None and ": ""},
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


def _square(rng):
    """As many inputs as outputs and examples, where a turned weight fits as well."""
    return {
        "x": np.round(rng.uniform(-2, 2, (3, 3)), 1),
        "weight": np.round(rng.uniform(-2, 2, (3, 3)), 1),
        "bias": np.round(rng.uniform(-2, 2, 3), 1),
    }


def _stacked(rng):
    drawn = _layer(rng)
    return drawn | {"x": np.round(rng.uniform(-2, 2, (2, *drawn["x"].shape)), 1)}


def _loaded(code, weight, bias=None):
    """The learner's layer in float64 with these numbers in it."""
    outputs, inputs = weight.shape
    layer = code.Linear(inputs, outputs, bias=bias is not None, dtype=minidl.float64)
    state = {"weight": minidl.tensor(weight)}
    layer.load_state_dict(state if bias is None else state | {"bias": minidl.tensor(bias)})
    return layer


def _outputs(code, x, weight, bias):
    return {
        "output": _loaded(code, weight, bias)(minidl.tensor(x)),
        "without bias": _loaded(code, weight)(minidl.tensor(x)),
    }


def _outputs_expected(x, weight, bias):
    return {"output": x @ weight.T + bias, "without bias": x @ weight.T}


def _slopes(code, x, weight, bias):
    layer, x = _loaded(code, weight, bias), minidl.tensor(x, requires_grad=True)
    (layer(x) ** 2).sum().backward()
    return {"x": x.grad, "weight": layer.weight.grad, "bias": layer.bias.grad}


def _slopes_expected(x, weight, bias):
    g = 2 * (x @ weight.T + bias)
    return {"x": g @ weight, "weight": g.T @ x, "bias": g.sum(0)}


def _sides(rng):
    inputs, outputs = (int(n) for n in rng.choice(np.arange(2, 40), 2, replace=False))
    return {"inputs": inputs, "outputs": outputs}


def _held(code, inputs, outputs):
    layer, bare = code.Linear(inputs, outputs), code.Linear(inputs, outputs, bias=False)
    held = {name: list(x.shape) for name, x in layer.state_dict().items()}
    return {"with bias": held, "without bias": " ".join(bare.state_dict())}


def _held_expected(inputs, outputs):
    return {
        "with bias": {"weight": [outputs, inputs], "bias": [outputs]},
        "without bias": "weight",
    }


def _fresh(code, inputs, outputs):
    """How a hundred fresh layers begin, measured by the bound 1 / sqrt(inputs)."""
    layers = [code.Linear(inputs, outputs) for _ in range(100)]
    found = {}
    for name in ("weight", "bias"):
        drawn = np.stack([getattr(layer, name).detach().numpy() for layer in layers])
        found[name] = float(np.abs(drawn).max() * math.sqrt(inputs))
    return found


LINEAR = Exercise(
    id="04.linear",
    title="The layer",
    entry=("Linear",),
    replaces="nn.Linear",
    parts=[
        Part("held", "its dials, by name and shape", _sides, _held, _held_expected, points=2),
        Part(
            "numbers",
            "its outputs",
            _square,
            _outputs,
            _outputs_expected,
            rtol=1e-12,
            dtype=True,
            points=2,
        ),
        Part(
            "shapes",
            "any number of examples, inputs and outputs, and examples in stacks",
            lambda rng: (_layer, _stacked)[int(rng.integers(2))](rng),
            _outputs,
            _outputs_expected,
            rtol=1e-12,
            seeds=6,
        ),
        Part("slopes", "its gradients", _layer, _slopes, _slopes_expected, rtol=1e-12),
        Part(
            "fresh",
            "it begins between -1 / sqrt(inputs) and +1 / sqrt(inputs)",
            _sides,
            _fresh,
            lambda inputs, outputs: {"weight": 1.0, "bias": 1.0},
            rtol=0.05,
        ),
    ],
    hints=[
        "In `__init__`, `self.weight = nn.Parameter(minidl.empty(ROWS, COLUMNS, **where))`: a row "
        "for every output, a column for every input. The bias likewise, or `None`.",
        "`weight` has one row per output. To meet the examples it must be turned: `self.weight.T`.",
        "In `forward`: `input @ self.weight.T`, and `+ self.bias` unless that is `None`.",
    ],
    wrong=[
        Wrong(
            "not_parameters",
            "plain tensors in place of parameters",
            "The walk found no dials. A plain tensor is not one: wrap it, `nn.Parameter(...)`, and "
            "the module puts it where your walk looks.",
            change={
                "self.weight = nn.Parameter": "self.weight = ",
                "self.bias = nn.Parameter": "self.bias = ",
            },
        ),
        Wrong(
            "lying_down",
            "weight has a row for every input",
            "`weight` has a row for every input. Give it a row for every output, as PyTorch does: "
            "`(out_features, in_features)`. Otherwise saved weights fit no other network.",
            change={
                "out_features, in_features, **": "in_features, out_features, **",
                "weight.T": "weight",
            },
        ),
        Wrong(
            "not_turned",
            "the weights are not transposed",
            "The weights were not turned. They have one row per output, so that row must lie "
            "along the examples' numbers: `input @ self.weight.T`.",
            change={"weight.T": "weight"},
        ),
        Wrong(
            "no_bias",
            "the bias is made and never added",
            "The bias is missing from the output: without it an example of zeros always gives "
            "zeros. Add `self.bias` unless it is None.",
            change={"return output if self.bias is None else output + self.bias": "return output"},
        ),
        Wrong(
            "bias_by_row",
            "one bias per example",
            "The bias was added down the examples. It belongs to the outputs: one number for each "
            "column of the result, which plain `+ self.bias` does.",
            change={"output + self.bias": "(output.mT + self.bias).mT"},
        ),
        Wrong(
            "always_bias",
            "a bias is always made",
            "A layer made with `bias=False` has no bias: set `self.bias = None` then, and add "
            "nothing.",
            change={" if bias else None": ""},
        ),
        Wrong(
            "adds_none",
            "None is added as a bias",
            "Where there is no bias, `self.bias` is `None`, and nothing can be added to a tensor "
            "but numbers. Look before you add.",
            change={"output if self.bias is None else ": ""},
        ),
        Wrong(
            "where_forgotten",
            "device and dtype are dropped",
            "The layer ignores `dtype` and `device`. Hand them on where the numbers are made: "
            "`minidl.empty(..., **where)`.",
            change={
                "in_features, **where": "in_features",
                "(out_features, **where": "(out_features",
            },
        ),
        Wrong(
            "zeros",
            "nothing is drawn",
            "The dials do not begin at random. Leave `self.reset_parameters()` at the end of "
            "`__init__`: it draws them.",
            change={"uniform_(parameter, -bound, bound)": "zeros_(parameter)"},
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


def _nudged_loss(code, scores, labels):
    """The verdict, and the numbers that it is about: a verdict alone could be forged."""
    verdict = _nudged(lambda x: code.cross_entropy(x, minidl.tensor(labels)), scores)
    return {"check_grad": verdict, **_loss(code, scores, labels)}


LOSS = Exercise(
    id="04.loss",
    title="The price of a wrong answer",
    entry=("cross_entropy",),
    replaces="nn.functional.cross_entropy",
    withholds=(
        *("primitive:surprise", "primitive:surprise_slope", "nn.functional.nll_loss"),
        *("primitive:log_softmax", "nn.functional.gaussian_nll_loss"),
    ),
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
            _nudged_loss,
            lambda scores, labels: {"check_grad": AGREES, **_loss_expected(scores, labels)},
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
            change={" - input.amax(1, keepdim=True).detach()": ""},
        ),
        Wrong(
            "softmax_then_log",
            "first rounded to 0, then the logarithm",
            "The probability was rounded to 0 before its logarithm was taken. Subtract the "
            "logarithm of the sum instead: never take the logarithm of a probability.",
            change={
                "safe - minidl.exp(safe)": "(minidl.exp(safe) / minidl.exp(safe)",
                "True).log()": "True)).log()",
            },
        ),
        Wrong(
            "wrong_axis",
            "summed down the examples",
            "The exponentials were summed down the examples (dimension 0). Each example shares its "
            "probability out among its own classes: dimension 1.",
            change={".amax(1": ".amax(0", ".sum(1": ".sum(0"},
        ),
        Wrong(
            "all_classes",
            "the mean over all classes",
            "The mean runs over all classes. Only the right class of each example counts: pick it "
            "by `logs[minidl.arange(len(target)), target]`.",
            change={"-right": "-logs"},
        ),
        Wrong(
            "sums",
            "the sum in place of the mean",
            "The prices were added up, so a larger batch would cost more and push harder. Take "
            "the mean over the examples.",
            change={"right.mean": "right.sum"},
        ),
        Wrong(
            "sign",
            "the minus is missing",
            "The sign is the wrong way round: a logarithm of a probability is negative, and a "
            "price should be positive. Put a minus in front.",
            change={"-right": "right"},
        ),
    ],
)

# ---------------------------------------------------------------- 4: the beginning

XAVIER = ("xavier_normal_", "xavier_uniform_")
KAIMING = ("kaiming_normal_", "kaiming_uniform_")


def _sizes(rng):
    inputs, outputs = (int(n) for n in rng.choice(np.arange(60, 300), 2, replace=False))
    return {"inputs": inputs, "outputs": outputs}


def _variance(begin, inputs, outputs, **options):
    """The mean square of twenty fresh weights."""
    drawn = []
    for _ in range(20):
        weight = minidl.zeros(outputs, inputs)
        begin(weight, **options)
        drawn.append((weight * weight).mean().item())
    return sum(drawn) / len(drawn)


def _variances(code, inputs, outputs):
    return {n: _variance(getattr(code, n), inputs, outputs) for n in XAVIER + KAIMING}


def _variances_expected(inputs, outputs):
    return dict.fromkeys(XAVIER, 2 / (inputs + outputs)) | dict.fromkeys(KAIMING, 2 / inputs)


def _sizes_and_spreads(rng):
    sizes = _sizes(rng)
    variances = _variances_expected(**sizes)
    return sizes | {"spreads": {name: math.sqrt(v) for name, v in variances.items()}}


def _reach(code, inputs, outputs, spreads):
    """The largest of many numbers, in units of the spread: a uniform draw ends at sqrt(3)."""
    found = {}
    for name, spread in spreads.items():
        weight = minidl.zeros(outputs, inputs)
        getattr(code, name)(weight)
        largest = weight.abs().max().item() / spread
        found[name] = largest if name.endswith("uniform_") else largest > 2.5
    return found


def _reach_expected(inputs, outputs, spreads):
    return {n: math.sqrt(3) if n.endswith("uniform_") else True for n in XAVIER + KAIMING}


def _in_place(code, inputs, outputs):
    """Whether a parameter stays itself, and stays a leaf that is trained."""
    found = {}
    for name in XAVIER + KAIMING:
        weight = nn.Parameter(minidl.zeros(outputs, inputs))
        same = getattr(code, name)(weight) is weight
        filled = bool((weight != 0).any().item())
        found[name] = {"filled": filled, "given back": same, "a leaf": weight.is_leaf}
    return found


def _in_place_expected(inputs, outputs):
    return {n: {"filled": True, "given back": True, "a leaf": True} for n in XAVIER + KAIMING}


def _deep(code, width):
    """Whether a signal leaves thirty layers at about the size at which it came in."""
    alive = {}
    for name in XAVIER + KAIMING:
        begin, sizes = getattr(code, name), []
        for _ in range(6):
            x = minidl.randn(4, width)  # few rows: BLAS then wakes no threads for it
            for _ in range(30):
                weight = minidl.zeros(width, width)
                begin(weight)
                x = x @ weight.T
                x = nn.functional.relu(x) if name in KAIMING else x
            sizes.append((x**2).mean().log().item())
        alive[name] = abs(sum(sizes) / len(sizes)) < 2.5
    return alive


# How the four lines that a learner writes begin.
WRITTEN = (
    "spread = gain * math.sqrt",
    "bound = gain * math.sqrt",
    "spread = math.sqrt",
    "bound = math.sqrt",
)

START = Exercise(
    id="04.start",
    title="How to begin",
    entry=XAVIER + KAIMING,
    replaces=tuple(f"nn.init.{name}" for name in XAVIER + KAIMING),
    parts=[
        Part(
            "variance",
            "the variance of the weights",
            _sizes,
            _variances,
            _variances_expected,
            rtol=0.04,
            points=2,
        ),
        Part(
            "reach",
            "uniform numbers end at their bound, normal ones have tails",
            _sizes_and_spreads,
            _reach,
            _reach_expected,
            rtol=0.02,
        ),
        Part(
            "gain",
            "a gain is a factor on the spread",
            lambda rng: _sizes(rng) | {"gain": float(rng.choice([0.1, 0.5, 3.0]))},
            lambda code, inputs, outputs, gain: {
                n: _variance(getattr(code, n), inputs, outputs, gain=gain) for n in XAVIER
            },
            lambda inputs, outputs, gain: dict.fromkeys(XAVIER, gain**2 * 2 / (inputs + outputs)),
            rtol=0.04,
        ),
        Part(
            "in_place",
            "the weight stays itself, and is only filled",
            _sizes,
            _in_place,
            _in_place_expected,
        ),
        Part(
            "deep",
            "a signal survives 30 layers",
            lambda rng: {"width": int(rng.integers(180, 250))},
            _deep,
            lambda width: dict.fromkeys(XAVIER + KAIMING, True),
            seeds=2,
            points=2,
        ),
    ],
    hints=[
        "The spread is the square root of the variance: `math.sqrt(2 / inputs)` for He.",
        "Numbers from -b to b have variance $b^2 / 3$. Ask which $b$ makes that the variance you "
        "want.",
        "So the bound is `math.sqrt(3)` times the spread. In both of Xavier's, multiply by `gain`.",
    ],
    wrong=[
        Wrong(
            "variance_for_spread",
            "the variance is taken for the spread",
            "The spread you gave is the variance. The numbers then vary by its square: take the "
            "square root.",
            change={line: line.removesuffix("math.sqrt") for line in WRITTEN},
        ),
        Wrong(
            "bound_for_spread",
            "the spread is taken for the bound",
            "You gave the spread as the bound. Most uniform numbers lie well inside their bound, "
            "so they vary too little: the bound is the square root of 3 times the spread.",
            change={"3 * 2 / (": "2 / (", "3 * 2 / inputs": "2 / inputs"},
        ),
        Wrong(
            "fan_out",
            "He by the number of outputs",
            "He's weights were scaled by the number of outputs. What adds up in one output are its "
            "inputs, so it is their number that counts.",
            change={"(2 / inputs)": "(2 / outputs)", "3 * 2 / inputs)": "3 * 2 / outputs)"},
        ),
        Wrong(
            "no_two",
            "the 2 of He is missing",
            "The 2 of He is missing: relu lets only half of the signal pass, and the 2 makes up "
            "for it. Without it, thirty layers leave a billionth.",
            change={"3 * 2 / inputs": "3 / inputs", "(2 / inputs)": "(1 / inputs)"},
        ),
        Wrong(
            "no_gain",
            "gain is ignored",
            "`gain` has no effect. Multiply the spread, or the bound, by it.",
            change={"spread = gain * ": "spread = ", "bound = gain * ": "bound = "},
        ),
        Wrong(
            "new_tensor",
            "a new tensor in place of the weight",
            "You made a new tensor, and the layer's weight stayed as it was. Fill the one that was "
            "given: `nn.init.normal_(tensor, ...)` does, and so does `nn.init.uniform_`.",
            change={line: f"tensor = tensor.clone()\n    {line}" for line in WRITTEN},
        ),
        Wrong(
            "unscaled",
            "not scaled at all",
            "The weights were not scaled. Each layer then multiplies the signal by about the "
            "square root of its inputs, and thirty layers make it astronomic.",
            change={
                "math.sqrt(2 / (inputs + outputs))": "1.0",
                "math.sqrt(2 / inputs)": "1.0",
                "math.sqrt(3 * 2 / (inputs + outputs))": "1.0",
                "math.sqrt(3 * 2 / inputs)": "1.0",
            },
        ),
    ],
)

EXERCISES = [TREE, LINEAR, LOSS, START]
