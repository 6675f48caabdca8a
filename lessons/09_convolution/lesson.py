# %% [markdown]
# # 9 · Convolution, pooling
#
# In lesson 4 a network read handwritten digits, and got 98 of 100 right. It had an easy life: each
# digit stood in the middle of its picture. Move a digit three dots to the right, and that network
# meets 64 numbers it has never seen in those places.
#
# People do not work like that. A 7 is a 7 wherever it stands. In this lesson you build the layer
# that knows this from the start: it looks for the same little pattern *everywhere*. You write it
# with plain loops first, then some thousand times faster, and find out what its gradients are.
#
# **How to read.** As before: Shift+Enter, guess before you look, and put your lines where you see
# `raise NotImplementedError(...)`. Allow about forty minutes.
#
# ## The task
#
# `datasets.shifted_digits` has the same digits of 8 by 8 dots, but each stands somewhere on a
# dark square of 16 by 16.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
from minidl_widgets import KernelPainter, StrideExplorer

import minidl
from minidl import nn, ops, optim
from minidl.data import DataLoader, datasets
from minidl.grading import badge, check, load_mine, predict, reveal

SEED = 0
print(load_mine())  # what you built in earlier lessons goes to work
pictures, labels = datasets.shifted_digits("train", flat=False).tensors
print("to learn from:", pictures.shape)

figure, panels = plt.subplots(1, 8, figsize=(9, 1.5))
for picture, label, panel in zip(pictures, labels.tolist(), panels):
    panel.imshow(picture[0].numpy(), cmap="gray_r")
    panel.set(title=str(label), xticks=[], yticks=[])
figure.tight_layout()
plt.show()

# %% [markdown]
# The shape has four dimensions now: how many pictures, how many **channels**, the height, the
# width. A channel is one number for each dot. A gray picture has a single channel, how dark the dot
# is; a colour photograph has three, for red, green and blue.
#
# First the network of lesson 4: 256 numbers in, 128 units with relu, 10 scores. Layers in which all
# numbers meet all weights, as in this one, are called *dense*. `learn` trains it as lesson 7 did,
# ten times through all pictures.
#
# **Guess:** on centred digits it read 98 of 100. How many of 100 *shifted* digits will it read?

# %%
### BEGIN SOLUTION
guess = 60
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("09.dense", guess, "A dense network on shifted digits: how many of 100 new ones are right?")

# %%
def learn(make, data=datasets.shifted_digits, rounds=10, rate=0.01, change=lambda x: x):
    """Trains a fresh network; gives it back, and the share of new digits that it reads."""
    minidl.manual_seed(SEED)
    model = make()
    loader = DataLoader(data("train", flat=False), 32, shuffle=True)
    optimizer = optim.AdamW(model.parameters(), lr=rate)
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=rounds * len(loader))
    for _ in range(rounds):
        for x, y in loader:
            loss = nn.functional.cross_entropy(model(change(x)), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    x, y = data("test", flat=False).tensors
    with minidl.no_grad():
        return model, (model(change(x)).argmax(1) == y).float().mean().item()


def weights_of(model):
    return sum(parameter.numel() for parameter in model.parameters())


def dense():
    # Flatten lays each picture's numbers in one row
    return nn.Sequential(nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


dense_model, dense_share = learn(dense)
print(f"{weights_of(dense_model)} weights; it reads {100 * dense_share:.0f} of 100 new digits")
reveal("09.dense", round(100 * dense_share))

# %% [markdown]
# It has a weight of its own for every dot. What it learned about a stroke in the upper left says
# nothing to it about the same stroke in the lower right: it must learn each digit again at each of
# 81 places, and has not seen enough of them.
#
# ## One pattern, looked for everywhere
#
# Take a small table of weights, say 3 by 3, and lay it on a corner of the picture. Multiply each
# weight with the dot below it, and add up: one number. Move the table by one dot, and do it again:
#
# ```
#   picture                 table          map
#
#   [0  0  1] 0  0          -1  0  1        3  0 -3
#   [0  0  1] 0  0          -1  0  1        3  0 -3
#   [0  0  1] 0  0          -1  0  1        3  0 -3
#    0  0  1  0  0
#    0  0  1  0  0
# ```
#
# The table is called a **kernel**, and what it writes down is a **feature map**: large where the
# picture looks like the kernel. Here it found the left and the right side of a stroke. The dots
# that one number of the map looks at are its **receptive field** (in brackets above, for the first
# number). The whole is a **convolution**.
#
# A picture may have several channels, then the kernel has a table for each, and all products go
# into one sum. And a layer has several kernels, each of which makes a map: so *maps are channels
# for the next layer*. With $o$ for the number of the kernel, $c$ for the channel, $(p, q)$ for a
# place on the map and $(i, j)$ for a place in the kernel:
#
# $$z_{o p q} = b_o + \sum_{c, i, j} w_{o c i j} \; x_{c, \, p + i, \, q + j}$$
#
# ## Four screws
#
# * **Stride:** how many dots the kernel moves from one sum to the next. With stride 2 the map is
#   half as wide.
# * **Padding:** how many zeros stand around the picture. With a 3 by 3 kernel and padding 1 the map
#   is as large as the picture.
# * **Dilation:** how far apart the places of the kernel lie. With dilation 2, three places span
#   five dots: the kernel sees wide, and has no more weights.
# * **Groups:** with `groups=2` the first half of the kernels looks at the first half of the
#   channels, the second half at the second. They do not see each other, and there are half as many
#   weights.
#
# ```
#   stride 2          padding 1          dilation 2
#   [a b c]d e         0[0 0]0 0          [a]b[c]d[e]
#    a b[c d e]        0[a b]c 0
# ```
#
# With all of them, number $(p, q)$ of the map meets place $(i, j)$ of the kernel at this row and
# this column:
#
# $$\text{row} = p \cdot \text{stride} + i \cdot \text{dilation} - \text{padding}, \qquad
# \text{column} = q \cdot \text{stride} + j \cdot \text{dilation} - \text{padding}$$
#
# To count places: with its zeros the row has `length + 2 * padding` dots. A kernel of `size` places
# spans `dilation * (size - 1) + 1` of them. It starts at the first dot and moves by `stride` as
# long as it fits.
#
# **Exercise 1.** Write the count, and the heart of the loops: where the weight `w[o, c, i, j]`
# looks, and what is added to `total`. A place outside the picture is a zero of the padding: add
# nothing there. `w` holds the weights of one group's channels only, `per_group` of them; so
# which channel of `x` does `c` mean? (`np.ndindex(2, 3)` runs through all pairs, like two loops.)

# %% exercise="09.loops"
def places(length, size, stride, padding, dilation):
    """How many places a kernel finds along one dimension."""
    ### BEGIN SOLUTION
    return (length + 2 * padding - dilation * (size - 1) - 1) // stride + 1
    ### END SOLUTION


def conv_loops(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """x (channels, height, width), w (kernels, channels / groups, rows, columns), b (kernels,)."""
    channels, height, width = x.shape
    kernels, per_group, rows, columns = w.shape
    along = (stride, padding, dilation)
    z = np.zeros((kernels, places(height, rows, *along), places(width, columns, *along)), x.dtype)
    for o, p, q in np.ndindex(z.shape):
        group = o // (kernels // groups)  # 0 for the first kernels, 1 for the next, ...
        total = b[o]
        for c, i, j in np.ndindex(per_group, rows, columns):
            ### BEGIN SOLUTION
            row = p * stride + i * dilation - padding
            column = q * stride + j * dilation - padding
            if 0 <= row < height and 0 <= column < width:
                total += w[o, c, i, j] * x[group * per_group + c, row, column]
            ### END SOLUTION
        z[o, p, q] = total
    return z

# %%
check("09.loops")

# %% [markdown]
# ## See it
#
# Three kernels on a photograph, with your loops: one answers to changes from left to right, one to
# changes from top to bottom, and one is a mean, which blurs. The photograph is made gray first.

# %%
china = datasets.photographs()["china"].mean(0).numpy()[60:180:2, 200:380:2]  # a part of it
kernels = {
    "left to right": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "top to bottom": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "mean": [[1 / 9] * 3] * 3,
}
w = np.array(list(kernels.values()), np.float32)[:, None]  # one channel
before = time.perf_counter()
maps = conv_loops(china[None], w, np.zeros(3, np.float32))
loop_seconds = time.perf_counter() - before
figure, panels = plt.subplots(1, 4, figsize=(9, 2))
for name, shown, panel in zip(["photograph", *kernels], [china, *maps], panels):
    panel.imshow(shown, cmap="gray")
    panel.set(title=name, xticks=[], yticks=[])
figure.tight_layout()
plt.show()

# %% [markdown]
# ## All windows at once
#
# The loops are right, and slow: Python takes several steps for each single product. Every fast
# convolution rests on one thought. *The sums are a matrix product.* Lay what each place looks at,
# its **window**, in a column. Then each kernel, laid out as a row, meets each column:
#
# ```
#   kernels, as rows         windows, as columns        maps
#   kernels x (c i j)    @   (c i j) x places      =    kernels x places
# ```
#
# And you know from lesson 2 how to get the windows for nothing. A view is a shape, strides and an
# offset. One dot to the right *inside* a window is one dot to the right in the picture; so is the
# next window. The same memory, with two more dimensions, and no number is copied:
#
# ```
#   a b c d e     windows of 3:   a b c
#                                 b c d     shape (3, 3), strides (1, 1)
#                                 c d e
# ```
#
# With stride 2 the next window begins two dots further; with dilation 2 the next place in the
# window lies two dots further.
#
# **Exercise 2.** Find the shape and strides of all windows. The window slides along the *last*
# dimensions of `x`, as many as `sizes` has; those in front of them (pictures, channels) stay as
# they are. The answer has the window's own dimensions first, then those in front, then one for each
# direction that says which window. NumPy counts strides in bytes; you need not mind, since
# `x.strides` does too. There is no padding here: who wants zeros puts them around `x` beforehand.

# %% exercise="09.windows"
def look(x, shape, strides):
    """A view of x's memory; an error where it would leave what x itself looks at."""
    for side in (min, max):
        reach = sum(side(0, (n - 1) * stride) for n, stride in zip(shape, strides))
        own = sum(side(0, (n - 1) * stride) for n, stride in zip(x.shape, x.strides))
        if 0 not in shape and side(reach, own) != own:
            raise IndexError(f"shape {shape} with strides {strides} leaves the array's memory")
    return np.lib.stride_tricks.as_strided(x, shape, strides)  # makes the view


def windows(x, sizes, steps, gaps):
    """z[i, j, ..., p, q] = x[..., p * steps[0] + i * gaps[0], q * steps[1] + j * gaps[1]]"""
    front = x.ndim - len(sizes)  # so many dimensions stay as they are
    ### BEGIN SOLUTION
    along = list(zip(x.shape[front:], sizes, steps, gaps))
    counts = [(length - gap * (size - 1) - 1) // step + 1 for length, size, step, gap in along]
    inside = [stride * gap for stride, gap in zip(x.strides[front:], gaps)]
    across = [stride * step for stride, step in zip(x.strides[front:], steps)]
    shape = (*sizes, *x.shape[:front], *counts)
    strides = (*inside, *x.strides[:front], *across)
    ### END SOLUTION
    return look(x, shape, strides)

# %%
check("09.windows")

# %%
StrideExplorer(windows(np.arange(9), (3,), (2,), (2,)), "seen")  # which place each number reads

# %% [markdown]
# ## One product
#
# minidl's `ops.windows` looks through your function now. It works on tensors, so what is made of
# windows has gradients. In it, `sizes`, `steps` and `gaps` are the kernel's size, the stride and
# the dilation, each a pair: one number for the rows, one for the columns.
#
# For pictures of shape (n, c, height, width) it gives six dimensions: the kernel's rows and
# columns, n, c, and the map's rows and columns. The product wants two; with groups it is three, for
# `@` multiplies stacks of matrices, one product for each group:
#
# ```
#   weight    groups x kernels of a group x (c i j)
#   columns   groups x (c i j) x (n p q)
# ```
#
# A `reshape` can only merge neighbours, in their order. So bring the channels to the front first:
# `seen.permute(3, 0, 1, 2, 4, 5)` puts dimension 3 first, then 0, 1, 2, 4 and 5.
#
# **Exercise 3.** Write the layer's function. `framed` puts zeros around the pictures and `pair`
# makes pairs; both are given. The result has shape (n, kernels, rows of the map, columns of the
# map). The bias, if there is one, has one number for each kernel.

# %% exercise="09.conv2d"
def pair(value):
    """One number for both directions, or two."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def framed(x, padding, sizes, gaps):
    """The pictures with zeros around; "same" asks for as many as keep the size."""
    if padding == "valid":
        return x
    if padding == "same":
        more = [gap * (size - 1) for size, gap in zip(sizes, gaps)]
        rows, columns = [(one // 2, one - one // 2) for one in more]
    else:
        rows, columns = [(zeros, zeros) for zeros in pair(padding)]
    return nn.functional.pad(x, [*columns, *rows])  # pad begins with the last dimension


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The feature maps of pictures (n, channels, height, width)."""
    if input.ndim == 3:  # a single picture
        return conv2d(input[None], weight, bias, stride, padding, dilation, groups)[0]
    if padding == "same" and max(pair(stride)) > 1:
        raise ValueError("padding='same' needs stride=1")
    kernels, per_group, *sizes = weight.shape
    x = framed(input, padding, sizes, pair(dilation))
    seen = ops.windows(x, sizes=tuple(sizes), steps=pair(stride), gaps=pair(dilation))
    pictures, (rows, columns) = x.shape[0], seen.shape[4:]
    ### BEGIN SOLUTION
    flat = seen.permute(3, 0, 1, 2, 4, 5).reshape(
        groups, per_group * sizes[0] * sizes[1], pictures * rows * columns
    )
    z = weight.reshape(groups, kernels // groups, flat.shape[1]) @ flat
    z = z.reshape(kernels, pictures, rows, columns).permute(1, 0, 2, 3)
    return z if bias is None else z + bias.reshape(kernels, 1, 1)
    ### END SOLUTION

# %%
check("09.conv2d")

# %% [markdown]
# Loops against product, on the photograph of above: `nn.functional.conv2d` is yours now. The number
# of products is the same. What is saved is everything around them: Python's steps, and memory that
# is walked through in a bad order.

# %%
photograph, wanted = minidl.tensor(china[None, None]), minidl.tensor(w)
times = []
for _ in range(5):
    before = time.perf_counter()
    fast = nn.functional.conv2d(photograph, wanted)
    times.append(time.perf_counter() - before)
print("the same maps:", np.allclose(fast[0].numpy(), maps, atol=1e-5))
print("at least 20 times as fast as the loops:", loop_seconds >= 20 * min(times))

# %% [markdown]
# ## Paint
#
# That is fast enough to play with. Below is the `KernelPainter`; it calls your `conv2d` at each
# change. Choose a brush and draw over the kernel's fields, or type numbers. Turn stride, padding
# and dilation. Point at the map, or go there with Tab and walk with the arrow keys: in the
# photograph the receptive field is framed.
#
# Can you find a kernel that answers to slanting edges only? One that moves the picture by a dot?
#
# After that nobody writes down kernels in this lesson. A kernel's numbers are weights, and weights
# are learned.

# %%
KernelPainter(datasets.photographs()["china"], kernels["left to right"], name="photograph")

# %% [markdown]
# ## The way back
#
# How does a convolution hand its gradients back? You own nearly all of it already. It is a chain:
# windows, a product, a sum. The product's rules you wrote in lesson 3. What is missing is the first
# link: the letters $g$ arrive at the *windows*, and must go back to the dots of the picture.
#
# Each number in a window is one dot, looked at. A dot is looked at by several windows, and lesson 1
# said what to do where several paths meet: **add up**. So: take zeros in the shape of the picture,
# lay each window's letters back where it looked, and add.
#
# **Guess:** five dots, three windows of 3 places, stride 1. Every letter is 1. What comes back to
# the five dots?

# %%
### BEGIN SOLUTION
guess = [1, 2, 3, 2, 1]
### STUDENT
# guess = None  # write a list of five numbers here
### END SOLUTION
predict("09.back", guess, "a b c d e, windows abc, bcd, cde, each letter 1: what comes back?")

# %% [markdown]
# There is a short way to do it. Make the zeros, and look at *them* through windows: a view, so what
# you write into it lands in the zeros. All windows at once would go wrong, for two of them may
# share a dot. But fix one place $(i, j)$ of the window: then no two windows meet, and one `+=`
# serves them all.
#
# **Exercise 4.** Write it. `pieces` has the shape that `windows` gives. `shape` is that of the
# last dimensions of the result, as many as the window has; those in front are the same as in
# `pieces`. `ops.windows` takes NumPy's arrays too.

# %% exercise="09.back"
def lay_back(pieces, shape, steps, gaps):
    """z[..., y, x] = the sum of all numbers in pieces that looked at this dot."""
    n = len(shape)
    sizes, front = pieces.shape[:n], pieces.shape[n : pieces.ndim - n]
    ### BEGIN SOLUTION
    z = np.zeros((*front, *shape), pieces.dtype)
    view = ops.windows(z, sizes=sizes, steps=steps, gaps=gaps)
    for place in np.ndindex(sizes):
        view[place] += pieces[place]
    return z
    ### END SOLUTION

# %%
check("09.back")

# %% [markdown]
# ## Break it
#
# Why not all windows in one stroke? Here is what NumPy makes of it. It reads all old numbers first,
# adds, and writes; where several windows share a dot, only the last one's writing stays.
#
# It is lesson 1's mistake again, `=` where `+=` was needed. This time no line of yours says `=`.
# (The last line answers your guess.)

# %%
zeros = np.zeros(5)
view = ops.windows(zeros, sizes=(3,), steps=(1,), gaps=(1,))
view += np.ones((3, 3))
print("all at once:    ", zeros.tolist())
print("place by place: ", lay_back(np.ones((3, 3)), (5,), (1,), (1,)).tolist())

row = minidl.zeros(5, requires_grad=True)  # and in minidl, where your function is at work
ops.windows(row, sizes=(3,), steps=(1,), gaps=(1,)).sum().backward()
reveal("09.back", [int(number) for number in row.grad.tolist()])

# %% [markdown]
# ## Pooling
#
# A feature map says *where* the pattern is, to the dot. For a digit that is more than we want to
# know: it is enough that it is somewhere here. **Pooling** keeps the largest number of each window
# and forgets where in the window it stood:
#
# ```
#   1 3 | 0 0
#   2 0 | 0 1           3 1
#   ----+----    ->     5 4
#   5 0 | 4 4
#   0 1 | 0 0
# ```
#
# Windows of 2 by 2 with stride 2 quarter the map, and each number of the next layer sees twice as
# far. There are no weights in it. In the gradient the winner takes all; if several are equally
# large, the *first* is the winner. (Lesson 3 shared among equals; for pooling, PyTorch does not.)
#
# **Exercise 5.** Write it, with windows. `x.max(0)` finds the largest along dimension 0, has
# `.values` and `.indices`, and hands its gradient to the first winner. So bring all places of a
# window into one dimension, row by row, before you ask for it. If no `stride` is given, it is
# `kernel_size`: windows side by side.

# %% exercise="09.pool"
def max_pool2d(input, kernel_size, stride=None):
    """The largest number of each window, in every picture and channel."""
    sizes = tuple(kernel_size) if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * 2
    ### BEGIN SOLUTION
    stride = sizes if stride is None else stride
    steps = tuple(stride) if isinstance(stride, (tuple, list)) else (stride,) * 2
    seen = ops.windows(input, sizes=sizes, steps=steps, gaps=(1, 1))
    return seen.reshape(sizes[0] * sizes[1], *seen.shape[2:]).max(0).values
    ### END SOLUTION

# %%
check("09.pool")

# %% [markdown]
# ## Real work: digits anywhere
#
# Now a network of your pieces. `nn.Conv2d(1, 16, 3, padding=1)` is a layer with 16 kernels of 3 by
# 3 for 1 channel, and calls your `conv2d`; `nn.MaxPool2d(2)` calls your `max_pool2d`. Twice
# convolution, relu and pooling, then a small dense layer for the ten scores.
#
# Follow the shapes: 16 by 16 dots become 8 by 8, then 2 by 2, on 32 maps.
#
# **Guess:** the dense network had 34,186 weights. How many has this one? (A layer's weights:
# kernels, times channels, times 9, and one bias for each kernel.)

# %%
### BEGIN SOLUTION
guess = 16 * 1 * 9 + 16 + 32 * 16 * 9 + 32 + 10 * 128 + 10
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("09.weights", guess, "Conv 1 -> 16, conv 16 -> 32 (3 by 3), dense 128 -> 10. How many?")

# %%
def convolutional(last=4):
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(last)),
        *(nn.Flatten(), nn.Linear(128, 10)),
    )


model, share = learn(convolutional)
headline = {"convolutional": share, "dense": dense_share}
print(f"dense:         {weights_of(dense_model):6d} weights, {100 * dense_share:.0f} of 100 right")
print(f"convolutional: {weights_of(model):6d} weights, {100 * share:.0f} of 100 right")
print("at least 88 % are right:", headline["convolutional"] >= 0.88)
print("with less than a quarter of the weights:", 4 * weights_of(model) < weights_of(dense_model))
reveal("09.weights", weights_of(model))
badge()

# %% [markdown]
# What did it learn to look for? The painter also looks into a network. Below are a digit and the
# maps that your network makes of it. Choose a layer, walk over a map, go to the next one with `]`
# and back with `[`: the deeper the layer, the larger the receptive field. A number of the last maps
# sees 14 by 14 dots, and so a whole digit.

# %%
KernelPainter(pictures[:1], model=model, name="digit")

# %% [markdown]
# ## Break it again
#
# Where does the gain come from? Two trials.
#
# * **Shuffled dots.** Deal the 256 dots of all pictures out anew, always in the same way. For a
#   dense network nothing changes: it never knew which dots are neighbours. What becomes of the
#   other?
# * **Centred digits.** Back to lesson 4's data, where every digit stands in the middle. Is there
#   still a gain?
#
# **Guess:** on *centred* digits, how many more of 100 does the convolutional network read?

# %%
### BEGIN SOLUTION
guess = 2
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("09.centred", guess, "Centred digits: how many more of 100 are right by convolution?")

# %%
dealt = minidl.tensor(np.random.default_rng(1).permutation(256))


def shuffled(x):
    return x.flatten(1)[:, dealt].reshape(x.shape)  # flatten(1): each picture in one row


def small_dense():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 80), nn.ReLU(), nn.Linear(80, 10))


_, mixed = learn(convolutional, rounds=5, change=shuffled)
print(f"shuffled dots: the convolutional network reads {100 * mixed:.0f} of 100")
_, centred = learn(lambda: convolutional(2), datasets.digits)
_, centred_dense = learn(small_dense, datasets.digits)
print(f"centred digits: dense {100 * centred_dense:.0f}, convolutional {100 * centred:.0f} of 100")
reveal("09.centred", round(100 * centred) - round(100 * centred_dense))

# %% [markdown]
# A convolution is not better as such. It *believes* two things: that what matters lies close
# together, and that it may lie anywhere. Shuffle the dots, and the first is false. Put each digit
# in the middle, and the second is of little use: with equally many weights the gain on centred
# digits is about one in a hundred, where it was thirty before;
# and lesson 4's wider dense network read 98 as well. Where both are true, it saves most of the
# weights and much of the data.
#
# ## What you know now
#
# * A convolution looks for one small pattern everywhere; its weights are shared by all places.
# * Stride, padding, dilation and groups only say where it looks.
# * Windows are a view, and all sums are one matrix product.
# * The way back lays the windows' letters on the picture again, and adds up where they overlap.
# * Pooling keeps the largest and forgets its place.
#
# > **The same on a GPU.** `model.to("cuda")`, and each batch likewise. `conv2d` and `max_pool2d`
# > name no array library. `windows` and `lay_back` call NumPy; on a card minidl's own answer in
# > their place, and the badge says so.
# >
# > **The same on MNIST.** `datasets.mnist("train", flat=False)` has pictures of 28 by 28. The
# > second map is then 14 by 14, pooled by 4 to 3 by 3: the last layer is `nn.Linear(288, 10)`.
# >
# > **The same on CIFAR-10.** `datasets.cifar10("train")` has colour pictures of 32 by 32: the first
# > layer is `nn.Conv2d(3, 16, 3, padding=1)`, the last `nn.Linear(512, 10)`.
#
# Your pieces are kept in `my_minidl.py`, and the next lesson builds on them: networks that are
# deep.
