# %% [markdown]
# # 3 · Tensors that remember
#
# In lesson 1 a number remembered how it was made. That was enough for two moons. A photograph has
# a million numbers, and a million little boxes would crawl.
#
# Here the number becomes a **tensor**: a block of numbers that remembers *as a whole*. You write
# the rules of six operations, and they are not for show. As soon as a check passes, your rule
# takes the place of minidl's own. The real work at the end, a diagnosis of tumours, runs on your
# rules.
#
# **How to read.** As before: Shift+Enter, guess before you look, and put your lines where you see
# `raise NotImplementedError(...)`. Allow about forty minutes.
#
# ## Too many boxes
#
# A layer of a network multiplies and adds: every point meets every neuron. Lay the points out as
# the rows of a table $x$ (20 points of 10 numbers each) and the neurons' weights as the columns
# of a table $y$ (10 weights for each of 5 neurons). The results fill a third table $z$, with a
# row for each point and a column for each neuron. In row $i$ and column $k$ stands
#
# $$z_{ik} = x_{i1}\,y_{1k} + x_{i2}\,y_{2k} + \dots + x_{i,10}\,y_{10,k}$$
#
# Such a table is called a **matrix**, and this is the **matrix product**; Python writes it
# `z = x @ y`. With the Values of lesson 1 each `*` and each `+` leaves a box behind.
#
# **Guess:** how many boxes does this one product leave?

# %%
import inspect
from functools import reduce
from operator import add

import matplotlib.pyplot as plt
import numpy as np
from minidl_widgets import GraphStepper, JacobianMicroscope

import minidl
from minidl.grading import badge, check, install, load_mine, predict, reveal
from minidl.ops.indexing import put_at, scatter_at
from minidl.ops.movement import cast
from minidl.primitive import TABLE, fit

print(load_mine())  # what you built in earlier lessons goes to work

### BEGIN SOLUTION
guess = 1900
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("03.boxes", guess, "(20, 10) @ (10, 5) with Values. How many * and + boxes are left?")

# %%
class Value:
    """Lesson 1's number that remembers, in short."""

    def __init__(self, data, parents=(), local=()):
        self.data, self.grad, self.parents, self.local = data, 0.0, parents, local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))


def product(x, y):
    """The matrix product, one number at a time."""
    return [
        [reduce(add, (a * b for a, b in zip(row, column))) for column in zip(*y)] for row in x
    ]


def boxes(table):
    """How many values behind a table were made by a + or a *."""
    seen, todo = set(), [value for row in table for value in row]
    while todo:
        value = todo.pop()
        if value not in seen:
            seen.add(value)
            todo.extend(value.parents)
    return sum(bool(value.parents) for value in seen)


rng = np.random.default_rng(0)  # NumPy's dice, with the seed 0; normal() throws them
x, y = rng.normal(size=(20, 10)).tolist(), rng.normal(size=(10, 5)).tolist()
z = product([[Value(a) for a in row] for row in x], [[Value(b) for b in row] for row in y])
print("with Values: ", boxes(z), "boxes with one number in each")

x, y = minidl.tensor(x, requires_grad=True), minidl.tensor(y, requires_grad=True)
z = x @ y
# a tensor's shape says how many rows and columns it has, its grad_fn which box made it
print("with tensors: 1 box,", z.grad_fn.name, x.shape, "@", y.shape, "->", z.shape)
reveal("03.boxes", 1900)

# %% [markdown]
# The numbers in brackets are a tensor's **shape**: `(20, 10)` means 20 rows and 10 columns. Its
# **dimensions** are counted from 0: dimension 0 runs down the rows, dimension 1 along a row. A
# single number has the shape `()`. With `requires_grad=True` a tensor asks to be told, in the
# end, how the result answers to it.
#
# ## Pull the gradient back
#
# Inside a big box there are many dials and many needles at once. Call the box's input $x$, its
# output $z$, and the one number at the very end $L$ (the *loss*).
#
# ```
#   nudges run forward
#   x  -----[ box ]----->  z  -----[ all that comes after ]----->  L
#
#   letters run back
#   x's letter <-[ rule ]-  g  <---------------------------------  1
# ```
#
# In lesson 1 each value got letters and sent its parents letters. Now one letter is a whole
# tensor. We call it $g$: for each number of $z$ it says how $L$ answers to that number. So $g$
# has the shape of $z$. The box's **rule** turns $g$ into the letter for $x$, and that has the
# shape of $x$. Remember this law: *a gradient has the shape of its value.*
#
# What must the rule know? How every needle answers to every dial. Lay these answers out in a
# table with one row for each number of $z$ and one column for each number of $x$. This table is
# called the **Jacobian**, $J$.
#
# The next cell measures four of them as in lesson 1, by nudging. Empty squares are zeros. (A
# tensor keeps about seven digits of each number, its `dtype` is `float32`. A nudge is tiny, so
# here we ask for `float64`, with sixteen.)

# %%
def nudge_map(f, x, nudge=1e-6):
    """The Jacobian of f at x, measured: nudge one number of x, see how all of f(x) moves."""
    columns = []
    # numel() is how many numbers x holds; eye(n) has n rows, with a single 1 in each
    for row in minidl.eye(x.numel(), dtype=minidl.float64):
        hair = nudge * row.reshape(x.shape)  # the same numbers, in rows like those of x
        columns.append((f(x + hair) - f(x - hair)).reshape(-1) / (2 * nudge))
    return minidl.stack(columns, 1).numpy()  # side by side, as an array of NumPy


def draw_map(panel, table, title):
    """A table as coloured squares; zeros stay empty."""
    top = abs(table).max()
    panel.pcolor(table, cmap="PuOr_r", vmin=-1.6 * top, vmax=1.6 * top, edgecolors="lightgray")
    for (i, j), number in np.ndenumerate(table.round(2)):  # each number with its place
        if number:
            panel.text(j + 0.5, i + 0.5, f"{number:g}", ha="center", va="center", size=8)
    panel.set(title=title, xlabel="numbers of x", ylabel="numbers of z", xticks=[], yticks=[])
    panel.set_aspect("equal")
    panel.invert_yaxis()  # the first row on top


three = minidl.tensor([0.0, 0.5, 1.0], dtype=minidl.float64)
six = minidl.tensor([[0.0, 0.5, 1.0], [2.0, 2.5, 3.0]], dtype=minidl.float64)
four = minidl.tensor([[1.0, 0.0], [0.5, 2.0]], dtype=minidl.float64)
fixed = minidl.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=minidl.float64)

maps = {
    "exp(x)": nudge_map(minidl.exp, three),  # e to the power of each number
    "x.sum(1), row sums": nudge_map(lambda x: x.sum(1), six),
    "x[[2, 0, 2]]": nudge_map(lambda x: x[[2, 0, 2]], three),
    "x @ y": nudge_map(lambda x: x @ fixed, four),
}
picture, panels = plt.subplots(1, 4, figsize=(9, 2.6))
for panel, (title, table) in zip(panels, maps.items()):
    draw_map(panel, table, title)
    filled = (table.round(6) != 0).sum()
    print(f"{title:18s} {table.shape[0]} rows, {table.shape[1]} columns, {filled} squares filled")
picture.tight_layout()
plt.show()

# %% [markdown]
# Each operation has its pattern. For `exp` it is a diagonal, from the upper left down to the
# right: each needle answers to its own dial. In `x.sum(1)` each row's sum answers to the numbers
# of that row. In `x[[2, 0, 2]]` dial 2 moves two needles. In `x @ y` the same little block comes
# again for each row of $x$.
#
# Now the two sentences of lesson 1. *Along a path, multiply; where paths meet, add.* Dial $x_j$
# reaches $L$ through every needle $z_i$. On that path it is multiplied by $J_{ij}$ (a square of
# the map), then by $g_i$ (the letter):
#
# $$\frac{\partial L}{\partial x_j} = \sum_i g_i \, J_{ij}$$
#
# In words: lay $g$ flat, multiply it with the map. A row of numbers is a **vector**; that is a
# vector times a Jacobian, so books call it the **vector-Jacobian product**, in short **vjp**.
#
# But *nobody builds the map*. For a million numbers it would have a million times a million
# squares, almost all of them empty. A rule knows the pattern, and does the same multiplication
# without it. The next cell does it both ways for `x * y`, then shows the block of minidl's real
# source where the short way stands.

# %%
g = np.array([1.0, 10.0, 100.0])  # plain numbers of NumPy, which remember nothing
x, y = np.array([2.0, 3.0, 4.0]), np.array([5.0, 6.0, 7.0])
the_map = nudge_map(lambda x: x * minidl.tensor(y), minidl.tensor(x))
print("the long way, g @ J:", (g @ the_map).round(4))
print("the short way, g * y:", g * y)


def show_block(name):
    """Print the block of minidl's source in which an operation is written down."""
    operation = TABLE[name]  # where minidl keeps its operations
    # forward is the function that computes the output
    lines = inspect.getsource(inspect.getmodule(operation.forward)).splitlines()
    first = inspect.getsourcelines(operation.forward)[1] - 1
    last = operation.rules[-1].__code__.co_firstlineno + 1
    print("\n".join(lines[first:last]))


print()
show_block("mul")

# %% [markdown]
# The first half says how to go forward (`xp` is NumPy, or its sister on a GPU). The second half is
# two rules, one per input. A rule is a function of the letter `g`, then the output `z`, then the
# inputs. It returns the letter for its input.
#
# A rule is written with `+ - * /` and minidl's own functions, nothing else. Then one text serves
# twice: on bare arrays it computes at once, and on tensors *it is remembered itself*. That is how
# a gradient gets a gradient. (And `with minidl.no_grad():` switches all remembering off.)
#
# **Exercise 1.** Write the rule of `exp`. The slope of $e^x$ is a well-known curiosity: it is
# $e^x$ again. Which of `g`, `z`, `x` holds that already? ($e$ is the number 2.718..., and
# `exp(x)` writes $e^x$.)

# %% exercise="03.exp"
def exp_vjp(g, z, x):
    """z = exp(x); g is how L answers to z. Return how L answers to x."""
    ### BEGIN SOLUTION
    return g * z
    ### END SOLUTION

# %%
check("03.exp")

# %% [markdown]
# ## The matrix product
#
# The heart of every network: $z = x \, y$ with $x$ of shape $(n, k)$, $y$ of shape $(k, m)$, and
# so $z$ of shape $(n, m)$. Which needles hear from one dial $x_{ij}$? Look at the fourth map, or
# at the sum: row $i$ of $z$, all of it. And how loud? Needle $z_{ik}$ hears it with the lever
# $y_{jk}$. So collect the letters of that row:
#
# $$\frac{\partial L}{\partial x_{ij}} = \sum_k g_{ik} \, y_{jk}$$
#
# Row $i$ of $g$ meets *row* $j$ of $y$. A matrix product lets rows meet *columns*, so $y$ has to
# be turned on its side first: that is the **transpose**, $y^T$, which minidl writes
# `minidl.transpose(y, -2, -1)` (exchange the last two dimensions).
#
# **Exercise 2.** Write both rules with `minidl.matmul(a, b)`, the function behind `a @ b`. If in
# doubt, ask the shapes: $g$ is $(n, m)$, and a gradient has the shape of its value.

# %% exercise="03.matmul"
def matmul_vjp_x(g, z, x, y):
    """z = x @ y. Return how L answers to x."""
    ### BEGIN SOLUTION
    return minidl.matmul(g, minidl.transpose(y, -2, -1))
    ### END SOLUTION


def matmul_vjp_y(g, z, x, y):
    """z = x @ y. Return how L answers to y."""
    ### BEGIN SOLUTION
    return minidl.matmul(minidl.transpose(x, -2, -1), g)
    ### END SOLUTION

# %%
check("03.matmul")

# %% [markdown]
# ## See it
#
# Your rule never builds the map, but the map is in it. Give it a letter that is 1 at one needle
# and 0 elsewhere, and it answers with that needle's row. `JacobianMicroscope` asks so for all
# needles, through the rules at work, which are now yours. On the left is what a nudge says. Where
# the two differ, a square is red and bears a $\neq$. (`minidl.jacobian` gives the right-hand table
# as a tensor.)
#
# Point at a square, or walk there with the arrow keys: the sentence tells which needle answers to
# which dial, and how loud. **Guess** before you do the next: change a number of `x`, then one of
# `y`. One of the two leaves every square as it is. Which, and why? (The button "by y" shows the
# other map.)

# %%
JacobianMicroscope(lambda x, y: x @ y, x=four, y=fixed)

# %% [markdown]
# ## When shapes differ
#
# Let `x` have the shape `(3, 2)` and `b` the shape `(2,)`. Then `x + b` adds `b` to each of the
# three rows, as if it had been copied twice more. That is **broadcasting**: shapes are laid side
# by side from the right, and an axis that is missing or has size 1 is repeated.
#
# Both rules of `+` are simply `g`, and `g` has the shape `(3, 2)`; yet the gradient of `b` must
# have the shape `(2,)`. Who mends that? Not the rule. After *every* rule minidl calls one
# function, `fit`, which sums the letter over whatever was repeated: where paths meet, add. So no
# rule, yours included, ever has to undo a broadcast.
#
# The cell takes for $L$ the sum of all numbers of `x + b`, so that `g` is all ones. Guess the
# gradient of `b` before you run it.
#
# Below stands a picture to walk through: click it and press `]` for one step, `[` for a step back.
# On the way back every letter is a block of numbers, made by the rule of that box. In the picture
# a block is told by its shape and its *norm*, the root of the sum of its squares; `x @ y + b` meets
# your rules of `matmul` and `exp`. Select a tensor to see its numbers.

# %%
x = minidl.zeros(3, 2, requires_grad=True)  # zeros, in 3 rows and 2 columns
b = minidl.zeros(2, requires_grad=True)
(x + b).sum().backward()

print("b was used in three rows, so its gradient is", b.grad.tolist())
print()
show_block("add")
print()
print(inspect.getsource(fit))


def own(x, y, b):
    return minidl.exp(x @ y + b).sum()


x, y = minidl.tensor([[0.5, 1.0], [0.0, -1.0]]), minidl.tensor([[1.0], [2.0]])
GraphStepper(own, x=x, y=y, b=minidl.tensor([0.5]))

# %% [markdown]
# ## The sum
#
# Broadcasting made many of one. Now the other direction: `x.sum(1)` makes one number of each row,
# and the way back must make a row of one number. Look at the second map: a row's sum answers with
# 1 to each of its numbers. So each of them gets the letter of its row, unchanged.
#
# The rule gets two more things. `dims` is a tuple of the dimensions that were summed, such as
# `(1,)`. `keepdim` says whether they stayed in the shape with size 1. You need not ask: `kept`
# gives the shape with them, either way.
#
# **Exercise 3.** Two steps: give `g` its lost axis back with `minidl.reshape(g, shape)`, then
# repeat along it with `minidl.expand(..., shape)`.

# %% exercise="03.sum"
def kept(shape, dims):
    """The shape with the summed axes at size 1: kept((2, 3), (1,)) is (2, 1)."""
    return tuple(1 if d in dims else n for d, n in enumerate(shape))


def sum_vjp(g, z, x, dims, keepdim):
    """z = x.sum(dims). Return how L answers to x."""
    ### BEGIN SOLUTION
    return minidl.expand(minidl.reshape(g, kept(x.shape, dims)), x.shape)
    ### END SOLUTION

# %%
check("03.sum")

# %% [markdown]
# ## The largest
#
# `x.amax(1)` takes the largest number of each row. A nudge of any other number moves nothing. So
# the winner gets the whole letter and the others get 0. If several are equally large, they
# **share** it equally: equals are treated alike, and no more is paid out than came in.
#
# **Exercise 4.** `winners` is given: 1 where `x` is as large as the largest, 0 elsewhere. Count
# the winners with `minidl.sum(won, dims, keepdim=True)`. (That `sum` is your neighbour: if its
# gradient is ever asked for, your rule answers.)

# %% exercise="03.max"
def winners(z, x, dims):
    """1 where x equals the largest number of its group, else 0; in x's shape."""
    # eq compares number by number, and cast makes 1 of True and 0 of False
    return cast(minidl.eq(x, minidl.reshape(z, kept(x.shape, dims))), dtype=x.dtype)


def max_vjp(g, z, x, dims, keepdim):
    """z = x.amax(dims). Return how L answers to x."""
    won = winners(z, x, dims)
    ### BEGIN SOLUTION
    share = minidl.reshape(g, kept(x.shape, dims)) / minidl.sum(won, dims, keepdim=True)
    return won * share
    ### END SOLUTION

# %%
check("03.max")

# %% [markdown]
# ## Looking up
#
# `x[[2, 0, 2]]` looks up three numbers: number 2, number 0, and number 2 again. Its map is the
# third one above: in each row a single 1, which says where the number came from.
#
# The letter goes down the columns of the map. Say it is $g = (1, 10, 100)$.
#
# **Guess:** which letter does `x` get? It has three numbers, so three numbers come back. (The
# cell after your guess also prints two tools of minidl, which you will want in a moment.)

# %%
### BEGIN SOLUTION
guess = [10.0, 0.0, 101.0]
### STUDENT
# guess = None  # write a list of three numbers here
### END SOLUTION
predict("03.lookup", guess, "z = x[[2, 0, 2]] and g = (1, 10, 100). Which letter does x get?")

# %%
lookup_map = maps["x[[2, 0, 2]]"].round(6)
print(lookup_map, "\n")
print(inspect.getsource(put_at.forward))
print(inspect.getsource(scatter_at.forward))
reveal("03.lookup", (np.array([1.0, 10.0, 100.0]) @ lookup_map).tolist())

# %% [markdown]
# Two letters met at number 2, and there they were added: the `+=` of lesson 1 once more.
#
# In minidl the operation is called `gather_at`. Besides `x` it takes arrays of positions
# (`indices`), and `key`, which says where in the square brackets they stood. You pass `key` on.
# The two tools whose source you just saw can lay a letter back at its places:
#
# | tool | what it does |
# |---|---|
# | `put_at(x * 0, g, *indices, key=key)` | takes zeros and *writes* `g` at the places |
# | `scatter_at(g, *indices, key=key, shape=...)` | takes zeros of a shape and *adds* `g` there |
#
# **Exercise 5.** Choose the right one. The rule must answer to *every* input. Positions are whole
# numbers, which cannot be nudged by a hair: their answer is `None`, as the last line says.

# %% exercise="03.index"
def index_vjp(g, z, x, *indices, key):
    """z = x[key]. Return how L answers to x, then None for each array of positions."""
    ### BEGIN SOLUTION
    gradient = scatter_at(g, *indices, key=key, shape=x.shape)
    ### STUDENT
    # gradient = None
    # raise NotImplementedError("03.index: write your line here, and take this one out")
    ### END SOLUTION
    return gradient, *[None] * len(indices)

# %%
check("03.index")

# %% [markdown]
# ## Joining
#
# `minidl.cat([a, b, c], dim)` lays tensors end to end along one dimension. Every number goes to
# one place, so the way back is a pair of scissors: cut `g` where the joints are, and give each
# tensor its part.
#
# **Exercise 6.** `cat` takes any number of inputs, so its rule gets them as `*xs` and returns a
# list with one letter for each. `minidl.narrow(g, dim, start, length)` cuts out a piece, and
# `x.shape[dim]` is the length of `x` along the joint.

# %% exercise="03.cat"
def cat_vjp(g, z, *xs, dim):
    """z = cat(xs, dim). Return how L answers to each of xs."""
    pieces = []
    start = 0
    for x in xs:
        ### BEGIN SOLUTION
        pieces.append(minidl.narrow(g, dim, start, x.shape[dim]))
        start += x.shape[dim]
        ### END SOLUTION
    return pieces

# %%
check("03.cat")

# %% [markdown]
# ## Break it
#
# A rule can break in two ways. **It stumbles**: the shapes do not fit, Python raises an error.
# minidl then says so and goes on with its own rule. **It lies**: the shapes fit, the numbers are
# wrong, and nothing complains, except a nudge.
#
# The next cell puts a rule to work that forgets to transpose: first on square matrices, where it
# lies, then on others, where it stumbles. The microscope asks the same rule: `rule=` shows it rules
# that are not at work, one for each input. **Guess:** `y` has the rows 1, 2 and 3, 4. Of the 16
# squares of the map of `x`, how many does the rule get wrong?
#
# Two more names appear: `install` puts a rule to work in minidl without a check, and
# `minidl.check_grad` compares all rules of a function with nudges. Where they differ it raises a
# `GradientError`.
#
# The cell after it overwrites. The rule of `exp` reads the output `z` when the walk comes back.
# If somebody has written other numbers into `z` in between, the gradient would be wrong. minidl
# counts how often each array was written to, and refuses.
#
# And the break of lesson 1, `=` for `+=`? The one place where letters that meet are added is
# `pay`, printed below: look for `before + g`.

# %%
def forgets_to_transpose(g, z, x, y):
    return minidl.matmul(g, y)


install("primitive:matmul.vjp", (forgets_to_transpose, matmul_vjp_y))
try:
    minidl.check_grad(minidl.matmul, four, fixed)
except minidl.GradientError as error:
    print("check_grad:", error)

print()
x, y = minidl.ones(2, 3, requires_grad=True), minidl.ones(3, 4)  # full of ones
(x @ y).sum().backward()
print("and the gradient is", x.grad.tolist())
check("03.matmul")  # puts your own rule back

JacobianMicroscope(minidl.matmul, x=four, y=fixed, rule=(forgets_to_transpose, matmul_vjp_y))

# %%
w = minidl.tensor([0.0, 1.0], requires_grad=True)
z = minidl.exp(w)
with minidl.no_grad():
    z.mul_(2)  # in place: the numbers of z are other numbers now
try:
    z.sum().backward()
except minidl.GradientError as error:
    print(error)

print()
print(inspect.getsource(minidl.tape._Walk.pay))

# %% [markdown]
# ## Real work: out of a curved valley
#
# Rosenbrock's valley is a famous test. Its floor curves like a banana and is almost flat; the
# lowest point is at $(1, 1)$. With $p = (p_0, p_1)$:
#
# $$L(p) = \big(10\,(p_1 - p_0^2)\big)^2 + (1 - p_0)^2$$
#
# **Gradient descent**, lesson 1's way, steps against the gradient, `minidl.grad(valley)(p)`. In a
# curved valley it creeps.
#
# **Newton's method** also asks how each *slope* answers to each dial. These answers form a table,
# the **Hessian** $H$. It tells how the ground curves. Newton pretends that the ground is a bowl
# and jumps to the bottom of it: solve $H\,d = \text{gradient}$ for $d$, then step by $-d$. NumPy
# can solve that.
#
# The Hessian is a gradient of a gradient: your rules, applied to your rules.

# %%
def valley(p):
    """Rosenbrock's function, as a sum of two squares."""
    first, second = p[[0]], p[[1]]
    parts = minidl.cat([10 * (second - first * first), 1 - first])
    return (parts * parts).sum()


def descend(p):
    return p - 0.001 * minidl.grad(valley)(p)


def newton(p):
    slopes, curves = minidl.grad(valley)(p), minidl.hessian(valley, p)  # the gradient, and H
    # solve(H, gradient) is the d for which H d = gradient
    return p - minidl.tensor(np.linalg.solve(curves.numpy(), slopes.numpy()))


def walk(step, most):
    """Step until the valley's floor is reached, or so often."""
    path = [minidl.tensor([-1.2, 1.0], dtype=minidl.float64)]
    while len(path) <= most and valley(path[-1]).item() > 1e-12:
        path.append(step(path[-1]))
    return path


paths = {"gradient descent": walk(descend, 1000), "Newton": walk(newton, 1000)}
# linspace: so many numbers, evenly spaced; meshgrid: all places of a map, in rows and columns
across, upward = np.meshgrid(np.linspace(-1.6, 1.4, 90), np.linspace(-3.6, 2.0, 90))
height = (10 * (upward - across**2)) ** 2 + (1 - across) ** 2

plt.figure(figsize=(6.5, 4.2))
# log10: 2 for a hundred, 3 for a thousand, so that low ground and high fit into one picture
plt.contourf(across, upward, np.log10(height + 1e-3), levels=12, cmap="Greys", alpha=0.5)
for (name, path), colour in zip(paths.items(), ("tab:blue", "tab:orange")):
    # T turns rows into columns: all p_0, then all p_1
    plt.plot(*np.array([p.numpy() for p in path]).T, "o-", color=colour, markersize=3, label=name)
    print(f"{name:16s} {len(path) - 1:4d} steps, L = {valley(path[-1]).item():.1e}")
plt.plot(1, 1, "k*", markersize=12)
plt.legend(loc="lower left")
plt.title("Two ways down the valley, the darker the higher")
plt.tight_layout()
plt.show()
print("Newton needs fewer than 10 steps:", len(paths["Newton"]) - 1 < 10)

# %% [markdown]
# ## Real work: tumours
#
# From 569 patients a doctor took cells of a tumour, and 30 numbers were measured on each sample:
# sizes, smoothness, dents. Was the tumour malignant (class 0) or benign (class 1)? A fifth of the
# samples is kept aside for the test.
#
# Our **model**, which is what we let learn, is one matrix product. Each sample gets two
# **scores**, one per class: `scores = samples @ dials`. The dials are a table of weights, with
# one more row below (the bias), which meets a column of ones.
#
# To train it, turn scores into probabilities, positive numbers that add up to 1:
# $e^{\text{score}}$, divided by the row's sum of them. The loss is $-\ln$ of the probability that
# the *right* class got, averaged over the samples. ($\ln$ is the natural logarithm, which undoes
# $e$: $\ln e^x = x$.) We first take the largest score of each row away from both. The
# probabilities stay the same, and $e^{\text{score}}$ can never overflow.
#
# That is `cat`, `matmul`, `max`, `exp`, `sum` and looking up: all your six rules are at work. Of
# the others, such as `log`, minidl brings its own.

# %%
from minidl.data import datasets


def with_ones(samples):
    return minidl.cat([samples, minidl.ones(len(samples), 1)], 1)


def loss_of(scores, classes):
    """Mean of -ln(probability of the right class)."""
    safe = scores - scores.amax(1, keepdim=True)
    # arange(n) counts 0, 1, ... up to n - 1: of each row the score of its right class
    chosen = safe[minidl.arange(len(classes)), classes]
    return (minidl.log(minidl.exp(safe).sum(1)) - chosen).sum() / len(classes)


def train(seed, report=False):
    """Gradient descent on one split of the data; returns the share of right test answers."""
    # normalize brings all thirty measures to one scale
    samples, classes = datasets.breast_cancer("train", normalize=True, seed=seed).tensors
    tests, answers = datasets.breast_cancer("test", normalize=True, seed=seed).tensors
    samples, tests = with_ones(samples), with_ones(tests)
    weights = minidl.zeros(30, 2, requires_grad=True)
    bias = minidl.zeros(1, 2, requires_grad=True)
    for step in range(101):
        dials = minidl.cat([weights, bias])
        loss = loss_of(samples @ dials, classes)
        loss.backward()
        with minidl.no_grad():
            # argmax(1): the number of the column in which a row's largest score stands
            accuracy = ((tests @ dials).argmax(1) == answers).float().mean().item()
            for dial in (weights, bias):
                dial.sub_(dial.grad, alpha=0.5)  # step 0.5 against the gradient
                dial.grad = None
        if report and step in (0, 1, 10, 100):
            print(f"step {step:3d}: loss {loss.item():.3f}, right on new samples {accuracy:.1%}")
    return accuracy


train(0, report=True)
headline = [train(seed) for seed in range(5)]
print("five ways to keep a fifth aside:", ", ".join(f"{share:.1%}" for share in headline))
# mean: their sum divided by how many they are
print(f"on average {np.mean(headline):.1%}; each at least 92.8 %: {min(headline) >= 0.928}")
badge()  # a table of what runs on your code, and what on minidl's

# %% [markdown]
# ## What you know now
#
# * A tensor remembers as a whole: one box per operation, however many numbers it holds.
# * The Jacobian tells how every needle answers to every dial. A rule multiplies the letter `g`
#   with it, without ever building it: a vector-Jacobian product.
# * A gradient has the shape of its value. Broadcasting is undone in one place, `fit`.
# * Operations come in pairs: what repeats is undone by a sum, a look-up by adding back, a join by
#   a cut. The way back of a matrix product is a matrix product with the other one on its side.
# * A wrong rule may lie silently. A nudge finds out: `minidl.check_grad`.
#
# > **The same on a GPU.** Make every tensor there: `minidl.tensor(..., device="cuda")`, and
# > likewise `zeros`, `ones` and `arange`. Your rules name no array library, so they stay as they
# > are.
#
# Your rules are kept in `my_minidl.py`, where you may read and change them. In the next lesson's
# first cell `load_mine()` puts them to work again.
