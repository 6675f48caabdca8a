"""Lesson 08: ten repairs. Each is asked to work, and to be what it is: a price, a step, a mode.

The references are NumPy. Where a repair may be written in many ways, as a beginning may, it is the
repaired run that is asked: the network must name fresh points of groups that lie well apart.
"""

import zlib

import numpy as np

import minidl
from minidl import nn, optim
from minidl.grading import Exercise, Part, Wrong

# What both an answer and a `run` use, and gives nothing away: the judge's test asks for this list.
SHARED = ("as_number",)

# ---------------------------------------------------------------- what all rooms share


def groups(rng):
    """Points in groups that lie well apart, to learn from, and fresh ones."""
    classes, width = int(rng.integers(3, 6)), int(rng.integers(6, 11))
    centres = (rng.permutation(np.eye(width))[:classes] - 1 / width) * np.sqrt(width)
    drawn = {}
    for name, each in (("x", 16), ("fresh", 8)):
        labels = rng.permutation(np.repeat(np.arange(classes), each))
        noise = rng.normal(scale=0.25, size=(len(labels), width))
        drawn[name] = (centres[labels] + noise).astype(np.float32)
        drawn[f"{name}_labels"] = labels
    del drawn["fresh_labels"]
    return drawn | {"classes": classes}


def nearest(x, x_labels, fresh, classes):
    """The group of each fresh point: the one whose middle is nearest."""
    middles = np.stack([x[x_labels == label].mean(0) for label in range(classes)])
    return ((fresh[:, None] - middles) ** 2).sum(2).argmin(1)


def practised(model, loss_fn, x, labels, steps=60, rate=0.3):
    """The model after steps over all points at once."""
    pictures, right = minidl.tensor(x), minidl.tensor(labels)
    for _ in range(steps):
        model.zero_grad()
        loss = loss_fn(model(pictures), right)
        loss.backward()
        with minidl.no_grad():
            for dial in model.parameters():
                if dial.grad is not None:
                    dial.sub_(rate * dial.grad)
    return model


def answers(model, fresh):
    """What the model names for each fresh point."""
    with minidl.no_grad():
        return model(minidl.tensor(fresh)).argmax(1)


def shapes(model):
    """The shapes of all dials that are found, as one text."""
    return " ".join(sorted(str(tuple(dial.shape)) for dial in model.parameters()))


def some_salt(rng):
    """What makes the number of a word another one in each draw."""
    return {"salt": int(rng.integers(1_000_000))}


def as_number(word, salt):
    """A number that tells whether two words are the same, and not which word it is."""
    return zlib.crc32(f"{salt} {str(word).strip().lower()}".encode()) % 10_000


def words(name):
    """A part's run: the learner's words as numbers."""

    def run(code, salt):
        said = getattr(code, name)
        return {f"{who}, as a number": as_number(what, salt) for who, what in said.items()}

    return run


def diagnosis(name, **right):
    """The part that asks for the names of both ailments; a wrong one is not told the right one."""

    def reference(salt):
        return {f"{who}, as a number": as_number(what, salt) for who, what in right.items()}

    title = "both ailments by name (numbers stand for the words)"
    return Part("diagnosis", title, some_salt, words(name), reference, rtol=0)


def mistaken(id, misconception, message, **said):
    """A wrong answer that puts other words behind the names: `quiet=("right", "wrong")`."""
    change = {f'"{who}": "{right}"': f'"{who}": "{wrong}"' for who, (right, wrong) in said.items()}
    return Wrong(id, misconception, message, change=change)


# ---------------------------------------------------------------- 1: before the first step


def run_quiet(code, x, x_labels, fresh, classes):
    """The dials' shapes, the largest first bias, and what the trained network names."""
    net = code.quiet_network(x.shape[1], classes)
    found, biases = shapes(net), [float(net[0].bias.detach().abs().max().item())]
    practised(net, nn.CrossEntropyLoss(), x, x_labels)
    return {"shapes": found, "largest first bias": biases[0], "answers": answers(net, fresh)}


def true_quiet(x, x_labels, fresh, classes):
    """Two whole layers, which begin without a prejudice."""
    found = [(32, x.shape[1]), (32,), (classes, 32), (classes,)]
    return {
        "shapes": " ".join(sorted(map(str, found))),
        "largest first bias": 0.0,
        "answers": nearest(x, x_labels, fresh, classes),
    }


def run_loud(code, x, x_labels, fresh, classes):
    """The dials' shapes, how much larger the signal is in the end, what the network names."""
    width = x.shape[1]
    net = code.loud_network(width, classes)
    found, signal = shapes(net), minidl.randn(400, width)
    with minidl.no_grad():
        for part in list(net)[:-1]:
            signal = part(signal)
    size = float((signal * signal).mean().sqrt().item())
    practised(net, nn.CrossEntropyLoss(), x, x_labels)
    return {
        "shapes": found,
        "tens of its size": float(np.log10(max(size, 1e-9))),
        "answers": answers(net, fresh),
    }


def true_loud(x, x_labels, fresh, classes):
    """Five whole layers, and a signal that keeps its size."""
    found = [(32, x.shape[1]), (32,)] + 3 * [(32, 32), (32,)] + [(classes, 32), (classes,)]
    return {
        "shapes": " ".join(sorted(map(str, found))),
        "tens of its size": 0.0,
        "answers": nearest(x, x_labels, fresh, classes),
    }


BEGIN = Exercise(
    id="08.begin",
    title="Before the first step",
    entry=("diagnosis_1", "quiet_network", "loud_network"),
    parts=[
        diagnosis("diagnosis_1", quiet="dead units", loud="exploding signal"),
        Part(
            "quiet",
            "Quiet, trained, knows groups of points apart",
            groups,
            run_quiet,
            true_quiet,
            points=2,
            rtol=0,
            atol=0.4,
        ),
        Part(
            "loud",
            "Loud keeps the size of the signal, and learns",
            groups,
            run_loud,
            true_loud,
            points=2,
            rtol=0,
            atol=0.5,
        ),
    ],
    hints=[
        "How many of Quiet's units are dead before the first step? How does Loud's signal change "
        "from layer to layer? The chart has a line for each.",
        "Quiet: a bias of 0 prejudices nothing: `nn.init.constant_(net[0].bias, 0.0)`.",
        "Loud: a relu halves the mean square, and He's beginning makes up for it: "
        "`nn.init.kaiming_normal_(layers[-2].weight)`.",
    ],
    wrong=[
        mistaken(
            "exchanged",
            "the two ailments are exchanged",
            "The words are right and stand behind the wrong names. Whose relus gave 0 for every "
            "picture, and whose numbers grew from layer to layer?",
            quiet=("dead units", "exploding signal"),
            loud=("exploding signal", "dead units"),
        ),
        mistaken(
            "vanishing",
            "a dead layer is taken for a signal that shrinks",
            "A signal that vanishes gets smaller at *every* layer. Quiet's is gone at the very "
            "first relu, in every unit: the units are dead.",
            quiet=("dead units", "vanishing signal"),
        ),
        mistaken(
            "too_fast",
            "the last symptom of the list is taken for the cause",
            "Loud's steps are too long, and why? Its gradients are, because its signals are. Ask "
            "what happens before the first step: the numbers grow from layer to layer.",
            loud=("exploding signal", "rate too high"),
        ),
        Wrong(
            "all_speak",
            "the bias is made large instead",
            "Now every unit speaks to every picture. A relu that lets everything pass does not "
            "bend, and a network without a bend is one layer. Begin at 0, between the two.",
            change={"net[0].bias, 0.0": "net[0].bias, 10.0"},
        ),
        Wrong(
            "weights_to_zero",
            "the weights are set to 0, and not the bias",
            "You have set the *weights* to 0. Then all units are equal and stay equal (lesson 4). "
            "It is the bias that silences them.",
            change={
                "nn.init.constant_(net[0].bias, 0.0)": (
                    "nn.init.constant_(net[0].bias, -10.0)\n"
                    "    nn.init.constant_(net[0].weight, 0.0)"
                )
            },
        ),
        Wrong(
            "too_small",
            "a small spread in place of the right one",
            "Now the signal shrinks from layer to layer: the same ailment the other way round. "
            "The right spread follows from the number of inputs; He's beginning works it out.",
            change={
                "nn.init.kaiming_normal_(layers[-2].weight)": (
                    "nn.init.normal_(layers[-2].weight, 0, 0.01)"
                )
            },
        ),
        Wrong(
            "xavier",
            "Xavier, which knows nothing of relu",
            "Nearly. Xavier keeps the size of a signal that passes *no* relu. Each relu halves the "
            "mean square; use the beginning that makes up for it.",
            change={"kaiming_normal_": "xavier_normal_"},
        ),
        Wrong(
            "fewer_layers",
            "layers are taken away",
            "Fewer layers explode less, and are another network. Keep all four of them, and begin "
            "each with weights of the right size.",
            change={"range(4)": "range(1)"},
        ),
    ],
)

# ---------------------------------------------------------------- 2: the price


def some_scores(rng):
    """Scores of a few examples, of which some may be alone, and their right classes."""
    rows, classes = int(rng.choice([1, 2, 5, 8])), int(rng.choice([2, 3, 7]))
    scores = rng.normal(scale=2, size=(rows, classes))
    return {"scores": scores, "labels": rng.integers(0, classes, rows)}


def company(rng):
    """The same with at least four examples."""
    drawn = some_scores(rng)
    while len(drawn["labels"]) < 4:
        drawn = some_scores(rng)
    return drawn


def run_price(name):
    """The price of all, that of the first alone, and how the price answers to each score."""

    def run(code, scores, labels):
        loss, x = getattr(code, name), minidl.tensor(scores, requires_grad=True)
        price = loss(x, minidl.tensor(labels))
        price.backward()
        alone = loss(minidl.tensor(scores[:1]), minidl.tensor(labels[:1]))
        return {"price": price, "alone": alone, "slopes": x.grad}

    return run


def true_price(scores, labels):
    """The cross-entropy and its slope: probabilities less one at the right class, over the rows."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    shares = powers / powers.sum(1, keepdims=True)
    right = np.arange(len(labels)), labels
    prices, slopes = -np.log(shares[right]), shares.copy()
    slopes[right] -= 1
    return {"price": prices.mean(), "alone": prices[0], "slopes": slopes / len(labels)}


def run_perfect(code, scores, labels):
    """What answers cost whose right score is far above the rest, and far below it."""
    where = np.arange(len(labels)), labels
    found = []
    for height in (60.0, -20.0):
        odd = scores.copy()
        odd[where] = height
        found.append(code.timid_loss(minidl.tensor(odd), minidl.tensor(labels)))
    return found


def true_perfect(scores, labels):
    """Next to nothing, and the whole distance."""
    where, found = (np.arange(len(labels)), labels), []
    for height in (60.0, -20.0):
        odd = scores.copy()
        odd[where] = height
        found.append(np.logaddexp.reduce(odd, axis=1).mean() - height)
    return found


PRICE = Exercise(
    id="08.price",
    title="The price of a wrong answer",
    entry=("diagnosis_2", "crowd_loss", "timid_loss"),
    parts=[
        diagnosis("diagnosis_2", crowd="wrong axis", timid="softmax twice"),
        Part(
            "crowd",
            "Crowd's prices, in company and alone",
            company,
            run_price("crowd_loss"),
            true_price,
            points=2,
            rtol=1e-6,
        ),
        Part(
            "timid",
            "Timid's prices, in company and alone",
            company,
            run_price("timid_loss"),
            true_price,
            points=1,
            rtol=1e-6,
        ),
        Part(
            "perfect",
            "Timid's price of perfect answers, and of hopeless ones",
            some_scores,
            run_perfect,
            true_perfect,
            points=1,
            rtol=1e-6,
            atol=1e-9,
        ),
    ],
    hints=[
        "Which loss makes an example pay nothing as long as it is alone? Which asks money even for "
        "a perfect answer?",
        "The probabilities of *one example* add up to 1: along the classes, dimension 1.",
        "minidl's `cross_entropy` takes scores and makes the softmax itself: hand it the scores.",
    ],
    wrong=[
        mistaken(
            "exchanged",
            "the two ailments are exchanged",
            "The words are right and stand behind the wrong names. A price that changes with the "
            "neighbours is one thing, a price for perfect answers the other.",
            crowd=("wrong axis", "softmax twice"),
            timid=("softmax twice", "wrong axis"),
        ),
        Wrong(
            "whole_table",
            "one softmax over the whole table",
            "Now all probabilities of the whole batch share a single 1. Every *row* has a 1 of its "
            "own: the softmax runs along dimension 1.",
            change={
                "scores.softmax(1)": "scores.reshape(-1).softmax(0).reshape(scores.shape)",
            },
        ),
        Wrong(
            "no_softmax",
            "the softmax is left out",
            "The softmax is gone altogether, and what remains are no probabilities: they are not "
            "positive and do not add up to 1. Keep it, along the right dimension.",
            change={"shares = scores.softmax(1)": "shares = scores.abs()"},
        ),
        Wrong(
            "not_even_once",
            "no softmax is left in Timid's loss",
            "Now there is no softmax at all: `nll_loss` picks out the right number and makes none. "
            "Use `cross_entropy`, which makes the one that is needed.",
            change={"nn.functional.cross_entropy(scores": "nn.functional.nll_loss(scores"},
        ),
        Wrong(
            "log_twice",
            "a logarithm in place of the first softmax",
            "You take logarithms of probabilities and hand them on as scores. Here that happens to "
            "leave the price as it was, until a probability is rounded to 0 and its logarithm is "
            "minus infinity. Hand on the scores themselves.",
            change={
                "nn.functional.cross_entropy(scores": (
                    "nn.functional.cross_entropy(scores.softmax(1).round(decimals=6).log()"
                )
            },
        ),
        Wrong(
            "louder",
            "the probabilities are made larger",
            "Ten times the probabilities are still no scores: the floor is lower, and there. Leave "
            "the first softmax out.",
            change={
                "nn.functional.cross_entropy(scores": (
                    "nn.functional.cross_entropy(10 * scores.softmax(1)"
                )
            },
        ),
    ],
)

# ---------------------------------------------------------------- 3: the step


def some_points(rng):
    """Three batches of points with what they are worth, and the weights to begin with."""
    draw = {"x": (3, 4, 3), "y": (3, 4, 1), "weight": (1, 3), "bias": (1,)}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in draw.items()}


def run_heavy(code, x, y, weight, bias):
    """Three steps with momentum: losses, and the weights in the end."""
    model = nn.Linear(3, 1)
    model.load_state_dict({"weight": minidl.tensor(weight), "bias": minidl.tensor(bias)})
    optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for a, b in zip(x, y, strict=True):
        seen = code.heavy_step(model, optimizer, off_target, minidl.tensor(a), minidl.tensor(b))
        losses.append(float(seen))
    return {"losses": losses, "weight": model.weight, "bias": model.bias}


def off_target(output, target):
    """A loss whose two arguments may not be exchanged."""
    return ((output - 2 * target) ** 2).mean()


def true_heavy(x, y, weight, bias):
    """The same with the gradient of the mean square worked out by hand."""
    w, b = weight.astype(float).T, bias.astype(float)
    vw, vb, losses = np.zeros_like(w), np.zeros_like(b), []
    for inputs, target in zip(x, y, strict=True):
        error = inputs @ w + b - 2 * target
        losses.append(float((error**2).mean()))
        vw = 0.9 * vw + 2 * inputs.T @ error / 4
        vb = 0.9 * vb + 2 * error.mean(0)
        w, b = w - 0.05 * vw, b - 0.05 * vb
    return {"losses": losses, "weight": w.T, "bias": b}


def wide_groups(rng):
    """Groups, and how wide the hidden layers are."""
    return groups(rng) | {"width": int(rng.integers(12, 25))}


def run_lame(code, x, x_labels, fresh, classes, width):
    """The shapes of the dials that the walk finds, and what the trained network names."""
    net = code.LameNetwork(x.shape[1], classes, width)
    found = shapes(net)
    practised(net, nn.CrossEntropyLoss(), x, x_labels, steps=200)
    return {"shapes": found, "answers": answers(net, fresh)}


def true_lame(x, x_labels, fresh, classes, width):
    """Three whole layers."""
    found = [(width, x.shape[1]), (width,), (width, width), (width,), (classes, width), (classes,)]
    return {
        "shapes": " ".join(sorted(map(str, found))),
        "answers": nearest(x, x_labels, fresh, classes),
    }


STEP = Exercise(
    id="08.step",
    title="A step that moves every dial",
    entry=("diagnosis_3", "heavy_step", "LameNetwork"),
    parts=[
        diagnosis("diagnosis_3", heavy="gradients pile up", lame="dials left out"),
        Part(
            "heavy",
            "three steps of Heavy: each loss, and the weights in the end",
            some_points,
            run_heavy,
            true_heavy,
            points=2,
            rtol=1e-3,
            atol=1e-5,
        ),
        Part(
            "lame",
            "every dial of Lame is found, and it learns",
            wide_groups,
            run_lame,
            true_lame,
            points=2,
        ),
    ],
    hints=[
        "Heavy: which of lesson 7's five calls is missing? `backward()` *adds* to what is in "
        "`grad`.",
        "Lame: how many dials does `model.parameters()` find, and how many should there be?",
        "`optimizer.zero_grad()` before the loss; `nn.ModuleList([...])` around the list.",
    ],
    wrong=[
        mistaken(
            "exchanged",
            "the two ailments are exchanged",
            "The words are right and stand behind the wrong names. In whose second step was the "
            "gradient twice as long, and whose layers had not moved at all?",
            heavy=("gradients pile up", "dials left out"),
            lame=("dials left out", "gradients pile up"),
        ),
        mistaken(
            "too_fast",
            "the long gradient is taken for a rate",
            "The steps are too long, but the rate is that of the healthy network. What has grown "
            "is the *gradient*: it is twice that of the batch, because the old one is still in it.",
            heavy=("gradients pile up", "rate too high"),
        ),
        Wrong(
            "wipes_too_late",
            "the gradients are wiped after the walk back",
            "No dial moves: you wipe the gradients between `backward()`, which fills them in, and "
            "`step()`, which needs them. Wipe before the walk back.",
            change={
                "    optimizer.zero_grad()\n": "",
                "loss.backward()\n": "loss.backward()\n    optimizer.zero_grad()\n",
            },
        ),
        Wrong(
            "halves",
            "the gradient is divided instead of wiped",
            "Half of the old gradient is still there. Dividing makes the pile lower, not the "
            "ailment go away: wipe it, with `optimizer.zero_grad()`.",
            change={
                "optimizer.zero_grad()": (
                    "for p in model.parameters():\n"
                    "        p.grad = None if p.grad is None else p.grad / 2"
                ),
            },
        ),
        Wrong(
            "tuple",
            "another plain collection",
            "A tuple is as plain as a list: nobody looks into it. It must be a module that holds "
            "the layers, `nn.ModuleList([...])`.",
            change={
                "nn.ModuleList([": "(",
                "nn.Linear(width, width)])": "nn.Linear(width, width))",
            },
        ),
        Wrong(
            "one_layer",
            "a hidden layer is lost",
            "One hidden layer is gone. Keep both: the list was right, only no module.",
            change={", nn.Linear(width, width)])": "])"},
        ),
    ],
)

# ---------------------------------------------------------------- 4: the data


def some_tables(rng):
    """Two tables whose columns have each its own mean and spread."""
    width = int(rng.integers(2, 6))
    mean, spread = rng.uniform(-900, 900, width), 10.0 ** rng.uniform(-2, 3, width)
    rows = {"train": int(rng.integers(60, 80)), "fresh": int(rng.integers(1, 9))}
    return {name: mean + spread * rng.normal(size=(n, width)) for name, n in rows.items()}


def run_raw(code, train, fresh):
    """Both tables as they were prepared."""
    one, other = code.prepared(minidl.tensor(train), minidl.tensor(fresh))
    return {"train": one, "fresh": other}


def true_raw(train, fresh):
    """Both by the mean and the spread of the first."""
    mean, spread = train.mean(0), train.std(0, ddof=1)
    return {"train": (train - mean) / spread, "fresh": (fresh - mean) / spread}


def a_box(rng):
    """Pictures that can be told apart, odd or even in number, their labels, and how many copies."""
    count, copies = int(rng.integers(9, 30)), int(rng.integers(1, 6))
    number = rng.permutation(np.arange(100, 100 + count))
    pictures = np.stack([number, number**2, -number], 1).astype(np.float32)
    return {"pictures": pictures, "labels": number % 10, "copies": max(copies, 2)}


def kept(code, pictures, labels, copies):
    """The numbers of the pictures on both sides, and how many labels are not their picture's."""
    parts = code.kept_aside(minidl.tensor(pictures), minidl.tensor(labels), copies)
    x, y, exam_x, exam_y = (np.asarray(part.numpy()) for part in parts)
    learned, exam = x[:, 0].astype(int), exam_x[:, 0].astype(int)
    astray = int((learned % 10 != y).sum() + (exam % 10 != exam_y).sum())
    return learned, exam, astray


def run_kept(code, pictures, labels, copies):
    """Which pictures there are, how often each comes, and how many are on both sides."""
    learned, exam, astray = kept(code, pictures, labels, copies)
    numbers = np.sort(np.unique(np.concatenate([learned, exam])))
    times = sorted(int((learned == one).sum()) for one in np.unique(learned))
    return {
        "on both sides": len(np.intersect1d(learned, exam)),
        "all there are": numbers,
        "in the exam": len(exam),
        "each in the exam once": len(exam) == len(np.unique(exam)),
        "how often each is learned": times,
        "labels astray": astray,
    }


def true_kept(pictures, labels, copies):
    """Half in the exam, once each; the others as often as asked."""
    count = len(labels)
    return {
        "on both sides": 0,
        "all there are": np.arange(100, 100 + count),
        "in the exam": count // 2,
        "each in the exam once": True,
        "how often each is learned": [copies] * (count - count // 2),
        "labels astray": 0,
    }


def run_chance(code, pictures, labels, copies):
    """Over many boxes: how often the first picture, and how often the last, is in the exam."""
    found = []
    for _ in range(60):
        _, exam, astray = kept(code, pictures, labels, copies)
        found.append([pictures[0, 0] in exam, pictures[-1, 0] in exam, astray])
    shares = np.mean(found, 0)
    return {"first": float(shares[0]), "last": float(shares[1]), "size": len(exam) / len(labels)}


def true_chance(pictures, labels, copies):
    """About half of the time."""
    half = len(labels) // 2 / len(labels)
    return {"first": half, "last": half, "size": half}


DATA = Exercise(
    id="08.data",
    title="What a network is fed, and examined by",
    entry=("diagnosis_4", "prepared", "kept_aside"),
    parts=[
        diagnosis("diagnosis_4", raw="raw inputs", leaky="leak"),
        Part(
            "raw",
            "both tables of Raw on one scale",
            some_tables,
            run_raw,
            true_raw,
            points=2,
            rtol=0.02,
            atol=0.01,
        ),
        Part(
            "leaky",
            "Leaky's exam holds nothing that was learned, and nothing is lost",
            a_box,
            run_kept,
            true_kept,
            points=2,
        ),
        Part(
            "chance",
            "chance decides who is kept aside, half of them",
            a_box,
            run_chance,
            true_chance,
            rtol=0,
            atol=0.3,
        ),
    ],
    hints=[
        "Look at the spreads of Raw's columns. And what share of Leaky's exam had been learned?",
        "Raw: `(x - mean) / spread`, with `train.mean(0)` and `train.std(0)`, for both tables.",
        "Leaky: first shuffle the *pictures* and part them; copy what is learned after that: "
        "`minidl.cat([places[half:]] * copies)`.",
    ],
    wrong=[
        mistaken(
            "labels_shuffled",
            "shuffling is taken for the ailment",
            "Leaky's pictures and labels are taken by the same places, so they stay together. What "
            "is wrong is who else is there: most pictures of the exam have been learned.",
            leaky=("leak", "shuffled labels"),
        ),
        mistaken(
            "exchanged",
            "the two ailments are exchanged",
            "The words are right and stand behind the wrong names. Which of the two has columns of "
            "very different size?",
            raw=("raw inputs", "leak"),
            leaky=("leak", "raw inputs"),
        ),
        Wrong(
            "own_scale",
            "the fresh table is measured by itself",
            "The fresh table must be measured by the *training* table's mean and spread: tomorrow "
            "one wine comes alone, and what you do to it may not depend on its company.",
            change={
                "(fresh - mean) / spread": ("(fresh - fresh.mean(0)) / fresh.std(0, correction=0)")
            },
        ),
        Wrong(
            "one_for_all",
            "one mean and one spread for the whole table",
            "You have measured the whole table at once. The columns are as different as before: "
            "each needs its own mean and spread, `train.mean(0)` and `train.std(0)`.",
            change={"train.mean(0), train.std(0)": "train.mean(), train.std()"},
        ),
        Wrong(
            "mean_only",
            "the spread is left as it was",
            "The means are gone, the spreads are not: a column that goes to 1500 still drowns one "
            "that goes to 0.3. Divide by the spread as well.",
            change={
                "(train - mean) / spread, (fresh - mean) / spread": "train - mean, fresh - mean"
            },
        ),
        Wrong(
            "by_variance",
            "divided by the variance",
            "You divided by the variance, the square of the spread: now wide columns are too "
            "narrow. Divide by the spread itself, `train.std(0)`.",
            change={"train.std(0)": "train.var(0)"},
        ),
        Wrong(
            "copies_first",
            "still copied before parting, only without the shuffle",
            "The copies are still made before the box is parted, so pictures stand on both sides. "
            "Part the *pictures* first; copy afterwards, and only what is learned.",
            change={
                "places = minidl.randperm(len(pictures))": (
                    "places = minidl.cat([minidl.randperm(len(pictures))] * copies)"
                ),
                "len(pictures) // 2": "len(places) // 2",
                "minidl.cat([places[half:]] * copies)": "places[half:]",
            },
        ),
        Wrong(
            "copies_in_exam",
            "the exam is copied, too",
            "Nothing is on both sides any more: good. But the exam holds each picture several "
            "times, and a copy examines nothing new. Copy only what is learned.",
            change={"places[:half], minidl": "minidl.cat([places[:half]] * copies), minidl"},
        ),
        Wrong(
            "no_copies",
            "nothing is copied any more",
            "Nothing leaks, and the copies are gone, too. They were no mistake in what is "
            "*learned* from: copy the learned half, after parting.",
            change={"minidl.cat([places[half:]] * copies)": "places[half:]"},
        ),
        Wrong(
            "no_chance",
            "the first half is the exam, always",
            "It is always the same pictures that are kept aside, the first ones. If the box is in "
            "some order, the exam asks only for a part of it: let chance choose, `randperm`.",
            change={"minidl.randperm(len(pictures))": "minidl.arange(len(pictures))"},
        ),
    ],
)

# ---------------------------------------------------------------- 5: numbers and exams


def tiny_losses(rng):
    """Points, weights, and a loss that is told in a very large unit."""
    drawn = {
        "x": rng.normal(size=(8, 3)).round(1),
        "y": rng.normal(size=(8, 2)).round(1) + 2,
        "weight": rng.normal(size=(2, 3)).round(1),
        "bias": rng.normal(size=2).round(1),
    }
    drawn = {name: value.astype(np.float32) for name, value in drawn.items()}
    unit, scale = 10.0 ** rng.uniform(7.4, 8), 2.0 ** rng.integers(12, 15)
    return drawn | {"unit": float(unit), "scale": float(scale)}


def run_short(code, x, y, weight, bias, unit, scale):
    """Two steps at a rate that makes up for the unit: losses in that unit, and the weights."""
    model = nn.Linear(3, 2)
    model.load_state_dict({"weight": minidl.tensor(weight), "bias": minidl.tensor(bias)})
    optimizer = optim.SGD(model.parameters(), lr=0.1 * unit)
    points = minidl.tensor(x), minidl.tensor(y)
    losses = [
        unit * code.short_step(model, optimizer, in_unit(unit), *points, scale) for _ in range(2)
    ]
    kinds = " ".join(str(dial.dtype) for dial in model.parameters())
    return {"losses": losses, "weight": model.weight, "bias": model.bias, "dtypes": kinds}


def in_unit(unit):
    """A mean square told in this unit, whose two arguments may not be exchanged."""
    return lambda output, target: ((output - target) ** 2 + 0.1 * output).mean() / unit


def true_short(x, y, weight, bias, unit, scale):
    """The same with exact numbers, and no unit."""
    w, b, losses = weight.astype(float), bias.astype(float), []
    for _ in range(2):
        output = x @ w.T + b
        losses.append(float(((output - y) ** 2 + 0.1 * output).mean()))
        slope = (2 * (output - y) + 0.1) / output.size
        w, b = w - 0.1 * slope.T @ x, b - 0.1 * slope.sum(0)
    return {"losses": losses, "weight": w, "bias": b, "dtypes": "float32 float32"}


def some_exams(rng):
    """Weights of a small network, and four exams for it."""
    shapes = {"first": (12, 6), "last": (3, 12), "x": (4, 41, 6)}
    drawn = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    return drawn | {"y": rng.integers(0, 3, (4, 41))}


def run_exam(training):
    """A part's run: the results of four exams, and the network's mode afterwards, by mode."""

    def run(code, first, last, x, y):
        net = nn.Sequential(
            nn.Linear(6, 12, bias=False), nn.ReLU(), nn.Dropout(0.5), nn.Linear(12, 3, bias=False)
        )
        net.load_state_dict({"0.weight": minidl.tensor(first), "3.weight": minidl.tensor(last)})
        found = {}
        for mode in training:
            net.train(mode)
            results = [
                float(code.exam(net, minidl.tensor(a), minidl.tensor(b)))
                for a, b in zip(x, y, strict=True)
            ]
            modes = " ".join(str(part.training) for part in net.modules())
            found[f"found in training mode: {mode}"] = {"results": results, "left in": modes}
        return found

    return run


def true_exam(training):
    """Without dropout; the mode as it was."""

    def reference(first, last, x, y):
        scores = np.maximum(x @ first.T, 0) @ last.T
        results = [float(one) for one in (scores.argmax(2) == y).mean(1)]
        return {
            f"found in training mode: {mode}": {
                "results": results,
                "left in": " ".join([str(mode)] * 5),
            }
            for mode in training
        }

    return reference


EXAM = Exercise(
    id="08.exam",
    title="Small numbers and fair exams",
    entry=("diagnosis_5", "short_step", "exam"),
    parts=[
        diagnosis("diagnosis_5", short="underflow", restless="exam in training mode"),
        Part(
            "short",
            "two steps of Short go where 32 bits would go",
            tiny_losses,
            run_short,
            true_short,
            points=2,
            rtol=0.03,
            atol=0.01,
        ),
        Part(
            "practice",
            "exams in the middle of training",
            some_exams,
            run_exam([True]),
            true_exam([True]),
            rtol=1e-6,
        ),
        Part(
            "restless",
            "exams at any time: the result, and the mode as it was found",
            some_exams,
            run_exam([False, True, False]),
            true_exam([False, True, False]),
            rtol=1e-6,
        ),
    ],
    hints=[
        "How many of Short's gradients are exactly 0 with 16 bits, and how many with 32? And why "
        "do five exams of one network differ?",
        "`(loss * scale).backward()`; then `q.grad.float() / scale`, in this order.",
        "`before = model.training`, then `model.eval()`; and at the end `model.train(before)`.",
    ],
    wrong=[
        mistaken(
            "vanishing",
            "gone numbers are taken for a signal that shrinks",
            "With 32 bits no gradient is 0, in the very same network. The signal does not shrink "
            "on its way: the numbers are too small for 16 bits, and are rounded to 0.",
            short=("underflow", "vanishing signal"),
        ),
        mistaken(
            "exchanged",
            "the two ailments are exchanged",
            "The words are right and stand behind the wrong names. Who works with numbers of 16 "
            "bits?",
            short=("underflow", "exam in training mode"),
            restless=("exam in training mode", "underflow"),
        ),
        Wrong(
            "never_divides",
            "the gradients are left as large as the scaled loss made them",
            "The gradients are as many times too large as the loss was. Divide them by `scale` "
            "when they are numbers of 32 bits again.",
            change={"q.grad.float() / scale": "q.grad.float()"},
        ),
        Wrong(
            "divides_too_early",
            "divided while the numbers are still short",
            "You divide while the gradients still have 16 bits, and so they underflow after all. "
            "First `.float()`, then divide.",
            change={"q.grad.float() / scale": "(q.grad / scale).float()"},
        ),
        Wrong(
            "reports_the_scaled",
            "the scaled loss is given back",
            "The steps are right, but the loss that you give back is the scaled one. Nobody "
            "outside may notice the scale: multiply only what walks back, "
            "`(loss * scale).backward()`.",
            change={"(loss * scale).backward()": "loss = loss * scale\n    loss.backward()"},
        ),
        Wrong(
            "scales_too_late",
            "the gradients are multiplied after the walk",
            "What was rounded to 0 on the walk back stays 0, whatever it is multiplied by "
            "afterwards. Make the *loss* larger, before the walk.",
            change={
                "(loss * scale).backward()": "loss.backward()",
                "q.grad.float() / scale": "(q.grad * scale).float() / scale",
            },
        ),
        Wrong(
            "stays_in_eval",
            "the model is left in the mode for use",
            "The results are right, but the model is left in the mode for use: the training that "
            "goes on after the exam has no dropout any more. Put back the mode that you found.",
            change={"    model.train(before)\n": ""},
        ),
        Wrong(
            "always_trains",
            "training mode is put back, whatever it was",
            "You always put the model into training mode. If it came in the mode for use, it must "
            "leave in it: `model.train(before)`.",
            change={"model.train(before)": "model.train()"},
        ),
        Wrong(
            "no_grad_is_enough",
            "no_grad is taken for eval",
            "`no_grad` only keeps the tape from being written; dropout goes on. The switch between "
            "training and use is `model.eval()`.",
            change={"    model.eval()\n": ""},
        ),
    ],
)

EXERCISES = [BEGIN, PRICE, STEP, DATA, EXAM]
