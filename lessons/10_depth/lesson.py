# %% [markdown]
# # 10 · Depth
#
# Your networks had two or three layers so far. Why not fifty? Each layer works on what the one
# before has found, and pictures, speech and language want many steps: edges, corners, eyes, faces.
# The networks that read and write today have around a hundred layers.
#
# For a long time hardly anybody could train them. You will see what goes wrong, and build what
# mended it: two layers that keep a signal in shape, and a road that runs past the layers. Dropout,
# which you have used in lesson 7, you write as well.
#
# **How to read.** As before: Shift+Enter, guess before you look, and put your lines where you see
# `raise NotImplementedError(...)`. Allow about forty minutes.
#
# ## Fifty layers
#
# The digits again, and lesson 4's way to begin: weights by He, which keep the signal's size over
# any number of layers. `plain(depth)` makes a network of `depth` linear layers, 64 units wide, with
# a relu behind each but the last. `learn` makes a network and trains it as lesson 9 did, ten times
# through all pictures.

# %%
import matplotlib.pyplot as plt
from minidl_widgets import DepthSlider

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, datasets
from minidl.grading import badge, check, load_mine, predict, reveal

SEED = 0
print(load_mine())  # what you built in earlier lessons goes to work
pictures, labels = datasets.digits("train", normalize=True).tensors


def dense(inputs, outputs):
    """A linear layer that begins as He says."""
    layer = nn.Linear(inputs, outputs)
    nn.init.kaiming_normal_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def plain(depth, width=64):
    layers = [dense(64, width), nn.ReLU()]
    for _ in range(depth - 2):
        layers += [dense(width, width), nn.ReLU()]
    return nn.Sequential(*layers, dense(width, 10))


def learn(make, *how, rounds=10, rate=0.002, **switches):
    """Trains what make(*how, **switches) makes; also gives the share of new digits it reads."""
    minidl.manual_seed(SEED)
    model = make(*how, **switches)
    loader = DataLoader(datasets.digits("train", normalize=True), 64, shuffle=True)
    optimizer = optim.AdamW(model.parameters(), lr=rate)
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=rounds * len(loader))
    for _ in range(rounds):
        for x, y in loader:
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model, right(model)


def right(model, split="test"):
    """The share of digits that a network reads, when it is used."""
    x, y = datasets.digits(split, normalize=True).tensors
    model.eval()  # for use: more of that below
    with minidl.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


_, shallow = learn(plain, 4)
print(f"4 layers read {100 * shallow:.0f} of 100 new digits")

# %% [markdown]
# **Guess:** fifty layers instead of four, the same rounds, the same rate. How many of 100 new
# digits will they read?

# %%
### BEGIN SOLUTION
guess = 60
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("10.fifty", guess, "A plain network of 50 layers, begun by He: how many of 100 are right?")

# %% tags=["nbval-ignore-output"]
model, share = learn(plain, 50)
known = right(model, "train")
print(f"50 layers read {100 * share:.0f} of 100 new digits, {100 * known:.0f} of those they know")
reveal("10.fifty", round(100 * share))

# %% [markdown]
# Twelve times the layers, and much worse. (With so many layers the last digit of a number decides
# a lot: on another computer you may see five more or less.) It is not that the network has learned
# the pictures by heart: those that it learned from it reads hardly better. It did not get
# *started*. Yet the signal neither dies nor explodes, He has seen to that. So what is wrong?
#
# ## All pictures look alike
#
# Send all the pictures through a fresh network and look at one layer. Each unit gives a number for
# each picture. Some part of it is the same for all pictures (their mean), and the rest differs from
# picture to picture. Only the rest can tell a 3 from an 8. The next cell measures it: how large is
# what differs, as a share of the whole signal?


# %%
def differing(model):
    """For each relu: how much of its signal differs from picture to picture."""
    shares, x = [], pictures
    with minidl.no_grad():
        for layer in model:
            x = layer(x)
            if isinstance(layer, nn.ReLU):
                rest = x - x.mean(0)  # less what each unit says of all pictures
                shares.append(((rest**2).mean() / (x**2).mean()).item())
    return shares


def draw(curves, what, scale="log"):
    plt.figure(figsize=(6.5, 3.0))
    for (name, found), line in zip(curves.items(), ("-", "--", ":", "-.")):
        plt.plot(range(1, len(found) + 1), found, line, label=name, linewidth=2)
    plt.yscale(scale)
    plt.xlabel("layer")
    plt.ylabel(what)
    plt.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    plt.tight_layout()


minidl.manual_seed(SEED)
shares = differing(plain(50))
for layer in (1, 5, 20, 49):
    print(f"layer {layer:2d}: {100 * shares[layer - 1]:4.1f} % of the signal differs")
draw({"plain": shares}, "share that differs", "linear")
plt.show()

# %% [markdown]
# Each relu cuts off what is negative, so its numbers have a mean above 0; the next layer passes it
# on, and the relu behind it adds to it. In the end hardly anything is left that tells
# the pictures apart. The loss may shout as it likes: whatever changes down there changes the
# answers to all pictures in the same way.
#
# ## Take out what all have in common
#
# The cure says itself. At each unit, subtract what all pictures have in common, and bring what is
# left to size 1. This is **batch norm** (Sergey Ioffe and Christian Szegedy, 2015), and lesson 2
# did it to the measures of the patients: less the mean, divided by the spread. New is that it is
# done *between layers*, at each step, with the pictures of the batch.
#
# With $x$ for what a unit gives for one picture, $m$ and $v$ for the mean and the variance of what
# it gives for all pictures of the batch, and $e$ for a tiny number:
#
# $$z = w \, \frac{x - m}{\sqrt{v + e}} + b$$
#
# $w$ and $b$ are dials, one of each for every unit: they begin as 1 and 0, and if the network is
# better off with another size or another mean, it may learn so.
#
# For pictures in channels, as in lesson 9, a channel counts as one unit: its mean is taken over all
# pictures *and all places*.
#
# **Guess:** a batch of two pictures. For one of them a unit gives 10, for the other 1000; $w$ is 1
# and $b$ is 0. What does batch norm make of the 1000?

# %%
### BEGIN SOLUTION
guess = 1
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("10.two", guess, "A unit gives 10 and 1000 for the two pictures. The 1000 becomes...")

# %% [markdown]
# ## While it learns, and in use
#
# There is a snag. What a picture's answer is now depends on which other pictures sit in its
# batch. While the network learns that does no harm. In use it does: nobody wants a diagnosis
# that depends on the next patient. And if there is one picture alone, it *is* its own mean, and
# nothing is left of it.
#
# So batch norm has two modes. **While it learns** (`training` is true) it takes the batch's own $m$
# and $v$, and on the side it keeps a running average of both, as lesson 5's RMSprop did of the
# squares. **In use** it takes the running ones, and each picture is answered for itself. With $r$
# for a running average and $k$ for the share of the newest:
#
# $$r \leftarrow r + k \, (\text{newest} - r)$$
#
# PyTorch calls this $k$ `momentum`. Take care: in lesson 5 such a number was the share of the
# *old*; here it is the share of the *newest*, mostly 0.1.
#
# One more trap. The variance of the batch is the mean of the squares: their sum divided by their
# number $n$. But $m$ was made of the very same numbers, so they lie a little closer to it than to
# the true mean, and the true variance is a little larger. To divide by $n - 1$ mends that exactly,
# on average. Batch norm divides by $n$ to *normalize*, and by $n - 1$ for what it *remembers*.
#
# **Exercise 1.** Write it. What is given: `dims`, the dimensions over which a mean is taken (all
# but the channels'; `x.mean(dims, keepdim=True)` keeps them with size 1), `count`, the $n$, and
# `shape`, into which a row with a number for each channel must be brought (`row.reshape(shape)`) to
# meet the input. Change `running_mean` and `running_var` in place by `+=`, inside
# `with minidl.no_grad():`, since they are memories and want no gradients. Either may be `None`
# together: then nothing is remembered. `weight` and `bias` may be `None` as well.


# %% exercise="10.batch"
def batch_norm(
    input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5
):
    """input (pictures, channels, ...); the four rows (channels,)."""
    channels = input.shape[1]
    count = input.numel() // channels  # how many numbers a channel has
    dims = (0, *range(2, input.ndim))
    shape = (channels, *(1,) * (input.ndim - 2))
    if training and count == 1:
        raise ValueError("A single number is its own mean: nothing would be left of it.")
    ### BEGIN SOLUTION
    if training:
        mean = input.mean(dims, keepdim=True)
        var = ((input - mean) ** 2).mean(dims, keepdim=True)
        if running_mean is not None:
            with minidl.no_grad():
                running_mean += momentum * (mean.reshape(channels) - running_mean)
                honest = var.reshape(channels) * count / (count - 1)
                running_var += momentum * (honest - running_var)
    else:
        mean, var = running_mean.reshape(shape), running_var.reshape(shape)
    z = (input - mean) / (var + eps).sqrt()
    z = z if weight is None else z * weight.reshape(shape)
    return z if bias is None else z + bias.reshape(shape)
    ### END SOLUTION


# %%
check("10.batch")

# %% [markdown]
# `nn.BatchNorm1d(units)` and `nn.BatchNorm2d(channels)` are layers that hold the two dials and the
# two memories of each unit, and call your function. A module knows its mode: `model.train()` sets
# it and all its parts to learning, `model.eval()` to use; your `named_modules` from lesson 4 walks
# through them.
#
# The next cell makes the mistake that everybody makes once, and then answers your guess.
#
# ## Break it: eval forgotten
#
# A small network with batch norm has learned the digits. We ask it about one digit, three times:
# alone in use; then by mistake in the mode of learning, among other digits; and again among others.


# %%
def small():
    """Two layers, and your batch norm between them."""
    return nn.Sequential(dense(64, 64), nn.BatchNorm1d(64), nn.ReLU(), dense(64, 10))


model, share = learn(small)
print(f"in use it reads {100 * share:.0f} of 100 new digits")
new, answers = datasets.digits("test", normalize=True).tensors
zeros = [i for i, digit in enumerate(answers.tolist()) if digit == 0][:20]
with minidl.no_grad():
    scores = {"in use, alone": model(new[:1])}
    model.train()
    scores["learning, beside some digits"] = model(new[:8])
    among = minidl.cat([new[:1], new[zeros]])  # lays the rows below each other
    scores["learning, beside zeros only"] = model(among)
for name, rows in scores.items():
    print(f"{name:29s}", *(f"{score:5.1f}" for score in rows[0, :4].tolist()))
unit = nn.BatchNorm1d(1)
reveal("10.two", round(unit(minidl.tensor([[10.0], [1000.0]]))[1].item(), 3))

# %% [markdown]
# These are the scores of the first four digits. In the mode of learning they depend on the
# neighbours. In a batch of one there would be no answer at all: you raise the `ValueError` that
# stands in your function.
#
# ## Each for itself
#
# Some networks cannot do with that. In a sentence each word would have neighbours of other
# sentences; and a batch may hold one example only. **Layer norm** (Jimmy Lei Ba, Jamie Ryan Kiros
# and Geoffrey Hinton, 2016) turns the table round: the mean and the variance are taken over all
# *units* of one example, not over all examples of one unit.
#
# ```
#                 units                       units
#              a  b  c  d                  a  b  c  d
#   picture 1  :  .  .  .       picture 1  -  -  -  -
#   picture 2  :  .  .  .       picture 2  .  .  .  .
#   picture 3  :  .  .  .       picture 3  .  .  .  .
#
#      batch norm: a column        layer norm: a row
# ```
#
# Nothing need be remembered, and learning and use are alike. The formula is the same. $w$ and $b$
# still have a number for each unit.
#
# **Exercise 2.** Write it. `normalized_shape` lists the sizes of the *last* dimensions of the
# input: those that share a mean. It may be one dimension or several. `weight` and `bias` have that
# shape, so broadcasting lays them right. Divide by $n$ here.


# %% exercise="10.layer"
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Each example by its own mean and variance, over the last dimensions."""
    ### BEGIN SOLUTION
    dims = tuple(range(input.ndim - len(normalized_shape), input.ndim))
    centred = input - input.mean(dims, keepdim=True)
    var = (centred**2).mean(dims, keepdim=True)
    z = centred / (var + eps).sqrt()
    z = z if weight is None else z * weight
    return z if bias is None else z + bias
    ### END SOLUTION


# %%
check("10.layer")

# %% [markdown]
# ## Leave some out
#
# A third piece that behaves differently while it learns. **Dropout** (Geoffrey Hinton and
# colleagues, 2012) switches each number off with probability $p$, drawn anew at each step. Whoever
# may be missing at any time must not be relied on, so the network spreads what it knows over many
# units, and learns less by heart.
#
# In use nobody is missing. But then each layer would hear more than it is used to: with $p$ at a
# half, twice as much. So the numbers that are *not* switched off are divided by $1 - p$ while the
# network learns. The mean stays as it is, and in use there is nothing to do at all.
#
# **Guess:** a row of a thousand ones, and $p$ is 0.2. What are the numbers that are left?

# %%
### BEGIN SOLUTION
guess = 1.25
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("10.left", guess, "Ones, switched off with probability 0.2. Those that are left are...")

# %% [markdown]
# **Exercise 3.** Write it. `minidl.rand_like(x)` draws a number between 0 and 1 for each number of
# `x`; from minidl's own dice, so `minidl.manual_seed` repeats it. A comparison gives True or
# False, and those count as 1 and 0 in a product. If $p$ is 1, all is switched off, and dividing by
# $1 - p$ would be dividing 0 by 0: take care of that.


# %% exercise="10.dropout"
def dropout(input, p=0.5, training=True):
    """Each number 0 with probability p, and otherwise divided by 1 - p."""
    ### BEGIN SOLUTION
    if not training:
        return input
    if p == 1:
        return input * 0
    kept = minidl.rand_like(input) >= p
    return input * kept / (1 - p)
    ### END SOLUTION


# %%
check("10.dropout")

# %%
ones = minidl.ones(1000)
minidl.manual_seed(SEED)
some = nn.functional.dropout(ones, 0.2)  # yours
print(f"left: {(some > 0).sum().item()} of 1000; the mean of all is {some.mean().item():.2f}")
minidl.manual_seed(SEED)
again = nn.functional.dropout(ones, 0.2)
print("the same seed, the same choice:", again.tolist() == some.tolist())
layer = nn.Dropout(0.2).eval()  # a layer that calls your function; in use
print("in use nothing changes:", layer(ones).tolist() == ones.tolist())
reveal("10.left", round(some.max().item(), 3))

# %% [markdown]
# ## A road past the layers
#
# Back to depth. Batch norm keeps the pictures apart. But look at the way home: the letters of the
# loss pass fifty layers, and each multiplies them with its own weights. Lesson 1 said: along a
# path, multiply. Fifty factors of 1.2 are nine thousand; fifty of 0.8 are a seventy-thousandth.
#
# What if there were a path without factors? Let a few layers not *replace* what comes in, but *add*
# to it. With $f$ for what those layers make of $x$:
#
# $$z = x + f(x)$$
#
# This is a **residual block** (Kaiming He and colleagues, 2015: with it the first networks of more
# than a hundred layers were trained). $f$ has only to say what is still missing, which books call
# the residual. If there is nothing to add, it answers 0, and the block does no harm.
#
# ```
#        +------ f ------+
#        |               |
#   x ---+---------------(+)--- x + f(x)
#            the road
# ```
#
# **Exercise 4.** Write the module. `body` is $f$. Where $f$ changes the number of units, $x$ does
# not fit its answer; then somebody hands in `skip`, a module that brings $x$ into that form,
# and its answer is taken in place of $x$. Keep both as `self.body` and `self.skip`, so that walks
# find their dials.


# %% exercise="10.residual"
class Residual(nn.Module):
    """What comes in, and added to it what a body makes of it."""

    def __init__(self, body, skip=None):
        super().__init__()
        ### BEGIN SOLUTION
        self.body, self.skip = body, skip
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        road = x if self.skip is None else self.skip(x)
        return road + self.body(x)
        ### END SOLUTION


# %%
check("10.residual")

# %% [markdown]
# ## All together
#
# First the road: forty-eight blocks whose $f$ answers 0, for all its weights are 0, and a letter
# of 1 sent through them all. Without roads nothing would come home.
#
# Then `deep`, which builds a network of any depth from such blocks, with two switches: batch norm
# in each block, and a road past it.

# %%
silent = [nn.Linear(1, 1) for _ in range(48)]
for layer in silent:
    nn.init.zeros_(layer.weight)
x = minidl.ones(1, 1, requires_grad=True)
nn.Sequential(*(Residual(nn.Sequential(layer, nn.Tanh())) for layer in silent))(x).sum().backward()
print("the letter that comes home:", x.grad.item())


def deep(depth, norm=False, residual=False, width=64):
    def block():
        parts = [dense(width, width), *([nn.BatchNorm1d(width)] if norm else []), nn.ReLU()]
        body = nn.Sequential(*parts)
        return Residual(body) if residual else body

    blocks = [block() for _ in range(depth - 2)]
    return nn.Sequential(dense(64, width), nn.ReLU(), *blocks, dense(width, 10))


print(deep(3, norm=True, residual=True))

# %% [markdown]
# ## Real work: fifty layers that learn
#
# Four networks of fifty layers: plain, with batch norm alone, with roads alone, with both. The same
# seed, the same rounds, the same rate.
#
# **Guess:** it is said that batch norm makes deep networks trainable. How many of 100 new digits
# does the one with batch norm *alone* read?

# %%
### BEGIN SOLUTION
guess = 10
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("10.alone", guess, "Fifty layers with batch norm and no roads: how many of 100 are right?")

# %% tags=["nbval-ignore-output"]
kinds = {
    "plain": {},
    "norm": {"norm": True},
    "residual": {"residual": True},
    "both": {"norm": True, "residual": True},
}
headline = {}
for name, switches in kinds.items():
    _, headline[name] = learn(deep, 50, **switches)
    print(f"{name:9s} {100 * headline[name]:3.0f} of 100 right")
reveal("10.alone", round(100 * headline["norm"]))

# %%
print("with both at least 87 % are right:", headline["both"] >= 0.87)
print("with batch norm alone at most 16 %:", headline["norm"] <= 0.16)
print("with roads alone at most 31 %:", headline["residual"] <= 0.31)
print("and with neither at most 71 %:", headline["plain"] <= 0.71)
badge()

# %% [markdown]
# With five seeds, this is what they read:
#
# | fifty layers | of 100 new digits |
# |---|---|
# | plain | 49 to 62 |
# | batch norm alone | 8 to 13 |
# | roads alone | 11 to 24 |
# | both | 90 to 94 |
#
# Neither helps alone, on the contrary; and both together read nearly what four layers read. Why?
# Measure the fresh networks: how large is the signal behind each block, and how large is the
# gradient when it arrives at each layer's weights?


# %%
def sizes(model):
    """Behind each block the size of the signal; at each linear layer that of the gradient."""
    signals, x = [], pictures[:256]
    for layer in model[1:-1]:
        x = layer(x if signals else model[0](x))
        signals.append((x**2).mean().sqrt().item())
    nn.functional.cross_entropy(model[-1](x), labels[:256]).backward()
    weights = [p for path, p in model.named_parameters() if p.ndim == 2]
    return signals, [(weight.grad**2).mean().sqrt().item() for weight in weights]


signals, gradients = {}, {}
for name, switches in kinds.items():
    minidl.manual_seed(SEED)
    signals[name], gradients[name] = sizes(deep(50, **switches))
draw(signals, "size of the signal")
draw(gradients, "size of the gradient")
plt.show()

# %% [markdown]
# * **Norm alone.** The signal is level. But look at the gradients, from right to left, the way
#   they go: each batch norm divides by the spread of what it gets, between 0.8 and 0.9, and so the
#   letters grow by about a fifth at every block. At the first layer they are thousands of times as
#   large as at the last. One rate cannot serve both.
# * **Roads alone.** The gradient is nearly level, for there is a road. But the signal is not: $x$
#   and $f(x)$ are added fifty times over, each as large as the other, and it grows by more than a
#   half at every block. The scores are huge, and so is the loss.
# * **Both.** Batch norm in $f$ brings what is added to size 1, however large $x$ has become, and
#   the road takes the letters home. Each mends what the other one breaks.
#
# See it at any depth. `DepthSlider` builds `deep` as often as you like and measures it fresh, on
# one batch: above layer by layer, below for eight depths. Predict first: with batch norm alone, how
# does the gradient at the first layer change from two layers to fifty? Then move the slider, turn
# the switches `norm` and `residual`, and walk along the curves with the arrow keys.

# %%
DepthSlider(deep, pictures[:256], labels[:256])

# %% [markdown]
# ## Break it again
#
# Is batch norm needed at all? What broke the roads was that $f$ begins too loud. So begin
# quietly: divide all weights in $f$ by the number of layers, and leave batch norm out. And what
# does layer norm do in batch norm's place?
#
# **Guess:** roads alone, begun quietly. How many of 100?

# %%
### BEGIN SOLUTION
guess = 95
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("10.quiet", guess, "Fifty blocks with roads, no norm, a quiet beginning: how many of 100?")


# %% tags=["nbval-ignore-output"]
def quiet(depth):
    model = deep(depth, residual=True)
    with minidl.no_grad():
        for block in model[2:-1]:
            block.body[0].weight /= depth
    return model


def with_layer_norm(depth, residual):
    model = deep(depth, norm=True, residual=residual)
    for block in model[2:-1]:
        (block.body if residual else block)[1] = nn.LayerNorm(64)  # takes batch norm's place
    return model


_, begun_quietly = learn(quiet, 50)
print(f"roads alone, begun quietly: {100 * begun_quietly:.0f} of 100")
for residual in (False, True):
    _, share = learn(with_layer_norm, 50, residual)
    print(f"layer norm, {'with' if residual else 'no'} roads: {100 * share:.0f} of 100")
reveal("10.quiet", round(100 * begun_quietly))

# %% [markdown]
# So the road is what depth cannot do without; for the signal's size there are several remedies. The
# networks that write (lesson 13) take roads and layer norm; those that see, roads and batch norm.
#
# And be honest about the rest: on these small digits fifty layers read no better than four. Depth
# pays where there is much to find out, and data to find it in. What you have now is the means.
#
# ## What you know now
#
# * A deep plain network makes all pictures alike; batch norm takes out what they have in common.
# * Batch norm has two modes. While it learns, it uses the batch and keeps running averages; in use,
#   those. Who forgets `eval()` gets answers that depend on the neighbours.
# * Layer norm looks at one example alone, and has one mode.
# * Dropout divides by $1 - p$ while it learns, so that in use there is nothing to do.
# * A residual block adds, and so leaves the gradient a road without factors.
# * Norm alone explodes backwards, roads alone explode forwards, both together do neither.
#
# > **The same on a GPU.** `model.to("cuda")`, and each batch likewise; the running averages move
# > along. Your functions name no array library, so they stay as they are.
# >
# > **The same on CIFAR-10.** `datasets.cifar10("train")` has colour pictures of 32 by 32. Let the
# > body be `nn.Conv2d(c, c, 3, padding=1)`, `nn.BatchNorm2d(c)` and `nn.ReLU()`, twice over, and
# > where the channels double, let `skip` be `nn.Conv2d(c, 2 * c, 1, stride=2)`. Begin with
# > `nn.Conv2d(3, 16, 3, padding=1)`, end with a mean over all places and a linear layer. That is a
# > ResNet, and it wants a GPU.
#
# Your pieces are kept in `my_minidl.py`. This ends the second part of the course: you can build,
# train and mend a network of any depth. Next come things that arrive one after the other.
