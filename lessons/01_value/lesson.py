# %% [markdown]
# # 1 · A number that remembers
#
# A neural network learns by turning many small dials, each one a little, so that its mistakes
# shrink. To do that it has to know, for every dial: *if I turn you by a hair, what happens to the
# mistake?*
#
# In this lesson you build the machine that answers this question for all dials at once. It is
# short, you write the heart of it, and at the end it trains a network that tells two interleaved
# moons apart.
#
# **How to read.** Run the cells from top to bottom with Shift+Enter. Now and then you are asked
# to guess before you look: a wrong guess costs nothing and teaches the most. In an exercise, put
# your own lines where you see `raise NotImplementedError(...)`, run the cell, then run the check
# below it. Allow about twenty minutes.
#
# ## Nudge and watch
#
# Picture a box with one dial and one needle. You set the dial to a number $x$, and the needle
# shows another number, say $x$ times itself.
#
# Set the dial to 2 and nudge it by a hair. The needle moves too. *How far does it move, compared
# with the nudge?* That ratio, movement out divided by movement in, is the **slope** at 2.
# Mathematicians call it the derivative. You need nothing more of calculus today.
#
# The next cell measures slopes in just this way, by nudging to either side. It draws two boxes;
# each orange line touches the curve at a dot and is as steep as the slope there.

# %%
import math
import random

import matplotlib.pyplot as plt
from minidl_widgets import Dashboard, GraphStepper

from minidl.grading import check, predict, reveal


def slope(f, x, nudge=1e-4):
    """Nudge x to either side and watch how far f moves."""
    return (f(x + nudge) - f(x - nudge)) / (2 * nudge)


def draw(panel, f, name, dots=(-2.0, 0.0, 1.0, 2.0)):
    """The curve of f, and at each dot a line as steep as the measured slope."""
    xs = [i / 50 - 2.5 for i in range(251)]
    panel.plot(xs, [f(x) for x in xs], color="tab:blue", linewidth=2)
    for x in dots:
        steep = slope(f, x)
        ends = [x - 0.4, x + 0.4]
        panel.plot(ends, [f(x) - 0.4 * steep, f(x) + 0.4 * steep], color="tab:orange", linewidth=2)
        panel.plot(x, f(x), "o", color="tab:orange")
        print(f"{name:9s} at {x:4.1f}: slope {steep:6.3f}")
    panel.set(title=name, xlabel="dial x", ylabel="needle")


picture, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
draw(left, lambda x: x**2, "x times x")
draw(right, math.tanh, "tanh of x")
picture.tight_layout()
plt.show()

# %% [markdown]
# ## Two dials
#
# Now a box with two dials, $a$ and $b$. Its needle shows $z$, the product of the two:
#
# $$z = a \cdot b$$
#
# We set $a = 2$ and $b = -5$, leave $b$ alone, and nudge only $a$.
#
# **Guess:** how many times as far as the dial $a$ does the needle $z$ move? (Give it a minus sign
# if they move in opposite directions.)

# %%
### BEGIN SOLUTION
guess = -5.0
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("01.product", guess, "z = a * b at a = 2, b = -5. How does z answer to a nudge of a?")

# %%
b = -5.0
answer_to_a = slope(lambda a: a * b, 2.0)
reveal("01.product", round(answer_to_a, 6))

# %% [markdown]
# ## The rule of a box
#
# In a product, each dial works as the *other* dial's lever: the larger $b$ is, the more a nudge
# of $a$ counts. In a sum $a + b$ there is no lever: a nudge of either dial moves the needle just
# as far.
#
# Such an answer is called a **local derivative**, because it knows one box only. We write it as
# $\partial z / \partial a$ and read: *how $z$ answers to $a$*.
#
# | box | how $z$ answers to $a$ | how $z$ answers to $b$ |
# |---|---|---|
# | $z = a + b$ | $1$ | $1$ |
# | $z = a \cdot b$ | *yours* | *yours* |
#
# **Exercise 1.** The rule of the sum is given. Write the rule of the product: return two numbers,
# first the answer to `a`, then the answer to `b`.

# %% exercise="01.mul"
def add_local(a, b):
    """How a + b answers to a, and to b."""
    return 1.0, 1.0


def mul_local(a, b):
    """How a * b answers to a, and to b."""
    ### BEGIN SOLUTION
    return b, a
    ### END SOLUTION

# %%
check("01.mul")

# %% [markdown]
# ## Two boxes with one dial
#
# **A power.** For a fixed number $n$ the needle shows $a^n$: $n$ copies of $a$, multiplied. Nudge
# $a$ and you nudge every copy at once. Each copy answers like a factor in a product, and its
# lever is what the *other* copies make together, $a^{n-1}$. There are $n$ copies, so
#
# $$\frac{\partial a^n}{\partial a} = n \cdot a^{n-1}$$
#
# It holds for $n = -1$ as well, which is one divided by $a$: so your numbers will know how to
# divide.
#
# **A squash.** The right-hand picture above is $\tanh$ (say "tanch"): whatever goes in, a number
# between $-1$ and $1$ comes out. A network needs such a bend, or it could only ever draw straight
# lines. In the middle it is as steep as the nudge itself; far out it is flat. Call the *output*
# $t = \tanh(a)$:
#
# $$\frac{\partial t}{\partial a} = 1 - t^2$$
#
# **Exercise 2.** Write both rules. Each box has one dial, so each rule returns one number.
# `math.tanh(a)` gives the output.

# %% exercise="01.bends"
def power_local(a, n):
    """How a ** n answers to a; n is a plain number."""
    ### BEGIN SOLUTION
    return n * a ** (n - 1)
    ### END SOLUTION


def tanh_local(a):
    """How tanh(a) answers to a."""
    ### BEGIN SOLUTION
    t = math.tanh(a)
    return 1 - t * t
    ### END SOLUTION

# %%
check("01.bends")

# %% [markdown]
# ## A number that remembers
#
# A plain Python number forgets where it came from: `6.0` cannot say that it was `2.0 * 3.0`. Ours
# shall remember. A **Value** holds
#
# | name | what it holds |
# |---|---|
# | `data` | the number itself |
# | `parents` | the values it was made from |
# | `local` | how it answers to each of these parents, in the same order |
# | `op` | the name of the box: `"+"`, `"*"`, `"**"`, `"tanh"`; empty if it was typed in |
# | `grad` | filled in later: how the *end result* answers to this value |
#
# Here is the whole class. Python calls `__add__` when it sees `a + b`, `__mul__` for `a * b`, and
# `__pow__` for `a ** n`. Subtraction and division need no rule of their own: they are made of
# these.
#
# **Exercise 3.** `__add__` shows the pattern: the new number, then its parents, its local
# derivatives, its op. Follow it in three places. With one parent, `parents` and `local` are
# tuples of one thing, written `(self,)`.

# %% exercise="01.value"
class Value:
    """A number that remembers how it was made."""

    def __init__(self, data, parents=(), local=(), op="", label=""):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.local = local
        self.op = op
        self.label = label

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), add_local(self.data, other.data), "+")

    def __mul__(self, other):
        other = as_value(other)
        ### BEGIN SOLUTION
        return Value(self.data * other.data, (self, other), mul_local(self.data, other.data), "*")
        ### END SOLUTION

    def __pow__(self, n):
        ### BEGIN SOLUTION
        return Value(self.data**n, (self,), (power_local(self.data, n),), "**")
        ### END SOLUTION

    def tanh(self):
        ### BEGIN SOLUTION
        return Value(math.tanh(self.data), (self,), (tanh_local(self.data),), "tanh")
        ### END SOLUTION

    # Two more boxes, given: exp is its own slope, and relu lets positive numbers pass.

    def exp(self):
        out = math.exp(self.data)
        return Value(out, (self,), (out,), "exp")

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,), "relu")

    # The rest is made of the boxes above, and so needs no rule.

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -as_value(other)

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def __radd__(self, other):  # 2 + a
        return as_value(other) + self

    def __rmul__(self, other):  # 2 * a
        return as_value(other) * self

    def __rsub__(self, other):  # 2 - a
        return as_value(other) - self

    def __rtruediv__(self, other):  # 2 / a
        return as_value(other) / self

    def backward(self):
        """Fill in grad for every value that this one was made from."""
        backward(self)

    def __repr__(self):
        return f"Value(data={self.data:.4f}, grad={self.grad:.4f})"


def as_value(x):
    """A plain number becomes a Value without parents; a Value stays what it is."""
    return x if hasattr(x, "parents") else Value(float(x))

# %%
check("01.value")

# %% [markdown]
# ## How does the end answer to the beginning?
#
# Your numbers remember now. Here is a little story with one beginning, `x`, and one end, `z`.
# There are *two* ways from `x` to `z`, one through `a` and one through `b`. We call that shape a
# **diamond**.
#
# ```
#          .--- times 2 --->  a = 6 ---.
# x = 3 ---|                           |--- a times b --->  z = 24
#          '--- plus 1 ---->  b = 4 ---'
# ```
#
# Each arrow has its local derivative: `a` answers to `x` with 2, `b` answers to `x` with 1, `z`
# answers to `a` with 4 (the lever is `b`) and to `b` with 6. Two sentences put them together:
#
# * **Along a path, multiply.** If `a` moves 2 times as far as `x`, and `z` moves 4 times as far
#   as `a`, then through `a` the end moves $4 \cdot 2$ times as far as `x`.
# * **Where paths meet, add.** The same nudge also travels through `b`, and both movements arrive
#   at `z`.
#
# Books call these two sentences the chain rule. **Guess:** how does `z` answer to `x` at `x = 3`?

# %%
### BEGIN SOLUTION
guess = 14.0
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("01.diamond", guess, "Along a path multiply, where paths meet add. How does z answer to x?")

# %% [markdown]
# The simplest way to collect the answers is by post. The end result writes itself a letter that
# says `1` (it answers to itself one to one). Whoever gets a letter adds its number to `grad`,
# then sends a copy to each parent, multiplied by the local derivative of that step.
#
# So every path from the end to the beginning delivers one letter, and `+=` adds up the letters.

# %%
def story(x):
    a = x * 2
    b = x + 1
    return a * b


def by_post(value, letter=1.0):
    """Add the letter to value.grad, then send it on to every parent."""
    value.grad += letter
    for parent, local in zip(value.parents, value.local):
        by_post(parent, letter * local)


x = Value(3.0)
z = story(x)
print("z =", z.data, "was made by", z.op, "from", [parent.data for parent in z.parents])
print("z answers to them with", list(z.local))

by_post(z)
print("by post,  z answers to x with", x.grad)
print("by nudge, z answers to x with", round(slope(story, 3.0), 6))
reveal("01.diamond", x.grad)

# %% [markdown]
# ## Break it
#
# The post is right, and it breaks in three ways. Every deep-learning framework had to learn
# these.
#
# 1. **Too many letters.** Put ten diamonds in a row. Each is made of three values, so with the
#    beginning there are 31 values. A letter travels along *every* path.
# 2. **`=` in place of `+=`.** One sign less, and the second letter wipes out the first.
# 3. **Too deep.** Each `by_post` waits inside the one before it, and Python allows only so many
#    calls inside each other.
#
# **Guess** for the first: how many letters does the post deliver in a row of ten diamonds?

# %%
### BEGIN SOLUTION
guess = 4093
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("01.letters", guess, "Ten diamonds in a row, 31 values. How many letters are delivered?")

# %%
def diamonds(n, x):
    """n diamonds in a row, starting at x."""
    for _ in range(n):
        x = x.tanh() + x.relu()
    return x


def letters(value):
    """How many letters by_post would deliver: one here, and all that are sent on."""
    return 1 + sum(letters(parent) for parent in value.parents)


for n in (0, 1, 2, 5, 10):
    print(f"{n:2d} diamonds, {3 * n + 1:2d} values: {letters(diamonds(n, Value(1.0))):5d} letters")

print(f"25 diamonds, 76 values: {4 * 2**25 - 3:,} letters (not delivered, only worked out)")
reveal("01.letters", letters(diamonds(10, Value(1.0))))


def by_post_overwriting(value, letter=1.0):
    value.grad = letter  # the only change: = in place of +=
    for parent, local in zip(value.parents, value.local):
        by_post_overwriting(parent, letter * local)


x = Value(3.0)
by_post_overwriting(story(x))
print("with = in place of +=, x.grad is", x.grad, "(only the last letter is left)")


def chain(n, x):
    """n steps in a row, each leaning on the one before."""
    for _ in range(n):
        x = x + 1
    return x


try:
    by_post(chain(5000, Value(0.0)))
except RecursionError:
    print("5000 steps in a row: RecursionError, too deep for the post")

# %% [markdown]
# ## The cure: wait until all the letters are in
#
# Ten diamonds are nothing: real networks are full of them. Here is the way out.
#
# A value that is used in two places will get two letters. Let it *wait* for both, add them, and
# only then send **one** letter to each parent. Now each arrow of the story carries one letter,
# however many paths run over it, and a simple loop can do the work.
#
# To know how long to wait, a value must know how many letters will come: as many as the number of
# times it was used as a parent.
#
# **Exercise 4.** `uses(root)` walks from the end result to everything it was made from and
# counts. The loop is given: `count` is a dictionary from value to number of uses, `todo` a list
# of values whose parents are still to be looked at. For one `parent` met on the way:
#
# 1. if it is met for the first time (not yet in `count`), start its count at 0 and put it on
#    `todo`;
# 2. in any case, add 1 to its count.

# %% exercise="01.uses"
def uses(root):
    """How many times each value behind root was used as a parent."""
    count = {root: 0}
    todo = [root]
    while todo:
        value = todo.pop()
        for parent in value.parents:
            ### BEGIN SOLUTION
            if parent not in count:
                count[parent] = 0
                todo.append(parent)
            count[parent] += 1
            ### END SOLUTION
    return count

# %%
check("01.uses")

# %% [markdown]
# ## The walk back
#
# Now the walk itself, in five sentences. The first stands in the code; the others are for you.
#
# 1. Wipe the slate: every `grad` becomes 0.
# 2. The root answers to itself one to one: its `grad` is 1.
# 3. Take a value that is ready, which means that all its letters are in.
# 4. To the `grad` of each parent, **add** the value's own `grad` times the local derivative of
#    that step.
# 5. That parent now waits for one letter less. If it waits for no more, it is ready too.
#
# **Exercise 5.** Write `backward(root)`. The loop of sentence 3 is there to start from.

# %% exercise="01.backward"
def backward(root):
    """Fill in grad, how root answers to a nudge, for every value behind root."""
    waiting = uses(root)
    for value in waiting:
        value.grad = 0.0
    ### BEGIN SOLUTION
    root.grad = 1.0
    ready = [root]
    while ready:
        value = ready.pop()
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)
    ### STUDENT
    # ready = [root]
    # while ready:
    #     value = ready.pop()
    #     for parent, local in zip(value.parents, value.local):
    #         raise NotImplementedError("01.backward: write sentences 2, 4 and 5 here")
    ### END SOLUTION

# %%
check("01.backward")

# %% [markdown]
# ## See it
#
# This is your own code at work, drawn from your own values. Click a box in the picture, then
# press `]` for one step and `[` for one step back. First the numbers are worked out from left to
# right; then the letters travel home. Watch `x`: it is used twice, so two letters arrive there
# and are added up.
#
# Values that were typed in, here `x` and `y`, are called **leaves**. Below the picture you can
# change them: type a number and press Enter, or drag the slider, and Python runs your class
# again. At the end of the walk, three numbers stand beside each leaf, and they should agree: what
# the paths in the picture add up to, what your `backward` says, and what a nudge says.
#
# When you have seen enough, change the expression in the cell to one of your own.

# %%
def own(x, y):
    return (x * y + x).tanh()


GraphStepper(own, engine=Value, x=2.0, y=-0.5)

# %% [markdown]
# ## Real work: two moons
#
# Here are two crescents of points that grip each other: no straight line parts them. We want a
# network that takes a point (two numbers) and answers near $+1$ for one moon and near $-1$ for
# the other.
#
# Half of the points are for learning. The other half is kept aside: a network is judged by points
# that it has never seen.

# %%
from sklearn.datasets import make_moons

SEED = 0  # the seed of all that is drawn: the same seed gives the same points each time
points, moons = make_moons(n_samples=400, noise=0.15, random_state=SEED)
# each point as a plain list of two numbers, and the answer we want
examples = [(point, 1.0 if moon else -1.0) for point, moon in zip(points.tolist(), moons)]
train, test = examples[:200], examples[200:]


def scatter(examples):
    for target, colour, mark in ((1.0, "tab:orange", "o"), (-1.0, "tab:blue", "s")):
        xs, ys = zip(*(point for point, t in examples if t == target))
        plt.scatter(xs, ys, c=colour, marker=mark, s=22, edgecolors="white", linewidths=0.5)


plt.figure(figsize=(5.5, 3.4))
scatter(train)
plt.title("200 points to learn from")
plt.tight_layout()
plt.show()

# %% [markdown]
# A **neuron** multiplies each input by a dial of its own (a weight), adds one more dial (the
# bias), and squashes the sum with `tanh`. Our network has 16 neurons that look at the point, side
# by side (such a row of them is a **layer**), and one that looks at those 16. Every dial is one of
# your Values and starts at random.
#
# For one point with wanted answer `target`, the mistake is $(\text{answer} - \text{target})^2$.
# The **loss** is the mean of the mistakes over a handful of points (a **batch**): one number, made
# from all the dials. The **accuracy** says it more simply: the share of points that are right.

# %%
rng = random.Random(SEED)


def neuron(weights, bias, inputs):
    total = bias
    for weight, number in zip(weights, inputs):
        total = total + weight * number
    return total.tanh()


def new_neuron(inputs):
    return [Value(rng.uniform(-1, 1)) for _ in range(inputs)], Value(rng.uniform(-1, 1))


layer = [new_neuron(2) for _ in range(16)]
last = new_neuron(16)
dials = [dial for weights, bias in [*layer, last] for dial in [*weights, bias]]


def network(point):
    seen = [neuron(weights, bias, point) for weights, bias in layer]
    return neuron(*last, seen)


def mean_loss(batch):
    return sum((network(point) - target) ** 2 for point, target in batch) / len(batch)


def accuracy(examples):
    return sum(network(point).data * target > 0 for point, target in examples) / len(examples)


print(len(dials), "dials")
print(f"before learning: {accuracy(test):.1%} of the test points are right")

# %% [markdown]
# ## Learning
#
# After `loss.backward()` each dial knows in its `grad` how the loss answers to it. This number
# is its **gradient**. If it is positive, turning the dial up makes the loss larger: so turn it
# *down*. If it is negative, turn it up. The steeper the answer, the bigger the turn, and a
# small number `rate` keeps the turns small.
#
# **Exercise 6.** For each dial: subtract `rate` times its `grad` from its `data`.
#
# Below the check stands the whole training, and everything in it that learns is yours. It goes
# through the points sixty times (each time is an **epoch**), twenty at a time: loss, walk back,
# turn the dials. Each `yield` hands over the numbers of one step and waits to be asked for the
# next.
#
# The panel below it does the asking. Press **Start** and watch the loss fall. **Pause** when you
# like, go on by a **Single step**, try another **learning rate** (0.02? 2?) while it runs. Then
# run the last cell of this part: it takes whatever steps you left and draws what the network
# answers at every place of the plane. The black line is the border it has learned; the points are
# ones it has never seen.

# %% exercise="01.descend"
def descend(dials, rate):
    """Turn every dial a little, so that the loss shrinks."""
    ### BEGIN SOLUTION
    for dial in dials:
        dial.data -= rate * dial.grad
    ### END SOLUTION

# %%
check("01.descend")

# %%
settings = {"lr": 0.2}  # the panel writes here, and the loop reads it before each turn


def learn(rounds):
    """The training, step by step."""
    for epoch in range(1, rounds + 1):
        rng.shuffle(train)
        for first in range(0, len(train), 20):
            loss = mean_loss(train[first : first + 20])
            loss.backward()
            descend(dials, rate=settings["lr"])
            seen = {"epoch": epoch, "loss": loss.data}
            if first + 20 == len(train) and epoch % 5 == 0:
                seen["valid_accuracy"] = accuracy(test)
            yield seen


board = Dashboard(
    learn(rounds=60),
    label="yours",
    total=600,
    settings=settings,
    parameters={"16 neurons": layer, "last neuron": last},
)
board

# %%
for seen in board.run():  # the steps that you left
    if "valid_accuracy" in seen:
        right = f"{seen['valid_accuracy']:.1%}"
        print(f"round {seen['epoch']:2d}: loss {seen['loss']:.3f}, right on new points {right}")

headline = accuracy(test)
print("at least 96 % of the new points are right:", headline >= 0.96)

across = [i / 20 - 1.5 for i in range(81)]
upward = [i / 20 - 1.0 for i in range(51)]
answers = [[network((u, v)).data for u in across] for v in upward]

plt.figure(figsize=(6.5, 4))
steps = [-1.1, -0.6, -0.2, 0, 0.2, 0.6, 1.1]
shades = ["#a8c6e4", "#cfdff0", "#eef3f8", "#fbf1e6", "#f8dbb9", "#f3bd84"]
plt.contourf(across, upward, answers, levels=steps, colors=shades)
plt.contour(across, upward, answers, levels=[0], colors="black", linewidths=2)
scatter(test)
plt.title("What your engine has learned")
plt.tight_layout()
plt.show()

# %% [markdown]
# ## What you know now
#
# * A derivative is *movement out divided by movement in*, and a nudge can always measure it.
# * Along a path, local derivatives multiply. Where paths meet, they add: hence `+=`.
# * A value that waits for all its letters sends one letter along each arrow, however many paths
#   there are.
# * Learning is: loss, walk back, turn every dial a little against its gradient.
#
# ## The same in minidl, and on a GPU
#
# minidl's own numbers remember in the same way. Its **tensor** is your Value grown up: one tensor
# holds up to millions of numbers, and one box works on all of them at once, which is why it is
# fast. The last cell runs the expression that you stepped through on both engines.
#
# > **One difference.** Your `backward` wipes the slate first. minidl's, like PyTorch's, adds to
# > what is already in `grad`, so that several losses can be gathered before one step. That is why
# > training loops there call `zero_grad()` before each `backward()`.
# >
# > **On a GPU** make the tensors there, and all else stays as it is: `minidl.tensor(2.0,
# > device="cuda", requires_grad=True)`.
#
# In the next lessons the number becomes an array, and the two moons become handwritten digits.

# %%
import minidl

x, y = Value(2.0), Value(-0.5)
own(x, y).backward()

tensor_x = minidl.tensor(2.0, requires_grad=True)
tensor_y = minidl.tensor(-0.5, requires_grad=True)
own(tensor_x, tensor_y).backward()

print(f"yours:    x.grad {x.grad:.4f}   y.grad {y.grad:.4f}")
# of a tensor with one number, item() gives that number
print(f"minidl's: x.grad {tensor_x.grad.item():.4f}   y.grad {tensor_y.grad.item():.4f}")
