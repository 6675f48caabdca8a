# %% [markdown]
# # 8 · Debugging clinic
#
# A broken program stops and says so. A broken *network* goes on. It learns a little, or nothing, or
# far too well, and no line turns red. You look at a curve that is not quite right, and somewhere in
# your code sits a mistake of one word.
#
# So here is a clinic. Ten patients wait in five rooms. Each came with a complaint, and all are
# things that happen to good people on ordinary days. You will do with each of them what a doctor
# does: look and *measure*, name the **ailment**, and mend it. At the end all ten must reach their
# target.
#
# **How to read.** As before: Shift+Enter, and guess before you look. In this lesson the exercises
# begin with the *broken* code. Find the line, change it, run the check. Allow about fifty minutes.
#
# ## First, a healthy one
#
# Who has never seen health knows no ailment. This network of lesson 4's kind reads handwritten
# digits, and a step of it is lesson 7's five calls. The function `practised` trains one from a
# seed: the rooms use it all day. It takes everything that may be broken as an argument.

# %%
import math
import warnings
from copy import deepcopy

from minidl_widgets import SymptomPanel

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, TensorDataset, datasets
from minidl.grading import badge, check, load_mine, predict, reveal

print(load_mine())  # what you built in earlier lessons goes to work
learn = datasets.digits("train", normalize=True).tensors  # pictures and labels
fresh = datasets.digits("test", normalize=True).tensors  # nobody learns from these


def cross_entropy(scores, labels):
    """Yours, since lesson 4."""
    return nn.functional.cross_entropy(scores, labels)


def small(inputs, classes):
    """A healthy network."""
    return nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, classes))


def sound_step(model, optimizer, loss_fn, x, y):
    """A healthy step: wipe, forward, loss, back, turn."""
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def practised(
    seed, make=small, loss_fn=cross_entropy, step=sound_step, data=None, steps=150, kind=optim.SGD
):
    """A network after so many steps, and the losses on the way."""
    minidl.manual_seed(seed)
    pictures, labels = data or learn
    model = make(pictures.shape[1], labels.max().item() + 1)
    optimizer = kind(model.parameters(), lr=0.01 if kind is optim.Adam else 0.1)
    # TensorDataset ties each picture to its label, so that they are shuffled together
    loader = DataLoader(TensorDataset(pictures, labels), 32, shuffle=True)
    losses = []
    while len(losses) < steps:
        for x, y in loader:
            losses.append(step(model, optimizer, loss_fn, x, y))
            if len(losses) == steps:
                break
    return model, losses


def share(model, data=None):
    """The share of the fresh pictures, or of others, that is read right."""
    pictures, labels = data or fresh
    with minidl.no_grad():
        return (model(pictures).argmax(1) == labels).float().mean().item()


healthy, losses = practised(0)
print(f"loss: {losses[0]:.2f} at first, {losses[-1]:.2f} in the end; ln 10 is {math.log(10):.2f}")
print(f"fresh pictures read right: {share(healthy):.0%}")

# %% [markdown]
# ## The chart
#
# On the wall hangs a chart: what ails networks, and what a measurement shows then. Ten of the lines
# are in this house today. Three are not, so do not be too quick.
#
# | ailment | what one measures |
# |---|---|
# | `"dead units"` | relus that give 0 for every picture; no gradient comes through them |
# | `"exploding signal"` | the numbers grow from layer to layer |
# | `"vanishing signal"` | the numbers shrink from layer to layer |
# | `"wrong axis"` | what an example pays depends on who sits beside it in the batch |
# | `"softmax twice"` | even a perfect answer costs something |
# | `"gradients pile up"` | after each step `grad` is longer than that batch alone would make it |
# | `"dials left out"` | dials that have not moved by a single bit after the step |
# | `"rate too high"` | the loss jumps up and down, and each step turns the dials far |
# | `"raw inputs"` | columns of very different size: 0.3 here, 1500 there |
# | `"leak"` | examples of the exam stand among those that were learned |
# | `"shuffled labels"` | the loss stays at $\ln$ of the number of classes, whatever one does |
# | `"underflow"` | gradients that are exactly 0, though they should only be small |
# | `"exam in training mode"` | two exams of the same network give two results |
#
# A rule of the house: **measure first, then change one thing.** Who changes three things at once
# and gets well does not know why.
#
# Many of these measurements are made by an instrument, the `SymptomPanel`. It takes a network, its
# loss, a batch, and the optimiser, and lists what it finds: the number, the limit, the place. It
# lays hands on *twins* only, so looking changes nothing. Here is the healthy network before its
# first step. Unfold what is healthy, and **Part by part**. Then press **Step**, or `]`: that takes
# a step with the network itself.


# %%
def examined(make=small, loss_fn=cross_entropy, step=sound_step, data=None, names=False, **more):
    """A patient before its first step, in the panel."""
    minidl.manual_seed(0)
    pictures, labels = data or learn
    model = make(pictures.shape[1], labels.max().item() + 1)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    batch = pictures[:64], labels[:64]
    return SymptomPanel(model, loss_fn, batch, optimizer, step=step, names=names, **more)


examined(names=True)

# %% [markdown]
# ## Room 1: before the first step
#
# Two patients who are ill before they have learned anything.
#
# * **Quiet** says: *my loss does not move.* Its builder wanted few units to speak at once.
# * **Loud** has four layers of 32 units, and says: *my loss is enormous, and then it is stuck.* Its
#   builder had read that numbers should have spread 1, and took this for the weights.
#
# The panel examines both before they have taken a step. From now on it keeps the names to itself
# (`names=False`): they are your work. Of two symptoms that are equally grave, the upper one often
# explains the lower: the list goes downstream, from the data by the signals and the loss to the
# step.


# %%
def quiet_network(inputs, classes):
    net = nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, classes))
    nn.init.constant_(net[0].bias, -10.0)  # "so that few units speak at once"
    return net


def loud_network(inputs, classes):
    layers = []
    for _ in range(4):
        layers += [nn.Linear(inputs, 32), nn.ReLU()]
        nn.init.normal_(layers[-2].weight, 0, 1)  # "numbers should have spread 1"
        inputs = 32
    return nn.Sequential(*layers, nn.Linear(32, classes))


admitted = {}  # how each patient was when it came
for name, make in {"healthy": small, "quiet": quiet_network, "loud": loud_network}.items():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy complains of Loud's numbers, and rightly
        model, losses = practised(0, make)
    admitted[name] = share(model)
    print(f"{name:8s} loss {losses[0]:6.2f} at first, {losses[-1]:.2f} in the end;", end=" ")
    print(f"{admitted[name]:.0%} read right")
examined(quiet_network)

# %%
examined(loud_network)

# %% [markdown]
# **Exercise 1.** Write a word of the chart behind each name, and mend both. *Quiet*: let the units
# begin without a prejudice. *Loud*: after four layers the signal should be about as large as the
# pictures are (a third to three times); lesson 4 has the cure. Both keep their layers.

# %% exercise="08.begin"
diagnosis_1 = {
    ### BEGIN SOLUTION
    "quiet": "dead units",
    "loud": "exploding signal",
    ### STUDENT
    # "quiet": "",  # a word of the chart
    # "loud": "",
    ### END SOLUTION
}


def quiet_network(inputs, classes):
    """Two layers."""
    net = nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, classes))
    ### BEGIN SOLUTION
    nn.init.constant_(net[0].bias, 0.0)
    ### STUDENT
    # nn.init.constant_(net[0].bias, -10.0)  # "so that few units speak at once"
    ### END SOLUTION
    return net


def loud_network(inputs, classes):
    """Four layers with relu, and one that scores."""
    layers = []
    for _ in range(4):
        layers += [nn.Linear(inputs, 32), nn.ReLU()]
        ### BEGIN SOLUTION
        nn.init.kaiming_normal_(layers[-2].weight)
        ### STUDENT
        # nn.init.normal_(layers[-2].weight, 0, 1)  # "numbers should have spread 1"
        ### END SOLUTION
        inputs = 32
    return nn.Sequential(*layers, nn.Linear(32, classes))


# %%
check("08.begin")

# %% [markdown]
# A unit that says 0 to every picture passes no gradient back, so its dials never move, so it says 0
# for ever. That is what *dead* means. One dead unit among many does no harm; a whole layer of them
# cuts the network in two. And *Loud*: when 32 products are added, their variances add up, a weight
# of spread 1 lets each keep its own, and a relu halves the mean square. So the signal became the
# root of 16, four times, as large at every layer. He's beginning makes up for just that.
#
# ## Room 2: the price
#
# Two patients with sound networks and odd losses. No line of theirs is red, and both learn a
# little.
#
# * **Crowd** wrote the cross-entropy by hand, and says: *my results change when I change the size
#   of the batch.*
# * **Timid** wanted to be safe: first probabilities, then minidl's `cross_entropy`. It says: *my
#   loss comes down to about one and a half and stays there.*
#
# A loss can be examined without any network: feed it scores that you know the right price of. The
# cell below asks both losses three questions. What does one example cost alone, and what beside
# its own twin? And what does a *perfect* answer cost, one whose right score is a hundred above the
# rest?
#
# **Guess:** a perfect answer, ten classes. Timid's loss makes a softmax of the scores, so the right
# class has probability 1 and the nine others 0. Then `cross_entropy` takes these ten numbers for
# *scores*, and makes another softmax of them. What does the perfect answer cost?

# %%
### BEGIN SOLUTION
guess = 1.46
### STUDENT
# guess = None  # write your number here, with two decimals
### END SOLUTION
predict("08.perfect", guess, "Softmax twice, ten classes: what does a perfect answer cost?")


# %%
def crowd_loss(scores, labels):
    shares = scores.softmax(0)
    return -shares[minidl.arange(len(labels)), labels].log().mean()


def timid_loss(scores, labels):
    return cross_entropy(scores.softmax(1), labels)  # "first probabilities, to be safe"


me = [0.0, 1.0, 2.0]  # three scores; the first class is the right one
perfect = 100 * minidl.eye(10)  # ten examples; eye: ones on the diagonal, zeros elsewhere
prices = {}
for name, loss in {"healthy": cross_entropy, "crowd": crowd_loss, "timid": timid_loss}.items():
    alone = abs(loss(minidl.tensor([me]), minidl.tensor([0])).item())
    beside = loss(minidl.tensor([me, me]), minidl.tensor([0, 0])).item()  # the mean of two equals
    prices[name] = abs(loss(perfect, minidl.arange(10)).item())
    admitted[name] = share(practised(0, loss_fn=loss)[0])
    print(f"{name:7s} an example alone pays {alone:.2f}, beside its twin {beside:.2f};", end=" ")
    print(f"a perfect answer {prices[name]:.2f}; {admitted[name]:.0%} read right")
reveal("08.perfect", round(prices["timid"], 2))

# %% [markdown]
# A softmax of numbers between 0 and 1 can never be sure: $e^1$ is less than three times $e^0$. So
# the loss has a floor that no learning breaks through, and near it the gradients are faint.
#
# **Exercise 2.** Name both ailments, and mend both. In each it is one line.

# %% exercise="08.price"
diagnosis_2 = {
    ### BEGIN SOLUTION
    "crowd": "wrong axis",
    "timid": "softmax twice",
    ### STUDENT
    # "crowd": "",
    # "timid": "",
    ### END SOLUTION
}


def crowd_loss(scores, labels):
    """The mean of -ln(share of the right class); scores has a row for each example."""
    ### BEGIN SOLUTION
    shares = scores.softmax(1)
    ### STUDENT
    # shares = scores.softmax(0)
    ### END SOLUTION
    return -shares[minidl.arange(len(labels)), labels].log().mean()


def timid_loss(scores, labels):
    """The same by minidl's own cross-entropy."""
    ### BEGIN SOLUTION
    return nn.functional.cross_entropy(scores, labels)
    ### STUDENT
    # return nn.functional.cross_entropy(scores.softmax(1), labels)  # "to be safe"
    ### END SOLUTION


# %%
check("08.price")

# %% [markdown]
# ## Room 3: the step
#
# Two patients whose dials do not move as they should.
#
# * **Heavy** says: *I learn for a while, and then I am thrown about.* Its step has four calls.
# * **Lame** has two inner layers, kept in a list, and says: *my training is fine, only weak.*
#
# Ask the dials. The panel lets twins take two steps, by the patient's own step, on one and the same
# batch, and looks at the second: how long is the gradient, compared with the one that this batch
# alone would make? And it counts which dials are found, and which move.


# %%
def heavy_step(model, optimizer, loss_fn, x, y):
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


class LameNetwork(nn.Module):
    def __init__(self, inputs, classes, width=16):
        super().__init__()
        self.hidden = [nn.Linear(inputs, width), nn.Linear(width, width)]
        self.last = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden:
            x = nn.functional.relu(layer(x))
        return self.last(x)


for name, make, step in (
    ("healthy", small, sound_step),
    ("heavy", small, heavy_step),
    ("lame", LameNetwork, sound_step),
):
    admitted[name] = share(practised(0, make, step=step, steps=300)[0])
    print(f"{name:8s} {admitted[name]:.0%} read right")
examined(step=heavy_step)

# %%
examined(LameNetwork)

# %% [markdown]
# You know from lesson 4 how the walk finds the dials: it opens the drawers `_modules` and
# `_parameters`. A module goes into the drawer when you write `self.name = module`. A plain Python
# list is no module, so nobody looks into it. `nn.ModuleList([...])` is a list that *is* a module,
# with the same loops and indices.
#
# **Exercise 3.** Name both ailments, and mend both.

# %% exercise="08.step"
diagnosis_3 = {
    ### BEGIN SOLUTION
    "heavy": "gradients pile up",
    "lame": "dials left out",
    ### STUDENT
    # "heavy": "",
    # "lame": "",
    ### END SOLUTION
}


def heavy_step(model, optimizer, loss_fn, x, y):
    """One step of training; gives back the loss as a plain number."""
    ### BEGIN SOLUTION
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    ### STUDENT
    # loss = loss_fn(model(x), y)
    ### END SOLUTION
    loss.backward()
    optimizer.step()
    return loss.item()


class LameNetwork(nn.Module):
    """Two inner layers with relu, and one that scores."""

    def __init__(self, inputs, classes, width=16):
        super().__init__()
        ### BEGIN SOLUTION
        self.hidden = nn.ModuleList([nn.Linear(inputs, width), nn.Linear(width, width)])
        ### STUDENT
        # self.hidden = [nn.Linear(inputs, width), nn.Linear(width, width)]
        ### END SOLUTION
        self.last = nn.Linear(width, classes)

    def forward(self, x):
        for layer in self.hidden:
            x = nn.functional.relu(layer(x))
        return self.last(x)


# %%
check("08.step")

# %% [markdown]
# ## Room 4: the data
#
# The network is sound, the loss is sound, the step is sound. So it is what they were fed.
#
# * **Raw** judges wines by thirteen measurements: alcohol, acid, colour ... It says: *I always
#   name the same grower.*
# * **Leaky** had only 300 pictures, so it laid each of them into the box four times, shuffled the
#   box, and kept half of it aside for an exam. It says: *92 of 100 right! I want to go home.* Its
#   pictures are hard ones (`shifted_digits`): each digit stands somewhere on a larger square.
#
# The second is the most dangerous patient of the house, because it does not feel ill.
#
# The panel is handed what was learned and what the exam holds, and compares the two. The first cell
# also asks *Leaky* for the truth: how does it read pictures that were never in the box?


# %%
def prepared(train, fresh):
    return train, fresh  # "numbers are numbers"


def kept_aside(pictures, labels, copies=4):
    places = minidl.cat([minidl.arange(len(pictures))] * copies)  # each picture's number, 4 times
    places = places[minidl.randperm(len(places))]  # randperm: 0, 1, 2 ... in a random order
    half = len(places) // 2
    exam, learned = places[:half], places[half:]
    return pictures[learned], labels[learned], pictures[exam], labels[exam]


# wine: 178 of them, from three growers; they come with scikit-learn, as the digits do
wines, fresh_wines = datasets.wine("train").tensors, datasets.wine("test").tensors
box = [t[:300] for t in datasets.shifted_digits("train", canvas=12, normalize=True).tensors]
street = datasets.shifted_digits("test", canvas=12, normalize=True).tensors


def wine_share(prepare, seed):
    """Fresh wines whose grower is named, after practice on prepared ones."""
    train, new = prepare(wines[0], fresh_wines[0])
    return share(practised(seed, data=(train, wines[1]))[0], (new, fresh_wines[1]))


def claim(keep, seed):
    """What the exam says, and what is true on fresh pictures."""
    minidl.manual_seed(seed)
    x, y, exam_x, exam_y = keep(*box)
    model, _ = practised(seed, data=(x, y), steps=600)
    return share(model, (exam_x, exam_y)), share(model, street)


admitted["raw"] = wine_share(prepared, 0)
print(f"raw: {admitted['raw']:.0%} right. Its columns, as mean and spread:")
# std(0): the spread of each column
for column in (0, 4, 7, 12):
    mean, spread = wines[0].mean(0)[column].item(), wines[0].std(0)[column].item()
    print(f"    column {column:2d}: mean {mean:7.2f}, spread {spread:6.2f}")
claimed, true = claim(kept_aside, 0)
admitted["leaky"] = claimed - true
print(f"leaky: claims {claimed:.0%}, and on the street it is {true:.0%}")

x, y, exam_x, exam_y = kept_aside(*box)
examined(data=(x, y), learned=(x, y), validation=(exam_x, exam_y))

# %% [markdown]
# **Exercise 4.** Name both ailments, and mend both.
#
# * `prepared` brings each column to mean 0 and spread 1: take the mean away, divide by the spread.
#   Both are those of the *training* wines, for the fresh ones too: tomorrow's wine comes alone, and
#   one wine has no spread. `x.mean(0)` and `x.std(0)` give a number for each column.
# * `kept_aside` keeps half of the pictures aside for the exam (150 of 300; of an odd number, the
#   smaller half), by chance and each once. Of the others it gives every one `copies` times.

# %% exercise="08.data"
diagnosis_4 = {
    ### BEGIN SOLUTION
    "raw": "raw inputs",
    "leaky": "leak",
    ### STUDENT
    # "raw": "",
    # "leaky": "",
    ### END SOLUTION
}


def prepared(train, fresh):
    """Both tables with the columns on one scale."""
    ### BEGIN SOLUTION
    mean, spread = train.mean(0), train.std(0)
    return (train - mean) / spread, (fresh - mean) / spread
    ### STUDENT
    # return train, fresh  # "numbers are numbers"
    ### END SOLUTION


def kept_aside(pictures, labels, copies=4):
    """What to learn from, pictures and labels, and what to keep for the exam."""
    ### BEGIN SOLUTION
    places = minidl.randperm(len(pictures))
    half = len(pictures) // 2
    exam, learned = places[:half], minidl.cat([places[half:]] * copies)
    ### STUDENT
    # places = minidl.cat([minidl.arange(len(pictures))] * copies)
    # places = places[minidl.randperm(len(places))]
    # half = len(places) // 2
    # exam, learned = places[:half], places[half:]
    ### END SOLUTION
    return pictures[learned], labels[learned], pictures[exam], labels[exam]


# %%
check("08.data")

# %% [markdown]
# A network that has seen a picture knows it again. That is memory, not skill, and only a picture
# that it has never seen can tell the two apart. (Of each picture in the exam three more copies were
# laid out, to either side by chance. In seven cases of eight, one of them was learned.) *First*
# keep aside, *then* copy, shift, or do whatever else you like with what remains.
#
# ## Room 5: numbers and exams
#
# * **Short** works with numbers of 16 bits in place of 32: they need half the room, and on a
#   graphics card half the time. This is called **half precision**; `x.half()` makes such numbers,
#   and `x.float()` ordinary ones again. Its loss is told per million pictures. It says: *I learn
#   nothing, although my loss is fine.*
# * **Restless** has dropout in it, which lesson 7 used: in training mode it switches numbers off at
#   random. It says: *I did better at home. And each exam gives another result.*
#
# A number of 16 bits cannot be as small as one likes. Below about 0.00000006 there is only 0, and
# what is rounded to 0 is gone. This is called **underflow**.


# %%
def per_million(scores, labels):
    """The price of one picture, told per million."""
    return cross_entropy(scores, labels) / 1_000_000


def short_step(model, optimizer, loss_fn, x, y, scale=4096.0):
    optimizer.zero_grad()
    half = deepcopy(model).half()  # a copy whose numbers have 16 bits
    loss = loss_fn(half(x.half()).float(), y)
    loss.backward()
    for p, q in zip(model.parameters(), half.parameters()):
        p.grad = q.grad.float()
    optimizer.step()  # Adam: it does not mind that gradients are small
    return loss.item()


def restless_network(inputs, classes):
    return nn.Sequential(
        nn.Dropout(0.2), nn.Linear(inputs, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, classes)
    )


def exam(model, x, y):
    with minidl.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


def short_share(step, seed):
    """Fresh pictures read right after practice by this step, with Adam."""
    return share(practised(seed, step=step, loss_fn=per_million, kind=optim.Adam)[0])


minidl.manual_seed(0)
model, (x, y) = small(64, 10), learn
gone = {}
for bits, net, pictures in ((32, model, x), (16, deepcopy(model).half(), x.half())):
    scores = net(pictures[:32])
    scores.retain_grad()  # keeps the gradient of something that is no dial
    per_million(scores.float(), y[:32]).backward()
    gone[bits] = (scores.grad == 0).float().mean().item()
    print(f"short: gradients at the scores that are exactly 0, with {bits} bits: {gone[bits]:.0%}")
admitted["short"] = short_share(short_step, 0)
print(f"short: {admitted['short']:.0%} read right")

restless, _ = practised(0, restless_network)
results = [exam(restless, *fresh) for _ in range(5)]
admitted["restless"] = results[0]
print("restless: five exams,", ", ".join(f"{result:.1%}" for result in results))

# %%
examined(lambda *sizes: restless, validation=fresh, evaluate=exam)

# %% [markdown]
# For *Short* there is an old trick. The gradients of a loss that is 4096 times as large are 4096
# times as large, and do not underflow. So multiply the loss before the walk back. Afterwards, *when
# they are numbers of 32 bits again*, divide the gradients by the same number. This is **loss
# scaling**. Nobody outside may notice: the step gives back the loss as it was.
#
# For *Restless* you know the switch: `model.eval()` for use, `model.train()` for training;
# `model.train(False)` is the same as `eval()`. In which of the two a model is, stands in
# `model.training`, which is `True` or `False`. An exam must leave it as it found it: an exam may be
# held in the middle of training, or after it.
#
# **Exercise 5.** Name both ailments, and mend both.

# %% exercise="08.exam"
diagnosis_5 = {
    ### BEGIN SOLUTION
    "short": "underflow",
    "restless": "exam in training mode",
    ### STUDENT
    # "short": "",
    # "restless": "",
    ### END SOLUTION
}


def short_step(model, optimizer, loss_fn, x, y, scale=4096.0):
    """A step whose forward and backward run in numbers of 16 bits; gives back the loss."""
    optimizer.zero_grad()
    half = deepcopy(model).half()
    loss = loss_fn(half(x.half()).float(), y)
    ### BEGIN SOLUTION
    (loss * scale).backward()
    for p, q in zip(model.parameters(), half.parameters()):
        p.grad = q.grad.float() / scale
    ### STUDENT
    # loss.backward()
    # for p, q in zip(model.parameters(), half.parameters()):
    #     p.grad = q.grad.float()
    ### END SOLUTION
    optimizer.step()
    return loss.item()


def exam(model, x, y):
    """The share of right answers; the model is left as it was found."""
    ### BEGIN SOLUTION
    before = model.training
    model.eval()
    with minidl.no_grad():
        right = model(x).argmax(1) == y
    model.train(before)
    ### STUDENT
    # with minidl.no_grad():
    #     right = model(x).argmax(1) == y
    ### END SOLUTION
    return right.float().mean().item()


# %%
check("08.exam")

# %% [markdown]
# ## The real result: all ten
#
# Every patient goes through its training once more, by your code, from five seeds. *Leaky* has
# another kind of target than the others: not to be good, but to be honest. Its number is how far
# the claim lies from the truth.

# %%
SEEDS = range(5)


def gap(seed):
    claimed, true = claim(kept_aside, seed)
    return abs(claimed - true)


headline = {
    "quiet": [share(practised(seed, quiet_network)[0]) for seed in SEEDS],
    "loud": [share(practised(seed, loud_network)[0]) for seed in SEEDS],
    "crowd": [share(practised(seed, loss_fn=crowd_loss)[0]) for seed in SEEDS],
    "timid": [share(practised(seed, loss_fn=timid_loss)[0]) for seed in SEEDS],
    "heavy": [share(practised(seed, step=heavy_step, steps=300)[0]) for seed in SEEDS],
    "lame": [share(practised(seed, LameNetwork, steps=300)[0]) for seed in SEEDS],
    "raw": [wine_share(prepared, seed) for seed in SEEDS],
    "leaky": [gap(seed) for seed in SEEDS],
    "short": [short_share(short_step, seed) for seed in SEEDS],
    "restless": [exam(practised(seed, restless_network)[0], *fresh) for seed in SEEDS],
}
for name, found in headline.items():
    word = "off by" if name == "leaky" else "right "
    print(f"{name:8s} {word} {admitted[name]:4.0%} when it came, now", end=" ")
    print(", ".join(f"{one:4.0%}" for one in found))

targets = {
    "quiet": min(headline["quiet"]) >= 0.909,
    "loud": min(headline["loud"]) >= 0.888,
    "crowd": min(headline["crowd"]) >= 0.908,
    "timid": min(headline["timid"]) >= 0.908,
    "heavy": min(headline["heavy"]) >= 0.926,
    "lame": min(headline["lame"]) >= 0.891,
    "raw": min(headline["raw"]) >= 0.885,
    "leaky": max(headline["leaky"]) <= 0.166,
    "short": min(headline["short"]) >= 0.922,
    "restless": min(headline["restless"]) >= 0.881,
}
print("targets reached:", sum(targets.values()), "of", len(targets))
badge()

# %% [markdown]
# *Leaky* went from a proud 92 of 100 to a modest result, and that was its cure. What a network can
# do did not change in that room. What is *known* about it did.
#
# ## Break it: two ailments at once
#
# A last patient, for the exam. It has both the step of *Heavy* and the loss of *Timid*. One
# throws the dials about, the other hardly moves them.
#
# **Guess:** does it read **more** fresh pictures right than each of the two, or **fewer**?

# %%
### BEGIN SOLUTION
guess = "more"
### STUDENT
# guess = None  # "more" or "fewer"
### END SOLUTION
predict("08.both", guess, "Two ailments at once: more or fewer pictures right than with one?")


# %%
def piling_step(model, optimizer, loss_fn, x, y):
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def faint_loss(scores, labels):
    return cross_entropy(scores.softmax(1), labels)


shares = {}
for name, how in {
    "softmax twice": {"loss_fn": faint_loss},
    "gradients pile up": {"step": piling_step},
    "both": {"loss_fn": faint_loss, "step": piling_step},
    "neither": {},
}.items():
    found = [share(practised(seed, **how)[0]) for seed in SEEDS]
    shares[name] = sum(found) / len(found)
    print(f"{name:18s} {shares[name]:.0%} of the fresh pictures, mean of five seeds")
reveal("08.both", "more" if shares["both"] == sorted(shares.values())[-2] else "fewer")

# %%
examined(loss_fn=faint_loss, step=piling_step, names=True)

# %% [markdown]
# Gradients that pile up make the steps longer, and those of a softmax taken twice are too faint:
# each hides the other, and the result looks almost well. Mend only one, and it gets *worse*, so you
# would put the mistake back. That is why the house measures. Whatever the result says, the panel
# sees both.
#
# ## What you know now
#
# * Most mistakes raise no error. They show in numbers, if one looks at the right ones.
# * Before the first step: the loss near $\ln$ of the number of classes, signals of one size, no
#   dead layer.
# * Ask a loss for prices that you know: an example alone and in company, and a perfect answer.
# * After a step: the gradient is that of this batch, and every dial has moved.
# * Keep aside first, then copy. An exam holds nothing that was learned, and no dropout.
# * Change one thing at a time. Two ailments may hide each other.
#
# > **The same on a GPU.** There half precision makes networks fast, and `minidl.amp` does by itself
# > all that *Short* needed: `autocast` chooses which numbers are short, `GradScaler` finds the
# > factor. Each batch goes by `x.to("cuda")`, the networks by `model.to("cuda")`.
# >
# > **The same on MNIST.** `datasets.mnist("train", normalize=True)` in place of the digits (12 MB,
# > fetched once; without a network it says so). All ten fall ill there as well; with 60,000
# > pictures it only takes longer until one notices.
#
# The clinic stays open: when a run of yours is not well, lay it into a `SymptomPanel`, or walk
# through the rooms in this order.
