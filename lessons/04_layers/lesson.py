# %% [markdown]
# # 4 · Layers, losses, initialisation
#
# You have tensors that remember. A network is what one builds of them, and it takes three
# ingredients: **layers**, which hold the dials; a **loss**, which says how wrong the answers are;
# and a good **beginning** (books say initialisation), which decides whether anything is learned at
# all.
#
# You write all three in this lesson. At the end they read handwritten digits, and get 98 of 100
# right.
#
# **How to read.** Run the cells from top to bottom with Shift+Enter. In an exercise, put your own
# lines where you see `raise NotImplementedError(...)`, run the cell, then run the check below it.
# Allow about half an hour.
#
# ## The task
#
# Here are pictures of digits that people wrote by hand, 8 dots wide and 8 dots high. Each dot is a
# number, so a picture is a row of 64 numbers. Every fifth picture is kept aside, to judge the
# network by what it has never seen. The digit that a picture shows is its **label**.

# %%
import math

import matplotlib.pyplot as plt
from minidl_widgets import GraphStepper, SignalBoard

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, datasets
from minidl.grading import badge, check, load_mine, predict, reveal

print(load_mine())  # what you built in lesson 3 goes to work
pictures, labels = datasets.digits("train").tensors  # they come with scikit-learn
print("to learn from:", pictures.shape, "and", labels.shape)

figure, panels = plt.subplots(1, 10, figsize=(9, 1.4))
for digit, panel in enumerate(panels):
    first = labels.tolist().index(digit)
    panel.imshow(pictures[first].reshape(8, 8).numpy(), cmap="gray_r")
    panel.set(title=str(digit), xticks=[], yticks=[])
figure.tight_layout()
plt.show()

# %% [markdown]
# ## A tree of parts
#
# A network is made of parts, and parts are made of parts. In minidl, as in PyTorch, each part is a
# **Module**. Somewhere inside are the tensors that training turns, the **parameters**: the dials.
# Whoever trains the network wants them all, each under a name, its **path**:
#
# ```
# network
#   |-- first
#   |     |-- weight      "first.weight"
#   |     '-- bias        "first.bias"
#   '-- last
#         |-- weight      "last.weight"
#         '-- bias        "last.bias"
# ```
#
# A module keeps two drawers. When you write `self.first = ...`, a module goes into `_modules`, and
# a parameter into `_parameters`. Both are dictionaries from a name to a thing. The next cell opens
# the drawers of a small network, in which one part stands in two places.

# %%
class Scale(nn.Module):
    """Multiplies by a dial."""

    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(minidl.ones(1))  # a tensor that is a parameter
        self.register_parameter("shift", None)  # a dial that this part does without


class Pair(nn.Module):
    """Two parts, and the first of them again."""

    def __init__(self):
        super().__init__()
        self.first, self.last = Scale(), Scale()
        self.again = self.first


pair = Pair()
print("in pair:      ", list(pair._modules), list(pair._parameters))
print("in pair.first:", list(pair.first._modules), list(pair.first._parameters))

# %% [markdown]
# Two functions walk the tree. They hand out one find at a time, with `yield`; and
# `yield from f(...)` hands on everything that another walk finds.
#
# `named_modules` hands out a module and its path, then does the same for every module in its
# drawer: it calls itself. `prefix` is the path so far. A module that stands in two places comes
# once, under its first path; `memo` remembers whom we have met, on all floors. Who wants to hear of
# every place says `remove_duplicate=False`.
#
# `named_parameters` visits all these modules and opens the other drawer. Two modules may share a
# dial, and it comes once as well, or an **optimiser**, who turns the dials, would turn it twice:
# put those you have met into the set `seen`. Where a layer does without a dial, there may be a
# `None`; skip it.
#
# **Exercise 1.** Finish both walks. The path of a child is the path so far, a dot, and its name.
# The outermost module has the path `""`, and a name below that stands alone, without a dot.

# %% exercise="04.tree"
def named_modules(module, memo=None, prefix="", remove_duplicate=True):
    """The module with its path, then every module below it."""
    memo = set() if memo is None else memo
    if module in memo:
        return
    if remove_duplicate:
        memo.add(module)
    yield prefix, module
    for name, child in module._modules.items():
        if child is not None:
            ### BEGIN SOLUTION
            path = f"{prefix}.{name}" if prefix else name
            yield from named_modules(child, memo, path, remove_duplicate)
            ### END SOLUTION


def named_parameters(module, prefix=""):
    """Every parameter in the tree with its path, each once."""
    seen = set()
    for place, part in named_modules(module, None, prefix):
        for name, parameter in part._parameters.items():
            ### BEGIN SOLUTION
            if parameter is not None and parameter not in seen:
                seen.add(parameter)
                yield f"{place}.{name}" if place else name, parameter
            ### END SOLUTION

# %%
check("04.tree")

# %% [markdown]
# From here on minidl walks with your feet. An optimiser asks your `named_parameters` what to turn;
# loading saved weights, moving a network to a graphics card and switching it between learning and
# use go by your `named_modules`.
#
# ## The layer
#
# The simplest layer with dials is the **linear** one. Every output is a sum of all inputs, each
# multiplied by a dial of its own, and one more dial, the **bias**, is added:
#
# $$y_j = w_{j1} x_1 + w_{j2} x_2 + \dots + b_j$$
#
# Here $x_1, x_2, \dots$ are the inputs, $y_j$ is output number $j$, $w$ are its dials and $b_j$ its
# bias.
# The dials $w$ of one output stand in one row. So `weight` has a row for every output and a column
# for every input, and `bias` has a number for every output.
#
# **Guess:** a layer makes 32 outputs of 64 inputs, and each output has a bias. How many dials has
# it?

# %%
### BEGIN SOLUTION
guess = 2080
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("04.dials", guess, "64 inputs, 32 outputs, a bias for each output. How many dials?")

# %% [markdown]
# For all examples at once the sums are one matrix product. Look at the shapes to see which way the
# weights must lie:
#
# ```
#   input          weight                     output
#   examples x 3   4 x 3, one row per output  examples x 4
# ```
#
# **Exercise 2.** Write the layer. In `__init__`, make `self.weight` and `self.bias`, each an
# `nn.Parameter` around a tensor: `minidl.empty(rows, columns, **where)` has that shape, and numbers
# that are not drawn yet. (`where` says on which device, and in which `dtype`.) With `bias=False`,
# `self.bias` is `None`. `reset_parameters` then draws the first numbers; more of that later.
# `forward` computes the output.

# %% exercise="04.linear"
class Linear(nn.Module):
    """Every output is a weighted sum of all inputs, plus a bias."""

    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        where = {"device": device, "dtype": dtype}
        ### BEGIN SOLUTION
        self.weight = nn.Parameter(minidl.empty(out_features, in_features, **where))
        self.bias = nn.Parameter(minidl.empty(out_features, **where)) if bias else None
        ### END SOLUTION
        self.reset_parameters()

    def reset_parameters(self):
        bound = 1 / math.sqrt(self.in_features)
        for parameter in self.parameters():  # what named_parameters finds, without the paths
            nn.init.uniform_(parameter, -bound, bound)  # draws all its numbers between the two

    def forward(self, input):
        ### BEGIN SOLUTION
        output = input @ self.weight.T
        return output if self.bias is None else output + self.bias
        ### END SOLUTION

    def extra_repr(self):  # what is printed between the brackets
        return f"{self.in_features}, {self.out_features}, bias={self.bias is not None}"

# %%
check("04.linear")

# %% [markdown]
# ## See it
#
# Your class now stands where `nn.Linear` stood. Two of your layers with a bend between them make a
# small network; the cell shows its dials, as your walk finds them, and answers your guess.
#
# Below it stands the network as a graph. Click a box and step with `]` and `[`: first the numbers
# go forward, then the gradients come back. The boxes `permute`, `@` and `+` are your own lines at
# work: the weights turned, the product, the bias.

# %%
minidl.manual_seed(0)  # sets the seed: the same numbers are drawn each time
# Sequential runs its parts one after the other; Tanh is lesson 1's bend, for tensors
tiny = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
for path, parameter in tiny.named_parameters():
    print(f"{path:8s} {tuple(parameter.shape)}")
print(reveal("04.dials", sum(dial.numel() for dial in nn.Linear(64, 32).parameters())))

GraphStepper(lambda x: tiny(x).sum(), minidl.tensor([[0.5, -1.0]]))

# %% [markdown]
# ## The price of a wrong answer
#
# For ten digits the network has ten outputs: a **score** for each. The highest score is its
# answer. To learn, it must be told how *good* the scores are, in one number.
#
# First, scores become **probabilities**: positive numbers that add up to 1. The exponential makes
# them positive, and dividing by the sum makes them add up. Books call this the **softmax**. With
# $s_j$ for the score of class $j$ and $p_j$ for its probability:
#
# $$p_j = \frac{e^{s_j}}{e^{s_1} + e^{s_2} + \dots}$$
#
# Then the price is $-\ln p$ of the *right* class. Whoever gave it probability 1 pays nothing;
# the smaller it was, the more it costs. The mean over all examples is the **cross-entropy**.
#
# **Guess:** a network knows nothing and gives each of the ten digits the same score. Its
# probabilities are 0.1 each. What is its loss? (A number with one decimal will do; the curve below
# helps.)

# %%
shares = [i / 100 for i in range(1, 101)]
plt.figure(figsize=(5.5, 2.8))
plt.plot(shares, [-math.log(p) for p in shares], color="tab:blue", linewidth=2)
plt.xlabel("probability given to the right class")
plt.ylabel("price")
plt.tight_layout()
plt.show()

# %%
### BEGIN SOLUTION
guess = 2.3
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("04.nothing", guess, "Ten classes, all scores equal. What is the loss?")

# %% [markdown]
# ## Break it
#
# Written as in the book, the softmax breaks. The exponential of a large number is larger than any
# number the machine can hold; the exponential of a very negative one is rounded to 0, and the
# logarithm of 0 is minus infinity. (The last line of the output answers your guess.)

# %%
def by_the_book(scores, right):
    shares = minidl.exp(scores)
    return -(shares / shares.sum())[right].log()


for scores in ([2.0, 1.0, 0.0], [200.0, 100.0, 0.0], [0.0, -100.0, -200.0]):
    price = by_the_book(minidl.tensor(scores), 2).item()
    print(f"{scores} -> price of class 2: {price:.3f}")
reveal("04.nothing", round(-math.log(0.1), 3))

# %% [markdown]
# Two remedies, and both only rearrange the formula:
#
# * Taking the same number out of all scores changes nothing, because it cancels in the fraction.
#   So take out the *largest*: then no exponent is above 0, and nothing overflows. It is a constant
#   as far as slopes are concerned, so `detach()` it.
# * $\ln (a / b) = \ln a - \ln b$. So instead of the logarithm of a share, subtract:
#   $\ln p_j = s_j - \ln(e^{s_1} + e^{s_2} + \dots)$. Nothing is rounded to 0 on the way.
#
# **Exercise 3.** Write the cross-entropy. `input` has a row of scores for each example, `target`
# the number of its right class. Useful pieces: `x.amax(1, keepdim=True)`, the largest of each row;
# `x.sum(1, keepdim=True)`; `minidl.exp(x)`; `x.log()`; and `x[minidl.arange(len(target)), target]`,
# one number from each row.

# %% exercise="04.loss"
def cross_entropy(input, target):
    """The mean of -ln(probability of the right class)."""
    ### BEGIN SOLUTION
    safe = input - input.amax(1, keepdim=True).detach()
    logs = safe - minidl.exp(safe).sum(1, keepdim=True).log()
    right = logs[minidl.arange(len(target)), target]
    return -right.mean()
    ### END SOLUTION

# %%
check("04.loss")

# %% [markdown]
# ## How to begin
#
# The dials must start somewhere. All at zero? Then all units of a layer are equal, get equal
# gradients, and stay equal for ever: a thousand units that act as one. So they start at random.
# But how large?
#
# A unit adds up many numbers. If its weights are too large, its output is larger than its inputs,
# and after many layers the signal **explodes**. If they are too small, it **vanishes**. The next
# cell sends a signal through 30 layers and measures its size (the root of the mean square) after
# each.
#
# **Guess:** 30 layers of 100 units, the weights drawn with **spread** 0.05 (two of three lie
# between -0.05 and 0.05), relu between them. Does the signal **grow**, **stay** or **shrink**?
# (minidl has relu as a layer, `nn.ReLU`, and as a plain function, `nn.functional.relu`.)

# %%
### BEGIN SOLUTION
guess = "shrink"
### STUDENT
# guess = None  # "grow", "stay" or "shrink"
### END SOLUTION
predict("04.signal", guess, "30 layers of 100 units, spread 0.05, relu: the signal will...")

# %%
def sizes(begin, bend, width=100, depth=30):
    """How large a signal is after each layer."""
    minidl.manual_seed(1)
    x, found = minidl.randn(200, width), []  # randn draws from a bell around 0, of spread 1
    for _ in range(depth):
        x = bend(x @ begin(minidl.empty(width, width)).T)
        found.append((x * x).mean().sqrt().item())  # sqrt: the root
    return found


def show(curves):
    plt.figure(figsize=(6.5, 3.2))
    for (name, found), line in zip(curves.items(), ("-", "--", ":", "-.")):
        plt.plot(range(1, len(found) + 1), found, line, label=name, linewidth=2)
    plt.yscale("log")
    plt.xlabel("layer")
    plt.ylabel("size of the signal")
    plt.legend(loc="center left", bbox_to_anchor=(1, 0.5))  # beside the curves, not on them
    plt.tight_layout()
    plt.show()


def with_spread(spread):
    return lambda weight: nn.init.normal_(weight, 0, spread)  # draws from a bell of that spread


# ReLU is lesson 1's relu, for tensors
curves = {f"spread {s}": sizes(with_spread(s), nn.ReLU()) for s in (0.05, 0.14, 0.3)}
for name, found in curves.items():
    print(f"{name:12s} after 30 layers: {found[-1]:.0e}")
show(curves)
small = curves["spread 0.05"][-1]
reveal("04.signal", "shrink" if small < 0.1 else "grow" if small > 10 else "stay")

# %% [markdown]
# Between too small and too large lies a narrow path, and one can work out where.
#
# The **variance** of numbers around 0 is their mean square; the spread is its root. When $n$
# independent products $w x$ are added, their variances add up: the output has $n$ times the
# variance of one product. To keep the size, the weights need variance $1 / n$, with $n$ the number
# of *inputs*.
#
# * **Xavier** (after Xavier Glorot, 2010). The gradients travel backwards through the same
#   weights, and for them the number of *outputs* counts. The compromise is the mean of the two:
#   variance $\frac{2}{\text{inputs} + \text{outputs}}$.
# * **He** (after Kaiming He, 2015; PyTorch goes by the first name). A relu lets only the positive
#   half pass, and so halves the mean square. The weights make up for it: variance
#   $\frac{2}{\text{inputs}}$.
#
# The variance says how far the numbers spread, not how they are spread out. They may be **normal**,
# a bell with thin tails: `normal_(tensor, 0, spread)`. Or **uniform**, all equally likely between
# $-b$ and $b$: `uniform_(tensor, -b, b)`. Those have variance $b^2 / 3$.
#
# **Exercise 4.** Write both, each in both ways. They fill the tensor that is given; the underscore
# at the end of a name says so. `gain` is a factor on the spread, for whoever wants to begin louder
# or softer. Mind the difference between a variance and a spread.

# %% exercise="04.start"
def xavier_normal_(tensor, gain=1.0):
    """Fills a weight with normal numbers of variance 2 / (inputs + outputs)."""
    inputs, outputs = nn.init.fans(tensor)  # reads both from the tensor's shape
    ### BEGIN SOLUTION
    spread = gain * math.sqrt(2 / (inputs + outputs))
    ### END SOLUTION
    return nn.init.normal_(tensor, 0, spread)


def xavier_uniform_(tensor, gain=1.0):
    """Fills a weight with uniform numbers of the same variance."""
    inputs, outputs = nn.init.fans(tensor)
    ### BEGIN SOLUTION
    bound = gain * math.sqrt(3 * 2 / (inputs + outputs))
    ### END SOLUTION
    return nn.init.uniform_(tensor, -bound, bound)


def kaiming_normal_(tensor):
    """Fills a weight with normal numbers of variance 2 / inputs, for a layer with relu behind."""
    inputs, outputs = nn.init.fans(tensor)
    ### BEGIN SOLUTION
    spread = math.sqrt(2 / inputs)
    ### END SOLUTION
    return nn.init.normal_(tensor, 0, spread)


def kaiming_uniform_(tensor):
    """Fills a weight with uniform numbers of the same variance."""
    inputs, outputs = nn.init.fans(tensor)
    ### BEGIN SOLUTION
    bound = math.sqrt(3 * 2 / inputs)
    ### END SOLUTION
    return nn.init.uniform_(tensor, -bound, bound)

# %%
check("04.start")

# %% [markdown]
# Thirty layers again. `nn.init` holds your four functions now. Three of the curves below stay
# level, with normal numbers as with uniform ones. The fourth is Xavier with relu: it leaves out the
# factor that He puts in, and loses half the mean square at every layer.
#
# The gradients go the same way home, from the last layer to the first, through the same weights.
# `SignalBoard` shows both. It begins a network anew as often as you like, with your functions, and
# measures in each layer how large the signal is on its way forward, and the gradient on its way
# back. A third curve is the gradient that the layer's weights get: what an optimiser will see.
#
# **Guess:** all of He's weights are multiplied by 0.8. How many times smaller is the signal after
# 30 layers than after the first: about 10, 100 or 1000 times?
#
# Then use the board. The slider changes the scale of all weights, and each time the network begins
# anew. Where do the curves lie level? How far may the scale be from there before the signal
# vanishes or explodes? Choose Xavier: which scale makes it as good as He? You know the number.
# (Point at the curves, or walk along them with the arrow keys, to hear of one layer.)

# %%
curves = {
    "He, normal, relu": sizes(nn.init.kaiming_normal_, nn.ReLU()),
    "He, uniform, relu": sizes(nn.init.kaiming_uniform_, nn.ReLU()),
    "Xavier, no bend": sizes(nn.init.xavier_normal_, nn.Identity()),  # lets all pass unchanged
    "Xavier, relu": sizes(nn.init.xavier_normal_, nn.ReLU()),
}
for name, found in curves.items():
    print(f"{name:18s} after 30 layers: {'alive' if 0.1 < found[-1] < 10 else 'nearly gone'}")
show(curves)

# %%
### BEGIN SOLUTION
guess = 1000
### STUDENT
# guess = None  # 10, 100 or 1000
### END SOLUTION
predict("04.fades", guess, "He's weights times 0.8, 30 layers: how many times smaller?")

# %%
def deep():
    """30 layers of 100 units, relu after each."""
    parts = [part for _ in range(30) for part in (nn.Linear(100, 100), nn.ReLU())]
    return nn.Sequential(*parts)


found = sizes(lambda weight: 0.8 * nn.init.kaiming_normal_(weight), nn.ReLU())
print(reveal("04.fades", 10 ** round(math.log10(found[0] / found[-1]))))

SignalBoard(deep, minidl.randn(200, 100), begin="He", scale=0.8)

# %% [markdown]
# ## Real work: digits
#
# Now all together, and every piece is yours: the layers, the walk by which the optimiser finds
# their dials, the first weights, the cross-entropy. The network is 64 inputs, 384 units with relu,
# 10 scores. So that it does not learn the pictures by heart, each is blurred by a little noise
# every time it is shown.
#
# First the test of the fresh network. Remember $\ln 10$: if it begins far above that, something is
# wrong before the first step. Then 30 rounds through all pictures; the optimiser, AdamW, and its
# schedule are the subject of lesson 5. At the end the badge tells whose code it was.

# %%
SEED = 3


def network():
    made = nn.Sequential(nn.Linear(64, 384), nn.ReLU(), nn.Linear(384, 10))
    nn.init.kaiming_normal_(made[0].weight)
    nn.init.xavier_normal_(made[2].weight, gain=0.1)  # timid at first: nearly equal scores
    for layer in (made[0], made[2]):
        nn.init.zeros_(layer.bias)  # fills it with zeros
    return made


def right_share(model, split):
    pictures, labels = datasets.digits(split, normalize=True).tensors
    with minidl.no_grad():
        return (model(pictures).argmax(1) == labels).float().mean().item()


minidl.manual_seed(SEED)
model = network()
pictures, labels = datasets.digits("train", normalize=True).tensors
loss = nn.functional.cross_entropy(model(pictures), labels).item()  # yours, since the check
print(f"loss of the fresh network: {loss:.1f}, and ln 10 is {math.log(10):.1f}")

# %%
ROUNDS, BATCH, RATE = 30, 32, 0.01
# hands out the pictures in batches, shuffled anew in each round
loader = DataLoader(datasets.digits("train", normalize=True), BATCH, shuffle=True)
optimizer = optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.1)
# lets the rate rise to RATE first, then die away
schedule = optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=ROUNDS * len(loader))
for _ in range(ROUNDS):
    for x, y in loader:
        # randn_like: noise of the pictures' shape
        loss = nn.functional.cross_entropy(model(x + 0.8 * minidl.randn_like(x)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()  # turns the dials
        schedule.step()

headline = right_share(model, "test")
print(f"new digits read right: {100 * headline:.0f} of 100")
print("at least 97 % are right:", headline >= 0.97)
badge()

# %% [markdown]
# ## Break it again
#
# It works. Which of the pieces was needed? Take one away at a time. First the random beginning: a
# smaller network of 32 units with relu learns for 100 steps, once with all weights starting at 0,
# once with all at 0.1, once with He's. We call two units different if they have different
# weights.
#
# **Guess:** all weights start at 0.1. How many *different* units are there after 100 steps?
#
# Then two smaller mistakes. The softmax must add up to 1 along the classes, dimension 1. Taken
# along dimension 0, it makes the *examples* of a batch share a probability, so what one pays
# depends on who sits beside it. And a layer without a bias answers 0 to an input of 0: it can
# tell large from small only if the border lies at 0.

# %%
### BEGIN SOLUTION
guess = 1
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("04.equal", guess, "32 units, all weights start at 0.1. How many differ after 100 steps?")

# %%
def filled(number):
    return lambda weight: nn.init.constant_(weight, number)  # the same number everywhere


def learn(begin, units=32, steps=100):
    """How many different units there are in the end, and how many new digits are right."""
    minidl.manual_seed(SEED)
    made = nn.Sequential(nn.Linear(64, units), nn.ReLU(), nn.Linear(units, 10))
    for layer in (made[0], made[2]):
        begin(layer.weight)
        nn.init.zeros_(layer.bias)
    optimizer = optim.SGD(made.parameters(), lr=0.1)  # lesson 1's way: rate times gradient
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(made(pictures), labels).backward()
        optimizer.step()
    rows = made[0].weight.detach().numpy().round(3)
    return len({tuple(row) for row in rows.tolist()}), right_share(made, "test")


ends = {"all 0": learn(filled(0.0)), "all 0.1": learn(filled(0.1))}
ends["He"] = learn(nn.init.kaiming_normal_)
for name, (different, share) in ends.items():
    print(f"{name:8s} {different:2d} different units, {100 * share:.0f} of 100 new digits right")
reveal("04.equal", ends["all 0.1"][0])

# %%
def price(scores, right, dim):
    """What the first example pays, with the softmax taken along dim."""
    return abs(minidl.tensor(scores).log_softmax(dim)[0, right].item())  # ln of the softmax


me, neighbour = [0.0, 1.0, 2.0], [0.0, 5.0, 0.0]
for dim in (1, 0):
    alone, beside = price([me], 0, dim), price([me, neighbour], 0, dim)
    print(f"softmax along dimension {dim}: alone I pay {alone:.2f}, beside another {beside:.2f}")

numbers = minidl.arange(10).float().reshape(10, 1)
large = (numbers[:, 0] > 4).long()  # True and False as whole numbers, 1 and 0
for bias in (True, False):
    minidl.manual_seed(SEED)
    border = nn.Linear(1, 2, bias=bias)
    optimizer = optim.AdamW(border.parameters(), lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        nn.functional.cross_entropy(border(numbers), large).backward()
        optimizer.step()
    found = (border(numbers).argmax(1) == large).sum().item()
    print(f"is the number above 4? with{'' if bias else 'out'} a bias: {found} of 10 right")

# %% [markdown]
# ## What you know now
#
# * A network is a tree of parts, and its parameters are found by walking the tree, each once.
# * A linear layer is one matrix product and one sum, whatever the number of examples.
# * The cross-entropy is the price of a wrong answer. Take the largest score out first, and never
#   take the logarithm of a probability.
# * Who knows nothing pays $\ln$ of the number of classes. Check that before you train.
# * The size of the first weights decides whether a deep network hears anything: variance
#   2 / inputs with relu.
#
# > **The same on a GPU.** Write `model.to("cuda")` and move each batch with `x.to("cuda")`. Your
# > layer and your loss name no array library, so they stay as they are.
# >
# > **The same on MNIST.** `datasets.mnist("train", normalize=True)` fetches 60,000 digits of 28 by
# > 28 dots, once (12 MB; without a network it says so). They need `nn.Linear(784, ...)` in the
# > first place; nothing else changes.
#
# Your pieces are kept in `my_minidl.py`, where you may read and change them. The next lesson's
# first cell puts them to work again; `switch("nn.Linear", "minidl's")` would leave one at home.
