"""Lesson 05: the rules of five optimisers, two ways to keep weights small, and schedules.

The references are NumPy. A rule is asked for ten steps on a bowl that is shaken, with rates that
change, for one step alone would let many mistakes through; then for what it remembers, and whether
it changed the very tensor that it got.
"""

import math

import numpy as np

import minidl
from minidl.grading import Exercise, Part, Wrong

STEPS = 10

# What both an answer and a `run` use, and gives nothing away: the judge's test asks for this list.
SHARED = ("STEPS",)

# ---------------------------------------------------------------- how rules are asked


def _bowl(rng):
    """A start, how steep each direction is, what shakes each step, and the rates."""
    shape = [(4,), (2, 3), (1,), (3, 1, 2)][int(rng.integers(4))]
    return {
        "start": np.round(rng.uniform(-2, 2, shape), 1),
        "curvature": np.round(rng.uniform(0.2, 3, shape), 1),
        "shake": np.round(rng.uniform(-1, 1, (STEPS, *shape)), 1),
        "rates": np.round(rng.uniform(0.02, 0.2, STEPS), 2),
    }


def _plain(rng):
    """The same in float32, where a rule must not widen anything."""
    drawn = _bowl(rng)
    return {name: np.asarray(value, np.float32) for name, value in drawn.items()}


def _edge(rng):
    """No number at all, one number, and a number without dimensions."""
    drawn = {}
    for name, shape in {"none": (0,), "one": (1,), "point": (), "thin": (2, 0, 3)}.items():
        drawn[name] = np.round(rng.uniform(0.5, 2, shape), 1)
    return {"starts": drawn, "rate": float(np.round(rng.uniform(0.02, 0.2), 2))}


def _ten(rule, start, curvature, shake, rates, *options):
    """Where ten steps of a rule lead, on a bowl whose slope is curvature times the place."""
    place, state, places = minidl.tensor(start), {}, []
    steep = minidl.tensor(curvature)
    with minidl.no_grad():
        for extra, rate in zip(shake, rates, strict=True):
            rule(place, steep * place + minidl.tensor(extra), state, float(rate), *options)
            places.append(place.numpy().copy())
    return np.stack(places)


def _held(rule, start, curvature, shake, rates, *options):
    """What the drawer holds after two steps, and whether the gradient was left alone."""
    place, state = minidl.tensor(start), {}
    with minidl.no_grad():
        for extra, rate in zip(shake[:2], rates, strict=False):
            gradient = minidl.tensor(extra) + minidl.tensor(curvature)
            rule(place, gradient, state, float(rate), *options)
    same = bool(np.array_equal(gradient.numpy(), extra + curvature))
    return {"drawer": dict(state), "gradient left alone": same}


def _apart(rule, start, curvature, shake, rates, *options):
    """Two parameters in turn, each with a drawer of its own."""
    places, states = [minidl.tensor(start), minidl.tensor(2 * start)], [{}, {}]
    with minidl.no_grad():
        for extra, rate in zip(shake[:4], rates, strict=False):
            for place, state, sign in zip(places, states, (1.0, -1.0), strict=True):
                rule(place, sign * minidl.tensor(extra), state, float(rate), *options)
    return {"first": places[0], "second": places[1]}


def _small(rule, starts, rate, *options):
    """Two steps for tensors of odd sizes, each its own gradient."""
    found = {}
    for name, start in starts.items():
        place, state = minidl.tensor(start), {}
        with minidl.no_grad():
            for _ in range(2):
                rule(place, minidl.tensor(start), state, rate, *options)
        found[name] = place
    return found


# ---------------------------------------------------------------- what the references answer


def _ten_expected(update, start, curvature, shake, rates):
    place, state, places = start.copy(), {}, []
    for extra, rate in zip(shake, rates, strict=True):
        place = update(place, curvature * place + extra, state, rate)
        places.append(place)
    return np.stack(places)


def _held_expected(update, start, curvature, shake, rates):
    place, state = start.copy(), {}
    for extra, rate in zip(shake[:2], rates, strict=False):
        place = update(place, extra + curvature, state, rate)
    return {"drawer": state, "gradient left alone": True}


def _apart_expected(update, start, curvature, shake, rates):
    places, states = [start.copy(), 2 * start], [{}, {}]
    for extra, rate in zip(shake[:4], rates, strict=False):
        for i, sign in enumerate((1.0, -1.0)):
            places[i] = update(places[i], sign * extra, states[i], rate)
    return {"first": places[0], "second": places[1]}


def _small_expected(update, starts, rate):
    found = {}
    for name, start in starts.items():
        place, state = start.copy(), {}
        for _ in range(2):
            place = update(place, start, state, rate)
        found[name] = place
    return found


def _sgd(momentum):
    def update(p, g, state, rate):
        if momentum:
            g = state["momentum_buffer"] = momentum * state.get("momentum_buffer", 0) + g
        return p - rate * g

    return update


def _rmsprop(alpha, eps):
    def update(p, g, state, rate):
        s = state["square_avg"] = alpha * state.get("square_avg", 0) + (1 - alpha) * g * g
        return p - rate * g / (np.sqrt(s) + eps)

    return update


def _adam(betas, eps, decay=0.0):
    def update(p, g, state, rate):
        t = state["step"] = state.get("step", 0) + 1
        m = state["exp_avg"] = betas[0] * state.get("exp_avg", 0) + (1 - betas[0]) * g
        v = state["exp_avg_sq"] = betas[1] * state.get("exp_avg_sq", 0) + (1 - betas[1]) * g * g
        scale = np.sqrt(v / (1 - betas[1] ** t)) + eps
        return p - rate * decay * p - rate * m / (1 - betas[0] ** t) / scale

    return update


# ---------------------------------------------------------------- 1: SGD with momentum


def _with(draw, **ranges):
    """Draws with further numbers, each from a range."""

    def generate(rng):
        drawn = draw(rng)
        return drawn | {name: float(np.round(rng.uniform(*r), 3)) for name, r in ranges.items()}

    return generate


SGD = Exercise(
    id="05.sgd",
    title="Downhill, and a ball that rolls",
    entry=("sgd_step",),
    replaces="optim.sgd.sgd_step",
    parts=[
        Part(
            "ten",
            "ten steps, without momentum",
            _bowl,
            lambda code, **drawn: _ten(code.sgd_step, **drawn),
            lambda **drawn: _ten_expected(_sgd(0), **drawn),
            rtol=1e-9,
        ),
        Part(
            "rolling",
            "ten steps, with momentum",
            _with(_bowl, momentum=(0.3, 0.95)),
            lambda code, momentum, **drawn: _ten(code.sgd_step, *drawn.values(), momentum),
            lambda momentum, **drawn: _ten_expected(_sgd(momentum), **drawn),
            rtol=1e-9,
            points=2,
        ),
        Part(
            "drawer",
            "what it remembers with momentum, under PyTorch's name",
            _with(_plain, momentum=(0.3, 0.95)),
            lambda code, momentum, **drawn: _held(code.sgd_step, *drawn.values(), momentum),
            lambda momentum, **drawn: _held_expected(_sgd(momentum), **drawn),
            dtype=True,
        ),
        Part(
            "empty",
            "without momentum the drawer stays empty",
            _plain,
            lambda code, **drawn: _held(code.sgd_step, **drawn),
            lambda **drawn: _held_expected(_sgd(0), **drawn),
        ),
        Part(
            "apart",
            "two parameters in turn, each with its own drawer",
            _with(_bowl, momentum=(0.3, 0.95)),
            lambda code, momentum, **drawn: _apart(code.sgd_step, *drawn.values(), momentum),
            lambda momentum, **drawn: _apart_expected(_sgd(momentum), **drawn),
            rtol=1e-9,
        ),
        Part(
            "small",
            "no numbers, one, and a number without dimensions",
            _with(_edge, momentum=(0.3, 0.95)),
            lambda code, starts, rate, momentum: _small(code.sgd_step, starts, rate, momentum),
            lambda starts, rate, momentum: _small_expected(_sgd(momentum), starts, rate),
            rtol=1e-9,
        ),
    ],
    hints=[
        "Without momentum it is one line: `parameter -= lr * gradient`.",
        'With momentum, `state.get("momentum_buffer", 0)` is the old velocity. The new one goes '
        'back into the drawer: `state["momentum_buffer"] = velocity`.',
        "The new velocity is `momentum` times the old one plus the gradient, and the parameter "
        "goes by `lr` times that.",
    ],
    wrong=[
        Wrong(
            "new_tensor",
            "a new tensor under the same name",
            "The parameter is what it was. `parameter = parameter - ...` makes a new tensor, and "
            "the network still holds the old one: write `parameter -= ...`.",
            change={"parameter -= lr * velocity": "parameter = parameter - lr * velocity"},
        ),
        Wrong(
            "uphill",
            "the sign is the wrong way round",
            "You went uphill. The gradient points to where the loss grows, so take it away.",
            change={"parameter -=": "parameter +="},
        ),
        Wrong(
            "no_memory",
            "the velocity is not kept",
            "The velocity was forgotten: each step began at 0. Put it into the drawer, "
            '`state["momentum_buffer"] = velocity`.',
            change={'        state["momentum_buffer"] = velocity\n': ""},
        ),
        Wrong(
            "averages",
            "the gradient comes in by the rest only",
            "The gradient came in by the share 1 - momentum. That is a running average, and the "
            "ball would never be faster than the slope: add the whole gradient.",
            change={"0) + gradient": "0) + (1 - momentum) * gradient"},
        ),
        Wrong(
            "rate_inside",
            "the rate is in the velocity",
            "The rate is in the velocity. Then, when a schedule changes it, old steps keep the old "
            "rate. Collect bare gradients and multiply by `lr` where the parameter moves.",
            change={
                "0) + gradient": "0) + lr * gradient",
                "lr * velocity": "(velocity if momentum else lr * velocity)",
            },
        ),
        Wrong(
            "writes_gradient",
            "the gradient is overwritten",
            "You wrote into the gradient, which is not yours to change. Make a new tensor for the "
            "velocity: `velocity = momentum * old + gradient`.",
            change={
                'velocity = momentum * state.get("momentum_buffer", 0) + gradient': (
                    'velocity += momentum * state.get("momentum_buffer", 0)'
                )
            },
        ),
        Wrong(
            "always_remembers",
            "a velocity is kept where there is no momentum",
            "Without momentum there is nothing to remember, and the drawer should stay empty: an "
            "unused copy of every dial is as large as the network.",
            change={"    if momentum:\n": "    if True:\n"},
        ),
    ],
)

# ---------------------------------------------------------------- 2: RMSprop

MEASURE = {"alpha": (0.5, 0.98), "eps": (0.01, 0.5)}

RMSPROP = Exercise(
    id="05.rmsprop",
    title="Each dial its own measure",
    entry=("rmsprop_step",),
    replaces="optim.rmsprop.rmsprop_step",
    parts=[
        Part(
            "ten",
            "ten steps",
            _with(_bowl, **MEASURE),
            lambda code, alpha, eps, **drawn: _ten(code.rmsprop_step, *drawn.values(), alpha, eps),
            lambda alpha, eps, **drawn: _ten_expected(_rmsprop(alpha, eps), **drawn),
            rtol=1e-9,
            points=2,
        ),
        Part(
            "drawer",
            "what it remembers, under PyTorch's name",
            _with(_plain, **MEASURE),
            lambda code, alpha, eps, **drawn: _held(code.rmsprop_step, *drawn.values(), alpha, eps),
            lambda alpha, eps, **drawn: _held_expected(_rmsprop(alpha, eps), **drawn),
            dtype=True,
        ),
        Part(
            "apart",
            "two parameters in turn, each with its own drawer",
            _with(_bowl, **MEASURE),
            lambda code, alpha, eps, **drawn: _apart(
                code.rmsprop_step, *drawn.values(), alpha, eps
            ),
            lambda alpha, eps, **drawn: _apart_expected(_rmsprop(alpha, eps), **drawn),
            rtol=1e-9,
        ),
        Part(
            "small",
            "no numbers, one, and a number without dimensions",
            _with(_edge, **MEASURE),
            lambda code, starts, rate, alpha, eps: _small(
                code.rmsprop_step, starts, rate, alpha, eps
            ),
            lambda starts, rate, alpha, eps: _small_expected(_rmsprop(alpha, eps), starts, rate),
            rtol=1e-9,
        ),
    ],
    hints=[
        'The old average is `state.get("square_avg", 0)`. Keep the share `alpha` of it, and let '
        "`gradient**2` come in by the rest.",
        "Put the new average back into the drawer; then divide the gradient by its root plus "
        "`eps`.",
        "`parameter -= lr * gradient / (squares.sqrt() + eps)`.",
    ],
    wrong=[
        Wrong(
            "no_root",
            "divided by the square itself",
            "You divided by the average of squares itself. Take its root: a square is no measure "
            "of the gradient's own size.",
            change={"squares.sqrt()": "squares"},
        ),
        Wrong(
            "adds_up",
            "the squares are added up for ever",
            "The squares are added up and nothing is forgotten, so the steps only get smaller. "
            "Keep the share alpha of the old, and let the new come in by the rest.",
            change={"alpha * state": "state", "(1 - alpha) * gradient**2": "gradient**2"},
        ),
        Wrong(
            "whole_square",
            "the new square comes in whole",
            "The new square comes in whole. Then the average is far too large: let it in by the "
            "share `1 - alpha`.",
            change={"(1 - alpha) * gradient**2": "gradient**2"},
        ),
        Wrong(
            "shares_swapped",
            "alpha and 1 - alpha are exchanged",
            "The shares are exchanged: alpha says how much of the *old* average is kept.",
            change={
                "alpha * state": "(1 - alpha) * state",
                "(1 - alpha) * gradient": "alpha * gradient",
            },
        ),
        Wrong(
            "eps_inside",
            "eps under the root",
            "`eps` stands under the root. Add it after the root was taken, as the formula has it.",
            change={"(squares.sqrt() + eps)": "(squares + eps).sqrt()"},
        ),
        Wrong(
            "one_for_all",
            "one measure for all dials",
            "All dials are measured by one number. The point is that each has its own: average "
            "`gradient**2` as it is, number by number.",
            change={"gradient**2": "(gradient**2).mean()"},
        ),
        Wrong(
            "no_memory",
            "the average is not kept",
            'The average was forgotten. Put it back into the drawer: `state["square_avg"] = ...`.',
            change={'    state["square_avg"] = squares\n': ""},
        ),
        Wrong(
            "new_tensor",
            "a new tensor under the same name",
            "The parameter is what it was. Change its numbers, `parameter -= ...`; a new tensor "
            "under the same name is none of the network's.",
            change={"parameter -= lr *": "parameter = parameter - lr *"},
        ),
    ],
)

# ---------------------------------------------------------------- 3: Adam


def _moments(draw):
    """Draws with a pair of betas, and an eps that can be seen."""

    def generate(rng):
        betas = (
            float(np.round(rng.uniform(0.5, 0.95), 2)),
            float(np.round(rng.uniform(0.6, 0.99), 2)),
        )
        return draw(rng) | {"betas": betas, "eps": float(np.round(rng.uniform(0.01, 0.5), 2))}

    return generate


def _usual(rng):
    """One step with the usual betas, where an average is far too small until it is made honest."""
    return {
        "gradient": rng.choice([-1, 1], 4) * 10.0 ** rng.integers(-3, 4, 4),
        "rate": float(np.round(rng.uniform(0.01, 0.2), 2)),
    }


def _first(code, gradient, rate):
    place = minidl.zeros(len(gradient), dtype=minidl.float64)
    with minidl.no_grad():
        code.adam_step(place, minidl.tensor(gradient), {}, rate, (0.9, 0.999), 1e-12)
    return place


ADAM = Exercise(
    id="05.adam",
    title="Adam",
    entry=("adam_step",),
    replaces="optim.moments.adam_step",
    withholds=("optim.moments.average", "optim.adamw.adamw_step"),
    parts=[
        Part(
            "ten",
            "ten steps",
            _moments(_bowl),
            lambda code, betas, eps, **drawn: _ten(code.adam_step, *drawn.values(), betas, eps),
            lambda betas, eps, **drawn: _ten_expected(_adam(betas, eps), **drawn),
            rtol=1e-9,
            points=3,
        ),
        Part(
            "first",
            "bias correction: the first step is the rate, whatever the gradient",
            _usual,
            _first,
            lambda gradient, rate: -rate * np.sign(gradient),
            rtol=1e-6,
        ),
        Part(
            "drawer",
            "what it remembers, under PyTorch's names",
            _moments(_plain),
            lambda code, betas, eps, **drawn: _held(code.adam_step, *drawn.values(), betas, eps),
            lambda betas, eps, **drawn: _held_expected(_adam(betas, eps), **drawn),
            dtype=True,
        ),
        Part(
            "apart",
            "two parameters in turn, each with its own drawer",
            _moments(_bowl),
            lambda code, betas, eps, **drawn: _apart(code.adam_step, *drawn.values(), betas, eps),
            lambda betas, eps, **drawn: _apart_expected(_adam(betas, eps), **drawn),
            rtol=1e-9,
        ),
        Part(
            "small",
            "no numbers, one, and a number without dimensions",
            _moments(_edge),
            lambda code, starts, rate, betas, eps: _small(code.adam_step, starts, rate, betas, eps),
            lambda starts, rate, betas, eps: _small_expected(_adam(betas, eps), starts, rate),
            rtol=1e-9,
        ),
    ],
    hints=[
        'First the count: `step = state["step"] = state.get("step", 0) + 1`.',
        "Then both running averages, as in RMSprop: of the gradient with `beta1`, of its square "
        "with `beta2`. Put both into the drawer as they are.",
        "Then make both honest, for this step only: `mean / (1 - beta1**step)`, and the other "
        "likewise. The parameter goes by `lr`, times the one, divided by the root of the other "
        "plus `eps`.",
    ],
    wrong=[
        Wrong(
            "no_correction",
            "no bias correction",
            "The averages begin at 0, and you took them at their word: the first steps are far "
            "off. Divide by `1 - beta1**step` and by `1 - beta2**step`.",
            change={"mean / (1 - beta1**step)": "mean", "squares / (1 - beta2**step)": "squares"},
        ),
        Wrong(
            "half_correction",
            "only the average of the gradient is corrected",
            "The average of the gradient is made honest, that of the squares is not. Divide it by "
            "`1 - beta2**step`.",
            change={"squares / (1 - beta2**step)": "squares"},
        ),
        Wrong(
            "always_first",
            "corrected as in step 1 for ever",
            "Every step was corrected like the first. The count must rise: keep it in the drawer, "
            "and raise the beta to its power.",
            change={"beta1**step": "beta1", "beta2**step": "beta2"},
        ),
        Wrong(
            "keeps_honest",
            "the corrected averages go into the drawer",
            "You kept the honest averages in the drawer, so they are corrected again at the next "
            "step. Keep the plain ones; the honest ones live for one step.",
            change={
                '    state["exp_avg"], state["exp_avg_sq"] = mean, squares\n': "",
                "    parameter -=": (
                    '    state["exp_avg"], state["exp_avg_sq"] = honest_mean, honest_squares\n'
                    "    parameter -="
                ),
            },
        ),
        Wrong(
            "betas_swapped",
            "the betas are exchanged",
            "The betas are exchanged: the first belongs to the gradient, the second to its square.",
            change={"beta1, beta2 = betas": "beta2, beta1 = betas"},
        ),
        Wrong(
            "eps_inside",
            "eps under the root",
            "`eps` stands under the root. Add it after the root was taken.",
            change={"(honest_squares.sqrt() + eps)": "(honest_squares + eps).sqrt()"},
        ),
        Wrong(
            "bare_gradient",
            "the gradient itself on top of the fraction",
            "On top of the fraction stands the bare gradient: that is RMSprop. Put the honest "
            "average of the gradients there.",
            change={"lr * honest_mean": "lr * gradient"},
        ),
        Wrong(
            "no_memory",
            "the averages are not kept",
            "The averages were forgotten. Put both into the drawer, under their names.",
            change={'    state["exp_avg"], state["exp_avg_sq"] = mean, squares\n': ""},
        ),
        Wrong(
            "new_tensor",
            "a new tensor under the same name",
            "The parameter is what it was. Change its numbers, `parameter -= ...`; a new tensor "
            "under the same name is none of the network's.",
            change={"parameter -= lr *": "parameter = parameter - lr *"},
        ),
    ],
)

# ---------------------------------------------------------------- 4: decay is not L2


def _pull(rng):
    drawn = _bowl(rng)
    decay = float(np.round(rng.uniform(0.05, 0.9), 2))
    return {"p": drawn["start"], "g": drawn["shake"][0], "weight_decay": decay}


def _pulled(code, p, g, weight_decay):
    parameter, gradient = minidl.tensor(p), minidl.tensor(g)
    with minidl.no_grad():
        found = code.decayed(parameter, gradient, weight_decay)
    return {"pulled": found, "parameter": parameter, "gradient": gradient}


def _decaying(draw):
    return _with(_moments(draw), decay=(0.1, 0.9))


def _still(code, start, rates, decay):
    """Ten steps without any gradient: the dials shrink, and nothing else happens."""
    place, state = minidl.tensor(start), {}
    with minidl.no_grad():
        for rate in rates:
            nothing = minidl.zeros_like(place)
            code.adamw_step(place, nothing, state, float(rate), (0.9, 0.999), 1e-8, decay)
    return place


def _still_drawn(rng):
    drawn = _bowl(rng)
    decay = float(np.round(rng.uniform(0.1, 0.9), 2))
    return {"start": drawn["start"], "rates": drawn["rates"], "decay": decay}


DECAY = Exercise(
    id="05.decay",
    title="Decay is not L2",
    entry=("decayed", "adamw_step"),
    replaces=("optim.optimizer.decayed", "optim.adamw.adamw_step"),
    withholds=("optim.moments.shrink",),
    parts=[
        Part(
            "pulled",
            "the gradient with the pull in it",
            _pull,
            _pulled,
            lambda p, g, weight_decay: {
                "pulled": g + weight_decay * p,
                "parameter": p,
                "gradient": g,
            },
            rtol=1e-9,
        ),
        Part(
            "ten",
            "ten steps of AdamW",
            _decaying(_bowl),
            lambda code, betas, eps, decay, **drawn: _ten(
                code.adamw_step, *drawn.values(), betas, eps, decay
            ),
            lambda betas, eps, decay, **drawn: _ten_expected(_adam(betas, eps, decay), **drawn),
            rtol=1e-9,
            points=2,
        ),
        Part(
            "still",
            "decay is not L2: without a gradient a dial shrinks by the share rate times decay",
            _still_drawn,
            _still,
            lambda start, rates, decay: start * np.prod(1 - rates * decay),
            rtol=1e-9,
        ),
        Part(
            "drawer",
            "Adam's averages never hear of the decay",
            _decaying(_plain),
            lambda code, betas, eps, decay, **drawn: _held(
                code.adamw_step, *drawn.values(), betas, eps, decay
            ),
            lambda betas, eps, decay, **drawn: _held_expected(_adam(betas, eps, decay), **drawn),
        ),
    ],
    hints=[
        "`decayed` is one sum: the gradient plus `weight_decay` times the parameter.",
        "In `adamw_step`, take the share `lr * weight_decay` away: what stays is "
        "`parameter *= 1 - lr * weight_decay`.",
        "Then `moments.adam_step(parameter, gradient, state, lr, betas, eps)`, with the gradient "
        "as it came.",
    ],
    wrong=[
        Wrong(
            "l2_in_adamw",
            "AdamW with the pull in the gradient",
            "The pull went through the gradient, and Adam divided it by the gradient's usual size: "
            "that is L2. Shrink the dial itself, and hand Adam the bare gradient.",
            change={
                "    parameter *= 1 - lr * weight_decay\n": "",
                "moments.adam_step(parameter, gradient,": (
                    "moments.adam_step(parameter, gradient + weight_decay * parameter,"
                ),
            },
        ),
        Wrong(
            "rate_forgotten",
            "the decay does not know the rate",
            "The dial shrinks by the whole decay in every step. Multiply by the rate: a schedule "
            "that ends at rate 0 should end the pull as well.",
            change={"1 - lr * weight_decay": "1 - weight_decay"},
        ),
        Wrong(
            "grows",
            "the sign of the decay",
            "The dials grow instead of shrinking: a share is to be taken away, `1 - lr * ...`.",
            change={"1 - lr * weight_decay": "1 + lr * weight_decay"},
        ),
        Wrong(
            "after",
            "shrunk after the step",
            "You shrank the dial after Adam's step, so part of the step was taken back. Shrink "
            "first.",
            change={
                "    parameter *= 1 - lr * weight_decay\n": "",
                "    moments.adam_step(parameter, gradient, state, lr, betas, eps)": (
                    "    moments.adam_step(parameter, gradient, state, lr, betas, eps)\n"
                    "    parameter *= 1 - lr * weight_decay"
                ),
            },
        ),
        Wrong(
            "pushes",
            "decayed pushes away from 0",
            "`decayed` pushes the dial away from 0. The step goes *against* the gradient, so the "
            "pull is added to it.",
            change={"gradient + weight_decay * parameter": "gradient - weight_decay * parameter"},
        ),
        Wrong(
            "only_the_pull",
            "the gradient is left out",
            "`decayed` gives the pull alone. The gradient belongs to it: give back the sum.",
            change={"return gradient + weight_decay": "return weight_decay"},
        ),
        Wrong(
            "writes_gradient",
            "decayed writes into the gradient",
            "`decayed` wrote into the gradient that was handed in. Make a new one: "
            "`gradient + ...`, not `gradient += ...`.",
            change={
                "    return gradient + weight_decay * parameter\n": (
                    "    gradient += weight_decay * parameter\n    return gradient\n"
                )
            },
        ),
    ],
)

# ---------------------------------------------------------------- 5: schedules


def _ends(rng):
    start, end = np.round(rng.uniform(-3, 3, 2), 2)
    return {"start": float(start), "end": float(end)}


def _at(way, start, end):
    return [way(start, end, done) for done in (0.0, 0.125, 0.25, 0.5, 0.7, 0.9, 1.0)]


def _straight_expected(start, end):
    return [(1 - done) * start + done * end for done in (0.0, 0.125, 0.25, 0.5, 0.7, 0.9, 1.0)]


def _cosine_expected(start, end):
    shares = [math.sin(math.pi * done / 2) ** 2 for done in (0.0, 0.125, 0.25, 0.5, 0.7, 0.9, 1.0)]
    return [start + (end - start) * share for share in shares]


def _lengths(rng):
    warm = int(rng.integers(2, 9))
    return {"warm": warm, "total": warm + int(rng.integers(3, 12))}


def _cold(rng):
    return {"warm": int(rng.integers(0, 2)), "total": int(rng.integers(3, 12))}


def _whole(code, warm, total):
    return [code.warm_then_cosine(step, total, warm) for step in range(total)]


def _whole_expected(warm, total):
    up = [(step + 1) / warm for step in range(warm)]
    rest = total - warm
    return up + [math.cos(math.pi * step / rest / 2) ** 2 for step in range(rest)]


SCHEDULE = Exercise(
    id="05.schedule",
    title="A rate that changes",
    entry=("straight", "cosine", "warm_then_cosine"),
    replaces=("optim.lr_scheduler.curves.straight", "optim.lr_scheduler.curves.cosine", None),
    withholds=("optim.lr_scheduler.CosineAnnealingLR", "optim.lr_scheduler.LinearLR"),
    parts=[
        Part(
            "straight",
            "the straight way",
            _ends,
            lambda code, start, end: _at(code.straight, start, end),
            _straight_expected,
            rtol=1e-9,
            atol=1e-9,
        ),
        Part(
            "cosine",
            "along the cosine",
            _ends,
            lambda code, start, end: _at(code.cosine, start, end),
            _cosine_expected,
            rtol=1e-9,
            atol=1e-9,
        ),
        Part(
            "whole",
            "warm-up, then cosine",
            _lengths,
            _whole,
            _whole_expected,
            rtol=1e-9,
            atol=1e-9,
            points=2,
        ),
        Part(
            "cold",
            "one step of warm-up, or none",
            _cold,
            _whole,
            _whole_expected,
            rtol=1e-9,
            atol=1e-9,
            seeds=5,
        ),
    ],
    hints=[
        "`straight`: `start` plus the share `done` of `end - start`.",
        "`cosine`: the formula as it stands, with `math.cos` and `math.pi`.",
        "In `warm_then_cosine`, while `step < warm` the share is `(step + 1) / warm`. After that "
        "`step - warm` steps of `total - warm` lie behind.",
    ],
    wrong=[
        Wrong(
            "share_of_end",
            "the share of end in place of the difference",
            "`straight` adds a share of `end`. What is to be walked is the difference, "
            "`end - start`.",
            change={"(end - start) * done": "end * done"},
        ),
        Wrong(
            "full_wave",
            "a whole wave of the cosine",
            "`cosine` comes back to where it began: that is a whole wave. Half of one leads from 1 "
            "to -1; the angle ends at pi.",
            change={"math.pi * done": "2 * math.pi * done"},
        ),
        Wrong(
            "ends_exchanged",
            "start and end exchanged",
            "`cosine` goes from `end` to `start`. At `done` 0 the cosine is 1, and the result "
            "should be `start`.",
            change={"return end + (start - end) *": "return start + (end - start) *"},
        ),
        Wrong(
            "no_half",
            "not divided by 2",
            "`cosine` overshoots: `1 + cos` runs from 2 to 0. Divide by 2.",
            change={" / 2": ""},
        ),
        Wrong(
            "first_is_zero",
            "the warm-up begins at 0",
            "Your first step has rate 0 and is wasted. The steps are counted from 0, so the share "
            "is `(step + 1) / warm`.",
            change={"(step + 1) / warm": "step / warm"},
        ),
        Wrong(
            "no_warm_up",
            "the warm-up is left out of the count",
            "After the warm-up the rate jumps: your cosine has been running since step 0. Count "
            "its steps from the end of the warm-up: `step - warm`, of `total - warm`.",
            change={"(step - warm) / (total - warm)": "step / total"},
        ),
        Wrong(
            "too_long",
            "the cosine is total steps long",
            "The rate does not come down: your cosine is `total` steps long, and the warm-up has "
            "used some of them. It has `total - warm`.",
            change={"/ (total - warm)": "/ total"},
        ),
    ],
)

EXERCISES = [SGD, RMSPROP, ADAM, DECAY, SCHEDULE]
