"""Lesson 01: the rules of four boxes, the number that remembers, the walk back, a step of learning.

The references are plain arithmetic on numbers and know nothing of the learner's class. The walks
are asked on stories made of `Witness` values, which count how often their parents are looked at: a
walk that follows every path is caught by that count at once, where waiting for it would take hours.
"""

import math

import numpy as np

from minidl.grading import Exercise, Part, Wrong

# What both an answer and a `run` use, and gives nothing away: the judge's test asks for this list.
SHARED = ("named",)

# ---------------------------------------------------------------- stories to walk through


class TooManyVisits(RuntimeError):
    """The walk looked at parents far more often than there are values."""


class Witness:
    """A value of a story, with the attributes of the lesson's Value, that counts visits."""

    def __init__(self, local, visits):
        self.data, self.grad, self.op, self.label = 0.0, 7.0, "", ""  # 7: an old grad to be wiped
        self.local = local
        self.made_from = ()
        self.visits = visits

    @property
    def parents(self):
        """The parents; each look is counted for the whole story."""
        self.visits["left"] -= 1
        if self.visits["left"] < 0:
            raise TooManyVisits(
                "the parents were looked at more than 20 times for each value of the story"
            )
        return self.made_from


def build(parents, local):
    """The story as Witness values. Row i lists the places of value i's parents (-1: none)."""
    visits = {"left": 20 * len(parents)}
    values = []
    for row, weights in zip(parents, local, strict=True):
        kept = [(int(p), float(w)) for p, w in zip(row, weights, strict=True) if p >= 0]
        value = Witness(tuple(w for _, w in kept), visits)
        value.made_from = tuple(values[p] for p, _ in kept)
        values.append(value)
    return values


def counts_of(parents, local=None):
    """How many arrows leave each value towards the end; the story is listed parents first."""
    counts = np.zeros(len(parents))
    for row in parents:
        for p in row:
            counts[p] += p >= 0
    return counts


def grads_of(parents, local):
    """How the last value answers to each: a story listed parents first is swept from its end."""
    grads = np.zeros(len(parents))
    grads[-1] = 1.0
    for i in reversed(range(len(parents))):
        for p, w in zip(parents[i], local[i], strict=True):
            if p >= 0:
                grads[p] += w * grads[i]
    return grads


def line(rng, n):
    """n steps in a row; the local derivatives lie near 1, so that their product stays a number."""
    parents = np.full((n + 1, 2), -1)
    parents[1:, 0] = np.arange(n)
    return {"parents": parents, "local": rng.uniform(0.9, 1.1, size=(n + 1, 2))}


def diamond_row(rng, n):
    """n diamonds in a row: two ways from each corner to the next."""
    rows, corner = [(-1, -1)], 0
    for _ in range(n):
        top = len(rows)
        rows += [(corner, -1), (corner, -1), (top, top + 1)]
        corner = top + 2
    return {"parents": np.array(rows), "local": rng.uniform(0.65, 0.75, size=(len(rows), 2))}


def tangle(rng):
    """Twelve values that lean on one another at random; all of them lead to the last."""
    rows = [(-1, -1), (-1, -1)]
    for i in range(2, 12):
        rows.append(
            (i - 1, int(rng.integers(0, i)))
        )  # sometimes the same parent twice, as in x * x
    rows[2] = (1, 0)
    return {"parents": np.array(rows), "local": np.round(rng.uniform(-1.5, 1.5, size=(12, 2)), 2)}


def run_uses(code, parents, local):
    """The counts in the order of the story; -1 for a value that is missing."""
    values = build(parents, local)
    counts = code.uses(values[-1])
    return np.array([counts.get(value, -1) for value in values], dtype=float)


def run_backward(code, parents, local, times=1):
    """The gradients in the order of the story."""
    values = build(parents, local)
    for _ in range(times):
        code.backward(values[-1])
    return np.array([value.grad for value in values])


def named(names, grads):
    """Gradients by the names of the values, so that a gap says where it is."""
    return dict(zip(names, map(float, grads), strict=True))


# ---------------------------------------------------------------- 1, 2: the rules


def nudge(f, x, h=1e-6):
    """The finite difference, to either side."""
    return (f(x + h) - f(x - h)) / (2 * h)


def two(rng, low=-4.0, high=4.0):
    """Two numbers with two decimals, well apart."""
    a = round(float(rng.uniform(low, high)), 2)
    return {"a": a, "b": round(a + float(rng.choice([-1, 1]) * rng.uniform(0.5, 3.0)), 2)}


PRODUCT = Exercise(
    id="01.mul",
    title="The rule of the product",
    entry=("mul_local",),
    parts=[
        Part(
            "numbers",
            "any two numbers, against a nudge",
            two,
            lambda code, a, b: code.mul_local(a, b),
            lambda a, b: (nudge(lambda x: x * b, a), nudge(lambda x: a * x, b)),
            atol=1e-6,
        ),
        Part(
            "zero",
            "one of the two is zero",
            lambda rng: {**two(rng), "a": 0.0},
            lambda code, a, b: code.mul_local(a, b),
            lambda a, b: (b, a),
        ),
    ],
    hints=[
        (
            "Nudge `a` by a hair h: the product becomes (a + h) * b, which is a * b + h * b. "
            "By how many times h has it moved?"
        ),
        "The answer to `a` is the other dial, and the answer to `b` is the other dial too.",
        "Return two numbers with a comma between them: `return ..., ...`.",
    ],
    wrong=[
        Wrong(
            "swapped",
            "each dial is its own lever",
            "The two answers are in each other's place. In a product the lever of `a` is `b`: "
            "the first number to return is how a * b answers to `a`.",
            change={"return b, a": "return a, b"},
        ),
        Wrong(
            "like_a_sum",
            "the rule of the sum is used for the product",
            "This is the rule of the sum. In a product a nudge of `a` is stretched by `b`: "
            "nudge `a` in 2 * b, and watch how far it moves for b = 10.",
            change={"return b, a": "return 1.0, 1.0"},
        ),
        Wrong(
            "the_product",
            "the output is returned in place of the slope",
            "You return the product itself. Asked for is how far it *moves* when `a` is nudged,"
            " and then when `b` is nudged.",
            change={"return b, a": "return a * b, a * b"},
        ),
        Wrong(
            "one_number",
            "the two answers are added into one",
            "One number came back, but there are two dials: return the answer to `a` and the"
            " answer to `b`, with a comma between them.",
            change={"return b, a": "return a + b"},
        ),
    ],
)


BENDS = Exercise(
    id="01.bends",
    title="The rules of the power and of tanh",
    entry=("power_local", "tanh_local"),
    parts=[
        Part(
            "whole",
            "powers with a whole number",
            lambda rng: {
                "a": round(float(rng.uniform(-3, -1.2)), 2),
                "n": int(rng.integers(3, 6)),
            },
            lambda code, a, n: code.power_local(a, n),
            lambda a, n: n * math.prod([a] * (n - 1)),
        ),
        Part(
            "other",
            "one divided by a, and the square root of a, against a nudge",
            lambda rng: {"a": round(float(rng.uniform(1.5, 4)), 2)},
            lambda code, a: {
                "n = -1": code.power_local(a, -1),
                "n = 0.5": code.power_local(a, 0.5),
            },
            lambda a: {
                "n = -1": nudge(lambda x: 1 / x, a),
                "n = 0.5": nudge(math.sqrt, a),
            },
            rtol=1e-5,
        ),
        Part(
            "tanh",
            "tanh, against a nudge",
            lambda rng: {"a": round(float(rng.choice([-1, 1]) * rng.uniform(0.3, 2)), 2)},
            lambda code, a: code.tanh_local(a),
            lambda a: nudge(math.tanh, a),
            rtol=1e-5,
        ),
        Part(
            "far",
            "tanh far out, where it is flat",
            lambda rng: {"a": float(rng.choice([-1, 1]) * rng.integers(20, 800))},
            lambda code, a: code.tanh_local(a),
            lambda a: 0.0,
        ),
    ],
    hints=[
        (
            "For the power: how many copies of `a` are there, and what is the lever of each? In"
            " Python, `a` to the power `n - 1` is written `a ** (n - 1)`."
        ),
        "For tanh: first compute the output, `t = math.tanh(a)`. The rule is made of `t` only.",
        "`n * a ** (n - 1)`, and `1 - t * t`.",
    ],
    wrong=[
        Wrong(
            "same_exponent",
            "the exponent does not drop by one",
            "In your power rule the lever is made of all n copies. A copy is not its own lever:"
            " there are only n - 1 *others*, so the exponent drops by one.",
            change={"n * a ** (n - 1)": "n * a**n"},
        ),
        Wrong(
            "no_factor",
            "the factor n is forgotten",
            "Your power rule counts one copy of `a`. The nudge reaches n copies at once, and"
            " their answers add up: n times the lever.",
            change={"n * a **": "a **"},
        ),
        Wrong(
            "late_factor",
            "the exponent is lowered before it becomes the factor",
            "In your power rule the factor is n - 1. There are n copies, so the factor is n;"
            " only the exponent drops by one.",
            change={"return n * a": "return (n - 1) * a"},
        ),
        Wrong(
            "caret",
            "^ taken for the power",
            "In Python `^` is not the power, it compares bits. Write `a ** (n - 1)`.",
            change={"a ** (n - 1)": "a ^ (n - 1)"},
        ),
        Wrong(
            "input_for_output",
            "the input stands where the output belongs",
            "Your tanh rule uses the input `a` where the rule has the output t. Compute "
            "`t = math.tanh(a)` first, then use `t`.",
            change={"1 - t * t": "1 - a * a"},
        ),
        Wrong(
            "not_squared",
            "the output is not squared",
            "Your tanh rule is 1 - t. The output has to be squared: 1 - t * t. Test it at "
            "a = -2: a slope cannot be steeper there than in the middle.",
            change={"1 - t * t": "1 - t"},
        ),
        Wrong(
            "the_output",
            "the output is returned in place of the slope",
            "Your tanh rule returns the output itself. Asked for is how far the output *moves*"
            " when `a` is nudged.",
            change={"1 - t * t": "t"},
        ),
    ],
)

# ---------------------------------------------------------------- 3: the class


def run_numbers(code, a, b):
    """What comes out of each box, with Values and with plain numbers."""
    x, y = code.Value(a), code.Value(b)
    return {
        "x * y": (x * y).data,
        "3 * x": (3 * x).data,
        "x ** 3": (x**3).data,
        "x / y": (x / y).data,
        "x - 2": (x - 2).data,
        "x.tanh()": x.tanh().data,
    }


def true_numbers(a, b):
    """The same, in plain numbers."""
    return {
        "x * y": a * b,
        "3 * x": 3 * a,
        "x ** 3": a**3,
        "x / y": a / b,
        "x - 2": a - 2,
        "x.tanh()": math.tanh(a),
    }


def boxes(code, a, b):
    """Each box with the name of its op and what it was made from."""
    x, y = code.Value(a), code.Value(b)
    return (x, y), {"x * y": x * y, "x * x": x * x, "x ** 3": x**3, "x.tanh()": x.tanh()}


def run_parents(code, a, b):
    """For each box the names of its parents: x, y, or something else."""
    (x, y), made = boxes(code, a, b)
    name = {id(x): "x", id(y): "y"}
    return {
        text: " and ".join(name.get(id(p), "a stranger") for p in z.parents) or "nobody"
        for text, z in made.items()
    }


def run_local(code, a, b):
    """For each box its local derivatives."""
    made = boxes(code, a, b)[1]
    return {text: tuple(map(number_or_kind, z.local)) for text, z in made.items()}


def number_or_kind(x):
    """A number as it is; of anything else the name of its kind."""
    return x if isinstance(x, (int, float)) else f"a {type(x).__name__}"


def true_local(a, b):
    """The local derivatives by formula."""
    return {
        "x * y": (b, a),
        "x * x": (a, a),
        "x ** 3": (3 * a**2,),
        "x.tanh()": (1 / math.cosh(a) ** 2,),
    }


VALUE = Exercise(
    id="01.value",
    title="A number that remembers",
    entry=("Value",),
    parts=[
        Part(
            "numbers",
            "the numbers come out right",
            lambda rng: two(rng, 0.5, 2.0),
            run_numbers,
            true_numbers,
            points=2,
        ),
        Part(
            "parents",
            "it remembers its parents",
            lambda rng: two(rng, 0.5, 2.0),
            run_parents,
            lambda a, b: {
                "x * y": "x and y",
                "x * x": "x and x",
                "x ** 3": "x",
                "x.tanh()": "x",
            },
        ),
        Part(
            "local",
            "it remembers how it answers to each",
            lambda rng: two(rng, 0.5, 2.0),
            run_local,
            true_local,
            points=2,
        ),
        Part(
            "op",
            "it knows its box",
            lambda rng: two(rng, 0.5, 2.0),
            lambda code, a, b: {text: z.op for text, z in boxes(code, a, b)[1].items()},
            lambda a, b: {"x * y": "*", "x * x": "*", "x ** 3": "**", "x.tanh()": "tanh"},
        ),
    ],
    hints=[
        (
            "Copy the line of `__add__`. Four things change with the box: the number, the parents,"
            " the rule, the op."
        ),
        (
            "The rules work on plain numbers, so give them `self.data`, as in `mul_local(self.data,"
            " other.data)`."
        ),
        (
            "With one parent: `Value(math.tanh(self.data), (self,), (tanh_local(self.data),),"
            ' "tanh")`. The comma in `(self,)` is what makes it a tuple.'
        ),
    ],
    wrong=[
        Wrong(
            "forgets_parents",
            "a new value without its history",
            "The number is right, but it has forgotten where it came from: give the new Value"
            " its `parents` and its `local` as well.",
            change={
                ', (self, other), mul_local(self.data, other.data), "*"': "",
                ', (self,), (power_local(self.data, n),), "**"': "",
                ', (self,), (tanh_local(self.data),), "tanh"': "",
            },
        ),
        Wrong(
            "numbers_for_parents",
            "the parents' numbers are kept in place of the parents",
            "`parents` holds plain numbers. A number cannot collect a gradient: keep the values"
            " themselves, `(self, other)`, not their `data`.",
            change={"(self, other), mul_local": "(self.data, other.data), mul_local"},
        ),
        Wrong(
            "rule_of_the_output",
            "the rule of tanh is given the output, which it computes itself",
            "`tanh_local` takes what goes *into* the box, `self.data`, and computes the output"
            " itself. Here it was given the output, so tanh is applied twice.",
            change={"tanh_local(self.data)": "tanh_local(math.tanh(self.data))"},
        ),
        Wrong(
            "rule_of_the_sum",
            "the line of __add__ is copied and its rule is left in",
            "Your product still has the rule of the sum, `add_local`. Its local derivatives"
            " come from `mul_local`.",
            change={"mul_local": "add_local"},
        ),
        Wrong(
            "name_of_the_sum",
            "the line of __add__ is copied and its op is left in",
            'Your product calls itself "+". The last argument names the box: "*".',
            change={'"*"': '"+"'},
        ),
        Wrong(
            "no_comma",
            "a tuple of one thing without its comma",
            "With one parent, `parents` and `local` are tuples of one thing, and it is the"
            " comma that makes them so: `(self,)`, not `(self)`.",
            change={
                "(self,), (power_local(self.data, n),)": "(self), (power_local(self.data, n))",
                "(self,), (tanh_local(self.data),)": "(self), (tanh_local(self.data))",
            },
        ),
        Wrong(
            "values_for_numbers",
            "the rule is given Values in place of their numbers",
            "`local` holds Values. The rules work on plain numbers: call `mul_local(self.data,"
            " other.data)`.",
            change={"mul_local(self.data, other.data)": "mul_local(self, other)"},
        ),
        Wrong(
            "one_parent_short",
            "only the other value is remembered",
            "A product has two parents. Keep both, in the order in which they stand: `(self,"
            " other)`.",
            change={"(self, other), mul_local(self.data, other.data)": "(other,), (self.data,)"},
        ),
    ],
)

# ---------------------------------------------------------------- 4, 5: the walk back


def deep(rng):
    """5000 steps in a row."""
    return line(rng, 5000)


def diamonds(rng):
    """25 diamonds in a row."""
    return diamond_row(rng, 25)


USES = Exercise(
    id="01.uses",
    title="How many letters will come",
    entry=("uses",),
    parts=[
        Part("counts", "a story where paths part and meet", tangle, run_uses, counts_of, points=2),
        Part(
            "diamonds",
            "25 diamonds in a row, without following every path",
            diamonds,
            run_uses,
            counts_of,
            seeds=1,
        ),
        Part("deep", "5000 steps in a row, without recursion", deep, run_uses, counts_of, seeds=1),
    ],
    hints=[
        "`parent not in count` is true when a parent is met for the first time.",
        "Two things happen only then: `count[parent] = 0` and `todo.append(parent)`.",
        "`count[parent] += 1` happens every time, so it stands below the `if`, not inside it.",
    ],
    wrong=[
        Wrong(
            "counts_once",
            "only the first use is counted",
            "Each value is counted once, however often it is used. Add 1 for *every* arrow: the"
            " `+= 1` stands below the `if`, not inside it.",
            change={
                "count[parent] = 0": "count[parent] = 1",
                "\n            count[parent] += 1": "",
            },
        ),
        Wrong(
            "every_path",
            "a value goes on the list each time it is met",
            "A value is put on `todo` each time it is met, so all behind it is counted again"
            " along every path: twice as much with each diamond. Put it there only the first"
            " time.",
            change={"    todo.append(parent)": "todo.append(parent)"},
        ),
        Wrong(
            "one_too_many",
            "the first meeting is counted twice",
            "Every count is one too large. Start a new value at 0: the arrow that led to it is"
            " counted by the `+= 1`.",
            change={"count[parent] = 0": "count[parent] = 1"},
        ),
        Wrong(
            "stops_early",
            "new values are not put on the list",
            "The walk sees the root's own parents and no further. A value met for the first"
            " time must be put on `todo`, so that its parents are looked at too.",
            change={"todo.append(parent)": "pass"},
        ),
        Wrong(
            "recursion",
            "the walk calls itself",
            "The counts are right, but the walk calls itself once for each step, and Python"
            " allows only so many calls inside each other. Keep what is still to be looked at"
            " in the list `todo`, and loop.",
            source="""
def uses(root):
    count = {root: 0}

    def look(value):
        for parent in value.parents:
            first = parent not in count
            count[parent] = count.get(parent, 0) + 1
            if first:
                look(parent)

    look(root)
    return count
""",
        ),
    ],
)

BACKWARD = Exercise(
    id="01.backward",
    title="The walk back",
    entry=("backward",),
    parts=[
        Part(
            "path",
            "along one path x, a, b, c, z: local derivatives multiply",
            lambda rng: line(rng, 4),
            lambda code, **story: named("xabcz", run_backward(code, **story)),
            lambda **story: named("xabcz", grads_of(**story)),
        ),
        Part(
            "diamond",
            "a diamond from x through a and b to z: where paths meet, they add",
            lambda rng: diamond_row(rng, 1),
            lambda code, **story: named("xabz", run_backward(code, **story)),
            lambda **story: named("xabz", grads_of(**story)),
            points=2,
        ),
        Part(
            "tangle",
            "a story where paths part and meet in any order",
            tangle,
            run_backward,
            grads_of,
            points=2,
        ),
        Part(
            "again",
            "a second walk gives the same again",
            lambda rng: diamond_row(rng, 2),
            lambda code, parents, local: run_backward(code, parents, local, times=2),
            grads_of,
        ),
        Part(
            "diamonds",
            "25 diamonds in under 0.1 s",
            diamonds,
            run_backward,
            grads_of,
            seeds=1,
            seconds=0.1,
        ),
        Part(
            "deep", "5000 steps in a row, without recursion", deep, run_backward, grads_of, seeds=1
        ),
    ],
    hints=[
        "Sentence 2 stands before the loop: `root.grad = 1.0`.",
        "Sentence 4 is one line: `parent.grad += local * value.grad`.",
        "Sentence 5: `waiting[parent] -= 1`, and if that has reached 0, `ready.append(parent)`.",
    ],
    wrong=[
        Wrong(
            "assigns",
            "= in place of +=",
            "Where two paths meet, the second letter overwrites the first. A gradient is the"
            " sum over all paths: write `+=`, not `=`.",
            change={"parent.grad +=": "parent.grad ="},
        ),
        Wrong(
            "forgets_incoming",
            "the local derivative is not multiplied by the incoming gradient",
            "You add the local derivative alone. It knows one box only; what the *end* feels is"
            " the local derivative times the grad that has arrived: `local * value.grad`.",
            change={"local * value.grad": "local"},
        ),
        Wrong(
            "no_seed",
            "the root's own gradient is never set",
            "Every gradient is 0, because nothing was ever sent. The root answers to itself one"
            " to one: begin with `root.grad = 1.0`.",
            change={"root.grad = 1.0": "pass"},
        ),
        Wrong(
            "too_early",
            "a value is passed on before all its letters are in",
            "A value sends its letters before all of its own are in, so some of them count"
            " twice. It is ready only when `waiting[parent]` has come down to 0.",
            change={"waiting[parent] == 0": "True"},
        ),
        Wrong(
            "first_letter",
            "a value is passed on at its first letter and never again",
            "A value is passed on at its first letter, so what the later letters bring never"
            " reaches its parents. It is ready only when `waiting[parent]` has come down to 0.",
            change={
                "waiting[parent] -= 1": "first = waiting.pop(parent, None)",
                "waiting[parent] == 0": "first",
            },
        ),
        Wrong(
            "swapped",
            "the local derivatives go to the wrong parents",
            "The local derivatives reach each other's parents. `parents` and `local` stand in"
            " the same order: walk them side by side with `zip`.",
            change={"value.local)": "value.local[::-1])"},
        ),
        Wrong(
            "does_not_wipe",
            "old gradients are left in",
            "Old gradients are still in `grad` when the walk begins, so they are counted again."
            " Wipe the slate first: every `grad` behind the root becomes 0.",
            change={"value.grad = 0.0": "pass"},
        ),
        Wrong(
            "every_path",
            "one letter along every path",
            "The gradients are right, but a letter runs along every path, twice as many with"
            " each diamond. Let a value wait for all its letters, and send one to each parent.",
            source="""
def backward(root):
    for value in uses(root):
        value.grad = 0.0
    post = [(root, 1.0)]
    while post:
        value, letter = post.pop()
        value.grad += letter
        post += [(parent, letter * local) for parent, local in zip(value.parents, value.local)]
""",
        ),
        Wrong(
            "recursion",
            "the walk calls itself",
            "The gradients are right, but the walk calls itself once for each step, and Python"
            " allows only so many calls inside each other. Keep the values that are ready in a"
            " list, and loop.",
            source="""
def backward(root):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(root)
    for value in order:
        value.grad = 0.0
    root.grad = 1.0
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad
""",
        ),
    ],
)

# ---------------------------------------------------------------- 6: one step of learning


class Dial:
    """A parameter: a number and how the loss answers to it."""

    def __init__(self, data, grad):
        self.data, self.grad = data, grad


def run_descend(code, data, grad, rate):
    """The numbers on the dials after one step."""
    dials = [Dial(float(d), float(g)) for d, g in zip(data, grad, strict=True)]
    code.descend(dials, rate)
    return np.array([dial.data for dial in dials])


def some_dials(rng):
    """Five dials, their gradients and a rate."""
    return {
        "data": np.round(rng.uniform(-2, 2, 5), 2),
        "grad": np.round(rng.choice([-1, 1], 5) * rng.uniform(0.2, 3, 5), 2),
        "rate": round(float(rng.uniform(0.05, 0.5)), 2),
    }


DESCEND = Exercise(
    id="01.descend",
    title="Turn every dial a little",
    entry=("descend",),
    parts=[
        Part(
            "step",
            "five dials, one step",
            some_dials,
            run_descend,
            lambda data, grad, rate: data - rate * grad,
            points=2,
        ),
    ],
    hints=[
        "Loop over the dials: `for dial in dials:`.",
        "Change `dial.data` in place; nothing is returned.",
        "`dial.data -= rate * dial.grad`",
    ],
    wrong=[
        Wrong(
            "uphill",
            "the dials are turned along the gradient",
            "The dials turn the wrong way. A positive grad says that turning up makes the loss"
            " larger, so turn down: `-=`.",
            change={"-=": "+="},
        ),
        Wrong(
            "no_rate",
            "the rate is left out",
            "The whole gradient is subtracted. `rate` keeps the turns small: subtract `rate *"
            " dial.grad`.",
            change={"rate * dial.grad": "dial.grad"},
        ),
        Wrong(
            "assigns",
            "the step replaces the number",
            "The step replaces what was on the dial. It should be taken *from* it: `-=`, not `=`.",
            change={"-= rate": "= -rate"},
        ),
        Wrong(
            "only_the_sign",
            "only the direction of the gradient is used",
            "Each dial is turned by the same amount. The steeper the answer, the bigger the"
            " turn: subtract `rate * dial.grad`, size and all.",
            change={"* dial.grad": "* (1.0 if dial.grad > 0 else -1.0)"},
        ),
        Wrong(
            "rebinds",
            "a new name is bound and the dial stays as it is",
            "Nothing on the dials has changed. `dial = ...` only gives a new meaning to the"
            " name; the number on the dial is `dial.data`, and that is what must change.",
            change={"dial.data -= rate": "dial = dial.data - rate"},
        ),
    ],
)

EXERCISES = [PRODUCT, BENDS, VALUE, USES, BACKWARD, DESCEND]
