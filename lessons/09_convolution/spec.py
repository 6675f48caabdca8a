"""Lesson 09: a convolution by loops, windows as a view, one product, the way back, and pooling.

The references are NumPy: the picture between its zeros, shifted once for each place of a kernel.
How fast an answer is is asked by counting the lines of Python that run, never by the clock.
"""

import sys
from contextlib import contextmanager

import numpy as np

import minidl
from minidl.grading import Exercise, Part, Wrong

# ---------------------------------------------------------------- what is asked of convolutions


def drawn(rng, *shape):
    """Numbers from -2 to 2 with one decimal, small enough to work with by hand."""
    return np.round(rng.uniform(-2, 2, shape), 1)


def asked(rng, batch, strides=(1,), paddings=(0,), dilations=(1,), groups=(1,)):
    """Pictures, kernels and biases that fit the screws, which are drawn from what is offered."""
    stride, padding, dilation, group = (
        int(rng.choice(offered)) for offered in (strides, paddings, dilations, groups)
    )
    rows, columns = (int(n) for n in rng.choice([1, 2, 3, 4], 2, replace=False))
    per_group, kernels = int(rng.integers(1, 4)), group * int(rng.integers(1, 4))
    spans = [max(1, dilation * (n - 1) + 1 - 2 * padding) for n in (rows, columns)]
    height, width = (
        span + int(more) for span, more in zip(spans, rng.integers(2, 7, 2), strict=True)
    )
    lead = (int(rng.integers(1, 4)),) if batch else ()
    return {
        "x": drawn(rng, *lead, group * per_group, height, width),
        "w": drawn(rng, kernels, per_group, rows, columns),
        "b": drawn(rng, kernels),
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": group,
    }


def drawing(batch, **offered):
    """A generator of such questions."""
    return lambda rng: asked(rng, batch, **offered)


def both(value):
    """A pair of one number, or of two."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def shifted(x, i, j, counts, steps, gaps):
    """Where the place (i, j) of a kernel looks, for all places of the map."""
    rows = slice(i * gaps[0], i * gaps[0] + (counts[0] - 1) * steps[0] + 1, steps[0])
    columns = slice(j * gaps[1], j * gaps[1] + (counts[1] - 1) * steps[1] + 1, steps[1])
    return x[..., rows, columns]


def true_places(length, size, stride, padding, dilation):
    """Counted, not worked out."""
    last = length + 2 * padding - (dilation * (size - 1) + 1)
    return len(range(0, last + 1, stride))


def bordered(x, padding):
    """The pictures (n, c, h, w) between their zeros."""
    (up, left) = both(padding)
    return np.pad(x, ((0, 0), (0, 0), (up, up), (left, left)))


def true_maps(x, w, b, stride, padding, dilation, groups):
    """The maps (n, o, p, q) of pictures (n, c, h, w)."""
    steps, gaps, padded = both(stride), both(dilation), bordered(x, padding)
    along = zip(padded.shape[2:], w.shape[2:], steps, gaps, strict=True)
    counts = [true_places(length, size, step, 0, gap) for length, size, step, gap in along]
    z = np.zeros((x.shape[0], w.shape[0], *counts), x.dtype)
    share = w.shape[0] // groups
    for k in range(w.shape[0]):
        first = k // share * w.shape[1]
        part = padded[:, first : first + w.shape[1]]
        for i, j in np.ndindex(*w.shape[2:]):
            seen = shifted(part, i, j, counts, steps, gaps)
            z[:, k] += np.einsum("ncpq,c->npq", seen, w[k, :, i, j])
        z[:, k] += b[k]
    return z


def true_map(x, **others):
    """The maps of one picture."""
    return true_maps(x[None], **others)[0]


# ---------------------------------------------------------------- 1: by loops


def lengths(rng):
    """Some rows of dots with a kernel that fits."""
    rows = []
    for _ in range(6):
        size, stride, padding, dilation = (int(n) for n in rng.integers((1, 1, 0, 1), (6, 5, 4, 4)))
        span = max(1, dilation * (size - 1) + 1 - 2 * padding)
        rows.append([span + int(rng.integers(0, 8)), size, stride, padding, dilation])
    return {"rows": rows}


def run_places(code, rows):
    """The counts."""
    return [code.places(*row) for row in rows]


def run_loops(code, x, w, b, **screws):
    """The maps of one picture."""
    return code.conv_loops(x, w, b, **screws)


def loops_part(id, title, points=1, **offered):
    """One screw at a time, so that a check says which is loose."""
    return Part(id, title, drawing(False, **offered), run_loops, true_map, points, rtol=1e-9,
                seeds=4)  # fmt: skip


INSIDE = "if 0 <= row < height and 0 <= column < width:"
CONV = (
    *("primitive:conv", "primitive:bordered_conv", "primitive:conv_transpose"),
    *("primitive:bordered_conv_transpose", "nn.functional.conv1d", "nn.functional.conv2d"),
    "nn.functional.conv3d",
)

LOOPS = Exercise(
    id="09.loops",
    title="A convolution by loops",
    entry=("places", "conv_loops"),
    withholds=CONV,
    parts=[
        Part(
            "places",
            "how many places a kernel finds",
            lengths,
            run_places,
            lambda rows: [true_places(*row) for row in rows],
        ),
        loops_part("plain", "no screw turned"),
        loops_part("stride", "a stride", strides=(2, 3)),
        loops_part("padding", "zeros around the picture", paddings=(1, 2)),
        loops_part("dilation", "dilation", dilations=(2, 3)),
        loops_part("groups", "groups", groups=(2, 3)),
        loops_part(
            "all",
            "all four at once",
            strides=(2, 3),
            paddings=(1, 2),
            dilations=(2, 3),
            groups=(2, 3),
        ),
    ],
    hints=[
        "The kernel's start may move by `length + 2 * padding - (dilation * (size - 1) + 1)` dots; "
        "with a stride it makes that many steps divided by `stride`, rounded down by `//`, and the "
        "start itself is one place more.",
        "`row` and `column` stand in the formula above. Add nothing unless `0 <= row < height`, "
        "and the same for the column.",
        "Group 0 has the channels 0 to `per_group - 1`, group 1 the next ones: `c` of this group "
        "is channel `group * per_group + c` of the picture.",
    ],
    wrong=[
        Wrong(
            "wraps_around",
            "negative places are not refused",
            "Left of the picture you read its right side: Python takes a negative index from the "
            "end. Those places are zeros of the padding; ask for `0 <=` as well.",
            change={INSIDE: "if row < height and column < width:"},
        ),
        Wrong(
            "turned",
            "the kernel is turned round, as in mathematics",
            "You turn the kernel upside down. Mathematicians do; networks do not, for the weights "
            "are learned either way. Place (i, j) of the kernel is `w[o, c, i, j]`.",
            change={"w[o, c, i, j]": "w[o, c, rows - 1 - i, columns - 1 - j]"},
        ),
        Wrong(
            "stride_inside",
            "the stride multiplies the places in the kernel, too",
            "The stride moves the *kernel*; inside it the places lie `dilation` apart. So "
            "`p * stride + i * dilation`, not `(p + i) * stride`.",
            change={
                "row = p * stride + i * dilation": "row = (p + i * dilation) * stride",
                "column = q * stride + j * dilation": "column = (q + j * dilation) * stride",
            },
        ),
        Wrong(
            "no_groups",
            "every group looks at the first channels",
            "All groups look at the first channels. Those of group number `group` begin at channel "
            "`group * per_group`.",
            change={"group * per_group + c": "c"},
        ),
        Wrong(
            "padding_added",
            "the padding is added in place of subtracted",
            "You add the padding. The zeros stand *before* the first dot, so the kernel starts at "
            "minus `padding`.",
            change={
                "i * dilation - padding": "i * dilation + padding",
                "j * dilation - padding": "j * dilation + padding",
            },
        ),
        Wrong(
            "padding_once",
            "zeros on one side only",
            "The map is too small: zeros stand on *both* sides, so the row has "
            "`length + 2 * padding` dots.",
            change={"2 * padding": "padding"},
        ),
        Wrong(
            "one_too_few",
            "the start itself is not counted",
            "One place is missing in each direction. Before its first step the kernel stands "
            "somewhere already: add 1 after dividing.",
            change={"// stride + 1": "// stride"},
        ),
        Wrong(
            "span_forgotten",
            "the kernel's span ignores dilation",
            "With dilation your map is too large. The kernel then spans "
            "`dilation * (size - 1) + 1` dots, not `size`.",
            change={"dilation * (size - 1)": "(size - 1)"},
        ),
    ],
)

# ---------------------------------------------------------------- 2: windows


def looked_at(rng, fronts, spatial=(1, 2, 3)):
    """An array, and windows that fit into its last dimensions."""
    n = int(rng.choice(spatial))
    sizes, steps, gaps = (tuple(int(k) for k in rng.integers(1, top, n)) for top in (4, 4, 3))
    spans = [gap * (size - 1) + 1 for size, gap in zip(sizes, gaps, strict=True)]
    last = [span + int(rng.integers(0, 5)) for span in spans]
    front = fronts[int(rng.integers(len(fronts)))]
    x = rng.normal(size=(*front, *last)).astype(np.float32)
    return {"x": x, "sizes": sizes, "steps": steps, "gaps": gaps}


def run_windows(code, x, sizes, steps, gaps):
    """What the learner's windows show."""
    return np.array(code.windows(x, tuple(sizes), tuple(steps), tuple(gaps)))


def true_windows(x, sizes, steps, gaps):
    """Picked number by number."""
    front = x.ndim - len(sizes)
    along = zip(x.shape[front:], sizes, steps, gaps, strict=True)
    counts = [true_places(length, size, step, 0, gap) for length, size, step, gap in along]
    z = np.zeros((*sizes, *x.shape[:front], *counts), x.dtype)
    for place in np.ndindex(*sizes):
        for which in np.ndindex(*counts):
            at = [p * s + k * d for p, s, k, d in zip(which, steps, place, gaps, strict=True)]
            z[(*place, ..., *which)] = x[(..., *at)]
    return z


def run_of_view(code, x, sizes, steps, gaps):
    """Windows of an array that is itself a view: turned, every second row."""
    return np.array(code.windows(x.T[..., ::2, :], tuple(sizes), tuple(steps), tuple(gaps)))


def run_sharing(code, x, sizes, steps, gaps):
    """Whether what is written into the array is seen in its windows."""
    seen = code.windows(x, tuple(sizes), tuple(steps), tuple(gaps))
    x += 1
    return np.array(seen)


WINDOWS = Exercise(
    id="09.windows",
    title="All windows, as a view",
    entry=("windows",),
    replaces="primitive:windows.forward",
    withholds=("ops.sliding.seen", "nn.functional.unfold"),
    parts=[
        Part(
            "numbers",
            "windows along a row",
            lambda rng: looked_at(rng, [()], (1,)),
            run_windows,
            true_windows,
            points=2,
            seeds=4,
        ),
        Part(
            "pictures",
            "pictures and channels in front; strides and dilations of their own for each direction",
            lambda rng: looked_at(rng, [(2, 3), (1, 2), (4,)], (2,)),
            run_windows,
            true_windows,
            points=2,
            seeds=6,
        ),
        Part(
            "shapes",
            "any number of dimensions, some of size 0; float32 stays float32",
            lambda rng: looked_at(rng, [(), (0, 2), (1, 1, 2)]),
            run_windows,
            true_windows,
            dtype=True,
            seeds=6,
        ),
        Part(
            "views",
            "of an array that is a view itself",
            lambda rng: {
                "x": rng.normal(size=(5, 9, 2)),
                "sizes": (2, 3),
                "steps": (1, 2),
                "gaps": (2, 1),
            },
            run_of_view,
            lambda x, **how: true_windows(x.T[..., ::2, :], **how),
        ),
        Part(
            "shares",
            "no number is copied",
            lambda rng: looked_at(rng, [(2, 2)], (2,)),
            run_sharing,
            lambda x, **how: true_windows(x + 1, **how),
            mutates=True,
        ),
    ],
    hints=[
        "How many windows: `(length - gap * (size - 1) - 1) // step + 1`, as in exercise 1 without "
        "padding, for each of the last dimensions. `zip` walks them together with `sizes`, `steps` "
        "and `gaps`.",
        "To the next place inside a window: `stride * gap`. To the next window: `stride * step`. "
        "The strides of the last dimensions are `x.strides[front:]`.",
        "`shape = (*sizes, *x.shape[:front], *counts)`, and the strides in the same order.",
    ],
    wrong=[
        Wrong(
            "exchanged",
            "steps and gaps are exchanged",
            "Steps and gaps are exchanged. Inside a window one goes `gap` dots further; to the "
            "next window `step` dots.",
            change={
                "stride * gap for stride, gap in zip(x.strides[front:], gaps)": (
                    "stride * step for stride, step in zip(x.strides[front:], steps)"
                ),
                "stride * step for stride, step in zip(x.strides[front:], steps)]\n    shape": (
                    "stride * gap for stride, gap in zip(x.strides[front:], gaps)]\n    shape"
                ),
            },
        ),
        Wrong(
            "no_gaps",
            "places in a window always lie side by side",
            "The places of your windows lie side by side. With `gaps` of 2 they lie two dots "
            "apart: multiply the strides inside a window by its gap.",
            change={"[stride * gap for": "[stride for"},
        ),
        Wrong(
            "no_steps",
            "each window begins one dot after the last",
            "Each window begins one dot after the one before. With `steps` of 2 it begins two dots "
            "after: multiply the strides from window to window by the step.",
            change={"[stride * step for": "[stride for"},
        ),
        Wrong(
            "front_first",
            "pictures and channels come first",
            "The dimensions came in another order: the window's own first, then those that stay as "
            "they are, then one for each direction.",
            change={
                "(*sizes, *x.shape[:front], *counts)": "(*x.shape[:front], *sizes, *counts)",
                "(*inside, *x.strides[:front], *across)": (
                    "(*x.strides[:front], *inside, *across)"
                ),
            },
        ),
        Wrong(
            "copies",
            "the windows are copied",
            "The numbers are right, but they are copies: nine times the memory for a 3 by 3 "
            "kernel. Give back the view itself.",
            change={"return look(x, shape, strides)": "return look(x, shape, strides).copy()"},
        ),
        Wrong(
            "one_too_few",
            "the first window is not counted",
            "The last window is missing in each direction. Before its first step the window stands "
            "somewhere already: add 1 after dividing.",
            change={"// step + 1": "// step"},
        ),
    ],
)

# ---------------------------------------------------------------- 3: one product


def tensors_of(x, w, b):
    """The three as tensors that want gradients."""
    return [minidl.tensor(a, requires_grad=True) for a in (x, w, b)]


def screws_of(stride, padding, dilation, groups):
    """The screws as conv2d is called with them: pairs, where there are two numbers."""
    turned = {"stride": stride, "padding": padding, "dilation": dilation}
    pairs = {key: tuple(v) if isinstance(v, (list, tuple)) else v for key, v in turned.items()}
    return {**pairs, "groups": groups}


def run_conv(code, x, w, b, **screws):
    """The maps."""
    return code.conv2d(*tensors_of(x, w, b), **screws_of(**screws)).detach()


def run_without(code, x, w, b, **screws):
    """The maps without a bias, and those of the first picture alone."""
    x, w, b = tensors_of(x, w, b)
    screws = screws_of(**screws)
    return {
        "without bias": code.conv2d(x, w, **screws).detach(),
        "one picture": code.conv2d(x[0], w, b, **screws).detach(),
    }


def true_without(x, w, b, **screws):
    return {
        "without bias": true_maps(x, w, 0 * b, **screws),
        "one picture": true_maps(x[:1], w, b, **screws)[0],
    }


def run_slopes(code, x, w, b, g, **screws):
    """The gradients of the sum of g times the maps."""
    leaves = tensors_of(x, w, b)
    (code.conv2d(*leaves, **screws_of(**screws)) * minidl.tensor(g)).sum().backward()
    return {name: leaf.grad for name, leaf in zip("xwb", leaves, strict=True)}


def true_slopes(x, w, b, g, stride, padding, dilation, groups):
    """The same, shift by shift."""
    steps, gaps, padded = both(stride), both(dilation), bordered(x, padding)
    gx, gw, counts = np.zeros_like(padded), np.zeros_like(w), g.shape[2:]
    share = w.shape[0] // groups
    for k in range(w.shape[0]):
        channels = slice(k // share * w.shape[1], (k // share + 1) * w.shape[1])
        for i, j in np.ndindex(*w.shape[2:]):
            seen = shifted(padded[:, channels], i, j, counts, steps, gaps)
            gw[k, :, i, j] = np.einsum("ncpq,npq->c", seen, g[:, k])
            shifted(gx[:, channels], i, j, counts, steps, gaps)[...] += np.einsum(
                "npq,c->ncpq", g[:, k], w[k, :, i, j]
            )
    (up, left), (height, width) = both(padding), x.shape[2:]
    inner = gx[:, :, up : up + height, left : left + width]
    return {"x": inner, "w": gw, "b": g.sum((0, 2, 3))}


def with_letters(rng):
    """All screws at once, and a letter for each number of the maps."""
    question = asked(rng, True, (1, 2), (0, 1), (1, 2), (1, 2))
    return {**question, "g": drawn(rng, *true_maps(**question).shape)}


def in_pairs(rng):
    """Every screw with a number of its own for rows and for columns."""
    return {
        "x": drawn(rng, 2, 4, 9, 11),
        "w": drawn(rng, 6, 2, 2, 3),
        "b": drawn(rng, 6),
        "stride": [2, 1],
        "padding": [0, 2],
        "dilation": [1, 3],
        "groups": 2,
    }


def in_single(rng):
    """The same in float32."""
    question = in_pairs(rng)
    return question | {key: question[key].astype(np.float32) for key in "xwb"}


def large(rng):
    """Enough for loops to be slow, and how many lines of Python may run: a 20th of the products."""
    x, w = rng.normal(size=(1, 3, 40, 40)), rng.normal(size=(8, 3, 5, 5))
    products = 36 * 36 * 8 * 3 * 5 * 5
    question = {"x": x, "w": w, "b": rng.normal(size=8)}
    return {**question, "most": products // 20}


class TooManyLines(Exception):
    """More lines of Python ran than were allowed."""


@contextmanager
def at_most(lines):
    """Raises TooManyLines when more lines of Python than these run inside."""
    left, before = [lines], sys.gettrace()

    def watch(frame, event, argument):
        left[0] -= 1
        if left[0] < 0:
            sys.settrace(before)
            raise TooManyLines
        return watch

    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def run_counted(code, x, w, b, most):
    """The maps, if not too many lines of Python are needed for them."""
    x, w, b = (minidl.tensor(a) for a in (x, w, b))
    try:
        with at_most(most):
            maps = code.conv2d(x, w, b)
    except TooManyLines:
        return {"lines of Python": "more than a twentieth of the products", "maps": None}
    return {"lines of Python": "few", "maps": maps}


def true_counted(x, w, b, most):
    screws = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    return {"lines of Python": "few", "maps": true_maps(x, w, b, **screws)}


FLAT = "seen.permute(3, 0, 1, 2, 4, 5).reshape("
ROWS = "weight.reshape(groups, kernels // groups, flat.shape[1])"

CONV2D = Exercise(
    id="09.conv2d",
    title="A convolution as one product",
    entry=("conv2d",),
    replaces="nn.functional.conv2d",
    withholds=CONV,
    parts=[
        Part(
            "numbers",
            "one group, no screw turned",
            drawing(True),
            run_conv,
            true_maps,
            points=2,
            rtol=1e-9,
            seeds=4,
        ),
        Part(
            "screws",
            "stride, padding, dilation",
            drawing(True, strides=(1, 2, 3), paddings=(0, 1, 2), dilations=(1, 2, 3)),
            run_conv,
            true_maps,
            rtol=1e-9,
            seeds=4,
        ),
        Part(
            "groups",
            "groups",
            drawing(True, groups=(2, 3)),
            run_conv,
            true_maps,
            points=2,
            rtol=1e-9,
            seeds=4,
        ),
        Part(
            "pairs",
            "a number for the rows, another for the columns; float32 stays float32",
            in_single,
            run_conv,
            true_maps,
            rtol=1e-4,
            atol=1e-5,
            dtype=True,
        ),
        Part(
            "bias",
            "without a bias; a single picture",
            drawing(True, groups=(1, 2)),
            run_without,
            true_without,
            rtol=1e-9,
        ),
        Part(
            "slopes",
            "the gradients of pictures, weights and biases",
            with_letters,
            run_slopes,
            true_slopes,
            points=2,
            rtol=1e-9,
            atol=1e-9,
        ),
        Part(
            "fast",
            "at least 20 products for each line of Python that runs",
            large,
            run_counted,
            true_counted,
            points=2,
            rtol=1e-7,
            atol=1e-9,
            seeds=1,
        ),
    ],
    hints=[
        "`seen` has the dimensions (kernel's rows, kernel's columns, n, c, map's rows, map's "
        "columns). After `permute(3, 0, 1, 2, 4, 5)` come c, i, j, n, p, q, and `reshape` merges "
        "them: (groups, per_group * sizes[0] * sizes[1], everything else).",
        "The weights as rows: `weight.reshape(groups, kernels // groups, -1)`; times the columns "
        "by `@`.",
        "The product has (groups, kernels of a group, n * p * q). Reshape it to (kernels, n, p, "
        "q), and let `permute(1, 0, 2, 3)` bring the pictures to the front.",
    ],
    wrong=[
        Wrong(
            "no_permute",
            "the channels stay where they are",
            "The columns are mixed up: a `reshape` merges neighbours in their order, and the "
            "channels stand behind the pictures. Bring them to the front with `permute` first.",
            change={FLAT: "seen.reshape("},
        ),
        Wrong(
            "places_first",
            "the kernel's places before the channels",
            "Your columns run through the kernel's places first and the channels last; the weights "
            "are laid out the other way: channel, row, column. Both must have one order.",
            change={"(3, 0, 1, 2, 4, 5)": "(0, 1, 3, 2, 4, 5)"},
        ),
        Wrong(
            "maps_not_turned",
            "pictures and kernels are exchanged by reshape",
            "With several pictures the maps are mixed up. The product has the kernels in front; "
            "`reshape` cannot exchange two dimensions, `permute(1, 0, 2, 3)` can.",
            change={
                "z.reshape(kernels, pictures, rows, columns).permute(1, 0, 2, 3)": (
                    "z.reshape(pictures, kernels, rows, columns)"
                )
            },
        ),
        Wrong(
            "dealt_like_cards",
            "kernels are dealt out to the groups one by one",
            "The kernels went to the wrong groups: you deal them out like cards. The first "
            "`kernels // groups` of them belong to the first group, the next ones to the second.",
            change={
                ROWS: ("weight.reshape(kernels // groups, groups, flat.shape[1]).transpose(0, 1)")
            },
        ),
        Wrong(
            "bias_by_column",
            "the bias is added along the columns",
            "The bias was laid along the map's columns. It has one number for each *kernel*: give "
            "it the shape (kernels, 1, 1) before you add it.",
            change={"bias.reshape(kernels, 1, 1)": "bias"},
        ),
        Wrong(
            "no_bias",
            "the bias is forgotten",
            "The bias is missing. Add it where there is one: `bias.reshape(kernels, 1, 1)`.",
            change={"z if bias is None else z + bias.reshape(kernels, 1, 1)": "z"},
        ),
        Wrong(
            "always_bias",
            "None is added as a bias",
            "A convolution may have no bias; then `bias` is `None`, and there is nothing to add.",
            change={"z if bias is None else ": ""},
        ),
        Wrong(
            "window_by_window",
            "a product for each window",
            "The numbers are right, but Python makes a product for each window. Lay all windows "
            "side by side and let one `@` do the work.",
            change={
                f"{ROWS} @ flat": (
                    f"minidl.cat([{ROWS} @ flat[:, :, m : m + 1] for m in range(flat.shape[2])], 2)"
                )
            },
        ),
    ],
)

# ---------------------------------------------------------------- 4: the way back


def laid(rng, fronts, spatial):
    """Pieces in the shape of windows, and what they were looked at in; more dots than windows."""
    question = looked_at(rng, fronts, spatial)
    n = len(question["sizes"])
    pieces = true_windows(**question)
    shape = [int(k) for k in question["x"].shape[-n:]]
    numbers = np.round(rng.uniform(-3, 3, pieces.shape), 1)
    how = {"steps": question["steps"], "gaps": question["gaps"]}
    return {"pieces": numbers, "shape": shape, **how}


def run_back(code, pieces, shape, steps, gaps):
    """What comes back."""
    return code.lay_back(pieces, tuple(shape), tuple(steps), tuple(gaps))


def true_back(pieces, shape, steps, gaps):
    """Number by number."""
    n = len(shape)
    sizes, counts = pieces.shape[:n], pieces.shape[pieces.ndim - n :]
    z = np.zeros((*pieces.shape[n : pieces.ndim - n], *shape), pieces.dtype)
    for place in np.ndindex(*sizes):
        for which in np.ndindex(*counts):
            at = [p * s + k * d for p, s, k, d in zip(which, steps, place, gaps, strict=True)]
            z[(..., *at)] += pieces[(*place, ..., *which)]
    return z


def ones(rng):
    """The guess of the lesson and its like: letters that are all 1."""
    size, length = int(rng.integers(2, 4)), int(rng.integers(4, 8))
    return {
        "pieces": np.ones((size, length - size + 1)),
        "shape": [length],
        "steps": [1],
        "gaps": [1],
    }


def in_float32(rng):
    question = laid(rng, [(), (0, 2), (1, 1)], (1, 2, 3))
    return question | {"pieces": question["pieces"].astype(np.float32)}


ONE_STAYED = (
    "Where windows overlap, only the last letter stayed. Either you assign, where lesson 1 said: "
    "add up, `+=`. Or you add to all windows in one stroke, and NumPy reads all old numbers before "
    "it writes the first new one: take one place of the window after the other."
)

BACK = Exercise(
    id="09.back",
    title="The way back from windows",
    entry=("lay_back",),
    replaces="primitive:overlap_add.forward",
    withholds=(
        *("ops.sliding.overlapped", "primitive:spread_windows", "nn.functional.fold"),
        *("primitive:conv_transpose", "primitive:bordered_conv_transpose"),
    ),
    parts=[
        Part("ones", "a row, each letter 1", ones, run_back, true_back),
        Part(
            "numbers",
            "a row with strides and dilation",
            lambda rng: laid(rng, [()], (1,)),
            run_back,
            true_back,
            seeds=4,
        ),
        Part(
            "pictures",
            "pictures and channels",
            lambda rng: laid(rng, [(2, 3), (3, 1)], (2,)),
            run_back,
            true_back,
            points=2,
            seeds=6,
        ),
        Part(
            "shapes",
            "any number of dimensions, some of size 0; float32 stays float32",
            in_float32,
            run_back,
            true_back,
            rtol=1e-4,
            atol=1e-5,
            dtype=True,
            seeds=6,
        ),
    ],
    hints=[
        "`z = np.zeros((*front, *shape), pieces.dtype)`, and a view of it: `ops.windows(z, "
        "sizes=sizes, steps=steps, gaps=gaps)`.",
        "`for place in np.ndindex(sizes):` runs through the places of one window. `view[place]` is "
        "then one dot of every window, and no two of them are the same.",
        "`view[place] += pieces[place]` writes into `z`, for `view` has no memory of its own.",
    ],
    wrong=[
        Wrong(
            "all_at_once",
            "all windows are added in one stroke",
            ONE_STAYED,
            change={
                "for place in np.ndindex(sizes):\n        view[place] += pieces[place]": (
                    "view += pieces"
                )
            },
        ),
        Wrong(
            "assigns",
            "the letters are assigned",
            ONE_STAYED,
            change={"view[place] += pieces[place]": "view[place] = pieces[place]"},
        ),
        Wrong(
            "into_a_copy",
            "the letters are written into a copy",
            "Nothing arrived: you wrote into a copy of the windows. Write into the view that "
            "`ops.windows` gives, and it lands in `z`.",
            change={"gaps=gaps)\n    for": "gaps=gaps).copy()\n    for"},
        ),
        Wrong(
            "averages",
            "the mean of the letters that meet",
            "You take the mean where windows overlap. A dot that is looked at three times matters "
            "three times: add the letters up.",
            change={
                "z = np.zeros((*front, *shape), pieces.dtype)": (
                    "z, hits = (np.zeros((*front, *shape), pieces.dtype) for _ in range(2))\n"
                    "    seen = ops.windows(hits, sizes=sizes, steps=steps, gaps=gaps)"
                ),
                "view[place] += pieces[place]": (
                    "view[place] += pieces[place]\n        seen[place] += 1"
                ),
                "return z": "return z / np.maximum(hits, 1)",
            },
        ),
        Wrong(
            "side_by_side",
            "gaps are ignored",
            "The letters came back side by side. The windows looked `gaps` dots apart, so lay them "
            "back that far apart.",
            change={"gaps=gaps": "gaps=(1,) * n"},
        ),
        Wrong(
            "wider",
            "the zeros are float64, whatever came in",
            "The numbers are right, but they are float64: `np.zeros` makes that unless it is told "
            "otherwise. Give it the dtype of `pieces`.",
            change={", pieces.dtype)": ")"},
        ),
    ],
)

# ---------------------------------------------------------------- 5: pooling


def pooled(rng, size=None, stride=None):
    """Pictures with no two numbers equal, many of them negative."""
    height, width = (int(n) for n in rng.integers(7, 12, 2))
    n, c = (int(k) for k in rng.integers(1, 4, 2))
    x = rng.permutation(n * c * height * width).reshape(n, c, height, width) / 10 - 30
    return {"x": x, "size": size or int(rng.integers(1, 4)), "stride": stride}


def tied(rng):
    """Pictures full of equals, as relu leaves them."""
    x = np.maximum(rng.integers(-2, 2, (2, 2, 6, 6)), 0).astype(float)
    return {"x": x, "size": [2, 3], "stride": None, "g": drawn(rng, 2, 2, 3, 2)}


def meeting(rng):
    """Windows that overlap, so that a dot may win several times."""
    return {**pooled(rng, 3, 1), "x": drawn(rng, 1, 2, 6, 7), "g": drawn(rng, 1, 2, 4, 5)}


def kernel_of(size, stride):
    """The options as max_pool2d is called with them: pairs, or one number; a stride if there is."""
    size = tuple(size) if isinstance(size, (list, tuple)) else size
    stride = tuple(stride) if isinstance(stride, (list, tuple)) else stride
    return (size,) if stride is None else (size, stride)


def run_pool(code, x, size, stride):
    """The pooled maps."""
    return code.max_pool2d(minidl.tensor(x), *kernel_of(size, stride))


def run_pool_slopes(code, x, size, stride, g):
    """The gradient of the sum of g times the pooled maps."""
    x = minidl.tensor(x, requires_grad=True)
    (code.max_pool2d(x, *kernel_of(size, stride)) * minidl.tensor(g)).sum().backward()
    return x.grad


def true_pool(x, size, stride):
    return pooling(x, size, stride)[0]


def true_pool_slopes(x, size, stride, g):
    """Each letter to the first of the largest."""
    z = np.zeros_like(x)
    for at, (row, column) in pooling(x, size, stride)[1].items():
        z[(*at[:2], row, column)] += g[at]
    return z


def pooling(x, size, stride):
    """The largest of each window, and where it stands first."""
    (rows, columns), (down, right) = both(size), both(size if stride is None else stride)
    counts = [
        true_places(x.shape[2], rows, down, 0, 1),
        true_places(x.shape[3], columns, right, 0, 1),
    ]
    z, first = np.zeros((*x.shape[:2], *counts), x.dtype), {}
    for n, c, p, q in np.ndindex(z.shape):
        window = x[n, c, p * down : p * down + rows, q * right : q * right + columns]
        i, j = np.unravel_index(window.argmax(), window.shape)
        z[n, c, p, q] = window[i, j]
        first[n, c, p, q] = (p * down + int(i), q * right + int(j))
    return z, first


POOL = Exercise(
    id="09.pool",
    title="The largest of each window",
    entry=("max_pool2d",),
    replaces="nn.functional.max_pool2d",
    withholds=(
        *("nn.functional.max_pool1d", "nn.functional.max_pool3d"),
        "nn.functional.adaptive_max_pool2d",
    ),
    parts=[
        Part("numbers", "windows side by side", pooled, run_pool, true_pool, points=2, seeds=4),
        Part(
            "stride",
            "with a stride of its own",
            lambda rng: pooled(rng, int(rng.integers(1, 4)), int(rng.integers(1, 4))),
            run_pool,
            true_pool,
            seeds=5,
        ),
        Part(
            "pairs",
            "a number for the rows, another for the columns; float32 stays float32",
            lambda rng: (
                (question := pooled(rng, [2, 3], [[3, 1], [1, 2], None][int(rng.integers(3))]))
                | {"x": question["x"].astype(np.float32)}
            ),
            run_pool,
            true_pool,
            dtype=True,
            seeds=6,
        ),
        Part(
            "slopes",
            "the winner takes the gradient, however often it wins",
            meeting,
            run_pool_slopes,
            true_pool_slopes,
        ),
        Part(
            "equals",
            "of equals the first takes it all",
            tied,
            run_pool_slopes,
            true_pool_slopes,
            points=2,
        ),
    ],
    hints=[
        "`ops.windows(input, sizes=sizes, steps=steps, gaps=(1, 1))` has the window's rows and "
        "columns as its first two dimensions.",
        "Merge the first two: `seen.reshape(sizes[0] * sizes[1], *seen.shape[2:])`; then "
        "`.max(0).values`.",
        "Without a stride the steps are the sizes. A stride may be one number or a pair, like "
        "`kernel_size`.",
    ],
    wrong=[
        Wrong(
            "one_by_one",
            "without a stride the windows move by one dot",
            "Without a `stride` your windows move by one dot. They should stand side by side: the "
            "step is then the kernel's size.",
            change={"stride = sizes if stride is None": "stride = 1 if stride is None"},
        ),
        Wrong(
            "stride_ignored",
            "the stride is ignored",
            "Your windows always stand side by side. A `stride` that is given says how far they "
            "move.",
            change={"sizes if stride is None else stride": "sizes"},
        ),
        Wrong(
            "shares",
            "equals share the gradient",
            "The numbers are right, but equals share the gradient. In pooling the first winner "
            "takes it all: `max(0)` does that, `amax` shares.",
            change={".max(0).values": ".amax(0)"},
        ),
        Wrong(
            "where",
            "the places of the largest",
            "You gave back *where* the largest stands, not how large it is: that is `.values`.",
            change={".values": ".indices"},
        ),
        Wrong(
            "mean",
            "the mean in place of the largest",
            "That is the mean of each window. It exists, too, and is called average pooling; here "
            "the largest number is asked for.",
            change={".max(0).values": ".mean(0)"},
        ),
        Wrong(
            "from_zero",
            "0 is taken where all are negative",
            "Where all numbers of a window are negative, you answer 0. The largest of -3 and -2 "
            "is -2.",
            change={".max(0).values": ".max(0).values.clamp(min=0)"},
        ),
    ],
)

EXERCISES = [LOOPS, WINDOWS, CONV2D, BACK, POOL]
