# %% [markdown]
# # 2 · Arrays, strides, broadcasting
#
# In lesson 1 every number lived in a box of its own. A photograph has a million numbers, and nobody
# wants a million boxes. So numbers are kept in one long row, and all else is bookkeeping: *which
# number stands where?*
#
# You build that bookkeeping here. It turns, cuts and repeats whole tables without moving a single
# number. At the end it finds, from ten measurements of 442 patients, a formula that foretells how
# an illness will go on, and you check your result against the exact one.
#
# **How to read.** As in lesson 1: Shift+Enter, guess before you look, and put your lines where you
# see `raise NotImplementedError(...)`. Allow about forty minutes.
#
# ## One long row
#
# Picture memory as a street. Each house has a number on its door, 0, 1, 2 and so on, and in each
# house lives one number. Now bring a table there that has 3 rows and 4 columns. The street knows no
# rows, so the table moves in row by row:
#
# ```
#    the table                          the street
#
#    a  b  c  d
#    e  f  g  h        a  b  c  d    e  f  g  h    i  j  k  l
#    i  j  k  l        0  1  2  3    4  5  6  7    8  9 10 11
# ```
#
# The street is called the **buffer**, and a house in it is a **place**. The table's sizes,
# `(3, 4)`, are its **shape**. It has two **dimensions**, counted from 0: dimension 0 runs down the
# rows, dimension 1 along a row. An **index** has a position for each dimension, also counted from
# 0: `k` has the index `[2, 2]`, for it stands in the last row and in the last column but one.
#
# **Guess:** at which place of the buffer is the number with index `[2, 1]`? (Count in the picture,
# or think of a way that needs no picture.)

# %%
import inspect
import math
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
from minidl_widgets import BroadcastExplorer, StrideExplorer
from sklearn.datasets import load_diabetes

import minidl
from minidl.grading import badge, check, predict, reveal

### BEGIN SOLUTION
guess = 9
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("02.place", guess, "A table of 3 rows and 4 columns. At which place is index [2, 1]?")

# %% [markdown]
# ## Strides
#
# Start at `[0, 0]`, which is place 0. One row down is a jump of 4 places, because a row is 4 long.
# One column to the right is a jump of 1. So for `[2, 1]` jump twice by 4, then once by 1.
#
# These jumps are the **strides** of the table, here `(4, 1)`: one for each dimension. Sometimes a
# table begins further down the street; the place where it begins is its **offset**. Call the index
# $[i_0, i_1, \dots]$ and the strides $(s_0, s_1, \dots)$. Then
#
# $$\text{place} = \text{offset} + i_0 \, s_0 + i_1 \, s_1 + \dots$$
#
# There may be more than two dimensions. Five such tables in a row have the shape `(5, 3, 4)` and
# the strides `(12, 4, 1)`: from one table to the next it is a jump over all its 12 numbers.
#
# **Exercise 1.** `strides_of(shape)` gives the strides of numbers that stand in the buffer one
# after the other. The last stride is 1; each other one is the product of all sizes to its right.
# `place(index, strides, offset)` is the formula.

# %% exercise="02.strides"
def strides_of(shape):
    """How far a step along each dimension jumps, where the numbers stand one after the other."""
    ### BEGIN SOLUTION
    strides, jump = [], 1
    for size in reversed(shape):
        strides.append(jump)
        jump *= size
    return tuple(reversed(strides))
    ### END SOLUTION


def place(index, strides, offset=0):
    """At which place of the buffer the number with this index stands."""
    ### BEGIN SOLUTION
    return offset + sum(i * stride for i, stride in zip(index, strides))
    ### END SOLUTION

# %%
check("02.strides")

# %% [markdown]
# ## A window onto the buffer
#
# Once we know the strides, we can let the numbers stay where they are and change the *bookkeeping*.
# Exchange the two sizes and the two strides, and the same twelve numbers read like this:
#
# ```
#    shape (3, 4), strides (4, 1)           shape (4, 3), strides (1, 4)
#
#         0  1  2  3                             0  4  8
#         4  5  6  7                             1  5  9
#         8  9 10 11                             2  6 10
#                                                3  7 11
# ```
#
# What were rows are columns now. Nobody moved: we only look through another window. Such a window,
# onto a buffer that another array uses too, is called a **view**.
#
# Here is the class, in Python's sense of the word. An `Array` knows its buffer, its shape, its
# strides and its offset. The buffer is a row of NumPy, the library that keeps numbers for Python:
# `np.arange(12)` is the row of numbers 0 to 11, `np.array([5, 2, 6])` makes a row of any numbers.
# All numbers of a row are of one kind, its **dtype** (`buffer.dtype`). Two methods are for you:
#
# * `permute` puts the dimensions into another order. `x.permute(1, 0)` is the picture above: *first
#   dimension 1, then dimension 0.* Sizes and strides travel together.
# * `cut` keeps some positions along one dimension. They come as a Python `range`: `range(1, 4, 2)`
#   means positions 1 and 3. It says where to start (`picked.start`), how far apart (`picked.step`),
#   and how many (`len(picked)`). One of the three moves the offset, one changes a stride, one is
#   the new size.
#
# **Exercise 2.** Write both. Each gives a new `Array` on the *same* buffer.

# %% exercise="02.views"
class Array:
    """A window onto a buffer: which of its numbers stands where."""

    def __init__(self, buffer, shape, strides=None, offset=0):
        self.buffer = buffer
        self.shape = tuple(shape)
        self.strides = strides_of(shape) if strides is None else tuple(strides)
        self.offset = offset

    def permute(self, *dims):
        """A view whose dimension d is my dimension dims[d]."""
        ### BEGIN SOLUTION
        shape = [self.shape[d] for d in dims]
        strides = [self.strides[d] for d in dims]
        return Array(self.buffer, shape, strides, self.offset)
        ### END SOLUTION

    def cut(self, dim, picked):
        """A view of some positions along one dimension; `picked` is a range of them."""
        shape, strides = list(self.shape), list(self.strides)
        ### BEGIN SOLUTION
        shape[dim] = len(picked)
        strides[dim] = self.strides[dim] * picked.step
        offset = self.offset + picked.start * self.strides[dim]
        return Array(self.buffer, shape, strides, offset)
        ### END SOLUTION

    # Two more, each a piece that you write further down.

    def reshape(self, *shape):
        return reshape(self, shape)

    def expand(self, *shape):
        return expand(self, shape)

    # The rest is given.

    def __getitem__(self, key):
        """x[1:], x[:, ::-1]: cut in Python's signs. x[2]: row 2, without the dimension."""
        view, left = self, list(range(len(self.shape)))
        for dim, part in enumerate(key if isinstance(key, tuple) else (key,)):
            picked = range(self.shape[dim])[part]
            if isinstance(part, int):
                left.remove(dim)
                offset = view.offset + picked * view.strides[dim]
                view = Array(view.buffer, view.shape, view.strides, offset)
            else:
                view = view.cut(dim, picked)
        shape, strides = [view.shape[d] for d in left], [view.strides[d] for d in left]
        return Array(view.buffer, shape, strides, view.offset)

    def __setitem__(self, index, number):
        """x[2, 1] = 5 writes into the buffer."""
        self.buffer[place(index, self.strides, self.offset)] = number

    def numbers(self):
        """My numbers as one reads them: row by row, the last index runs fastest."""
        indices = product(*(range(size) for size in self.shape))
        return [self.buffer[place(index, self.strides, self.offset)] for index in indices]

    def copy(self):
        """The same numbers, one after the other, in a buffer of their own."""
        return Array(np.array(self.numbers(), self.buffer.dtype), self.shape)

    def __repr__(self):
        table = np.array(self.numbers(), self.buffer.dtype).reshape(self.shape)
        return f"{table}\nshape {self.shape}, strides {self.strides}, offset {self.offset}"

# %%
check("02.views")

# %% [markdown]
# ## Two windows, one buffer
#
# Two cells further down `x` is a table of the numbers 0 to 11, and `t` is `x` with rows and columns
# exchanged. Then somebody writes through `t`.
#
# **Guess:** what stands at index `[2, 0]` of `x` afterwards?
#
# **See it.** The picture below that cell is your class at work. On top stands the array as one
# reads it, below it the buffer. Click a number, or walk with the arrow keys, and see which place it
# is read from, and by which sum. Then change the window: write `1, 0` behind *permute* and press
# Enter, or `::-1` behind *slice*. Each change is made by your code. (*Reshape* and *expand* wait
# until you have written them: for now the picture tells you so.)

# %%
### BEGIN SOLUTION
guess = 100
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("02.shared", guess, "t = x.permute(1, 0), then t[0, 2] = 100. What is at [2, 0] of x?")

# %%
x = Array(np.arange(12), (3, 4))
t = x.permute(1, 0)
t[0, 2] = 100
print(x)
print("\nevery row backwards, every other column:", x[:, ::-2], sep="\n")
reveal("02.place", place((2, 1), strides_of((3, 4))))
reveal("02.shared", int(x[2, 0].numbers()[0]))

StrideExplorer(Array(np.arange(12), (3, 4)))

# %% [markdown]
# ## Another shape, the same order
#
# Twelve numbers fill 3 rows of 4, and just as well 2 rows of 6, or a block of 2 by 3 by 2. To
# **reshape** means: read the numbers in their order, and fill them into the new shape in the same
# order. The amount must agree.
#
# Do the numbers stand in the buffer one after the other, as one reads them? Then nothing has to
# move: same buffer, same offset, and the strides of the new shape. But in the turned table above
# one reads 0, 4, 8, 1, 5, 9 and so on, and no strides in the world step like that. Then the numbers
# must be copied first.
#
# How to tell? The numbers of `x` are in order if its strides are `strides_of(x.shape)`. There is
# one exception. A dimension of size 1 has only the position 0, so its stride is never used, and may
# be anything.
#
# **Exercise 3.** Write `in_order` and `reshape`. `math.prod(shape)` multiplies the sizes;
# `x.copy()` gives the same numbers in order, in a new buffer. Where the amounts differ, raise a
# `ValueError` that names both shapes.

# %% exercise="02.reshape"
def in_order(x):
    """Whether the numbers of x stand in the buffer one after the other, as one reads them."""
    ### BEGIN SOLUTION
    wanted = strides_of(x.shape)
    return all(n == 1 or s == w for n, s, w in zip(x.shape, x.strides, wanted))
    ### END SOLUTION


def reshape(x, shape):
    """The numbers of x, in the same order, in another shape: a view if they are in order."""
    ### BEGIN SOLUTION
    if math.prod(shape) != math.prod(x.shape):
        raise ValueError(f"the numbers of shape {x.shape} do not fill the shape {shape}")
    if not in_order(x):
        x = x.copy()
    return Array(x.buffer, shape, offset=x.offset)
    ### END SOLUTION

# %%
check("02.reshape")

# %% [markdown]
# ## When shapes differ
#
# Here are the marks of four pupils in three subjects, a table of shape `(4, 3)`. From each column
# we want to take away the column's mean: three numbers, shape `(3,)`. (That is how Python writes a
# list of one size. A single number has no size at all: its shape is `()`.)
#
# ```
#     marks (4, 3)       mean (3,)           marks - mean (4, 3)
#
#     5  2  6                                 1 -1  2
#     4  4  2                                 0  1 -2
#     3  2  4      -     4  3  4      =      -1 -1  0
#     4  4  4                                 0  1  0
# ```
#
# The three means are used for every row, *as if* they had been written down four times. That is
# **broadcasting**. Which shapes fit together? Write one under the other, from the right:
#
# ```
#     marks    4  3          8  1  6            4  3
#     mean        3             7  1               4
#              ----          -------            ----
#     result   4  3          8  7  6            do not fit: 3 and 4
# ```
#
# 1. Where a shape has no size any more, take it for a 1.
# 2. A 1 fits everything: that dimension is repeated as often as the other shape says.
# 3. Sizes other than 1 must be equal.
#
# **Guess:** a dimension may also have the size 0, an empty table. What do the shapes `(3, 1)` and
# `(1, 0)` give? Go by the letter of the rules. (You are told when your own rule can answer.)
#
# **Exercise 4.** Write the rule for any number of shapes. `shape[-1]` is the last size, `shape[-2]`
# the one before. Where the sizes do not fit, raise a `ValueError` that names the shapes: whoever
# reads it is in trouble and wants to see them.
#
# When your rule passes, it takes the place of minidl's own.

# %%
### BEGIN SOLUTION
guess = (3, 0)
### STUDENT
# guess = None  # write a shape here, such as (2, 5)
### END SOLUTION
predict("02.empty", guess, "The shapes (3, 1) and (1, 0) are broadcast. Which shape comes out?")

# %% exercise="02.broadcast"
def broadcast_shapes(*shapes):
    """The common shape of several shapes."""
    ### BEGIN SOLUTION
    common = []
    for d in range(1, max(map(len, shapes), default=0) + 1):
        sizes = {shape[-d] for shape in shapes if len(shape) >= d} - {1}
        if len(sizes) > 1:
            raise ValueError(f"shapes {' and '.join(map(str, shapes))} do not fit together")
        common.append(sizes.pop() if sizes else 1)
    return tuple(reversed(common))
    ### END SOLUTION

# %%
check("02.broadcast")

# %% [markdown]
# ## Repeat without copying
#
# The means were used four times *as if* they had been copied. Can a window repeat them? One row
# down must jump to the same three numbers again: a jump of 0 places. So that is the whole trick: a
# dimension that is repeated has **stride 0**.
#
# **Exercise 5.** Write `expand(x, shape)`, a view of `x` that has the larger shape. A new dimension
# in front has stride 0. So has a dimension of size 1 that becomes another size. All other strides
# stay. Raise a `ValueError` if `x` cannot be repeated to that shape: your `broadcast_shapes` knows.
#
# With that two arrays of different shapes can be added, subtracted, multiplied: find the common
# shape, look at both through windows of that shape, go through the numbers side by side. That is
# all there is to array arithmetic, and the cell below the check does it.
#
# **See it.** The picture below that cell lays two shapes side by side. Press `]` for a step and `[`
# for a step back. At the end click a number of the result, to see which numbers it was made of.
# Then type other shapes, such as `8, 1, 6` and `7, 1`, or two that do not fit.

# %% exercise="02.expand"
def expand(x, shape):
    """A view of x, repeated to a larger shape; nothing is copied."""
    ### BEGIN SOLUTION
    if broadcast_shapes(x.shape, shape) != tuple(shape):
        raise ValueError(f"the shape {x.shape} cannot be repeated to {shape}")
    new = len(shape) - len(x.shape)
    kept = zip(x.shape, shape[new:], x.strides)
    strides = [0] * new + [stride if n == m else 0 for n, m, stride in kept]
    return Array(x.buffer, shape, strides, x.offset)
    ### END SOLUTION

# %%
check("02.expand")

# %%
def combine(f, x, y):
    """f of each pair of numbers, after broadcasting."""
    shape = broadcast_shapes(x.shape, y.shape)
    pairs = zip(expand(x, shape).numbers(), expand(y, shape).numbers())
    return Array(np.array([f(a, b) for a, b in pairs]), shape)


marks = Array(np.array([5, 2, 6, 4, 4, 2, 3, 2, 4, 4, 4, 4]), (4, 3))
mean = Array(np.array([4, 3, 4]), (3,))
print(combine(lambda a, b: a - b, marks, mean))
print("\nthe window through which the means were seen:", expand(mean, (4, 3)), sep="\n")
try:
    combine(lambda a, b: a - b, marks, Array(np.arange(4), (4,)))
except ValueError as error:
    print("\nand with four means:", error)
reveal("02.empty", broadcast_shapes((3, 1), (1, 0)))

BroadcastExplorer(marks, mean, op="-", rule=broadcast_shapes)

# %% [markdown]
# ## The same thing, in earnest
#
# NumPy's arrays are your class, written in C: they have a `shape`, `strides` (counted in bytes, of
# which a number of kind `float32` takes four), cuts and `reshape`. Your `permute` is called
# `transpose` there, your `expand` `broadcast_to`. minidl's tensors go by your names, and their
# `stride()` counts as you do. The next cell asks all three the same things; `minidl.from_numpy`
# makes a tensor of an array, and `itemsize` is the number of bytes that one number takes.
#
# A word on kinds of numbers, the dtypes. `float32` keeps about seven digits of each number,
# `float64` about sixteen, and takes twice the room. Networks are happy with seven.

# %%
views = {
    "as it came": (lambda a: a, lambda a: a),
    "turned": (lambda a: a.permute(1, 0), lambda a: a.transpose(1, 0)),
    "cut": (lambda a: a[1:, ::2], lambda a: a[1:, ::2]),
    "reshaped": (lambda a: a.reshape(2, 6), lambda a: a.reshape(2, 6)),
    "one row, repeated": (
        lambda a: a[0].expand(5, 4),
        lambda a: np.broadcast_to(a[0], (5, 4)),
    ),
}
numbers = np.arange(12, dtype="float32")
yours, theirs = Array(numbers, (3, 4)), numbers.reshape(3, 4)
tensors = minidl.from_numpy(theirs)
for name, (look, numpy_look) in views.items():
    mine, array = look(yours), numpy_look(theirs)
    jumps = tuple(jump // array.itemsize for jump in array.strides)
    print(f"{name:18s} {mine.shape}  yours {mine.strides}  NumPy's {jumps}  ", end="")
    print(f"minidl's {look(tensors).stride()}")

# %% [markdown]
# ## The way back
#
# Lesson 1 had two sentences: *along a path, multiply; where paths meet, add.* What does the second
# one mean for broadcasting?
#
# The mean of a subject was used for all four pupils. Nudge it, and four results move. So on the way
# back four letters arrive at it, and they are added. Letters come in the shape of the *result*,
# `(4, 3)`. The answer must have the shape of what was repeated, `(3,)`:
#
# ```
#      forward:  (3,)   --- repeat --->  (4, 3)
#      back:     (3,)   <-- add up ----  (4, 3)
# ```
#
# So the way back of *repeat* is *add up over whatever was repeated*. From here on we take NumPy's
# arrays. NumPy says *axis* for dimension: `x.sum(axis=(0, 2))` adds up along dimensions 0 and 2,
# and takes both out of the shape.
#
# **Exercise 6.** `sum_to(x, shape)` is the way back of a repetition from `shape` to `x.shape`. Add
# up along the dimensions that are new in front, and along those that had size 1. Then
# `.reshape(shape)`. How many dimensions `x` has says `x.ndim`. What comes in as `float32` must
# leave as `float32`.
#
# Your `sum_to` will work inside minidl. A gradient has the shape of its value, so whatever was
# broadcast, in any network, gets its gradient through your lines.

# %% exercise="02.sum_to"
def sum_to(x, shape):
    """x, added up over whatever was repeated when `shape` became x.shape."""
    ### BEGIN SOLUTION
    new = x.ndim - len(shape)
    ones = [new + d for d, n in enumerate(shape) if n == 1]
    return x.sum(axis=(*range(new), *ones)).reshape(shape)
    ### END SOLUTION

# %%
check("02.sum_to")

# %% [markdown]
# ## Break it
#
# Broadcasting is kind, and that is its danger: it repeats where you did not ask for it. Ten answers
# in a column have the shape `(10, 1)`. Ten true values in a row have the shape `(10,)`. Take one
# from the other, for the error of each answer. (`mean()` is the mean of all numbers, `size` says
# how many there are, and `np.zeros(3)` makes three zeros.)
#
# **Guess:** how many numbers does the difference have?

# %%
### BEGIN SOLUTION
guess = 100
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("02.silent", guess, "Shape (10, 1) minus shape (10,). How many numbers come out?")

# %%
truth = np.arange(10.0)
answers = truth.reshape(10, 1)  # every answer is right
print("the difference has shape", (answers - truth).shape)
print("mean of the squares, though every answer is right:", ((answers - truth) ** 2).mean())
reveal("02.silent", (answers - truth).size)

picture, panels = plt.subplots(1, 2, figsize=(7, 3))
for panel, difference, title in zip(
    panels, (answers - truth, answers - truth[:, None]), ("(10, 1) - (10,)", "(10, 1) - (10, 1)")
):
    panel.pcolormesh(difference, cmap="PuOr_r", vmin=-9, vmax=9, edgecolors="lightgray")
    panel.set(title=title, xticks=[], yticks=[])
    panel.invert_yaxis()
picture.tight_layout()
plt.show()

row = Array(np.zeros(3), (3,))
window = expand(row, (4, 3))
window[0, 0] = 7
print("\none number written, and the window shows", window.numbers().count(7), "of them")
try:
    np.broadcast_to(np.zeros(3), (4, 3))[0, 0] = 7
except ValueError as error:
    print("NumPy says:", error)

# %% [markdown]
# No error, no warning, and a loss that is wrong: each answer was compared with *every* truth. The
# best a network can do about such a loss is to answer with the mean, always. If a loss refuses to
# fall, print the shapes first.
#
# The cure stands in the second picture: `truth[:, None]` gives the row a new dimension of size 1,
# so that its shape is `(10, 1)` as well.
#
# The last two lines are another way to break. A window with stride 0 shows one number many times:
# write through it once, and all of them change. NumPy forbids it.
#
# ## Real work: 442 patients
#
# Ten things were noted of each of 442 people with diabetes: age, sex, body mass index, blood
# pressure, and six values from the blood. A year later a doctor put into one number how far the
# illness had gone on, from 25 to 346. Can that be told beforehand?
#
# The columns come in very different sizes (an age around 50, a blood value around 4). So take away
# from each column its mean, `mean(0)`, and divide by its **spread**, the root of the mean square of
# what is left; NumPy calls it `std(0)`, and the 0 says: along dimension 0, down the columns. Both
# are broadcasts, of shape `(10,)` against `(354, 10)`. A fifth of the people is kept aside to test
# with, drawn by `np.random.default_rng(seed)`, NumPy's dice; mean and spread are those of the
# others.

# %%
people = load_diabetes(scaled=False)


def split(seed):
    """The measurements and the outcomes of those to learn from, then of those to test with."""
    order = np.random.default_rng(seed).permutation(len(people.data))
    learn, test = order[:354], order[354:]
    mean, spread = people.data[learn].mean(0), people.data[learn].std(0)
    x = (people.data - mean) / spread
    return x[learn], people.target[learn], x[test], people.target[test]


x, y, x_test, y_test = split(seed=0)
print("to learn from:", x.shape, y.shape, "   to test with:", x_test.shape, y_test.shape)
print("mean of each column at most", abs(x.mean(0)).max().round(12))
print("spread of each column", x.std(0).round(12))

# %% [markdown]
# The formula is a neuron of lesson 1 without its squash: each measurement is multiplied by a weight
# of its own, and a bias is added. With all people at once, $x$ is a table of shape `(354, 10)`, the
# weights $w$ have shape `(10,)`, the bias $b$ is a single number of shape `()`, and
#
# ```
#     answers = (x * w).sum(1) + b        one for each person: shape (354,)
# ```
#
# `x * w` uses each weight for everybody, `+ b` uses the bias for everybody. The loss $L$ is the
# mean square of `answers - y`. How does it answer to the dials? (Again $y$ are the true values, and
# $i$ counts the people, $j$ the weights.)
#
# * The mean square answers to one person's answer with $2 \cdot \text{error} / n$, where $n$ is the
#   number of people. That is the letter for this person's answer, called $g$: one for each person.
# * A weight's lever is the person's measurement: person $i$ sends to weight $j$ the letter
#   $g_i \cdot x_{ij}$. In shapes: `g[:, None] * x`. The bias has the lever 1.
# * Each dial was used for every person. Where paths meet, add: that is your `sum_to`.
#
# **Exercise 7.** Write `slopes`: how the loss answers to `w`, and how it answers to `b`. The first
# line is given.

# %% exercise="02.slopes"
def slopes(x, y, w, b):
    """How the mean square error answers to w, and to b."""
    error = (x * w).sum(1) + b - y
    ### BEGIN SOLUTION
    g = 2 * error / len(y)
    return sum_to(g[:, None] * x, w.shape), sum_to(g, b.shape)
    ### END SOLUTION

# %%
check("02.slopes")

# %% [markdown]
# ## Walk down, or solve
#
# Now there are two ways to the best dials.
#
# **Walk down**, as in lesson 1: turn each dial against its slope, and again, thousands of times.
#
# **Solve.** At the lowest point all eleven slopes are zero. For this formula each slope is a sum of
# the dials, each times a fixed number: so these are eleven equations with eleven unknowns, and
# those can be solved exactly. Give $x$ a column of ones, for the bias (`np.ones`, joined on by
# `np.concatenate`); call it $a$. Let $d$ be all eleven dials, and $\sum$ mean: add up, here over
# every $k$ from the first dial to the last. Then the equations say $\sum_k m_{jk} d_k = v_j$, where
# $m_{jk}$ is the mean of $a_{ij} a_{ik}$ over all people, and $v_j$ that of $a_{ij} y_i$. To
# multiply each column with each other column is one more broadcast, and `np.linalg.solve(m, v)`
# finds $d$.
#
# For a network there is nothing to solve, and walking is the only way. Here one can check the walk.
#
# The second cell asks how good the formula is for people that it has never seen. We say how far off
# it is, as the root (`np.sqrt`) of the mean square. Beside it stands who knows nothing, and always
# answers with the mean. Five different fifths are kept aside in turn, so that it is no matter of
# luck.

# %%
def solve(x, y):
    """The best weights and the best bias, from their equations."""
    a = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    m = (a[:, :, None] * a[:, None, :]).mean(0)  # (n, 11, 1) times (n, 1, 11)
    v = (a * y[:, None]).mean(0)
    dials = np.linalg.solve(m, v)
    return dials[:-1], dials[-1]


def walk(x, y, steps, rate=0.2):
    """The weights and the bias after every step."""
    w, b = np.zeros(10), np.zeros(())
    for _ in range(steps):
        to_w, to_b = slopes(x, y, w, b)
        w, b = w - rate * to_w, b - rate * to_b
        yield w, b


exact_w, exact_b = solve(x, y)
gaps = []
for step, (w, b) in enumerate(walk(x, y, 8000), 1):
    gaps.append(max(abs(w - exact_w).max(), abs(b - exact_b)))
    if step in (1, 10, 100, 1000):
        print(f"after {step:4d} steps the farthest dial is {gaps[-1]:8.4f} away")
print("after 8000 steps every dial is right to a millionth:", gaps[-1] < 1e-6)

plt.figure(figsize=(6.5, 3))
plt.plot(range(1, 8001, 20), gaps[::20], color="tab:blue", linewidth=2)
plt.yscale("log")
plt.xlabel("step")
plt.ylabel("farthest dial")
plt.tight_layout()
plt.show()

# %%
def off(answers, y):
    """How far off answers are: the root of the mean square."""
    return np.sqrt(((answers - y) ** 2).mean())


headline = {"off": [], "farthest dial": []}
for seed in range(5):
    x, y, x_test, y_test = split(seed)
    exact_w, exact_b = solve(x, y)
    *_, (w, b) = walk(x, y, 8000)
    headline["farthest dial"].append(max(abs(w - exact_w).max(), abs(b - exact_b)))
    headline["off"].append(off((x_test * w).sum(1) + b, y_test))
    nothing = off(y.mean(), y_test)
    print(f"split {seed}: off by {headline['off'][-1]:.1f}, the mean by {nothing:.1f}")
print(f"on average {np.mean(headline['off']):.1f}")
print("each off by at most 64:", max(headline["off"]) <= 64)
print("each dial right to a millionth:", max(headline["farthest dial"]) <= 1e-6)

# %% [markdown]
# ## What you know now
#
# * An array is a buffer, a shape, strides and an offset. Turning, cutting and repeating change the
#   last three, and move no number.
# * A view shares its buffer: what is written through one window is seen through the other.
# * Broadcasting compares shapes from the right; a size of 1 fits everything. Repeating is a stride
#   of 0.
# * The way back of *repeat* is *add up*: `sum_to`. A gradient has the shape of its value.
# * Broadcasting never complains about what it can repeat. When in doubt, print the shapes.
#
# Your pieces are kept in `my_minidl.py`, where you may read and change them. In the next lesson's
# first cell `load_mine()` puts them to work again.
#
# In lesson 3 arrays learn to remember: they become tensors, and you write their rules.
#
# ## The same in minidl, and on a GPU
#
# Let minidl work out the slopes: its tensors remember, as your Values did, and `backward()` walks
# home. In that walk two gradients have to be added up over 354 people, and it is *your* `sum_to`
# that adds them: `fit`, printed below, calls it. Your `broadcast_shapes` is asked wherever minidl
# must know a shape before there are numbers, as in its own `expand`. `badge()` shows whose pieces
# are at work, and `np.allclose` says whether the numbers agree with those by hand (a tensor's
# `numpy()` is the array of its numbers).
#
# > **On a GPU** make the tensors there, `minidl.tensor(..., device="cuda")`. All else stays as it
# > is, your pieces too: they name no array library but use what every array can do.
# >
# > **On CIFAR-10**, 60,000 small photographs of which 50,000 are for learning, one array holds them
# > all, of shape `(50000, 3, 32, 32)`: the 3 stands for red, green and blue. With a network the
# > first line fetches them (170 MB, once). The second takes from each colour its mean, a broadcast
# > of shape `(1, 3, 1, 1)`, and the third puts the colours last, as programs that draw want them.
# >
# > ```
# > pictures, kinds = minidl.data.datasets.cifar10().tensors
# > pictures = pictures - pictures.mean((0, 2, 3), keepdim=True)
# > pictures.permute(0, 2, 3, 1)
# > ```

# %%
w = minidl.zeros(10, dtype=minidl.float64, requires_grad=True)
b = minidl.zeros((), dtype=minidl.float64, requires_grad=True)
inputs, outcomes = minidl.from_numpy(x), minidl.from_numpy(y)

answers = (inputs * w).sum(1) + b
((answers - outcomes) ** 2).mean().backward()

by_hand = slopes(x, y, np.zeros(10), np.zeros(()))
print("shapes of the gradients:", tuple(w.grad.shape), tuple(b.grad.shape))
print("as by hand:", np.allclose(w.grad.numpy(), by_hand[0]), np.allclose(b.grad, by_hand[1]))
print()
print(inspect.getsource(minidl.primitive.fit))
badge()
