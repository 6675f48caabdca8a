# %% [markdown]
# # 6 · Data
#
# So far the digits came to the network by themselves: a line asked for them, and there they were,
# in batches. Somebody had dealt them out, shuffled them and brought their numbers to one scale. In
# this lesson that is you.
#
# It looks like housework. But nowhere are networks spoiled so often, and so quietly: nothing fails,
# and the result is wrong, or far too good to be true. And nowhere is so much to be won. At the end
# the *same* network, with the same number of steps, reads nine digits of ten in place of six or
# seven, and all that was changed is the data.
#
# **How to read.** As before: Shift+Enter, guess before you look, and put your lines where you see
# `raise NotImplementedError(...)`. Allow about forty minutes.
#
# ## The task
#
# Below are the digits that lesson 4 read so well, and in the second row the task,
# `datasets.shifted_digits`: digits like them, but each stands somewhere on a square of 16 by 16
# dots. With `flat=False` a picture stays a picture. Its shape is (1, height, width): the 1 says
# that there is one number for each dot, how dark it is.

# %%
import matplotlib.pyplot as plt
from minidl_widgets import BatchInspector

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, Dataset, Normalize, RandomShift, Sampler, datasets
from minidl.data.transforms import Pad
from minidl.grading import badge, check, load_mine, predict, reveal

SEED = 0
print(load_mine())  # what you built in earlier lessons goes to work
pictures, labels = datasets.digits("train", flat=False).tensors
print("one table of pictures:", pictures.shape, " and one of labels:", labels.shape)


def lay_out(*rows):
    """Rows of eight pictures each."""
    figure, panels = plt.subplots(len(rows), 8, figsize=(9, 1.2 * len(rows)), squeeze=False)
    for row, line in zip(rows, panels):
        for picture, panel in zip(row, line):
            panel.imshow(picture[0].numpy(), cmap="gray_r", vmin=0, vmax=1)
            panel.set(xticks=[], yticks=[])
    figure.tight_layout()


lay_out(pictures[:8], datasets.shifted_digits("test", flat=False).tensors[0][:8])
plt.show()

# %% [markdown]
# ## Something that has items
#
# Pictures may lie in a table, in a folder or on the other side of the world. Who deals them out
# need not know. Two questions are enough, and whatever answers them is a **data set**:
#
# * `len(data)`: how many items are there?
# * `data[5]`: which is number 5? An item is a picture *and* its label, together in one tuple: what
#   belongs together must not be dealt out apart.
#
# Python turns `len(data)` into a call of the method `__len__`, and `data[5]` into one of
# `__getitem__`.
#
# Items one by one are slow where they lie in a table. So there is a third question, which a data
# set may answer: `data.gather([5, 0, 7])` asks for several items at once. It gives a list with a
# part of each table: the three pictures, the three labels. A tensor takes a tensor of numbers in
# its brackets, `t[minidl.tensor([5, 0, 7])]`, and gives those rows in that order.
#
# **Exercise 1.** Write all three for items that are rows of tables. There may be one table, or
# five. `self.tensors` holds them. (`Dataset` in the class's head says to minidl what this is meant
# to be, and `ShapeError` is its error for shapes that do not fit.)


# %% exercise="06.items"
class TensorDataset(Dataset):
    """Item i is made of row i of every table."""

    def __init__(self, *tensors, classes=()):
        if len({len(t) for t in tensors}) != 1:
            raise minidl.ShapeError(f"tables of equal length, not {[len(t) for t in tensors]}")
        self.tensors = tensors
        self.classes = tuple(classes)  # what the labels 0, 1, ... are called, if they have names

    def __len__(self):
        """How many items there are."""
        ### BEGIN SOLUTION
        return len(self.tensors[0])
        ### END SOLUTION

    def __getitem__(self, index):
        """Item number index, a tuple: its row of each table."""
        ### BEGIN SOLUTION
        return tuple(t[index] for t in self.tensors)
        ### END SOLUTION

    def gather(self, indices):
        """Several items at once: a list with these rows of each table."""
        ### BEGIN SOLUTION
        chosen = minidl.tensor(indices)
        return [t[chosen] for t in self.tensors]
        ### END SOLUTION


# %%
check("06.items")

# %% [markdown]
# ## In which order?
#
# The next cell sorts the digits: all zeros first, then all ones, and so on. Then it trains the same
# network twice, ten times through the data, in batches of 32: once in this order, and once in a
# new random order each time, which is `shuffle=True`.
#
# **Guess:** shuffled, it reads 97 of 100 new digits. And in sorted order?

# %%
### BEGIN SOLUTION
guess = 10
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("06.sorted", guess, "Digits in the order of their labels: how many of 100 are read right?")


# %%
def read_after(data, shuffle, rounds=10):
    """The share of new digits that a small network reads right."""
    minidl.manual_seed(SEED)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = optim.AdamW(model.parameters(), lr=0.01)
    for _ in range(rounds):
        for x, y in DataLoader(data, 32, shuffle=shuffle):
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    x, y = datasets.digits("test").tensors
    with minidl.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


by_label = labels.argsort()  # the places of the zeros, then those of the ones, ...
in_order = TensorDataset(pictures[by_label].flatten(1), labels[by_label])  # each picture in one row
in_sorted, in_shuffled = read_after(in_order, False), read_after(in_order, True)
print(f"sorted: {100 * in_sorted:.0f} of 100, shuffled: {100 * in_shuffled:.0f} of 100")
reveal("06.sorted", round(100 * in_sorted))

# %% [markdown]
# The last thing that it saw, over and over, were nines, and so it says nine to everything. A batch
# should be a small picture of the whole; only then is its gradient a guess at the whole gradient.
#
# So **shuffle**, and do it well: every order equally likely, each item in it exactly once. Here is
# a way that people use with playing cards:
#
# * Lay the cards `0, 1, ..., n - 1` in a row.
# * Take the last place. Choose any card of the whole row, this one included, and exchange the two.
# * The last place is done. Go on with the place before it, and choose only from the cards that are
#   not done yet. And so on, down to the second place.
#
# ```
#   a b c d e      for the last place b was chosen
#   a e c d|b      for the place before it, a
#   d e c|a b      and so on
# ```
#
# (Who chooses from the *whole* row each time gets some orders more often than others.)
#
# And where does chance come from? From a `minidl.Generator(seed)`: it gives numbers that look
# random, and are the same again for the same seed. So a run can be repeated, and a mistake be
# found. `minidl.rand(n, generator=generator)` asks it for n numbers from 0 up to 1, where 1 itself
# never comes. If `u` is one of them, then `int(u * 5)` is 0, 1, 2, 3 or 4, all equally often. With
# `None` in place of a generator, minidl takes its own.
#
# **Exercise 2.** Write it. All numbers that you need can be asked for at once.


# %% exercise="06.order"
def shuffled(n, generator=None):
    """The numbers 0 to n - 1 as a list, each once, in random order."""
    ### BEGIN SOLUTION
    order, drawn = list(range(n)), minidl.rand(n, generator=generator).tolist()
    for last in range(n - 1, 0, -1):
        chosen = int(drawn[last] * (last + 1))
        order[last], order[chosen] = order[chosen], order[last]
    return order
    ### END SOLUTION


# %%
check("06.order")

# %% [markdown]
# ## In which groups?
#
# Now cut the order into batches. 1,438 digits do not divide evenly: the last batch is short.
# Usually it is handed out as it is. Who asks for `drop_last=True` wants batches of one size only.
#
# **Exercise 3.** Two classes. A `BatchSampler` gets an order (a list, or anything that can be
# walked through and has a length) and is walked through itself: it gives lists of `batch_size`
# numbers, and its length says how many lists. (minidl calls a `Sampler` whatever says which item
# comes when.) With `yield` in it a function hands out one thing after another, and goes on after
# each where it was.
#
# The `Loader` is what a loop over the data walks through. Each walk is an epoch: an order (`range`
# over all items, or your `shuffled`), cut into groups; then for each group the items, one by one,
# and of them a batch, a list: first all first members, laid in one tensor by `minidl.stack`, then
# all second ones. `zip(*samples)` makes of `[(a, 1), (b, 2)]` the two tuples `(a, b)` and `(1, 2)`.
#
# One thing is easily missed. The generator is made once, from the seed, and goes on: so the first
# epoch is the same whenever the seed is the same, and the second epoch is another than the first.


# %% exercise="06.loader"
class BatchSampler(Sampler):
    """Groups of batch_size numbers; the last may be smaller, or is dropped."""

    def __init__(self, sampler, batch_size, drop_last=False):
        if batch_size < 1:
            raise ValueError(f"batch_size must be 1 or more, not {batch_size}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self):
        """Lists of numbers, in the order in which the sampler gives them."""
        ### BEGIN SOLUTION
        batch = []
        for index in self.sampler:
            batch.append(index)
            if len(batch) == self.batch_size:
                yield batch
                batch = []
        if batch and not self.drop_last:
            yield batch
        ### END SOLUTION

    def __len__(self):
        """How many groups there will be."""
        ### BEGIN SOLUTION
        whole, rest = divmod(len(self.sampler), self.batch_size)
        return whole if self.drop_last or not rest else whole + 1
        ### END SOLUTION


class Loader:
    """Batches of a data set, in an order that depends on the seed alone."""

    def __init__(self, dataset, batch_size, shuffle=False, drop_last=False, seed=0):
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.generator = minidl.Generator(seed)

    def __iter__(self):
        """One epoch: each item once."""
        ### BEGIN SOLUTION
        n = len(self.dataset)
        order = shuffled(n, self.generator) if self.shuffle else range(n)
        for indices in BatchSampler(order, self.batch_size, self.drop_last):
            samples = [self.dataset[i] for i in indices]
            yield [minidl.stack(members) for members in zip(*samples)]
        ### END SOLUTION


# %%
check("06.loader")

# %%
digits = TensorDataset(pictures, labels)
loader = Loader(digits, 64, shuffle=True, seed=1)
first, second = list(loader), list(loader)
again = list(Loader(digits, 64, shuffle=True, seed=1))
print(len(first), "batches; the last one holds", len(first[-1][1]))
print("the labels of the first eight, epoch 1:", first[0][1][:8].tolist())
print("the same seed once more:               ", again[0][1][:8].tolist())
print("epoch 2:                               ", second[0][1][:8].tolist())

# %% [markdown]
# ## See it
#
# A `BatchInspector` looks into any loader, and takes nothing from it. Below it walks through yours.
# Turn the batches by `[` and `]`: when comes the short one? Turn the epochs, and come back: is the
# first the same again? Type another seed. The small numbers say which item it is.

# %%
BatchInspector(Loader(digits, 64, shuffle=True, seed=1), seed=1, name="digits")

# %% [markdown]
# minidl's `DataLoader` does the same, and from now on it does so with your order, your groups and
# your items. Beside that it lets several threads fetch ahead.
#
# ## One scale
#
# Now other data: `datasets.wine` has wines of three growers, for each of which 13 things were
# measured. The cell shows the mean of four of them, and their spread (lesson 2: the root of the
# mean square of what is left when the mean is taken away). Alcohol is counted in percent; proline,
# an acid, in milligrams a litre. Its numbers spread a thousand times as far as those of the hue.

# %%
wine, wine_test = datasets.wine("train"), datasets.wine("test")
columns = {"alcohol": 0, "magnesium": 4, "hue": 10, "proline": 12}
for name, column in columns.items():
    x = wine.tensors[0][:, column]
    spread = ((x - x.mean()) ** 2).mean().sqrt()
    print(f"{name:10s} mean {x.mean().item():7.2f}   spread {spread.item():7.2f}")

# %% [markdown]
# You know from lesson 5 what that means: the loss is a long valley, steep along proline and flat
# along hue, and no learning rate suits both. So every column is brought to one scale: take its mean
# away, divide by its spread. That is **normalisation**. With $m$ for the mean and $s$ for the
# spread of a column, and $n$ for the number of rows,
#
# $$m = \frac{1}{n} \sum_i x_i \qquad s = \sqrt{\frac{1}{n} \sum_i (x_i - m)^2} \qquad
# z = \frac{x - m}{s}$$
#
# The question that matters is: *the mean of what?* Data is divided in two before anything else is
# done. From the **training set** everything is learned. The **test set** says in the end how good
# the network is on what it has never seen; so nothing may be learned from it, not even a mean. And
# a new wine, one day, comes alone: it has no mean. So $m$ and $s$ are measured on the training set,
# once, and are used for *everybody*.
#
# **Exercise 4.** Write `measured`, which gives mean and spread along the dimensions `dim`;
# `x.mean(dim, keepdim=True)` keeps those dimensions, with length 1. `dim` is 0 for a table of
# measurements, and may be several, such as `(0, 2, 3)`. A column in which all numbers are equal has
# spread 0, by which nothing can be divided: say 1 there. `minidl.where(condition, a, b)` takes
# `a` where the condition holds, and else `b`; `minidl.ones_like(x)` are ones in the shape of `x`.
#
# `normalized` gets the training set and any number of others. It gives a list with all of them,
# column by column on the training set's scale.


# %% exercise="06.scale"
def measured(x, dim=0):
    """Mean and spread along dim, which keeps length 1; where nothing varies, spread 1."""
    ### BEGIN SOLUTION
    mean = x.mean(dim, keepdim=True)
    spread = ((x - mean) ** 2).mean(dim, keepdim=True).sqrt()
    return mean, minidl.where(spread > 0, spread, minidl.ones_like(spread))
    ### END SOLUTION


def normalized(train, *others):
    """All tables on the scale of the first one."""
    ### BEGIN SOLUTION
    mean, spread = measured(train)
    return [(x - mean) / spread for x in (train, *others)]
    ### END SOLUTION


# %%
check("06.scale")


# %% [markdown]
# `Normalize.fit(train)`, and `normalize=True` in the data sets, measure by your function now.
#
# ## Break it: each on its own scale
#
# What if the test set were put on a scale of its own? On 35 wines at once one hardly sees it. But
# let them come one by one, as they will in life: then each is its own mean, and what is left is 0.
#
# The cell trains one layer on the wines, as they are and normalised, and asks it about the test
# set: whole, and wine by wine, on either scale.


# %%
def trained_on(x, y):
    minidl.manual_seed(SEED)
    model = nn.Linear(13, 3)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    return model


def right(model, x, y):
    with minidl.no_grad():
        return 100 * (model(x).argmax(1) == y).float().mean().item()


(x, y), (new, new_y) = wine.tensors, wine_test.tensors
x_scaled, new_scaled = normalized(x, new)
alone = minidl.cat([normalized(row[None])[0] for row in new])  # each wine its own training set
print(f"as they are:                 {right(trained_on(x, y), new, new_y):3.0f} of 100 right")
model = trained_on(x_scaled, y)
print(f"on the training set's scale: {right(model, new_scaled, new_y):3.0f} of 100 right")
print(f"each wine on its own scale:  {right(model, alone, new_y):3.0f} of 100 right")

# %% [markdown]
# ## Too good to be true
#
# That mistake is noticed one day. Its sister is not: to let the test set have a say in what the
# network learns from. That is called **leakage**, and its results look splendid.
#
# Here is the purest case. 200 people toss a coin: that is the label. Before that each has tossed
# 2,000 others: those are the columns. There is nothing whatever to be learned. Somebody looks for
# the 21 columns that agree best with the labels of *all* 200, and takes those for a good sign. Then
# the rule: go by the majority of the 21. The rule is tried on the last hundred people only.
#
# **Guess:** how many of these hundred does it get right?

# %%
### BEGIN SOLUTION
guess = 78
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("06.coins", guess, "2,000 useless columns, the best 21 chosen on all: how many of 100?")

# %%
minidl.manual_seed(SEED)
tosses, coin = minidl.randint(0, 2, (200, 2000)), minidl.randint(0, 2, (200,))  # zeros and ones


def majority(known):
    """How many of the last hundred the rule gets right, if it was chosen on `known`."""
    agree = (tosses[known] == coin[known][:, None]).float().mean(0)
    best = agree.argsort(descending=True)[:21]  # the 21 columns that agree most
    said = tosses[100:][:, best].float().mean(1) > 0.5
    return round(100 * (said == (coin[100:] == 1)).float().mean().item())


everybody, first_half = slice(0, 200), slice(0, 100)
print("columns chosen on all 200:          ", majority(everybody), "of 100")
print("columns chosen on the first hundred:", majority(first_half), "of 100")
reveal("06.coins", majority(everybody))

# %% [markdown]
# Nothing was trained on the test set, and yet it leaked: by the choice of columns. The rule is
# short. *Divide first. Then do nothing to the test set that a single new sample would not bear.*
#
# ## More data, for nothing
#
# Back to the digits that stand anywhere. We have 1,438 of them in the middle of their picture, and
# none elsewhere. But a 7 that is moved by two dots is still a 7, and we know that without asking
# anybody. So move it: each time an item is asked for, somewhere else. The network never sees the
# same picture twice. This is **augmentation**: to change the data in ways that leave the label
# right.
#
# **Exercise 5.** `kept` says which places of a row of `n` are still on it when the row is moved by
# so many, as a `slice(start, stop)` of the old places. Moved by 2, a row of 5 keeps its places 0,
# 1, 2; moved by -2, its places 2, 3, 4; moved by 7, none.
#
# ```
#   a b c d e   moved by 2:   0 0 a b c
#   a b c d e   moved by -2:  c d e 0 0
# ```
#
# `shift` moves a picture, or many at once: the last two dimensions are height and width. It makes
# zeros in its shape, `minidl.zeros_like(image)`, and lays what is kept into its new places. (Where
# is that? Look from the new picture: moved back, by minus as many, the new places are those that
# are kept.) The picture that came in stays as it was. `image[..., 2:5, 0:3]` are the rows 2 to 4
# and the columns 0 to 2 of all pictures, and a `slice` may stand there in place of `2:5`.
#
# `drawn_shift` draws how far down and how far to the right: two whole numbers from `-pixels` to
# `pixels`, both included, all equally likely. `minidl.randint(low, high, (2,),
# generator=generator)` draws two whole numbers from low up to high, where high itself never comes.


# %% exercise="06.shift"
def kept(n, by):
    """The places of a row of n that are still on it when it is moved by so many."""
    ### BEGIN SOLUTION
    return slice(min(n, max(0, -by)), max(0, min(n, n - by)))
    ### END SOLUTION


def shift(image, down, right):
    """The picture moved, up and left where a number is negative; what comes in is 0."""
    ### BEGIN SOLUTION
    height, width = image.shape[-2:]
    z = minidl.zeros_like(image)
    z[..., kept(height, -down), kept(width, -right)] = image[
        ..., kept(height, down), kept(width, right)
    ]
    return z
    ### END SOLUTION


def drawn_shift(pixels, generator=None):
    """How far down, and how far to the right."""
    ### BEGIN SOLUTION
    down, right = minidl.randint(-pixels, pixels + 1, (2,), generator=generator).tolist()
    return down, right
    ### END SOLUTION


# %%
check("06.shift")

# %% [markdown]
# ## Changed when it is asked for
#
# Where do we put it? Not into the table: then every digit would be moved once and for all. A change
# that is made anew each time stands between the table and who asks. So here is a data set that is
# made of another one, and of a function.
#
# **Exercise 6.** It has as many items as the other. Item number `index` is that of the other, with
# its *first* member changed by the function; the label stays. (There are data sets whose items are
# no tuples; that line is given.)


# %% exercise="06.changed"
class Transformed(Dataset):
    """The items of another data set, the first member of each changed when it is asked for."""

    def __init__(self, dataset, transform):
        self.dataset = dataset
        self.transform = transform

    def __len__(self):
        """As many as the other has."""
        ### BEGIN SOLUTION
        return len(self.dataset)
        ### END SOLUTION

    def __getitem__(self, index):
        """The other's item, its first member changed."""
        sample = self.dataset[index]
        if not isinstance(sample, (tuple, list)):
            return self.transform(sample)
        ### BEGIN SOLUTION
        first, *rest = sample
        return (self.transform(first), *rest)
        ### END SOLUTION


# %%
check("06.changed")

# %% [markdown]
# `RandomShift(4)` is minidl's: called on a picture, it moves it by your `shift`, as far as your
# `drawn_shift` says. `Pad(4)` puts four zeros around a picture, so that 8 by 8 become 16 by 16.
# `Normalize.fit` measures by your function, here over all pictures and all their dots.
#
# What does a network get in the end, and how did it come about? The inspector takes a data set
# apart and shows an item after each step. Choose one, then turn the epochs by `‹` and `›`: what is
# *random* is another each time, and the same again when you come back.
#
# It also has an alarm. Hand it a second set as `validation=` (so books call a set that is kept
# aside to judge by), and it searches both. Is an item in both? On whose numbers was the scale
# measured? **Make it ring:** fit the scale on `datasets.digits("all", flat=False)`, or hand it the
# training set twice, and run the cell again.
#
# Then exchange the two steps, so that the scale comes first. What comes in at the border is 0; look
# what 0 has become by then. The order of the steps matters, and nothing fails when it is wrong.

# %%
scale = Normalize.fit(datasets.digits("train", flat=False), (0, 2, 3))
train_set = Transformed(Transformed(digits, RandomShift(2)), scale)
test_set = Transformed(datasets.digits("test", flat=False), scale)
BatchInspector(DataLoader(train_set, 32, shuffle=True), validation=test_set)

# %% [markdown]
# ## Real work: digits anywhere
#
# One network, 256 numbers in, 128 units with relu, 10 scores. Three ways to feed it, with equally
# many steps:
#
# * every digit in the middle;
# * every digit at a place of its own, the same in each epoch;
# * every digit at a new place each time.
#
# The test is always the same: new digits, each somewhere.
#
# **Guess:** with a fixed place for each digit it reads about 64 of 100. How many with a new place
# each time?

# %%
### BEGIN SOLUTION
guess = 91
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("06.moved", guess, "A new place for each digit each time: how many of 100 are right?")


# %%
def learn(data, rounds=40, rate=0.01):
    """Trains a fresh network; gives back the share of new digits that it reads right."""
    minidl.manual_seed(SEED)
    # Flatten lays each picture's numbers in one row
    model = nn.Sequential(nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    loader = DataLoader(data, 64, shuffle=True)
    optimizer = optim.AdamW(model.parameters(), lr=rate)
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=rounds * len(loader))
    for _ in range(rounds):
        for x, y in loader:
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    x, y = datasets.shifted_digits("test", flat=False).tensors
    with minidl.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


centred = TensorDataset(Pad(4)(pictures), labels)
moving = Transformed(centred, RandomShift(4))
fixed = datasets.shifted_digits("train", flat=False)
headline = {"augmented": learn(moving), "fixed": learn(fixed), "centred": learn(centred)}
for name, share in headline.items():
    print(f"{name:10s} {100 * share:3.0f} of 100 new digits are right")
print("augmented, at least 88 %:", headline["augmented"] >= 0.88)
reveal("06.moved", round(100 * headline["augmented"]))
badge()

# %% [markdown]
# Not one weight more, and not one digit more that somebody had to write. What came in is knowledge:
# *a digit stays what it is when it is moved.* You wrote it into the data. (In lesson 9 you will
# write it into the network.)
#
# It must be true, though. Mirror the digits, and a 2 becomes something that is no digit; turn them
# far enough, and a 6 is a 9. And only what is learned from is changed: the test set stays as it is.
#
# ## What you know now
#
# * A data set has a length and items; an item holds together what belongs together.
# * Each item once in an epoch, in a new order each time, and all of it from one seed.
# * The last batch is short. Say what is to become of it.
# * Mean and spread come from the training set, and are used for everybody.
# * Divide first. What touches the test set leaks, and nothing fails.
# * Augmentation writes what you know into the data, and costs no label.
#
# > **The same on a GPU.** `DataLoader(data, 64, shuffle=True, num_workers=2, pin_memory=True)` lets
# > two threads fetch ahead, into memory from which a card can fetch by itself; then
# > `x.to("cuda", non_blocking=True)` in the loop. Order and chance stay the same with any number of
# > threads.
# >
# > **The same on MNIST.** `datasets.mnist("train", flat=False)` has 60,000 pictures of 28 by 28;
# > the first call fetches them (12 MB, with a bar that shows how far it is), and without a network
# > it says so in a sentence. `Pad(4)` makes 36 by 36 of them, so the first layer has 1,296 inputs.
#
# Your pieces are kept in `my_minidl.py`. In the next lesson the whole run becomes something that
# can be watched, paused and taken up again, and your loader is what feeds it.
