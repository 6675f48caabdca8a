# %% [markdown]
# # 5 · Optimisers
#
# A network is made, the loss says how wrong it is, and `backward()` tells every dial which way is
# uphill. Now somebody has to turn the dials. Who does so is the **optimiser**. Where all is easy it
# hardly matters which. Where it is not, one needs three times as many turns as another.
#
# You write five of them in this lesson, each mending a fault of the one before, and the schedules
# that change the rate on the way. At the end they race over your handwritten digits.
#
# **How to read.** As before: Shift+Enter, guess before you look, and put your lines where you see
# `raise NotImplementedError(...)`. Allow about forty minutes.
#
# ## A valley
#
# Pictures first. A loss with two dials is a landscape: the dials say where you stand, the loss how
# high. Here is a long valley, in lines of equal height. Its sides are steep, and along its floor it
# falls so gently that one hardly feels it. Real losses look like that in very many directions at
# once.

# %%
import math

import matplotlib.pyplot as plt
from minidl_widgets import LandscapeRace, LossSlice

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, TensorDataset, datasets
from minidl.grading import badge, check, load_mine, predict, reveal
from minidl.optim import moments

print(load_mine())  # what you built in earlier lessons goes to work


def valley(x, y):
    """Flat along x, forty times as steep along y."""
    return 0.5 * x**2 + 20 * y**2


def draw_valley():
    side = [i / 50 - 1 for i in range(101)]
    heights = [[valley(2.4 * x, 1.2 * y) for x in side] for y in side]
    plt.figure(figsize=(6.5, 3.0))
    levels = [0.05, 0.3, 1, 2.5, 5, 10, 18]
    plt.contour([2.4 * x for x in side], [1.2 * y for y in side], heights, levels, colors="gray")
    plt.xlabel("first dial")
    plt.ylabel("second dial")


draw_valley()
plt.tight_layout()
plt.show()

# %% [markdown]
# ## Downhill
#
# You know the oldest way from lesson 1: take a step against the gradient. With $p$ for a dial, $g$
# for its gradient and $r$ for the **learning rate**, the size of the steps:
#
# $$p \leftarrow p - r\,g$$
#
# The arrow says that the right side takes the place of $p$. When the gradient comes from a batch of
# the data, drawn at random, this is called **SGD**, stochastic gradient descent; stochastic is
# Greek for guessing.
#
# One rate must do for all dials, and that is its trouble. On the steep sides of the valley the
# gradient is 40 times the second dial. So a step with rate $r$ takes $40\,r$ times the dial
# away from it.
#
# **Guess:** the rate is 0.06, and the second dial begins at 1. Does it **shrink** step by step,
# **swing** about 0 between the same two numbers, or **grow**?

# %%
### BEGIN SOLUTION
guess = "grow"
### STUDENT
# guess = None  # "shrink", "swing" or "grow"
### END SOLUTION
predict("05.steep", guess, "Gradient 40 times the dial, rate 0.06: the dial will...")

# %%
for rate in (0.01, 0.04, 0.05, 0.06):
    dial, seen = 1.0, []
    for _ in range(6):
        dial = dial - rate * 40 * dial
        seen.append(f"{dial:6.2f}")
    print(f"rate {rate:.2f}:", " ".join(seen))
reveal("05.steep", "grow" if abs(dial) > 1.01 else "shrink" if abs(dial) < 0.99 else "swing")

# %% [markdown]
# So the steepest direction sets the limit for the rate. And at a rate that the sides allow, one
# creeps along the floor: there the gradient is small, and so is the step.
#
# ## A ball that rolls
#
# A ball would not creep. It gathers speed as long as the floor keeps falling the same way, and on
# the sides, where the gradient changes its sign at every step, left and right cancel. This is
# **momentum**. Each dial gets a **velocity** $v$, and $m$ says how much of it is kept:
#
# $$v \leftarrow m\,v + g \qquad p \leftarrow p - r\,v$$
#
# At first $v$ is 0. With $m = 0$ it is plain SGD.
#
# How fast does it get? Let the gradient be 1 at every step, and $m$ be 0.9. The velocity is 1, then
# 1.9, then 2.71, and so on to 10: there the tenth that is lost equals the 1 that comes in. So
# where all gradients agree, the steps become ten times as long, and momentum is used with a smaller
# rate.
#
# ## How an optimiser is built
#
# minidl's optimisers know which parameters there are, and they keep a drawer for each: a dictionary
# named `state`, empty at first, in which a rule remembers what it likes. For every parameter they
# call the rule:
#
# ```
# sgd_step(parameter, gradient, state, lr, momentum)
#          what to     its       its    the rate r
#          change      gradient  drawer
# ```
#
# A parameter is a tensor, so one call turns many dials. All sums below work on all its numbers at
# once.
#
# One thing is easily missed. The network holds *this very tensor*. `parameter -= x` changes the
# numbers in it. `parameter = parameter - x` makes a new tensor under the same name, and the network
# never hears of it.
#
# **Exercise 1.** Write the rule, with momentum. Keep the velocity under the name
# `"momentum_buffer"`: PyTorch calls it so, and then a saved run fits there, too. Without momentum
# (`momentum` is 0) the drawer stays empty. `state.get(name, 0)` looks into the drawer and answers 0
# if there is nothing yet.


# %% exercise="05.sgd"
def sgd_step(parameter, gradient, state, lr, momentum=0):
    """One step downhill, with the momentum of the steps before."""
    ### BEGIN SOLUTION
    velocity = gradient
    if momentum:
        velocity = momentum * state.get("momentum_buffer", 0) + gradient
        state["momentum_buffer"] = velocity
    parameter -= lr * velocity
    ### END SOLUTION


# %%
check("05.sgd")

# %% [markdown]
# `optim.SGD` now runs on your rule. The next cell lets it walk down the valley, with and without
# momentum, and draws both ways. A function that takes a list of parameters and makes an optimiser
# for them is all that `walk` needs.


# %%
def walk(make, steps=40, start=(-2.0, 1.0)):
    """The places on the way, and the height at the end."""
    place = minidl.tensor(list(start), requires_grad=True)
    optimizer, places = make([place]), [start]
    for _ in range(steps):
        optimizer.zero_grad()
        valley(place[0], place[1]).backward()
        optimizer.step()  # calls the rule
        places.append(tuple(place.tolist()))
    return places, valley(*places[-1])


def show_ways(ways):
    draw_valley()
    for (name, places), mark in zip(ways.items(), ("o-", "s--", "^:", "d-.")):
        xs, ys = zip(*places)
        plt.plot(xs, ys, mark, markersize=3, label=name)
    plt.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    plt.tight_layout()
    plt.show()


makers = {
    "SGD": lambda params: optim.SGD(params, lr=0.02),
    "momentum": lambda params: optim.SGD(params, lr=0.02, momentum=0.8),
}
ways = {}
for name, make in makers.items():
    ways[name], height = walk(make)
    print(f"{name:9s} height after 40 steps: {height:.4f}")
show_ways(ways)

# %% [markdown]
# ## Each dial its own measure
#
# Momentum helps, but still one rate must do for a dial on the steep side and for one on the
# floor. Why not measure each dial's steps by the gradients that are usual *for that dial*?
#
# **RMSprop** does. (Geoffrey Hinton proposed it in a lecture, in 2012.) It keeps an average $s$ of
# the squares of the gradient, one for each dial, and divides by its root:
#
# $$s \leftarrow a\,s + (1 - a)\,g^2 \qquad p \leftarrow p - r\,\frac{g}{\sqrt{s} + e}$$
#
# It is a **running average**: each time the old one is kept by a share $a$, say 0.99, and the new
# square comes in by the rest. So it forgets slowly. $e$ is a tiny number that keeps us from
# dividing by 0; code calls it `eps`, and $a$ `alpha`.
#
# **Exercise 2.** Write it. Keep the average under `"square_avg"`. `x.sqrt()` is the root of every
# number of a tensor, and `x**2` the square.


# %% exercise="05.rmsprop"
def rmsprop_step(parameter, gradient, state, lr, alpha, eps):
    """A step in which every dial is measured by its own usual gradient."""
    ### BEGIN SOLUTION
    squares = alpha * state.get("square_avg", 0) + (1 - alpha) * gradient**2
    state["square_avg"] = squares
    parameter -= lr * gradient / (squares.sqrt() + eps)
    ### END SOLUTION


# %%
check("05.rmsprop")

# %% [markdown]
# ## Both together, and a false start
#
# **Adam** (Diederik Kingma and Jimmy Ba, 2014) puts both together: a running average $v$ of the
# gradient takes the place of the velocity, and $s$ is RMSprop's average of squares. Each has its
# own share of the old that is kept, $b_1$ and $b_2$; code calls the pair `betas`.
#
# $$v \leftarrow b_1 v + (1 - b_1)\,g \qquad s \leftarrow b_2 s + (1 - b_2)\,g^2$$
#
# But both averages begin at 0, and that is no gradient anybody has seen: it is only where we
# started. So the first averages are far too small. The next cell shows it: the gradient is 1 at
# every step, so an honest average should say 1 from the first step on.

# %%
average, told, honest = 0.0, [], []
for step in range(1, 51):
    average = 0.9 * average + 0.1 * 1
    told.append(average)
    honest.append(average / (1 - 0.9**step))
plt.figure(figsize=(5.5, 2.8))
plt.plot(range(1, 51), told, "-", label="the running average")
plt.plot(range(1, 51), honest, "--", label="divided by the share that is not 0's")
plt.xlabel("step")
plt.legend()
plt.tight_layout()
plt.show()

# %% [markdown]
# How much of the average is still the 0 of the beginning? With $b$ for the share that is kept, the
# 0 makes up $b^t$ of it after $t$ steps, and what is real is $1 - b^t$. Divide by that, and the
# average is honest from the first step. This is the **bias correction**:
#
# $$v' = \frac{v}{1 - b_1^t} \qquad s' = \frac{s}{1 - b_2^t} \qquad
# p \leftarrow p - r\,\frac{v'}{\sqrt{s'} + e}$$
#
# Here $t$ is the number of this step, and the first is 1. The drawer keeps $v$ and $s$ as they are;
# $v'$ and $s'$ are made anew for every step.
#
# **Guess:** a dial's first gradient is 1000, and the rate is 0.1. How far does Adam move the dial
# in its first step? (Put $t = 1$ into the formulas. $e$ is so small that it does not matter.)

# %%
### BEGIN SOLUTION
guess = 0.1
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("05.first", guess, "Adam, rate 0.1, first gradient 1000. How far does the dial move?")

# %% [markdown]
# **Exercise 3.** Write Adam. The drawer holds `"step"` (the count), `"exp_avg"` ($v$) and
# `"exp_avg_sq"` ($s$), as in PyTorch.


# %% exercise="05.adam"
def adam_step(parameter, gradient, state, lr, betas, eps):
    """A step of Adam: two running averages, both made honest."""
    beta1, beta2 = betas
    ### BEGIN SOLUTION
    step = state["step"] = state.get("step", 0) + 1
    mean = beta1 * state.get("exp_avg", 0) + (1 - beta1) * gradient
    squares = beta2 * state.get("exp_avg_sq", 0) + (1 - beta2) * gradient**2
    state["exp_avg"], state["exp_avg_sq"] = mean, squares
    honest_mean = mean / (1 - beta1**step)
    honest_squares = squares / (1 - beta2**step)
    parameter -= lr * honest_mean / (honest_squares.sqrt() + eps)
    ### END SOLUTION


# %%
check("05.adam")

# %%
for gradient in (0.001, 1.0, 1000.0):
    dial = minidl.tensor([0.0], requires_grad=True)
    dial.grad = minidl.tensor([gradient])
    optim.Adam([dial], lr=0.1).step()
    print(f"gradient {gradient:8.3f}: the first step of Adam is {abs(dial.item()):.4f}")
reveal("05.first", round(abs(dial.item()), 4))

# %% [markdown]
# At first, then, Adam looks at the sign of the gradient only: every dial moves by about the rate.
# Later a dial whose gradients agree keeps that pace, and one whose gradients contradict each other
# slows down. So the rate of Adam is a length: how far a dial may go in a step.
#
# ## The race
#
# A `LandscapeRace` puts all four on one map, and all run on your rules. **Play** it, or go through
# it with `]` and `[`. Then drag the ring to another start, or take it by the arrow keys: they run
# anew, from there. Type other learning rates. At which one is SGD thrown out of the valley, and
# does the answer depend on where it starts?

# %%
makers["RMSprop"] = lambda params: optim.RMSprop(params, lr=0.05, alpha=0.9)  # yours, by now
makers["Adam"] = lambda params: optim.Adam(params, lr=0.15)  # and this
LandscapeRace(valley, makers, (-2.0, 1.0), steps=40, across=(-2.4, 2.4), upward=(-1.2, 1.2))

# %% [markdown]
# ## Keeping the dials small
#
# A network whose dials are large can learn its examples by heart. So one pulls all dials gently
# towards 0 while it learns: **weight decay**. With $d$ for its strength there are two ways to write
# it down.
#
# * *In the loss*: add $\frac{d}{2} p^2$ for every dial to the price. The derivative of that is
#   $d\,p$, so the gradient becomes $g + d\,p$. Books call this an **L2** penalty.
# * *On the dial itself*: let every step take the share $r\,d$ of the dial away,
#   $p \leftarrow p - r\,d\,p$, and take the step after that, by the bare gradient.
#
# For plain SGD they are the same: work it out. For Adam they are not. If the pull goes through the
# gradient, Adam divides it by the dial's usual gradient like everything else: a dial that sees
# large gradients is hardly pulled at all. **AdamW** (Ilya Loshchilov and Frank Hutter, 2017)
# therefore takes the second way.
#
# **Guess:** two dials at 1 see gradients that change their sign at every step: the one 10 and -10,
# the other 0.01 and -0.01. Adam runs with the pull in the gradient. Which dial is pulled to 0 more
# strongly: the one with the **large** gradients, the one with the **small** ones, or do both
# shrink **alike**?

# %%
### BEGIN SOLUTION
guess = "small"
### STUDENT
# guess = None  # "large", "small" or "alike"
### END SOLUTION
predict(
    "05.pull", guess, "The pull in the gradient: Adam shrinks most the dial whose gradients are..."
)

# %% [markdown]
# **Exercise 4.** Write both ways. `decayed` gives back the gradient with the pull in it; it changes
# nothing that was handed in. `adamw_step` shrinks the dial first and then takes a step of Adam:
# `moments.adam_step` is where minidl keeps it, and it is yours since the check. (Averages of a
# number and of its square are called its **moments**; hence the name of the file.)


# %% exercise="05.decay"
def decayed(parameter, gradient, weight_decay):
    """The gradient with the pull of an L2 penalty in it."""
    ### BEGIN SOLUTION
    return gradient + weight_decay * parameter
    ### END SOLUTION


def adamw_step(parameter, gradient, state, lr, betas, eps, weight_decay):
    """The dial shrinks by itself, and Adam never hears of it."""
    ### BEGIN SOLUTION
    parameter *= 1 - lr * weight_decay
    moments.adam_step(parameter, gradient, state, lr, betas, eps)
    ### END SOLUTION


# %%
check("05.decay")


# %%
def pulled(kind):
    """Where the two dials are after 200 steps."""
    dials = minidl.tensor([1.0, 1.0], requires_grad=True)
    optimizer = kind([dials], lr=0.01, weight_decay=0.1)
    for step in range(200):
        sign = 1.0 if step % 2 else -1.0
        dials.grad = minidl.tensor([10 * sign, 0.01 * sign])
        optimizer.step()
    return dials.tolist()


for kind in (optim.AdamW, optim.Adam):
    large, small = pulled(kind)
    print(f"{kind.__name__:5s} large gradients: {large:.2f}   small gradients: {small:.2f}")
close = abs(large - small) < 0.01
reveal("05.pull", "alike" if close else "small" if small < large else "large")

# %% [markdown]
# ## A rate that changes
#
# Far from the goal one wants large steps, near it small ones. So the rate follows a **schedule**.
# Two pieces are enough to build most of them. Both lead from one number to another, and `done` is
# the share of the way that lies behind, from 0 to 1:
#
# * on a straight line: begin at `start` and add the share `done` of the whole difference;
# * along half a cosine, which leaves gently and arrives gently. The cosine falls from 1 to -1
#   while its angle goes from 0 to $\pi$, and so
#   $$\text{end} + (\text{start} - \text{end})\,\frac{1 + \cos(\pi\,\text{done})}{2}.$$
#
# The favourite of our time: a **warm-up**, up in a straight line, since the first gradients and
# averages are not worth much; and then a cosine all the way down to 0.
#
# **Exercise 5.** Write both pieces, and put them together. `warm_then_cosine` gives back a factor
# for the rate, at most 1. The steps are counted from 0; the first `warm` of them go up, and the
# last of these (number `warm - 1`) has the factor 1. The first has `1 / warm`, not 0: a step with
# rate 0 is wasted. From step `warm` on the cosine runs, from 1, and would reach 0 at step `total`.
# `math.cos` and `math.pi` are what they are called.


# %% exercise="05.schedule"
def straight(start, end, done):
    """A number on the straight way from start to end."""
    ### BEGIN SOLUTION
    return start + (end - start) * done
    ### END SOLUTION


def cosine(start, end, done):
    """A number on the way from start to end, slow at both ends."""
    ### BEGIN SOLUTION
    return end + (start - end) * (1 + math.cos(math.pi * done)) / 2
    ### END SOLUTION


def warm_then_cosine(step, total, warm):
    """The factor of the rate at a step."""
    ### BEGIN SOLUTION
    if step < warm:
        return straight(0, 1, (step + 1) / warm)
    return cosine(1, 0, (step - warm) / (total - warm))
    ### END SOLUTION


# %%
check("05.schedule")

# %%
# LambdaLR multiplies the rate by what a function says; OneCycleLR was lesson 4's schedule
idle = optim.SGD([minidl.zeros(1)], lr=1.0, momentum=0.9)
mine = optim.lr_scheduler.LambdaLR(idle, lambda step: warm_then_cosine(step, 100, 10))
rates = []
for _ in range(100):
    rates.append(mine.get_last_lr()[0])  # the rate of the next step
    idle.step()
    mine.step()
idle = optim.SGD([minidl.zeros(1)], lr=1.0, momentum=0.9)
cycle = optim.lr_scheduler.OneCycleLR(idle, 1.0, total_steps=100)
cycled = []
for _ in range(100):
    cycled.append(cycle.get_last_lr()[0])
    idle.step()
    if len(cycled) < 100:
        cycle.step()
plt.figure(figsize=(5.5, 2.8))
plt.plot(rates, "-", label="your warm_then_cosine")
plt.plot(cycled, "--", label="OneCycleLR, on your cosine")
plt.xlabel("step")
plt.ylabel("factor of the rate")
plt.legend(loc="upper right", fontsize=8)
plt.tight_layout()
plt.show()
print(f"the first three: {rates[0]:.2f} {rates[1]:.2f} {rates[2]:.2f}, the last: {rates[-1]:.4f}")

# %% [markdown]
# ## Real work: who is first?
#
# Now the digits of lesson 4. The question is not how good the network gets in the end, but how
# many steps it takes until it reads 95 of 100 new digits right. Every optimiser starts from the
# same five networks and sees the same batches.
#
# They race twice. First on the digits as they were: all dots are measured alike. Then on the same
# digits in **mixed units**: each dot is multiplied by a number of its own, between a fifth and
# five, as if one had been measured in metres and the next in feet. The network can undo that, but
# the loss becomes a valley like ours, flat along one dial and steep along another. Each optimiser
# has the rate that was best for it on mixed units, in a trial with other seeds.
#
# **Guess:** in which of the two races does it matter more who turns the dials?

# %%
train, test = (datasets.digits(split, normalize=True).tensors for split in ("train", "test"))
minidl.manual_seed(0)
mixed = minidl.exp(1.6 * (2 * minidl.rand(64) - 1))  # rand draws between 0 and 1


def steps_to(make, seed, units=1.0, goal=0.95, most=800):
    """The steps until that share of new digits is read right, looked up at every tenth."""
    minidl.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    # TensorDataset holds pictures and labels side by side
    loader = DataLoader(TensorDataset(train[0] * units, train[1]), 64, shuffle=True)
    optimizer, step = make(model.parameters()), 0
    while step < most:
        for x, y in loader:
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            if step % 10 == 0:
                with minidl.no_grad():
                    right = model(test[0] * units).argmax(1) == test[1]
                if right.float().mean().item() >= goal:
                    return step
    return most


makers = {
    "SGD": lambda params: optim.SGD(params, lr=0.5),
    "momentum": lambda params: optim.SGD(params, lr=0.05, momentum=0.9),
    "RMSprop": lambda params: optim.RMSprop(params, lr=0.005),
    "Adam": lambda params: optim.Adam(params, lr=0.01),
    "AdamW": lambda params: optim.AdamW(params, lr=0.02, weight_decay=0.1),
}


def race(units):
    """Every optimiser's steps, for five seeds."""
    found = {}
    for name, make in makers.items():
        steps = found[name] = [steps_to(make, seed, units) for seed in range(5)]
        print(f"  {name:9s} {steps}   mean {sum(steps) / 5:.0f}")
    return found


print("digits as they were")
race(1.0)
print("in mixed units")
headline = race(mixed)
print("SGD needs at least 130 steps:", min(headline["SGD"]) >= 130)
print("RMSprop at most 178:", max(headline["RMSprop"]) <= 178)
print("Adam at most 200:", max(headline["Adam"]) <= 200)
print("AdamW at most 210:", max(headline["AdamW"]) <= 210)
badge()

# %% [markdown]
# Where all dots are measured alike, the five runs of one optimiser differ more than the optimisers
# do: from these numbers nobody may say that Adam beats plain SGD. Whoever compares two ways of
# training by one run each compares mostly luck. In mixed units it is different. SGD's one rate must
# suit the steepest dial, and the flat ones creep, with momentum or without. A measure of its own
# for each dial makes good for that: a third of the steps, or less.
#
# Is a real loss like our valley? A network has many dials, and a map has two directions. So take
# two random ones, and look at the loss when all dials move along them: a **slice** of the real
# landscape, which `LossSlice` cuts. The middle of the map is a network that has learned for 100
# steps. The racers move in these two directions only; their gradients come through the network.

# %%
minidl.manual_seed(0)
small = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
pictures, labels = train
optimizer = optim.Adam(small.parameters(), lr=0.02)
for _ in range(100):
    optimizer.zero_grad()
    nn.functional.cross_entropy(small(pictures), labels).backward()
    optimizer.step()

cut = LossSlice(small, lambda: nn.functional.cross_entropy(small(pictures[:200]), labels[:200]))
runners = {
    "SGD": lambda params: optim.SGD(params, lr=0.01),
    "momentum": lambda params: optim.SGD(params, lr=0.01, momentum=0.8),
    "RMSprop": lambda params: optim.RMSprop(params, lr=0.03, alpha=0.9),
    "Adam": lambda params: optim.Adam(params, lr=0.08),
}
LandscapeRace(cut, runners, (-0.8, 0.7), steps=40, across=(-1, 1), upward=(-1, 1))

# %% [markdown]
# ## Break it
#
# The races were unfair in one respect: for each optimiser somebody had searched a good rate. How
# much does it harm to search badly? The next cell gives them a tenth of their rates, ten times as
# much, and what lies between, on the digits as they were.

# %%
rated = {
    "SGD": lambda params, factor: optim.SGD(params, lr=0.5 * factor),
    "momentum": lambda params, factor: optim.SGD(params, lr=0.05 * factor, momentum=0.9),
    "Adam": lambda params, factor: optim.Adam(params, lr=0.01 * factor),
}
FACTORS, MOST = (0.1, 0.3, 1, 3, 10), 400


def needed(make, factor):
    return steps_to(lambda params: make(params, factor), seed=0, most=MOST)


table = {name: [needed(make, factor) for factor in FACTORS] for name, make in rated.items()}
print("its rate times  ", "".join(f"{factor:>7}" for factor in FACTORS))
for name, steps in table.items():
    cells = [f"{step if step < MOST else '-':>7}" for step in steps]
    print(f"{name:16s}", "".join(cells))

# %% [markdown]
# A dash means: not there after 400 steps. Too small a rate is slow for everyone, and too large a
# one throws SGD off. Read along the lines how wide the good stretch is. It is one network, so read
# no more than that.
#
# ## What you know now
#
# * The steepest direction limits the rate; the flattest decides how long it takes.
# * Momentum adds up what agrees and cancels what contradicts itself.
# * RMSprop and Adam give every dial its own measure; so the size of its gradients hardly matters.
# * An average that begins at 0 must be divided by the share of it that is real.
# * Weight decay is not L2 as soon as the gradient is divided by anything.
# * A step is written into the parameter; a new tensor helps nobody.
#
# > **The same on a GPU.** After `model.to("cuda")` the optimisers work there. Your rules name no
# > array library, so they stay as they are; minidl's own turn all dials in a single call there,
# > which is faster: `switch("optim.moments.adam_step", "minidl's")` lets them.
# >
# > **The same on MNIST.** `datasets.mnist("train", normalize=True)` in place of `digits`, and 784
# > inputs (12 MB, fetched once; without a network it says so).
#
# Your pieces are kept in `my_minidl.py`. In the lessons to come every network is trained by them.
