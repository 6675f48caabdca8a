# %% [markdown]
# # 7 · Training, logs, checkpoints
#
# A training run is a long walk with many small steps. It may take an hour or a month. Meanwhile
# you will want to look at it, to pause it, to take it by the hand. And one night somebody will
# trip over the cable.
#
# In this lesson you write the loop that every network is trained with, an instrument that looks
# on, and a **checkpoint**: a file from which a run goes on as if nothing had happened. *As if
# nothing had happened* is meant literally: at the end not one bit is different. You will prove it
# by killing a run for real.
#
# **How to read.** As before: Shift+Enter, guess before you look, and put your lines where you see
# `raise NotImplementedError(...)`. Allow about forty minutes.
#
# ## What takes part in a run
#
# | name | what it does |
# |---|---|
# | `model` | the network; its **parameters** are the dials |
# | `loss_fn` | says how wrong an answer is, in one number |
# | `loader` | hands out the data in **batches**, here 64 digits at a time, shuffled |
# | `optimizer` | turns the dials, against their gradients |
# | `schedule` | changes the **learning rate**, the size of the turns, from step to step |
#
# One pass through all the data is an **epoch**. The next cell makes all five and ties them up in
# minidl's `Trainer`, which we come to in a while. `Dropout` switches numbers off at random while
# the network trains: whoever may be missing tomorrow must not be relied on today.

# %%
import hashlib
import inspect
import itertools
import logging
import math
import os
import random
import subprocess
import sys
import tempfile
import textwrap
import warnings
from copy import deepcopy
from pathlib import Path

import matplotlib.pyplot as plt
from minidl_widgets import Dashboard

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, datasets
from minidl.grading import badge, check, load_mine, predict, reveal
from minidl.training import (
    Callback,
    CheckpointError,
    NonFiniteLossError,
    Trainer,
    WeightStatistics,
    evaluate,
    latest_checkpoint,
    write_checkpoint,
)


def new_trainer(seed=0, epochs=30, **options):
    """A run that learns the handwritten digits; the seed decides all that is random in it."""
    minidl.manual_seed(seed)
    loader = DataLoader(datasets.digits("train", normalize=True), 64, shuffle=True)
    model = nn.Sequential(
        nn.Dropout(0.1), nn.Linear(64, 384), nn.ReLU(), nn.Dropout(0.2), nn.Linear(384, 10)
    )
    optimizer = optim.AdamW(model.parameters(), lr=0.01)
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=epochs * len(loader))
    loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)  # lesson 4's, a little less sure of itself
    return Trainer(model, optimizer, loss_fn, loader, epochs=epochs, scheduler=schedule, **options)


print(load_mine())  # what you built in earlier lessons goes to work
trainer = new_trainer()
print(trainer.steps_per_epoch, "batches in an epoch,", trainer.total_steps, "steps in all")
print(sum(p.numel() for p in trainer.model.parameters()), "dials")

# %% [markdown]
# ## Five calls
#
# Each step consists of five calls, and their order matters:
#
# 1. `optimizer.zero_grad()` wipes the old gradients;
# 2. `output = model(inputs)`, the way **forward**;
# 3. `loss = loss_fn(output, target)`;
# 4. `loss.backward()`, the walk back, fills in every dial's gradient;
# 5. `optimizer.step()` turns the dials.
#
# Why wipe? Lesson 1 told you: `backward()` *adds* to what is in `grad`.
#
# **Guess:** the same batch goes forward and backward twice, and nobody wipes in between. How many
# times as long as after the first walk is the gradient now?

# %%
### BEGIN SOLUTION
guess = 2
### STUDENT
# guess = None  # write your number here
### END SOLUTION
predict("07.twice", guess, "Two walks back over the same batch, no zero_grad(): how many times?")


# %%
def length(tensors):
    """The length of all numbers taken as one long arrow: the root of the sum of their squares."""
    return math.sqrt(sum((t.detach() * t.detach()).sum().item() for t in tensors))


inputs, target = next(iter(trainer.train_loader))
trainer.model.eval()  # no dropout while we measure
lengths = []
for _ in range(2):
    trainer.loss_fn(trainer.model(inputs), target).backward()
    lengths.append(length(p.grad for p in trainer.model.parameters()))
print(f"after one walk {lengths[0]:.3f}, after two {lengths[1]:.3f}")
reveal("07.twice", round(lengths[1] / lengths[0], 3))

# %% [markdown]
# ## A loop that can be paused
#
# We could write the five calls into a loop and let it run to the end. But then nobody could look
# in between. Python has something better: a function with `yield` in it is a **generator**. When
# somebody asks it for the next thing, it runs to its `yield`, hands over what stands there, and
# *freezes*, with all its variables in place. Ask again, and it goes on at that very line.
#
# So pausing needs no machinery at all. **A run is paused by not asking for the next step.**
#
# **Exercise 1.** Write one step: the five calls, then count the step, then `yield` the step's
# observation, a dictionary with `"step"` (the first is 1), `"epoch"` (the first is 1) and
# `"loss"`. For the loss take `loss.item()`, the plain number: the tensor would keep the whole
# tape of its making (all the boxes behind it) alive.


# %% exercise="07.steps"
def steps(model, optimizer, loss_fn, loader, epochs):
    """Train, and hand over what happened after each step."""
    step = 0
    for epoch in range(1, epochs + 1):
        for inputs, target in loader:
            ### BEGIN SOLUTION
            optimizer.zero_grad()
            output = model(inputs)
            loss = loss_fn(output, target)
            loss.backward()
            optimizer.step()
            step += 1
            yield {"step": step, "epoch": epoch, "loss": loss.item()}
            ### END SOLUTION


# %%
check("07.steps")

# %%
t = new_trainer()
walk = steps(t.model, t.optimizer, t.loss_fn, t.train_loader, epochs=2)

print("nobody has asked yet, so nothing has run")
for observation in itertools.islice(walk, 3):
    print(f"step {observation['step']}: loss {observation['loss']:.2f}")
print("a pause: your loop is frozen, and we may look around or have tea")
*_, last = walk
print(f"step {last['step']} of epoch {last['epoch']}: loss {last['loss']:.2f}")

# %% [markdown]
# ## One dictionary for everybody
#
# minidl's `Trainer` is your loop and a few things around it. `next(trainer)` takes one step, a
# `for` loop takes them one by one, `trainer.run()` takes all that are left.
#
# Now come the onlookers: one draws curves, one writes a log, one saves files, one measures. If
# each of them knew the others, it would soon be a tangle. So there is one rule: **what is known
# about a step stands in one dictionary, the observation, and this is the only channel.** Whoever
# measures, writes into it. Whoever reports, reads from it.
#
# An onlooker is called a **callback**. The trainer calls its `before_step` when the dials are
# still as the last step left them, and its `after_step` when they have been turned.
#
# One number is worth watching above all: how large is a step, compared with the weights that it
# changes? About a thousandth is healthy. Far less, and the run stands still; far more, and it
# jumps about. With $w$ all the dials as one long arrow, and $\lVert w \rVert$ for its length,
#
# $$\text{update ratio} = \frac{\lVert w_\text{after} - w_\text{before}\rVert}
# {\lVert w_\text{before}\rVert}$$
#
# **Exercise 2.** Write both methods. `length(...)` from above measures a list of tensors as one
# arrow, and `p.detach().clone()` is a copy of a parameter's numbers.


# %% exercise="07.ratio"
class UpdateRatio(Callback):
    """Adds "update_ratio" to each observation."""

    def before_step(self, trainer):
        """Keep the weights as they are now in self.before."""
        ### BEGIN SOLUTION
        self.before = [p.detach().clone() for p in trainer.model.parameters()]
        ### END SOLUTION

    def after_step(self, trainer, observation):
        """The weights have moved: how far, compared with how long they were?"""
        ### BEGIN SOLUTION
        after = trainer.model.parameters()
        moved = length([now.detach() - then for now, then in zip(after, self.before)])
        observation["update_ratio"] = moved / length(self.before)
        ### END SOLUTION


# %%
check("07.ratio")

# %%
t = new_trainer(epochs=2, callbacks=[UpdateRatio()])
first = next(t)
print("the observation of step 1 holds:", ", ".join(first))
t.run()
for observation in t.history[::15]:
    print("step {step:2d}: loss {loss:.2f}, update ratio {update_ratio:.4f}".format(**observation))

# %% [markdown]
# The ratio ends near zero because the schedule lets the rate die away: big steps first, fine ones
# in the end.
#
# ## Take the wheel
#
# Here is a run of sixty epochs that nobody has started. The panel asks the same iterator for
# steps, a few at a time, and draws what stands in the observations. Press **Start**, and then
#
# * **Pause** it. You know now why that is so easy. Go on by **Single step**, then **Resume**;
# * change the **learning rate** while it runs, first to a half, then to ten times as much, and
#   look at the gradients and at the update ratios;
# * move over a curve, or go along it with the arrow keys, to read the numbers of one step;
# * **Stop** it when you have seen enough.

# %%
live = new_trainer(epochs=60)
board = Dashboard(live)
board

# %% [markdown]
# ## Two runs side by side
#
# The panel holds nothing that Python does not hold. In the next cell `board.run()` takes the wheel,
# even from a run that you left running, and asks the same iterator for all the steps still to
# come; watch the panel draw them. Then the cell trains a **twin** from the same seed that nobody
# touches. If you only paused, stepped and stopped, every loss is the same to the last bit: not
# asking changes nothing. If you changed the rate, they part there. (To take the wheel once more,
# run the cell above again.)
#
# One run tells little: is this curve good? Better than what? So it compares two more. The same
# network with the same seed is trained twice for four epochs, once with the rate as it is, once
# with a tenth of it.

# %%
def parting(one, other):
    """The first step whose loss differs, or None."""
    pairs = zip(one.history, other.history)
    return next((a["step"] for a, b in pairs if a["loss"] != b["loss"]), None)


board.run()
twin = new_trainer(epochs=60)
twin.run()

for name, run in (("yours", live), ("its twin", twin)):
    print(f"{name:8s} loss {run.history[-1]['loss']:.3f} after {run.step} steps")
parted = parting(live, twin)
print("never parted: every loss is the same" if parted is None else f"parted at step {parted}")

# WeightStatistics writes into the observation how the weights change, for the panel
normal = new_trainer(epochs=4, callbacks=[WeightStatistics(every=4)])
normal.run()
tenth = new_trainer(epochs=4, callbacks=[WeightStatistics(every=4)])
tenth.set_lr(tenth.lr / 10)  # scales the whole schedule
tenth.run()

for name, run in (("normal", normal), ("a tenth", tenth)):
    print(f"{name:8s} loss {run.history[-1]['loss']:.2f} after {run.step} steps")
Dashboard(normal, label="normal").compare(tenth, label="a tenth of the rate")

# %% [markdown]
# ## Break it: ten times too fast
#
# And upwards? This net has three layers and is trained with momentum: a part of each step is
# taken again in the next. At a rate of 0.1 it learns the digits well. At 1 each step overshoots,
# the next one corrects too much, and the loss grows by itself until the numbers no longer fit
# into a float: they turn into `inf`, and `inf - inf` is `nan`, *not a number*. One `nan` infects
# everything that it is added to.
#
# A run that goes on with `nan` wastes a night. The trainer looks at each loss, and when one is
# not finite it stops *before* the dials are touched, runs the batch once more, and names the
# first layer that went wrong (in a `NonFiniteLossError`).


# %%
def fast_trainer(rate):
    minidl.manual_seed(0)
    # LeakyReLU lets a hundredth of the negative numbers pass, where relu lets none
    model = nn.Sequential(
        nn.Linear(64, 32), nn.LeakyReLU(), nn.Linear(32, 32), nn.LeakyReLU(), nn.Linear(32, 10)
    )
    loader = DataLoader(datasets.digits("train", normalize=True), 64, shuffle=True)
    optimizer = optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    return Trainer(model, optimizer, nn.CrossEntropyLoss(), loader, epochs=4)


print(f"rate 0.1: the last loss is {fast_trainer(0.1).run()[-1]['loss']:.2f}")
fast = fast_trainer(1.0)
try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy complains too, but it cannot say where it began
        fast.run()
except NonFiniteLossError as error:
    print("rate 1.0: the last losses are", [f"{o['loss']:.0e}" for o in fast.history[-4:]])
    print(textwrap.fill(str(error), 92))

# %% [markdown]
# ## What must be kept?
#
# Now the cable. We want to write down a moment of the run so that it can go on from there, *bit
# for bit*. The weights, clearly. What else decides what happens next?
#
# | part of the trainer | key | what it remembers |
# |---|---|---|
# | `trainer.model` | `"model"` | the weights |
# | `trainer.optimizer` | `"optimizer"` | its **moments**: averages of earlier gradients |
# | `trainer.rate` | `"rate"` | how far along the schedule we are |
# | `trainer.feed` | `"loader"` | the order of this epoch, and the place in it |
# | `minidl.default_generator` | `"random"` | which random number comes next: in dropout, shuffles |
#
# Each of the five has a `state_dict()`, which gives its memory as a plain dictionary, and a
# `load_state_dict(state)`, which takes it back.
#
# People forget the moments most often, and at first it looks all right. **Guess:** a run is saved
# after step 60 and resumed without the moments. Which is the first step whose *loss* is not the
# same as in the run that was never interrupted?

# %%
### BEGIN SOLUTION
guess = 62
### STUDENT
# guess = None  # write the number of a step here
### END SOLUTION
predict("07.moments", guess, "Resumed after step 60 without moments: which loss differs first?")

# %% [markdown]
# **Exercise 3.** Write `snapshot(trainer)` and `restore(trainer, moment)` for all five.
#
# One trap: `state_dict()` hands out the *live* arrays. The run goes on in them, and a moment that
# you kept would move with it. So make it a copy: `deepcopy(...)` copies a dictionary with all
# that is in it.


# %% exercise="07.snapshot"
def snapshot(trainer):
    """All on which the rest of the run depends, as a copy that the run cannot change."""
    moment = {
        "model": trainer.model.state_dict(),
        ### BEGIN SOLUTION
        "optimizer": trainer.optimizer.state_dict(),
        "rate": trainer.rate.state_dict(),
        "loader": trainer.feed.state_dict(),
        "random": minidl.default_generator.state_dict(),
        ### END SOLUTION
    }
    ### BEGIN SOLUTION
    return deepcopy(moment)
    ### END SOLUTION


def restore(trainer, moment):
    """Put everything back where it was."""
    trainer.model.load_state_dict(moment["model"])
    ### BEGIN SOLUTION
    trainer.optimizer.load_state_dict(moment["optimizer"])
    trainer.rate.load_state_dict(moment["rate"])
    trainer.feed.load_state_dict(moment["loader"])
    minidl.default_generator.load_state_dict(moment["random"])
    ### END SOLUTION


# %%
check("07.snapshot")

# %% [markdown]
# ## Break it: forget one
#
# The trainer's own `state_dict()` now runs on your `snapshot`, and its `load_state_dict()` on
# your `restore`. (It adds what is easy: the number of the step and the history.)
#
# So here is a run, saved after step 60, and resumed six times: once with everything, and then
# each time with one of the five left as a new run has it.
#
# `fingerprint` is the SHA-256 of all the weights' bytes: two runs have the same one only if every
# bit is the same.


# %%
def fingerprint(trainer):
    """64 hexadecimal digits for all the weights' bytes."""
    weights = trainer.model.state_dict().values()
    # tobytes(): the numbers as they lie in memory
    return hashlib.sha256(b"".join(w.numpy().tobytes() for w in weights)).hexdigest()


def resumed(moment, forget=None):
    """A new run that takes up the moment, all but one part of it, and goes to the end."""
    fresh = new_trainer(seed=1, epochs=4)
    if forget:
        moment = {**moment, forget: fresh.state_dict()[forget]}
    fresh.load_state_dict(moment)
    fresh.run()
    return fresh


whole = normal  # four epochs of the same run, never interrupted
half = new_trainer(epochs=4)
for _ in range(60):
    next(half)
moment = half.state_dict()

runs = {
    forgotten: resumed(moment, forgotten)
    for forgotten in (None, "model", "optimizer", "rate", "loader", "random")
}
for forgotten, run in runs.items():
    equal = fingerprint(run) == fingerprint(whole)
    print(
        f"forgotten: {forgotten!s:9s}  first other loss: step {parting(whole, run)!s:4s}  "
        f"same bits in the end: {equal}"
    )

reveal("07.moments", parting(whole, runs["optimizer"]))

# %%
picture, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), sharex=True)
colours = ("tab:blue", "tab:red", "tab:orange", "tab:purple", "tab:brown", "tab:green")
for (forgotten, run), colour in zip(runs.items(), colours):
    label = f"{forgotten} forgotten" if forgotten else "everything kept"
    pairs = [(one["loss"], other["loss"]) for one, other in zip(run.history, whole.history)][50:]
    left.plot(range(51, 93), [loss for loss, _ in pairs], color=colour, label=label)
    gaps = [abs(loss - other) or math.nan for loss, other in pairs]  # nothing to draw where equal
    right.plot(range(51, 93), gaps, color=colour)
for panel in (left, right):
    panel.axvline(60, color="grey", linewidth=1, linestyle=":")
left.set(xlabel="step", ylabel="loss", title="Saved after step 60 and resumed")
left.legend()
right.set(xlabel="step", yscale="log", title="How far from the run that went on")
picture.tight_layout()
plt.show()

# %% [markdown]
# Step 61 is worked out with the right weights, so its *loss* is right; then it turns the dials
# without the memory of the moments, and step 62 shows it. The rate comes to light one step later
# still.
#
# Look at the left picture: apart from the forgotten weights all curves look healthy. That is what
# makes it a nasty mistake: nothing fails, the run is just not the same any more. The right one
# shows it, on a scale where each mark is ten times the one below. Only "everything kept" is not
# there at all: its distance is 0.
#
# ## A file that is whole, or not there
#
# Now to disk. The obvious way is to open the file and write. But opening a file for writing
# *empties* it, and writing takes time. If the power fails in between, the old checkpoint is gone
# and the new one is half a file. The safe way has four moves:
#
# 1. write everything to a file with a **temporary name** in the same folder;
# 2. force it to the disk. `file.flush()` empties Python's own buffer, `os.fsync(file.fileno())`
#    makes the operating system write what *it* still holds back;
# 3. only then **rename** it with `os.replace(temporary, path)`;
# 4. force the folder to the disk as well: a name is an entry in its folder, and the new entry too
#    may still be held back. `force_folder(path.parent)` is given.
#
# A rename within a folder happens in one stroke. Whoever looks finds the old file or the new one,
# and both are whole. After the fourth move it is surely the new one.
#
# **Exercise 4.** Write it. The check will pull the plug at every write, and just before the
# rename.


# %% exercise="07.write"
def force_folder(folder):
    """Make the operating system write the folder's list of names to the disk."""
    if os.name != "nt":  # Windows does it by itself
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def write_whole(path, data):
    """Write bytes to a file so that it is there whole, or not at all, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    ### BEGIN SOLUTION
    with open(temporary, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    force_folder(path.parent)
    ### END SOLUTION


# %%
check("07.write")

# %% [markdown]
# ## Has a single bit been flipped?
#
# Disks fail, copies break off, a cosmic ray flips a bit. A weight of 0.3 becomes
# 100000000000000000000, and nobody notices until the answers are odd.
#
# So put a **seal** on each file: the number of its bytes, and their **SHA-256**, a number of 64
# hexadecimal digits that is worked out from every bit. When the file is read, work it out again
# and compare.
#
# **Exercise 5.** `seal(data)` gives the seal as a dictionary. `verify(data, expected, file)`
# raises a `CheckpointError` if the data does not have the expected seal. Its message must name
# the `file`: a person has to find it.


# %% exercise="07.seal"
def seal(data):
    """{"bytes": how many, "sha256": 64 hexadecimal digits}"""
    ### BEGIN SOLUTION
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    ### END SOLUTION


def verify(data, expected, file):
    """Raise CheckpointError, naming the file, unless the data has the expected seal."""
    ### BEGIN SOLUTION
    if seal(data) != expected:
        raise CheckpointError(f"{file}: these are not the bytes that were written")
    ### END SOLUTION


# %%
check("07.seal")

# %% [markdown]
# ## Break it: a damaged file
#
# minidl's checkpoints are now written by your `write_whole` and sealed by your `seal`. Here are
# two, of the steps 30 and 60. We flip one single bit in the newer one. It must be refused by
# name, and asked for the newest *sound* one, minidl must go back to the older.


# %%
def flip(data, bit):
    """The same bytes with one bit flipped."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


folder = Path(tempfile.mkdtemp(prefix="minidl-"))  # a new folder for temporary files
logging.getLogger("minidl").addHandler(logging.NullHandler())  # its lines would name that folder

half = new_trainer(epochs=4)
for observation in itertools.islice(half, 60):
    if observation["step"] in (30, 60):
        write_checkpoint(folder / "flipped", half.state_dict())  # minidl's own, on your pieces
print(sorted(file.name for file in (folder / "flipped").iterdir()))

victim = folder / "flipped" / "step-00000060.safetensors"
victim.write_bytes(flip(victim.read_bytes(), bit=100_000))
try:
    half.resume(victim)
except CheckpointError as error:
    print(textwrap.fill("refused: " + str(error).replace(str(folder), "..."), 92))
# latest_checkpoint looks for the newest file that is sound
print("the newest sound one:", latest_checkpoint(folder / "flipped").name)

# %% [markdown]
# ## For real: kill a run
#
# Enough of toy accidents. The next cell starts a second Python process. It is given the source of
# your functions and puts them to work as this notebook did; then it trains the digits and writes
# a checkpoint every twenty steps. At a step that nobody has chosen we kill it with `SIGKILL`, the
# signal that no program can catch: no last word, no tidying up. It may well be in the middle of
# writing a file.
#
# Then a new run, in this notebook, takes up what it finds in the folder and goes to the end. And
# a third one is never interrupted.

# %%
BEGIN = """
import hashlib
import os
import sys
from copy import deepcopy
from pathlib import Path

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, datasets
from minidl.grading import badge, install, load_mine
from minidl.training import Checkpoint, CheckpointError, Trainer

load_mine()  # whatever else of yours is at work in this notebook
"""
GO = """
print(badge(), flush=True)
for observation in new_trainer(checkpoint=Checkpoint(sys.argv[1], every_steps=20)):
    print(observation["step"], flush=True)
"""
mine = {
    "training.moment.snapshot": snapshot,
    "training.moment.restore": restore,
    "training.atomic.write_whole": write_whole,
    "training.seal.seal": seal,
    "training.seal.verify": verify,
}
sources = [inspect.getsource(piece) for piece in (new_trainer, force_folder, *mine.values())]
installs = [f'install("{name}", {piece.__name__})' for name, piece in mine.items()]

script, saved = folder / "train.py", folder / "killed"
script.write_text("\n\n".join([BEGIN, *sources, *installs, GO]), encoding="utf-8")
command = [sys.executable, str(script), str(saved)]
fatal = random.SystemRandom().randrange(100, 400)  # another one each time

with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
    for line in child.stdout:
        if not line.strip().isdigit():
            print("  in the second process:", line, end="")
        elif int(line) == fatal:
            child.kill()
            break
print("killed in mid-run:", child.returncode != 0)

survivor = new_trainer(seed=99)  # another seed: all it needs to know is in the file
print("it left a sound checkpoint:", survivor.resume(saved) is not None)
survivor.run()

uninterrupted = new_trainer()
uninterrupted.run()
print("steps taken:", len(survivor.history), "and", len(uninterrupted.history))
print("sha256 of the final weights equal:", fingerprint(survivor) == fingerprint(uninterrupted))

# %% [markdown]
# ## The real result
#
# And do they know their digits? The test set, kept aside from the beginning, holds 359 pictures
# that no run has seen. One seed may be lucky, so we train with five.

# %%
test = DataLoader(datasets.digits("test", normalize=True), 359)
headline = []
for seed in range(5):
    run = new_trainer(seed)
    run.run()
    # evaluate runs a model over data without training it
    headline.append(evaluate(run.model, test, nn.CrossEntropyLoss())["accuracy"])
print("five seeds:", ", ".join(f"{accuracy:.1%}" for accuracy in headline))
print("each at least 97.8 %:", min(headline) >= 0.978)

survived = evaluate(survivor.model, test, nn.CrossEntropyLoss())["accuracy"]
print("the survivor is as good as the run that was never killed:", survived == headline[0])
badge()

# %% [markdown]
# ## What you know now
#
# * A step is five calls: wipe, forward, loss, back, turn. A run is a generator of steps, and so
#   it is paused by not asking.
# * What is known about a step stands in one dictionary, the only channel between those who
#   measure and those who report.
# * A moment of a run is its weights, its moments, its schedule, its place in the data and its
#   random numbers. Forget one, and nothing fails; it is just another run.
# * A file is written under a temporary name, forced to disk, renamed (and the folder forced to
#   disk too), and sealed.
#
# > **On a GPU** the trainer moves each batch to where the model's parameters are:
# > `model.to("cuda")` before the optimiser is made, and all else stays as it is. Checkpoints are
# > read on either. Some GPU sums come out in another order each time; then *bit for bit* needs
# > slower programs, made to keep the order.
# >
# > **On MNIST** give the loader another data set, `datasets.mnist("train", normalize=True)`: 60,000
# > pictures of 28 by 28 dots, which are fetched once (12 MB). The first layer then has 784 inputs,
# > and an epoch 938 steps: save by `every_steps`, not only at each epoch's end.
#
# Your pieces are kept in `my_minidl.py`, where you may read and change them. The next lesson's
# first cell puts them to work again.
