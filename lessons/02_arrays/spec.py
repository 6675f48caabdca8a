"""Lesson 02: where a number stands, views, the broadcasting rule, and its way back.

The inputs are windows onto a buffer, drawn at random: dimensions in any order, gaps between the
numbers, some read backwards, sizes 0 and 1 among them. What a view shows is read through its own
strides, so a right answer may be built in any way. The references are NumPy's, and for slopes a
nudge.
"""

from itertools import product
from math import prod

import numpy as np

from minidl.grading import Exercise, Part, Wrong

# ---------------------------------------------------------------- inputs


def pick(rng, choices):
    """One of several."""
    return choices[int(rng.integers(len(choices)))]


def some_shape(rng, most=3, sizes=(1, 2, 3, 4, 5)):
    """A shape of 1 to `most` dimensions."""
    return tuple(int(pick(rng, sizes)) for _ in range(int(rng.integers(1, most + 1))))


def window(rng, shape, ordered=False):
    """A float32 buffer and a window of this shape onto it; `ordered`: no gaps, no turns.

    In front and behind lie a few numbers that it does not show.
    """
    steps = [1 if ordered else int(pick(rng, (-2, -1, 1, 1, 2))) for _ in shape]
    order = list(range(len(shape))) if ordered else [int(d) for d in rng.permutation(len(shape))]
    strides, offset, jump = [0] * len(shape), int(rng.integers(2, 5)), 1
    for d in reversed(order):
        room = max(shape[d] - 1, 0) * abs(steps[d]) + 1
        strides[d] = jump * steps[d]
        offset += jump * (room - 1) if steps[d] < 0 else 0
        jump *= room
    buffer = rng.permutation(offset + jump + 4).astype(np.float32)
    return {"buffer": buffer, "shape": tuple(shape), "strides": tuple(strides), "offset": offset}


def shown(buffer, shape, strides, offset):
    """What a window shows, as NumPy sees it."""
    jumps = [stride * buffer.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(buffer[offset:], shape, jumps)


def seen(view, buffer):
    """What an Array shows, read through its own buffer, shape, strides and offset."""
    shape = tuple(int(n) for n in view.shape)
    places = [
        view.offset + sum(i * s for i, s in zip(index, view.strides, strict=True))
        for index in product(*(range(n) for n in shape))
    ]
    numbers = np.array([view.buffer[p] for p in places], view.buffer.dtype)
    return {"shape": shape, "numbers": numbers, "same buffer": view.buffer is buffer}


def expected(array, shared=True):
    """The same of a NumPy array."""
    return {"shape": array.shape, "numbers": array.ravel(), "same buffer": shared}


def refused(function, *arguments):
    """What a function answers, or the kind of its error, and whether the message names sizes."""
    try:
        function(*arguments)
    except ValueError as error:
        said = str(error)
        return {"raised": "ValueError", "says the sizes": any(sign.isdigit() for sign in said)}
    return {"raised": "nothing", "says the sizes": False}


REFUSED = {"raised": "ValueError", "says the sizes": True}


# ---------------------------------------------------------------- 1: strides


def indices_in_order(rng):
    return {"shape": tuple(int(n) for n in rng.integers(1, 5, size=int(rng.integers(2, 5))))}


def any_window(rng):
    count = int(rng.integers(1, 5))
    return {
        "index": tuple(int(i) for i in rng.integers(0, 9, size=count)),
        "strides": tuple(int(s) for s in rng.integers(-20, 21, size=count)),
        "offset": int(rng.integers(100, 200)),
    }


def run_strides(code, shape):
    return tuple(code.strides_of(shape))


def run_places(code, shape):
    strides = code.strides_of(shape)
    places = [code.place(index, strides) for index in product(*(range(n) for n in shape))]
    return {"strides": len(strides), "places": places}


def run_place(code, index, strides, offset):
    return code.place(index, strides, offset)


def jumps(shape):
    return tuple(prod(shape[d + 1 :]) for d in range(len(shape)))


STRIDES = Exercise(
    id="02.strides",
    title="Where a number stands",
    entry=("strides_of", "place"),
    parts=[
        Part(
            "strides",
            "the strides of tables with 1 to 4 dimensions",
            lambda rng: {"shape": some_shape(rng, 4)},
            run_strides,
            jumps,
            seeds=6,
        ),
        Part(
            "place",
            "any index, strides and offset",
            any_window,
            run_place,
            lambda index, strides, offset: offset + int(np.dot(index, strides)),
        ),
        Part(
            "in_order",
            "all indices of a table, one after the other: places 0, 1, 2 and so on",
            indices_in_order,
            run_places,
            lambda shape: {"strides": len(shape), "places": list(range(prod(shape)))},
        ),
        Part(
            "edges",
            "a single number, and tables without numbers",
            lambda rng: {"shape": pick(rng, [(), (0,), (3, 0), (0, 2, 3), (1, 1)])},
            run_places,
            lambda shape: {"strides": len(shape), "places": list(range(prod(shape)))},
            seeds=6,
        ),
    ],
    hints=[
        (
            "Go through the sizes from the right. The last dimension jumps by 1. How far does the "
            "next one jump, and what must it be multiplied by for the one after that?"
        ),
        (
            "`for size in reversed(shape)`: note the jump so far, then multiply it by `size`. In "
            "the end the strides stand in reverse, and `tuple(reversed(strides))` mends that."
        ),
        "`place` is the offset, plus `sum(i * stride for i, stride in zip(index, strides))`.",
    ],
    wrong=[
        Wrong(
            "from_the_left",
            "the sizes to the left are multiplied",
            "Your strides multiply the sizes to the *left*. A step down jumps over whole rows, so "
            "what counts is how much fits to the right of a dimension.",
            change={"for size in reversed(shape)": "for size in shape"},
        ),
        Wrong(
            "columns_first",
            "the strides are not put back into order",
            "Your strides stand in reverse: the first one is 1. Here the *last* dimension runs "
            "fastest, so the last stride is 1.",
            change={"tuple(reversed(strides))": "tuple(strides)"},
        ),
        Wrong(
            "own_size_too",
            "a dimension's own size is multiplied as well",
            "Each of your strides has one factor too many: the dimension's own size. One step "
            "along a row jumps 1 place, however long the row is. Note the jump first, then "
            "multiply.",
            change={
                "strides.append(jump)\n        jump *= size": (
                    "jump *= size\n        strides.append(jump)"
                )
            },
        ),
        Wrong(
            "neighbour_only",
            "the stride is the neighbour's size, not the product",
            "Right for two dimensions, wrong for three: you take only the next size for the jump. "
            "From one table to the next it is all its numbers, rows times columns.",
            change={"jump *= size": "jump = size"},
        ),
        Wrong(
            "no_offset",
            "the offset is forgotten",
            "Your `place` leaves out the offset, the place where the array begins.",
            change={"return offset + sum": "return sum"},
        ),
        Wrong(
            "index_alone",
            "the positions are added without their strides",
            "Your `place` adds up the positions. A step along a dimension jumps by its stride: "
            "multiply each position by its stride first.",
            change={"sum(i * stride for": "sum(i for"},
        ),
    ],
)


# ---------------------------------------------------------------- 2: views


def turned_table(rng):
    return {**window(rng, (3, 4), ordered=True), "dims": (1, 0)}


def permuted(rng):
    shape = pick(rng, [(2, 3, 4), (3, 1, 2), (2, 0, 3), (4,), (2, 3, 2, 2), (1, 1)])
    return {**window(rng, shape), "dims": tuple(int(d) for d in rng.permutation(len(shape)))}


def three_turned(rng):
    """Three dimensions, all moved: here an order and its opposite differ."""
    return {**window(rng, (2, 3, 4)), "dims": pick(rng, [(1, 2, 0), (2, 0, 1)])}


CUTS = [(0, 5, 1), (1, 4, 1), (1, 6, 2), (2, 6, 3), (5, -1, -1), (4, 0, -2), (3, 3, 1), (2, 3, 1)]


def cuts(rng):
    shape = list(some_shape(rng, 3, sizes=(1, 2, 3)))
    dim = int(rng.integers(len(shape)))
    shape[dim] = 6
    start, stop, step = pick(rng, CUTS)
    return {**window(rng, shape), "dim": dim, "start": start, "stop": stop, "step": step}


def several(rng):
    """A window that is turned, cut, turned back and cut again."""
    return {**window(rng, (3, 5, 4)), "dims": pick(rng, [(1, 2, 0), (2, 0, 1), (2, 1, 0)])}


def run_permute(code, buffer, shape, strides, offset, dims):
    return seen(code.Array(buffer, shape, strides, offset).permute(*dims), buffer)


def run_cut(code, buffer, shape, strides, offset, dim, start, stop, step):
    array = code.Array(buffer, shape, strides, offset)
    return seen(array.cut(dim, range(start, stop, step)), buffer)


def run_several(code, buffer, shape, strides, offset, dims):
    """What is seen, and what the first array shows after a write through the last view."""
    array = code.Array(buffer, shape, strides, offset)
    view = array.permute(*dims).cut(0, range(2, -1, -1)).permute(2, 0, 1).cut(1, range(1, 3))
    view[1, 1, 1] = -1
    return {**seen(view, buffer), "seen through the first": seen(array, buffer)["numbers"]}


def run_given(code, buffer):
    table = code.Array(buffer, (3, 4))
    return [seen(view, buffer) for view in (table, table[1], table[:, -1])]


def several_reference(dims, **inputs):
    array = shown(**inputs)
    view = array.transpose(dims)[2::-1].transpose(2, 0, 1)[:, 1:3]
    view[1, 1, 1] = -1
    return {**expected(view), "seen through the first": array.ravel()}


SAME_BUFFER = "Array(self.buffer, shape, strides, self.offset)"

VIEWS = Exercise(
    id="02.views",
    title="Windows onto one buffer",
    entry=("Array",),
    parts=[
        Part(
            "turned",
            "a table with rows and columns exchanged",
            turned_table,
            run_permute,
            lambda dims, **inputs: expected(shown(**inputs).transpose(dims)),
            dtype=True,
        ),
        Part(
            "permute",
            "any windows, their dimensions in any order; sizes 0 and 1 too",
            permuted,
            run_permute,
            lambda dims, **inputs: expected(shown(**inputs).transpose(dims)),
            dtype=True,
            seeds=6,
        ),
        Part(
            "three",
            "three dimensions, each moved to another place",
            three_turned,
            run_permute,
            lambda dims, **inputs: expected(shown(**inputs).transpose(dims)),
        ),
        Part(
            "cut",
            "some positions of one dimension: every other, backwards, none at all",
            cuts,
            run_cut,
            lambda dim, start, stop, step, **inputs: expected(
                shown(**inputs)[(slice(None),) * dim + ([*range(start, stop, step)],)]
            ),
            dtype=True,
            seeds=8,
        ),
        Part(
            "several",
            "a view of a view of a view, and a write through the last of them",
            several,
            run_several,
            several_reference,
            mutates=True,
        ),
        Part(
            "given",
            "what was given still works: a table without strides, its rows and columns",
            lambda rng: {"buffer": rng.normal(size=12).astype(np.float32)},
            run_given,
            lambda buffer: [
                expected(x)
                for table in [buffer.reshape(3, 4)]
                for x in (table, table[1], table[:, -1])
            ],
        ),
    ],
    hints=[
        (
            "For `permute`: dimension d of the view is dimension dims[d] of the array. Its size is "
            "`self.shape[dims[d]]`. And its stride?"
        ),
        (
            "For `cut`: the view begins at position `picked.start`. How far into the buffer is "
            "that? And one step in the view is `picked.step` steps in the array."
        ),
        (
            "`strides[dim] = self.strides[dim] * picked.step`, and the offset grows by "
            "`picked.start * self.strides[dim]`."
        ),
    ],
    wrong=[
        Wrong(
            "strides_stay",
            "only the shape is permuted",
            "You put the sizes into the new order and leave the strides in the old one. A size and "
            "its stride belong to one dimension and must travel together.",
            change={"[self.strides[d] for d in dims]": "self.strides"},
        ),
        Wrong(
            "fresh_strides",
            "the strides are worked out anew from the new shape",
            "You work the strides out anew from the new shape. That reads the buffer row by row, "
            "as if nothing had been turned. Put the strides that are there into the new order.",
            change={"[self.strides[d] for d in dims]": "strides_of(shape)"},
        ),
        Wrong(
            "opposite_order",
            "the opposite permutation",
            "Two dimensions come out right, three do not: you move dimension d *to* dims[d]. Asked "
            "for is the other way: dimension d of the view *is* dimension dims[d] of the array.",
            change={
                "[self.shape[d] for d in dims]": (
                    "[self.shape[dims.index(d)] for d in range(len(dims))]"
                ),
                "[self.strides[d] for d in dims]": (
                    "[self.strides[dims.index(d)] for d in range(len(dims))]"
                ),
            },
        ),
        Wrong(
            "copied",
            "a copy in place of a view",
            "The numbers are right, but they stand in a buffer of their own: that is a copy. Give "
            "the new `Array` the buffer that is there, `self.buffer`.",
            change={SAME_BUFFER: f"{SAME_BUFFER}.copy()"},
        ),
        Wrong(
            "permute_loses_offset",
            "permute forgets the offset",
            "Your `permute` forgets the offset. An array that begins further down the street still "
            "begins there when it is turned.",
            change={SAME_BUFFER: "Array(self.buffer, shape, strides)"},
        ),
        Wrong(
            "cut_loses_offset",
            "cut counts from the beginning of the buffer",
            "Your `cut` counts from the beginning of the buffer. The array may begin further down: "
            "*add* to its offset, `self.offset + ...`.",
            change={"self.offset + picked.start": "picked.start"},
        ),
        Wrong(
            "start_without_stride",
            "the start is taken for a number of places",
            "Your `cut` moves the offset by `picked.start` places. A start is a position: each "
            "step along this dimension jumps by its stride.",
            change={"picked.start * self.strides[dim]": "picked.start"},
        ),
        Wrong(
            "start_with_new_stride",
            "the start is multiplied by the stride of the view",
            "Your `cut` goes to the start in jumps of the *new* stride. Where the view begins is "
            "counted in the array's own steps: `picked.start * self.strides[dim]`.",
            change={"picked.start * self.strides[dim]": "picked.start * strides[dim]"},
        ),
        Wrong(
            "step_ignored",
            "the step is ignored",
            "Your `cut` ignores the step: `range(1, 4, 2)` means positions 1 and 3. One step in "
            "the view is `picked.step` steps in the array: its stride is that many times as large.",
            change={"self.strides[dim] * picked.step": "self.strides[dim]"},
        ),
        Wrong(
            "stop_minus_start",
            "the size is worked out without the step",
            "Your `cut` takes `stop - start` for the size, which is right for a step of 1 only. "
            "`len(picked)` counts what the range holds.",
            change={"len(picked)": "picked.stop - picked.start"},
        ),
    ],
)


# ---------------------------------------------------------------- 3: reshape

SAME_AMOUNT = [
    ((12,), (3, 4)),
    ((3, 4), (2, 6)),
    ((2, 3, 2), (12,)),
    ((2, 3, 4), (4, 6)),
    ((2, 1, 3), (6, 1)),
    ((4, 3), (2, 2, 3)),
    ((1,), ()),
]
EMPTY = [((0, 3), (3, 0)), ((2, 0), (0,)), ((0,), (1, 0, 5)), ((3, 0, 2), (0, 4))]
UNEQUAL = [((3, 4), (3, 5)), ((2, 3), (5,)), ((4,), (2, 1)), ((0, 3), (3,)), ((2, 2), (2,))]


def reshapes(rng, pairs, ordered):
    old, new = pick(rng, pairs)
    return {**window(rng, old, ordered), "new": new}


def useless_strides(rng):
    """In order, but the dimensions of size 1 have strides from nowhere."""
    shape, new = pick(rng, [((1, 4), (4,)), ((3, 1, 2), (2, 3)), ((6, 1), (3, 2)), ((1, 1), (1,))])
    inputs = window(rng, shape, ordered=True)
    strides = [17 if n == 1 else s for n, s in zip(shape, inputs["strides"], strict=True)]
    return {**inputs, "strides": tuple(strides), "new": new}


def turned(rng):
    """Rows and columns exchanged, then another shape: no strides could do it."""
    inputs = window(rng, (3, 4), ordered=True)
    return {**inputs, "shape": (4, 3), "strides": (1, 4), "new": pick(rng, [(3, 4), (12,), (2, 6)])}


def with_gaps(rng):
    """Rows that are in order, with a gap behind each."""
    inputs = window(rng, (3, 4), ordered=True)
    return {**inputs, "shape": (3, 3), "new": (9,)}


def orders(rng):
    """Windows of which in_order must say yes, and others of which it must say no."""
    kind = pick(rng, [useless_strides, turned, with_gaps, "in order", "any", "one dimension"])
    if kind == "in order":
        inputs = window(rng, some_shape(rng), ordered=True)
    elif kind == "any":
        inputs = window(rng, (2, 3, 2))
    elif kind == "one dimension":
        inputs = {**window(rng, (4,), ordered=True), "shape": (2,)}
        inputs["strides"] = (pick(rng, [1, 2, -1]),)
    else:
        inputs = kind(rng)
        del inputs["new"]
    return inputs


def run_reshape(code, buffer, shape, strides, offset, new):
    return seen(code.reshape(code.Array(buffer, shape, strides, offset), new), buffer)


def run_empty(code, buffer, shape, strides, offset, new):
    """Whether the buffer is the same does not matter where there are no numbers."""
    made = code.reshape(code.Array(buffer, shape, strides, offset), new)
    return {"shape": tuple(made.shape), "numbers": seen(made, buffer)["numbers"]}


def run_in_order(code, buffer, shape, strides, offset):
    return bool(code.in_order(code.Array(buffer, shape, strides, offset)))


def run_reshape_refused(code, buffer, shape, strides, offset, new):
    return refused(code.reshape, code.Array(buffer, shape, strides, offset), new)


def is_in_order(buffer, shape, strides, offset):
    places = shown(np.arange(len(buffer)), shape, strides, offset).ravel()
    return bool((places == offset + np.arange(places.size)).all())


def reshaped(new, **inputs):
    return expected(shown(**inputs).reshape(new), is_in_order(**inputs))


def reshaped_empty(new, **inputs):
    return {"shape": new, "numbers": shown(**inputs).ravel()}


AS_VIEW = "Array(x.buffer, shape, offset=x.offset)"

RESHAPE = Exercise(
    id="02.reshape",
    title="Another shape, the same order",
    entry=("in_order", "reshape", "Array"),
    parts=[
        Part(
            "view",
            "numbers that are in order: a view onto the same buffer",
            lambda rng: reshapes(rng, SAME_AMOUNT, True),
            run_reshape,
            reshaped,
            dtype=True,
            seeds=5,
        ),
        Part(
            "turned",
            "a table whose rows and columns were exchanged: a copy, in the order of reading",
            turned,
            run_reshape,
            reshaped,
            dtype=True,
        ),
        Part(
            "gaps",
            "rows with a gap behind each, and other windows",
            lambda rng: pick(rng, [with_gaps, lambda r: reshapes(r, SAME_AMOUNT[1:6], False)])(rng),
            run_reshape,
            reshaped,
            seeds=6,
        ),
        Part(
            "ones",
            "the stride of a size 1 does not matter: still a view",
            useless_strides,
            run_reshape,
            reshaped,
        ),
        Part(
            "in_order",
            "`in_order` of all these",
            orders,
            run_in_order,
            is_in_order,
            seeds=12,
        ),
        Part(
            "empty",
            "tables without numbers; float32 stays float32",
            lambda rng: reshapes(rng, EMPTY, pick(rng, [True, False])),
            run_empty,
            reshaped_empty,
            dtype=True,
        ),
        Part(
            "amount",
            "the amounts differ: a ValueError that names the sizes",
            lambda rng: reshapes(rng, UNEQUAL, True),
            run_reshape_refused,
            lambda **inputs: REFUSED,
            seeds=5,
        ),
    ],
    hints=[
        (
            "`in_order`: compare each stride with the one that `strides_of(x.shape)` wants. They "
            "may differ only where the size is 1. `zip` goes through sizes, strides and wanted "
            "strides side by side."
        ),
        (
            "`reshape`: first the amounts, `math.prod(shape)` and `math.prod(x.shape)`. Then, if "
            "x is not in order, `x = x.copy()`: now it is."
        ),
        "In the end: `Array(x.buffer, shape, offset=x.offset)`. The class works the strides out.",
    ],
    wrong=[
        Wrong(
            "never_copies",
            "a view even where the numbers are not in order",
            "You always give a view. The numbers of a turned table are not in order, and read in "
            "the buffer's order they come out as if it had not been turned. Copy first, if "
            "`in_order(x)` says no.",
            change={"    if not in_order(x):\n        x = x.copy()\n": ""},
        ),
        Wrong(
            "always_copies",
            "a copy even where a view would do",
            "The numbers are right, but you always copy them. Where they are in order a view does "
            "it, however many there are.",
            change={"    if not in_order(x):\n        x = x.copy()": "    x = x.copy()"},
        ),
        Wrong(
            "offset_lost",
            "the offset is forgotten",
            "Your view begins at place 0 of the buffer. The array may begin further down: hand on "
            "`x.offset`.",
            change={AS_VIEW: "Array(x.buffer, shape)"},
        ),
        Wrong(
            "old_strides",
            "the strides of the old shape are kept",
            "You keep the strides of the old shape. The new shape has rows of another length, and "
            "so other strides: leave them to the class.",
            change={AS_VIEW: "Array(x.buffer, shape, x.strides, x.offset)"},
        ),
        Wrong(
            "ones_count",
            "the stride of a dimension of size 1 is compared too",
            "Your `in_order` also looks at the strides of dimensions of size 1, which are never "
            "used. So you copy where a view would do.",
            change={"n == 1 or s == w": "s == w"},
        ),
        Wrong(
            "last_stride_only",
            "only the last stride is looked at",
            "Your `in_order` looks at the last stride only. Rows with a gap behind each have the "
            "last stride 1, and still are not in order.",
            change={
                "all(n == 1 or s == w for n, s, w in zip(x.shape, x.strides, wanted))": (
                    "x.strides[-1:] == wanted[-1:]"
                )
            },
        ),
        Wrong(
            "offset_counts",
            "an array that begins further down is taken for not in order",
            "Your `in_order` says no to every array that does not begin at place 0. Where it "
            "begins does not matter, only that the numbers follow one another.",
            change={"return all(": "return x.offset == 0 and all("},
        ),
        Wrong(
            "amount_unchecked",
            "the amounts are not compared",
            "You do not compare the amounts, so numbers get lost, or are read beyond the end. "
            "Raise a `ValueError` where `math.prod` of the two shapes differ.",
            change={"math.prod(shape) != math.prod(x.shape)": "False"},
        ),
    ],
)


# ---------------------------------------------------------------- 4: broadcasting


def fitting(rng, count, sizes=(1, 2, 3, 4, 5), most=4):
    """Shapes that fit: sizes of one common shape, some set to 1, some dropped in front."""
    common = some_shape(rng, most, sizes)
    shapes = []
    for _ in range(count):
        kept = [n if rng.random() < 0.6 else 1 for n in common]
        shapes.append(tuple(kept[int(rng.integers(0, len(common) + 1)) :]))
    return {"shapes": shapes}


def unfitting(rng, pairs):
    """Two shapes of which one dimension does not fit, and sometimes a third that does."""
    common = [int(pick(rng, (1, 2, 3, 5))) for _ in range(int(rng.integers(1, 4)))]
    bad = int(rng.integers(len(common)))
    one, other = [*common], [*common]
    one[bad], other[bad] = pick(rng, pairs)
    front = [int(pick(rng, (2, 3))) for _ in range(int(rng.integers(0, 2)))]
    third = [[(1,) * len(common)], [], []]
    return {"shapes": [tuple(front + one), *pick(rng, third), tuple(other)]}


def run_broadcast(code, shapes):
    return tuple(code.broadcast_shapes(*shapes))


def run_broadcast_refused(code, shapes):
    return refused(code.broadcast_shapes, *shapes)


def common_shape(shapes):
    return np.broadcast_shapes(*shapes)


BROADCAST = Exercise(
    id="02.broadcast",
    title="The broadcasting rule",
    entry=("broadcast_shapes",),
    replaces="primitive.broadcast",
    parts=[
        Part(
            "two",
            "two shapes that fit",
            lambda rng: fitting(rng, 2),
            run_broadcast,
            common_shape,
            seeds=8,
        ),
        Part(
            "empty",
            "sizes 0 and 1",
            lambda rng: fitting(rng, 2, sizes=(0, 1, 0, 3)),
            run_broadcast,
            common_shape,
            seeds=8,
        ),
        Part(
            "many",
            "no shape, one, three, five; some of them ()",
            lambda rng: fitting(rng, pick(rng, [0, 1, 3, 5]), sizes=(1, 2, 4)),
            run_broadcast,
            common_shape,
            seeds=8,
        ),
        Part(
            "unfit",
            "shapes that do not fit: a ValueError that names the sizes",
            lambda rng: unfitting(rng, [(2, 3), (3, 4), (4, 2)]),
            run_broadcast_refused,
            lambda shapes: REFUSED,
            seeds=6,
        ),
        Part(
            "unfit_empty",
            "0 fits no other size but 1",
            lambda rng: unfitting(rng, [(0, 3), (2, 0)]),
            run_broadcast_refused,
            lambda shapes: REFUSED,
        ),
    ],
    hints=[
        (
            "Go through the dimensions from the right: `for d in range(1, ...)`, with `shape[-d]`. "
            "How many are there? As many as the longest shape has."
        ),
        (
            "At each d, gather the sizes of all shapes that are long enough, and leave the ones "
            "out. What remains must be one size, or none at all. A set is handy: `{...} - {1}`."
        ),
        (
            "More than one size remains: raise. One remains: take it (it may be 0). None remains: "
            "take 1. In the end turn the list round, for you went from the right."
        ),
    ],
    wrong=[
        Wrong(
            "from_the_left",
            "the shapes are compared from the left",
            "You compare the shapes from the left. Broadcasting goes from the right: the *last* "
            "sizes stand under each other.",
            change={
                "shape[-d] for": "shape[d - 1] for",
                "tuple(reversed(common))": "tuple(common)",
            },
        ),
        Wrong(
            "shortest",
            "the result is as long as the shortest shape",
            "Your result is only as long as the shortest shape. A missing size counts as 1: the "
            "dimensions of the longer shape stay.",
            change={"max(map(len, shapes)": "min(map(len, shapes)"},
        ),
        Wrong(
            "not_turned",
            "the sizes are left in reverse",
            "The sizes are right and stand in reverse: you went from the right, so turn the list "
            "round in the end.",
            change={"tuple(reversed(common))": "tuple(common)"},
        ),
        Wrong(
            "largest",
            "the largest size is taken, so 0 loses to 1",
            "You take the largest size, and that is wrong for 0: a 1 beside a 0 is repeated no "
            "times, so 0 comes out. Take the size that is not 1.",
            change={"sizes.pop() if sizes else 1": "max(sizes | {1})"},
        ),
        Wrong(
            "ones_refused",
            "a size of 1 is not let through",
            "You refuse a 1 beside another size. A 1 fits everything: that is what broadcasting "
            "is. Leave the ones out before you compare.",
            change={" - {1}": ""},
        ),
        Wrong(
            "zero_fits",
            "a size of 0 is treated like a 1",
            "You treat 0 like 1. Only a 1 is repeated. A 0 fits a 0 or a 1, and it stays 0.",
            change={" - {1}": " - {0, 1}"},
        ),
        Wrong(
            "never_raises",
            "shapes that do not fit go through",
            "You let shapes through that do not fit. Where two sizes differ and neither is 1, "
            "raise a `ValueError` that names the shapes.",
            change={"if len(sizes) > 1": "if False"},
        ),
        Wrong(
            "first_two",
            "only the first two shapes are looked at",
            "Only the first two shapes count in your rule. There may be any number of them.",
            change={"common = []": "common, shapes = [], shapes[:2]"},
        ),
    ],
)


# ---------------------------------------------------------------- 5: expand

REPEATED = [
    ((3,), (4, 3)),
    ((4, 1), (4, 3)),
    ((2, 1, 3), (2, 4, 3)),
    ((1,), (5,)),
    ((), (2, 3)),
    ((2, 3), (2, 3)),
    ((1, 2), (3, 1, 2)),
    ((1, 1), (1, 4)),
    ((3, 1, 1), (2, 3, 2, 1)),
]
REPEATED_EMPTY = [((1,), (0,)), ((0, 1), (2, 0, 3)), ((3, 0), (3, 0)), ((1, 2), (0, 2))]
UNREPEATABLE = [((3,), (4,)), ((3,), (3, 2)), ((0,), (2,)), ((2, 1, 3), (3, 4, 3))]
SMALLER = [((3,), (1,)), ((2, 3), (3,)), ((2,), ()), ((2, 3), (2, 1)), ((0,), (1,))]


def repeats(rng, pairs, ordered=False):
    old, new = pick(rng, pairs)
    return {**window(rng, old, ordered), "new": new}


def run_expand(code, buffer, shape, strides, offset, new):
    return seen(code.expand(code.Array(buffer, shape, strides, offset), new), buffer)


def run_expand_refused(code, buffer, shape, strides, offset, new):
    return refused(code.expand, code.Array(buffer, shape, strides, offset), new)


def repeated(new, **inputs):
    return expected(np.broadcast_to(shown(**inputs), new))


STRETCHED = "[stride if n == m else 0 for n, m, stride in kept]"
EXPANDED = "Array(x.buffer, shape, strides, x.offset)"

EXPAND = Exercise(
    id="02.expand",
    title="Repeat without copying",
    entry=("expand", "Array"),
    parts=[
        Part(
            "row",
            "a row of three, four times",
            lambda rng: repeats(rng, REPEATED[:1], ordered=True),
            run_expand,
            repeated,
            seeds=2,
        ),
        Part(
            "windows",
            "any windows; the buffer stays the same",
            lambda rng: repeats(rng, REPEATED),
            run_expand,
            repeated,
            dtype=True,
            seeds=10,
        ),
        Part(
            "empty",
            "repeated no times at all",
            lambda rng: repeats(rng, REPEATED_EMPTY),
            run_expand,
            repeated,
            dtype=True,
            seeds=5,
        ),
        Part(
            "refused",
            "shapes that do not fit: a ValueError that names the sizes",
            lambda rng: repeats(rng, UNREPEATABLE),
            run_expand_refused,
            lambda **inputs: REFUSED,
            seeds=5,
        ),
        Part(
            "smaller",
            "shapes that fit, but x is larger than they are",
            lambda rng: repeats(rng, SMALLER),
            run_expand_refused,
            lambda **inputs: REFUSED,
            seeds=5,
        ),
    ],
    hints=[
        (
            "How many dimensions are new in front? `len(shape) - len(x.shape)`. Each of them has "
            "stride 0."
        ),
        (
            "Then go through x's own sizes, the sizes they become (`shape[new:]`) and its strides, "
            "side by side. Where the size stays, so does the stride; where it changes, it was a 1, "
            "and the stride is 0."
        ),
        (
            "For the error: `broadcast_shapes(x.shape, shape)` must be `tuple(shape)` itself. If "
            "it is another shape, then `shape` would have to grow as well."
        ),
    ],
    wrong=[
        Wrong(
            "strides_kept",
            "repeated dimensions keep their stride",
            "A dimension of size 1 that is repeated keeps its old stride in your view, so each "
            "step goes on to other numbers. To read the same number again the stride must be 0.",
            change={"stride if n == m else 0 for": "stride for"},
        ),
        Wrong(
            "new_behind",
            "new dimensions are put at the end",
            "You put the new dimensions behind the old ones. Shapes are compared from the right, "
            "so new dimensions stand in front.",
            change={f"[0] * new + {STRETCHED}": f"{STRETCHED} + [0] * new"},
        ),
        Wrong(
            "new_stride_one",
            "new dimensions have stride 1",
            "Your new dimensions have stride 1, so each row begins one place further on. A row "
            "that is repeated begins at the same place again: stride 0.",
            change={"[0] * new": "[1] * new"},
        ),
        Wrong(
            "all_zero",
            "every stride is 0",
            "All strides are 0 in your view, so it shows one number everywhere. Only what is "
            "repeated has stride 0; the other strides stay.",
            change={"stride if n == m else 0 for": "0 for"},
        ),
        Wrong(
            "copied",
            "the repeated numbers are copied",
            "The numbers are right, but you wrote them all down. A stride of 0 does it without a "
            "single copy: use `x.buffer`.",
            change={EXPANDED: f"{EXPANDED}.copy()"},
        ),
        Wrong(
            "offset_lost",
            "the offset is forgotten",
            "Your view begins at place 0 of the buffer. Hand on `x.offset`.",
            change={EXPANDED: "Array(x.buffer, shape, strides)"},
        ),
        Wrong(
            "unchecked",
            "whether the shapes fit is not asked",
            "You do not ask whether x can be repeated to this shape. `(3,)` cannot become `(4,)`: "
            "raise a `ValueError`.",
            change={"if broadcast_shapes(x.shape, shape) != tuple(shape)": "if False"},
        ),
        Wrong(
            "both_may_grow",
            "the common shape is not compared with the shape asked for",
            "You ask whether the shapes fit together, but not whether the result is the shape "
            "asked for: `(3,)` and `(1,)` fit, and still `(3,)` cannot become `(1,)`.",
            change={"!= tuple(shape)": "is None"},
        ),
    ],
)


# ---------------------------------------------------------------- 6: sum_to


def summed(rng, pairs):
    """float32 numbers in the larger shape, and the shape they came from."""
    old, new = pick(rng, pairs)
    return {"x": rng.normal(size=new).astype(np.float32), "shape": old}


def table(rng, new=(4, 3), old=(3,)):
    return {"x": np.round(rng.uniform(-5, 5, size=new), 1), "shape": old}


def weighed(rng):
    """The larger array, and weights of the smaller shape."""
    old, new = pick(rng, REPEATED)
    return {"x": rng.normal(size=new), "shape": old, "weights": rng.normal(size=old)}


def run_sum_to(code, x, shape):
    return code.sum_to(x, shape)


def run_weighed(code, x, shape, weights):
    """The sum of weights * sum_to(x), and a second call to see that nothing was spoilt."""
    return {"sum": (weights * code.sum_to(x, shape)).sum(), "again": code.sum_to(2 * x, shape)}


def sum_to_reference(x, shape):
    """Number by number: each goes to the place that it was repeated from."""
    answer = np.zeros(shape, x.dtype)
    home = np.broadcast_to(np.arange(prod(shape)).reshape(shape), x.shape)
    np.add.at(answer.reshape(-1), home.ravel(), x.ravel())
    return answer


def weighed_reference(x, shape, weights):
    return {
        "sum": (np.broadcast_to(weights, x.shape) * x).sum(),
        "again": 2 * sum_to_reference(x, shape),
    }


ADDED = "(*range(new), *ones)"

SUM_TO = Exercise(
    id="02.sum_to",
    title="The way back of a repetition",
    entry=("sum_to",),
    replaces="primitive:sum_to.forward",
    parts=[
        Part("columns", "a table to a row", table, run_sum_to, sum_to_reference),
        Part(
            "square",
            "a square table to a row, and to a column",
            lambda rng: table(rng, (3, 3), pick(rng, [(3,), (3, 1)])),
            run_sum_to,
            sum_to_reference,
            seeds=4,
        ),
        Part(
            "shapes",
            "other shapes; float32 stays float32",
            lambda rng: summed(rng, REPEATED),
            run_sum_to,
            sum_to_reference,
            rtol=1e-4,
            atol=1e-5,
            dtype=True,
            seeds=10,
        ),
        Part(
            "empty",
            "sizes 0: what was repeated no times gets nothing",
            lambda rng: summed(rng, REPEATED_EMPTY),
            run_sum_to,
            sum_to_reference,
            dtype=True,
            seeds=5,
        ),
        Part(
            "adjoint",
            "weights times the sum is what the repeated weights make of x",
            weighed,
            run_weighed,
            weighed_reference,
            seeds=6,
        ),
    ],
    hints=[
        (
            "Which dimensions were repeated? Those in front that `shape` does not have, and those "
            "of size 1 in `shape`."
        ),
        (
            "`new = x.ndim - len(shape)` dimensions are new. Dimension d of `shape` is dimension "
            "`new + d` of x."
        ),
        (
            "`x.sum(axis=(...)).reshape(shape)`, with both kinds of dimensions in the brackets: "
            "`*range(new)`, and those `new + d` where `shape[d]` is 1."
        ),
    ],
    wrong=[
        Wrong(
            "new_only",
            "only new dimensions are added up",
            "You add up along the new dimensions only. A dimension of size 1 was repeated as "
            "well, if it is larger now: add up along it too.",
            change={ADDED: "tuple(range(new))"},
        ),
        Wrong(
            "ones_only",
            "only dimensions of size 1 are added up",
            "You add up along the dimensions of size 1 only. What is new in front was repeated as "
            "well.",
            change={ADDED: "tuple(ones)"},
        ),
        Wrong(
            "not_shifted",
            "the dimensions of the small shape are not shifted",
            "Dimension d of `shape` is dimension `new + d` of x, because shapes are compared from "
            "the right. You look at dimension d.",
            change={"[new + d for d": "[d for d"},
        ),
        Wrong(
            "from_behind",
            "the new dimensions are looked for at the end",
            "You take the *last* dimensions for the new ones. Shapes are compared from the right, "
            "so what is new stands in front.",
            change={"*range(new)": "*range(len(shape), x.ndim)"},
        ),
        Wrong(
            "one_letter",
            "one of the repetitions is taken in place of the sum",
            "You take one of the letters and drop the others. The number was used several times: "
            "where paths meet, add.",
            change={
                f"x.sum(axis={ADDED})": (
                    f"x[tuple(slice(1 if d in {ADDED} else None) for d in range(x.ndim))]"
                )
            },
        ),
        Wrong(
            "mean",
            "the mean is taken in place of the sum",
            "You take the mean. Each repetition moves the end by its own letter, so the letters "
            "add up, and nothing is divided.",
            change={"x.sum(": "x.mean("},
        ),
        Wrong(
            "widened",
            "float32 becomes float64",
            "The numbers are right, but float32 came in and float64 comes out. A gradient has the "
            "dtype of its value: let `sum` keep the kind it finds.",
            change={"x.sum(": "x.astype('float64').sum("},
        ),
        Wrong(
            "ones_gone",
            "the result is not put into the shape asked for",
            "The sums are right, but they stand in another shape: the dimensions of size 1 are "
            "gone. Give the result the shape that was asked for, `.reshape(shape)`.",
            change={".reshape(shape)": ""},
        ),
    ],
)


# ---------------------------------------------------------------- 7: slopes


def people(rng, n, k):
    return {
        "x": np.round(rng.uniform(-2, 2, size=(n, k)), 1),
        "y": np.round(rng.uniform(-9, 9, size=n), 1),
        "w": np.round(rng.uniform(-2, 2, size=k), 1),
        "b": np.array(round(float(rng.uniform(1, 3)), 1)),
    }


def small_people(rng):
    n, k = pick(rng, [(1, 1), (1, 4), (5, 1), (2, 0), (7, 3)])
    return {name: one.astype(np.float32) for name, one in people(rng, n, k).items()}


def run_slopes(code, x, y, w, b):
    to_w, to_b = code.slopes(x, y, w, b)
    return {"w": to_w, "b": to_b}


def slopes_reference(x, y, w, b):
    error = x @ w + b - y
    return {"w": 2 * (x.T @ error) / x.dtype.type(len(y)), "b": 2 * error.mean()}


def slopes_by_nudge(x, y, w, b, hair=1e-4):
    """The loss is a square, for which a nudge to either side is exact but for rounding."""

    def loss(w, b):
        return ((x @ w + b - y) ** 2).mean()

    each = hair * np.eye(len(w))
    to_w = [(loss(w + nudge, b) - loss(w - nudge, b)) / (2 * hair) for nudge in each]
    to_b = (loss(w, b + hair) - loss(w, b - hair)) / (2 * hair)
    return {"w": np.array(to_w), "b": to_b}


LETTERS_W = "sum_to(g[:, None] * x, w.shape)"

SLOPES = Exercise(
    id="02.slopes",
    title="The slopes of a mean square",
    entry=("slopes",),
    parts=[
        Part(
            "nudge",
            "five people, three measurements, against a nudge",
            lambda rng: people(rng, 5, 3),
            run_slopes,
            slopes_by_nudge,
            rtol=1e-5,
            atol=1e-6,
        ),
        Part(
            "square",
            "as many people as measurements",
            lambda rng: people(rng, 4, 4),
            run_slopes,
            slopes_reference,
        ),
        Part(
            "shapes",
            "one person, one measurement, none; float32 stays float32",
            small_people,
            run_slopes,
            slopes_reference,
            rtol=1e-4,
            atol=1e-4,
            dtype=True,
            seeds=6,
        ),
    ],
    hints=[
        (
            "`error` has one number for each person. The letter for a person's answer is "
            "`2 * error / len(y)`; call it g."
        ),
        (
            "To the weights: `g[:, None] * x` holds a letter for each person and each weight. Add "
            "them up over the people: `sum_to(..., w.shape)`."
        ),
        "To the bias each person sends g itself: `sum_to(g, b.shape)`. Return both, w's first.",
    ],
    wrong=[
        Wrong(
            "row_for_column",
            "the letters stand in a row, not in a column",
            "You multiply `g` with `x` as it is. g has one number for each *person*, and from the "
            "right it meets the *measurements*. Make it a column first: `g[:, None]`.",
            change={"g[:, None] * x": "g * x"},
        ),
        Wrong(
            "two_forgotten",
            "the factor 2 of the square is forgotten",
            "Your slopes are half as steep as they should be: a square answers with *twice* the "
            "number.",
            change={"2 * error / len(y)": "error / len(y)"},
        ),
        Wrong(
            "not_divided",
            "the sum of the squares in place of their mean",
            "Your slopes are those of the sum of the squares. The loss is their mean: each person "
            "counts one n-th, so divide by `len(y)`.",
            change={"2 * error / len(y)": "2 * error"},
        ),
        Wrong(
            "square_for_slope",
            "the square itself in place of its slope",
            "You take the square of the error, which is the loss. Its slope is twice the error.",
            change={"2 * error / len(y)": "error**2 / len(y)"},
        ),
        Wrong(
            "own_lever",
            "the weight is taken for its own lever",
            "You take the weight for its own lever. In a product the lever is the other factor: "
            "the measurement `x`.",
            change={"g[:, None] * x": "g[:, None] * w"},
        ),
        Wrong(
            "no_lever",
            "the measurements are left out",
            "All weights get the same letter from you. How far a weight moves an answer depends on "
            "the measurement that it is multiplied by: `g[:, None] * x`.",
            change={"g[:, None] * x": "g[:, None] * np.ones_like(x)"},
        ),
        Wrong(
            "not_added_up",
            "the letters to the weights are not added up",
            "You return a letter for each person and each weight. A weight was used for every "
            "person, and where paths meet, add: `sum_to(..., w.shape)`.",
            change={LETTERS_W: "g[:, None] * x"},
        ),
        Wrong(
            "bias_lever",
            "the bias is taken for its own lever",
            "You multiply the letters by the bias. It is *added* to each answer, so its "
            "lever is 1.",
            change={"sum_to(g, b.shape)": "sum_to(g * b, b.shape)"},
        ),
    ],
)


EXERCISES = [STRIDES, VIEWS, RESHAPE, BROADCAST, EXPAND, SUM_TO, SLOPES]
