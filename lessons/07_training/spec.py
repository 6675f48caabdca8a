"""Lesson 07: a step of training, an onlooker, a moment of a run, a file written whole, a seal.

Resuming is asked bit for bit, in small runs of which each leans on one thing alone: only momentum,
only a schedule, only dropout, only shuffling; so a check says what was forgotten. Writing is asked
on a disk whose plug is pulled at every write and before the rename.
"""

import builtins
import hashlib
import io
import os
import tempfile
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np

import minidl
from minidl import nn, optim
from minidl.data import DataLoader, TensorDataset
from minidl.grading import Exercise, Part, Wrong
from minidl.training import CheckpointError, Trainer, read_checkpoint, write_checkpoint

# What both an answer and a `run` use, and gives nothing away: the judge's test asks for this list.
SHARED = ("small_run", "ending")

# ---------------------------------------------------------------- 1: one step


def some_points(rng):
    """Twelve points, what they are worth, and the weights to begin with."""
    draw = {"x": (12, 3), "y": (12, 1), "weight": (1, 3), "bias": (1,)}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in draw.items()}


def linear(weight, bias):
    """A linear layer with these weights, and momentum to train it with."""
    model = nn.Linear(weight.shape[1], 1)
    model.load_state_dict({"weight": minidl.tensor(weight), "bias": minidl.tensor(bias)})
    return model, optim.SGD(model.parameters(), lr=0.05, momentum=0.9)


def batches(x, y):
    """Three batches of four."""
    pairs = ((x[i : i + 4], y[i : i + 4]) for i in (0, 4, 8))
    return [(minidl.tensor(a), minidl.tensor(b)) for a, b in pairs]


def listed(walk):
    """What a walk handed over, if it did so one by one."""
    return [dict(seen) for seen in walk] if walk is not None else []


def off_target(output, target):
    """A loss whose two arguments may not be exchanged."""
    return ((output - 2 * target) ** 2).mean()


def run_steps(code, x, y, weight, bias):
    """Two epochs: the observations, and the weights in the end."""
    model, optimizer = linear(weight, bias)
    seen = listed(code.steps(model, optimizer, off_target, batches(x, y), 2))
    keys = ("step", "epoch", "loss")
    return {
        **{key: [float(observation[key]) for observation in seen] for key in keys},
        "weight": model.weight,
        "bias": model.bias,
    }


def true_steps(x, y, weight, bias):
    """The same with the gradient of the mean square worked out by hand."""
    w, b = weight.astype(float).T, bias.astype(float)
    vw, vb, losses = np.zeros_like(w), np.zeros_like(b), []
    for _ in range(2):
        for i in (0, 4, 8):
            error = x[i : i + 4] @ w + b - 2 * y[i : i + 4]
            losses.append(float((error**2).mean()))
            vw = 0.9 * vw + 2 * x[i : i + 4].T @ error / 4
            vb = 0.9 * vb + 2 * error.mean(0)
            w, b = w - 0.05 * vw, b - 0.05 * vb
    epochs = [1.0] * 3 + [2.0] * 3
    steps = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    return {"step": steps, "epoch": epochs, "loss": losses, "weight": w.T, "bias": b}


def run_pause(code, x, y, weight, bias):
    """What has been done when two steps were asked for."""
    model, optimizer = linear(weight, bias)
    fetched = []

    def loader():
        for batch in batches(x, y):
            fetched.append(batch)
            yield batch

    seen = list(islice(code.steps(model, optimizer, nn.MSELoss(), loader(), 1) or (), 2))
    return {
        "steps handed over": len(seen),
        "batches fetched": len(fetched),
        "updates made": optimizer.steps_taken,
        "loss is a plain number": all(isinstance(s["loss"], (int, float)) for s in seen),
    }


PAUSED = {
    "steps handed over": 2,
    "batches fetched": 2,
    "updates made": 2,
    "loss is a plain number": True,
}


STEPS = Exercise(
    id="07.steps",
    title="One step of training",
    entry=("steps",),
    parts=[
        Part(
            "numbers",
            "two epochs: every loss, and the weights in the end",
            some_points,
            run_steps,
            true_steps,
            points=2,
            rtol=1e-3,
            atol=1e-5,
        ),
        Part(
            "pause",
            "asked for two steps, it takes two and waits",
            some_points,
            run_pause,
            lambda **points: PAUSED,
            points=2,
        ),
    ],
    hints=[
        "The five calls stand in the text above the exercise, in their order.",
        "After the five calls: `step += 1`, then `yield {...}`. No `return` is needed.",
        '`yield {"step": step, "epoch": epoch, "loss": loss.item()}`, inside the inner loop.',
    ],
    wrong=[
        Wrong(
            "never_wipes",
            "zero_grad is forgotten",
            "The first step is right and the later ones go astray: old gradients are still in"
            " `grad`, and `backward()` adds to them. Begin each step with"
            " `optimizer.zero_grad()`.",
            change={"optimizer.zero_grad()": "pass"},
        ),
        Wrong(
            "steps_before_backward",
            "the optimiser steps before backward",
            "No weight ever moves: when `step()` is called there are no gradients to follow."
            " `backward()` fills them in, so it comes before `step()`, and `zero_grad()` must"
            " not stand between the two.",
            change={
                "loss.backward()": "optimizer.step()",
                "optimizer.step()\n            step": "loss.backward()\n            step",
            },
        ),
        Wrong(
            "yields_early",
            "the step is handed over before the dials are turned",
            "The numbers are right, but you hand the step over before it is complete: a paused"
            " run would stand one update behind what it reports. `yield` comes last.",
            change={
                "\n            optimizer.step()": "",
                "loss.item()}": "loss.item()}\n            optimizer.step()",
            },
        ),
        Wrong(
            "hands_over_the_tensor",
            "the loss tensor is handed over in place of its number",
            "You hand over the loss as a tensor, and with it the whole tape of its making,"
            " for as long as somebody keeps the observation. Take the number: `loss.item()`.",
            change={"loss.item()": "loss"},
        ),
        Wrong(
            "all_at_once",
            "a list is built and returned",
            "The numbers are right, but all the steps are taken before the first is handed"
            " over, so nobody can pause. Not a list and `return`: `yield` each step as it"
            " is done.",
            change={
                "step = 0\n": "step, seen = 0, []\n",
                "yield {": "seen.append({",
                "loss.item()}": "loss.item()})\n    return seen",
            },
        ),
        Wrong(
            "once_an_epoch",
            "yield stands outside the inner loop",
            "You hand over one observation for each epoch, not for each step. Move the `yield`"
            " inside the inner loop, in line with the five calls.",
            change={"    yield": "yield"},
        ),
        Wrong(
            "says_nothing",
            "the steps are taken and nothing is handed over",
            "The steps are taken, but nothing is handed over. A function with `yield` in it"
            " is a generator; yours has none, so it runs to the end and gives None.",
            change={"yield {": "observation = {"},
        ),
    ],
)

# ---------------------------------------------------------------- 2: an onlooker


def some_moves(rng):
    """Weights to begin with, and three moves of them."""
    return {
        "weight": rng.normal(size=(2, 3)).astype(np.float32),
        "bias": rng.normal(size=2).astype(np.float32),
        "weight_moves": rng.normal(scale=0.3, size=(3, 2, 3)).astype(np.float32),
        "bias_moves": rng.normal(scale=0.05, size=(3, 2)).astype(np.float32),
    }


def watch(code, weight, bias, weight_moves, bias_moves):
    """The observations of three steps that an onlooker of the learner's has seen."""
    model = nn.Linear(3, 2)
    model.load_state_dict({"weight": minidl.tensor(weight), "bias": minidl.tensor(bias)})
    trainer, onlooker, seen = SimpleNamespace(model=model, step=0), code.UpdateRatio(), []
    onlooker.initialise(trainer)
    for step, (dw, db) in enumerate(zip(weight_moves, bias_moves, strict=True), 1):
        observation = {"step": step, "loss": 0.5}
        onlooker.before_step(trainer)
        with minidl.no_grad():
            model.weight.add_(minidl.tensor(dw))
            model.bias.add_(minidl.tensor(db))
        onlooker.after_step(trainer, observation)
        seen.append(observation)
    return seen


def run_ratio(code, **moves):
    """The ratios alone; -1 where there is none."""
    return [float(seen.get("update_ratio", -1)) for seen in watch(code, **moves)]


def true_ratio(weight, bias, weight_moves, bias_moves):
    """Length of the move over length of what was moved, all numbers as one arrow."""
    before, ratios = np.append(weight, bias).astype(float), []
    for dw, db in zip(weight_moves, bias_moves, strict=True):
        move = np.append(dw, db)
        ratios.append(float(np.linalg.norm(move) / np.linalg.norm(before)))
        before = before + move
    return ratios


ONLOOKER = Exercise(
    id="07.ratio",
    title="An onlooker that measures",
    entry=("UpdateRatio",),
    parts=[
        Part(
            "ratio",
            "three steps, each with its ratio",
            some_moves,
            run_ratio,
            true_ratio,
            points=2,
            rtol=1e-4,
        ),
        Part(
            "channel",
            "one entry more in the observation, the others as they were",
            some_moves,
            lambda code, **moves: [
                ", ".join(sorted(map(str, seen))) + f"; loss {seen['loss']}"
                for seen in watch(code, **moves)
            ],
            lambda **moves: ["loss, step, update_ratio; loss 0.5"] * 3,
        ),
    ],
    hints=[
        "In `before_step`: a list of copies, one for each of `trainer.model.parameters()`.",
        "In `after_step`, `zip` walks the parameters as they are now and the copies side by side.",
        '`observation["update_ratio"] = length(moves) / length(self.before)`',
    ],
    wrong=[
        Wrong(
            "no_copy",
            "the live weights are kept, not a copy",
            "The ratio is always 0: `self.before` holds the live weights, and they have moved"
            " too. Keep copies: `p.detach().clone()`.",
            change={".clone()": ""},
        ),
        Wrong(
            "over_the_new",
            "divided by the weights after the step",
            "Nearly: you divide by the length of the weights *after* the step. Compare with"
            " what they were before it, `self.before`.",
            change={"/ length(self.before)": "/ length(trainer.model.parameters())"},
        ),
        Wrong(
            "each_alone",
            "the mean of the parameters' own ratios",
            "You take each parameter's own ratio and their mean, so a small bias counts as"
            " much as a large matrix. Take all numbers as one arrow: `length(moves)`.",
            change={
                "moved = length([": "moves = [",
                "zip(after, self.before)])": "zip(after, self.before)]",
                "moved / length(self.before)": (
                    "sum(length([m]) / length([w]) for m, w in zip(moves, self.before)) / 2"
                ),
            },
        ),
        Wrong(
            "returns",
            "the value is returned, not put into the observation",
            "You return the ratio, but nobody listens to what a callback returns. Put it into"
            ' the only channel: `observation["update_ratio"] = ...`.',
            change={'observation["update_ratio"] = moved': "return moved"},
        ),
        Wrong(
            "from_the_start",
            "the weights are kept once, at the beginning",
            "The first ratio is right, the later ones measure from where the run *began*."
            " `before_step` is called at each step: keep the weights anew each time.",
            change={"self.before = ": 'self.before = getattr(self, "before", None) or '},
        ),
        Wrong(
            "upside_down",
            "the ratio stands on its head",
            "The ratio stands on its head: how far the weights moved is above, how long they"
            " were is below.",
            change={"moved / length(self.before)": "length(self.before) / moved"},
        ),
    ],
)

# ---------------------------------------------------------------- 3: a moment of a run


def small_run(x, y, seed, leans_on):
    """Two epochs of six steps (one for "loader"), in which only one thing beside weights counts."""
    minidl.manual_seed(seed)
    drop = 0.5 if leans_on in ("random", "all") else 0.0
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(drop), nn.Linear(8, 1))
    momentum = 0.9 if leans_on in ("optimizer", "all") else 0.0
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=momentum)
    schedule = None
    if leans_on in ("rate", "all"):
        schedule = optim.lr_scheduler.StepLR(optimizer, 3, gamma=0.5)
    data = TensorDataset(minidl.tensor(x), minidl.tensor(y))
    loader = DataLoader(data, 4, shuffle=leans_on in ("loader", "all"))
    epochs = 1 if leans_on == "loader" else 2
    return Trainer(
        model, optimizer, nn.MSELoss(), loader, epochs=epochs, metrics={}, scheduler=schedule
    )


def ending(trainer):
    """The losses of the whole run, and the weights in the end."""
    trainer.run()
    weights = [p.detach().numpy().ravel() for p in trainer.model.parameters()]
    losses = np.array([seen["loss"] for seen in trainer.history])
    return {"losses": losses, "weights": np.concatenate(weights)}


def interrupted(code, x, y, stop, leans_on, by_disk=False, goes_on=False):
    """A run that is left after `stop` steps, and taken up by another with another seed."""
    first = small_run(x, y, 0, leans_on)
    for _ in range(stop):
        next(first)
    moment, history = code.snapshot(first), list(first.history)
    epoch, batch = first.epoch, first.batch
    if goes_on:
        first.run()
    first.close()
    if by_disk:
        with tempfile.TemporaryDirectory() as folder:
            moment = read_checkpoint(write_checkpoint(folder, {**moment, "step": stop}))
    second = small_run(x, y, 1, leans_on)
    code.restore(second, moment)
    second.step, second.epoch, second.feed.done, second.history = stop, epoch, batch, history
    return ending(second)


def some_run(low, high):
    """24 points, and the step to stop after."""

    def draw(rng):
        x = rng.normal(size=(24, 4)).astype(np.float32)
        y = (x.sum(1, keepdims=True) + rng.normal(size=(24, 1))).astype(np.float32)
        return {"x": x, "y": y, "stop": int(rng.integers(low, high))}

    return draw


def resuming(id, title, points, leans_on, low=2, high=5, **how):
    """A part: interrupted or not, the same run to the bit."""
    return Part(
        id,
        title,
        some_run(low, high),
        lambda code, x, y, stop: interrupted(code, x, y, stop, leans_on, **how),
        lambda x, y, stop: ending(small_run(x, y, 0, leans_on)),
        points=points,
        rtol=0,
        atol=0,
    )


STATE = {
    "optimizer": "trainer.optimizer",
    "rate": "trainer.rate",
    "loader": "trainer.feed",
    "random": "minidl.default_generator",
}


def without(*keys):
    """The change of the answer that leaves these out of the moment."""
    kept = {f'"{key}": {STATE[key]}.state_dict(),': "" for key in keys}
    return kept | {f'{STATE[key]}.load_state_dict(moment["{key}"])': "" for key in keys}


SNAPSHOT = Exercise(
    id="07.snapshot",
    title="A moment of a run",
    entry=("snapshot", "restore"),
    replaces=("training.moment.snapshot", "training.moment.restore"),
    parts=[
        resuming("weights", "a plain run, interrupted, goes on to the same bits", 1, "nothing"),
        resuming("moments", "a run with momentum", 1, "optimizer"),
        resuming("schedule", "a run with a schedule", 1, "rate"),
        resuming("random", "a run with dropout", 1, "random"),
        resuming("loader", "a run with shuffled data, left in mid-epoch", 1, "loader"),
        resuming("copy", "the first run goes on, and the moment stays", 1, "nothing", goes_on=True),
        resuming("disk", "all of it, by way of a file", 2, "all", 2, 11, by_disk=True),
    ],
    hints=[
        "The table above the exercise names the five, their keys and where they are.",
        '`"optimizer": trainer.optimizer.state_dict(),` and so on; `return deepcopy(moment)`.',
        'In `restore` one line for each: `trainer.rate.load_state_dict(moment["rate"])` ...',
        "The random numbers belong to no trainer: `minidl.default_generator.state_dict()`.",
    ],
    wrong=[
        Wrong(
            "weights_only",
            "the weights alone are kept",
            "Only the weights come back. They are enough to *use* a network, not to go on"
            " training it: the optimiser, the rate, the loader and the random numbers"
            " remember something too. Keep all five, and put all five back.",
            change=without(*STATE),
        ),
        Wrong(
            "forgets_moments",
            "the optimiser's moments are left out",
            "The moments are forgotten: the first step after the resume starts without the"
            " optimiser's memory of earlier gradients. Keep `trainer.optimizer` as well.",
            change=without("optimizer"),
        ),
        Wrong(
            "forgets_rate",
            "the schedule is left out",
            "The schedule is forgotten: the new run begins at its beginning. Keep"
            " `trainer.rate` as well.",
            change=without("rate"),
        ),
        Wrong(
            "forgets_random",
            "the random state is left out",
            "The random numbers are forgotten, so after the resume dropout takes away others."
            " Keep `minidl.default_generator` as well.",
            change=without("random"),
        ),
        Wrong(
            "forgets_loader",
            "the place in the data is left out",
            "The place in the data is forgotten: after the resume the batches are not those"
            " that were still to come. Keep `trainer.feed` as well.",
            change=without("loader"),
        ),
        Wrong(
            "shares_memory",
            "the state is kept without a copy",
            "Your moment moves with the run: `state_dict()` hands out the live arrays. Return"
            " a copy, `deepcopy(moment)`.",
            change={"deepcopy(moment)": "moment"},
        ),
        Wrong(
            "seeds_again",
            "the generator is seeded anew",
            "Seeding anew starts the random numbers from their beginning; the run was in the"
            " middle of them. Keep the generator's state: `minidl.default_generator"
            ".state_dict()`.",
            change={
                '"random": minidl.default_generator.state_dict(),': "",
                'default_generator.load_state_dict(moment["random"])': "manual_seed(0)",
            },
        ),
    ],
)

# ---------------------------------------------------------------- 4: a file that is whole

OPEN, REPLACE, RENAME, FSYNC = builtins.open, os.replace, os.rename, os.fsync
AFTER = "after the rename"


class Killed(BaseException):
    """The plug was pulled."""


class Watched:
    """A file open for writing; each write is a moment at which the plug may be pulled."""

    def __init__(self, file, disk):
        self.file, self.disk = file, disk

    def write(self, data):
        """Writes it, or only half of it, and then the light goes out."""
        self.disk.writes += 1
        if self.disk.writes == self.disk.pull_at:
            self.file.write(data[: len(data) // 2])
            self.file.flush()
            raise Killed
        return self.file.write(data)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()

    def __getattr__(self, name):
        return getattr(self.file, name)


class Disk:
    """Stands between the code and the disk, and notes what is forced to it and renamed."""

    def __init__(self, folder, pull_at=None):
        self.folder = folder
        self.pull_at = pull_at  # the number of a write, "rename", or None
        self.writes, self.forced, self.renamed = 0, 0, "none"
        self.entry = "never"  # when the folder, the list of its names, was forced to disk

    def open(self, file, mode="r", *args, **options):
        """Files opened for writing are watched."""
        real = OPEN(file, mode, *args, **options)
        return Watched(real, self) if set(mode) & set("wax+") else real

    def fsync(self, handle):
        """Notes how much of the file has reached the disk by now, or when its folder did."""
        seen = os.fstat(handle)
        if os.path.samestat(seen, os.stat(self.folder)):
            self.entry = "before the rename" if self.renamed == "none" else AFTER
        elif self.renamed == "none":
            self.forced = max(self.forced, seen.st_size)
        FSYNC(handle)

    def replace(self, source, target, **options):
        """Notes from where the name comes."""
        if self.pull_at == "rename":
            raise Killed
        near = Path(source).resolve().parent == Path(target).resolve().parent
        self.renamed = "within the folder" if near else "from another folder"
        REPLACE(source, target, **options)

    def __enter__(self):
        builtins.open = io.open = self.open
        os.replace = os.rename = self.replace
        os.fsync = self.fsync
        return self

    def __exit__(self, *error):
        builtins.open = io.open = OPEN
        os.replace, os.rename, os.fsync = REPLACE, RENAME, FSYNC


def write_over(code, old, new, pull_at=None):
    """What stands in the file after a write over an old one, in words, and the disk."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "step-1.bin"
        path.write_bytes(old)
        with Disk(folder, pull_at) as disk:
            try:
                code.write_whole(path, new)
            except Killed:
                pass
        words = {old: "the old file", new: "the new file"}
        found = path.read_bytes() if path.exists() else None
        left = "no file at all" if found is None else words.get(found, "a broken piece")
        others = sorted(f.name for f in Path(folder).iterdir() if f != path)
        return left, disk, others


def run_write(code, old, new):
    """A write that nothing disturbs: over an old file, and where none has been."""
    left, _, others = write_over(code, old, new)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a" / "b" / "step-2.bin"
        code.write_whole(path, new)
        fresh = path.exists() and path.read_bytes() == new
    return {"over an old one": left, "a new one is right": fresh, "left behind": len(others)}


def run_pulled(code, old, new):
    """The plug pulled at each write in turn; what is not whole is told first."""
    _, disk, _ = write_over(code, old, new)
    found = [write_over(code, old, new, k + 1)[0] for k in range(disk.writes)]
    broken = [left for left in found if left in ("a broken piece", "no file at all")]
    return (broken or ["a whole file"])[0]


def run_before_rename(code, old, new):
    """The plug pulled just before the rename."""
    left = write_over(code, old, new, "rename")[0]
    return "a whole file" if left.endswith(("old file", "new file")) else left


def run_forced(code, old, new):
    """What was renamed, and how much had been forced to disk by then."""
    disk = write_over(code, old, new)[1]
    return {"renamed": disk.renamed, "share on disk by then": disk.forced / len(new)}


def run_entry(code, old, new):
    """When the folder was forced to disk; Windows does it by itself."""
    disk = write_over(code, old, new)[1]
    return AFTER if os.name == "nt" else disk.entry


def some_bytes(rng):
    """An old file and a new one; Python's buffer would hold either."""
    sizes = rng.integers(1000, 3000, size=2)
    return {"old": rng.bytes(int(sizes[0])), "new": rng.bytes(int(sizes[1]))}


def part(id, title, points, run, reference):
    """A part about writing."""
    return Part(id, title, some_bytes, run, lambda old, new: reference, points=points)


WRITE = Exercise(
    id="07.write",
    title="A file that is whole, or not there",
    entry=("write_whole",),
    replaces="training.atomic.write_whole",
    parts=[
        part(
            "right",
            "undisturbed, the bytes are there",
            1,
            run_write,
            {"over an old one": "the new file", "a new one is right": True, "left behind": 0},
        ),
        part("pulled", "the plug is pulled at each write", 2, run_pulled, "a whole file"),
        part(
            "rename", "the plug is pulled before the rename", 1, run_before_rename, "a whole file"
        ),
        part(
            "forced",
            "all of it is forced to disk, then renamed",
            1,
            run_forced,
            {"renamed": "within the folder", "share on disk by then": 1.0},
        ),
        part("entry", "the folder is forced to disk, with the new name in it", 1, run_entry, AFTER),
    ],
    hints=[
        'Open the temporary name, not `path`: `with open(temporary, "wb") as file:`.',
        "Inside the `with`: write, then `file.flush()`, then `os.fsync(file.fileno())`.",
        "After the `with`: `os.replace(temporary, path)`, and last `force_folder(path.parent)`.",
    ],
    wrong=[
        Wrong(
            "in_place",
            "the file itself is written",
            "You write straight into the file. Opening it empties it, and if the power fails"
            " before the last byte, the old one is gone and the new one is a piece. Write to"
            " `temporary`, then rename.",
            change={"open(temporary": "open(path", "os.replace(temporary, path)": "pass"},
        ),
        Wrong(
            "renames_first",
            "the rename comes before the writing",
            "You rename first and write afterwards, so the good name stands on an unfinished"
            " file. First all the bytes, then the name.",
            change={
                "file.write(data)": "os.replace(temporary, path)\n        file.write(data)",
                "\n    os.replace(temporary, path)": "",
            },
        ),
        Wrong(
            "no_fsync",
            "nothing is forced to disk",
            "The rename may reach the disk before the bytes do, and after a power failure the"
            " good name stands on an empty file. Before the rename: `file.flush()` and"
            " `os.fsync(file.fileno())`.",
            change={"        file.flush()\n        os.fsync(file.fileno())\n": ""},
        ),
        Wrong(
            "copies",
            "the temporary file is copied, not renamed",
            "You copy the temporary file to the good name. A copy is written byte by byte like"
            " any other file; only a rename happens in one stroke: `os.replace(temporary,"
            " path)`.",
            change={"os.replace(temporary, path)": "path.write_bytes(temporary.read_bytes())"},
        ),
        Wrong(
            "unlinks_first",
            "the old file is removed before the rename",
            "You remove the old file before the new one has its name: if the power fails"
            " between the two, there is none. `os.replace` takes the old one's place by"
            " itself.",
            change={"os.replace(": "path.unlink(missing_ok=True)\n    os.replace("},
        ),
        Wrong(
            "other_folder",
            "the temporary file lies in another folder",
            "Your temporary file lies in another folder, perhaps on another disk, and between"
            " disks there is no rename. Put it beside the file: `path.with_name(...)`.",
            change={"path.with_name(": "Path(tempfile.gettempdir(), "},
        ),
        Wrong(
            "leaves_it_there",
            "the temporary file is never renamed",
            "The bytes lie in the temporary file and stay there: the good name still stands on"
            " the old ones. After the `with` comes `os.replace(temporary, path)`.",
            change={"os.replace(temporary, path)": "pass"},
        ),
        Wrong(
            "no_folder",
            "the folder is not forced to disk",
            "The bytes are on the disk; the new name may not be. A name is an entry in its folder,"
            " and after a power failure the old entry may be back. Last of all:"
            " `force_folder(path.parent)`.",
            change={"    force_folder(path.parent)": "    pass"},
        ),
        Wrong(
            "folder_first",
            "the folder is forced to disk before the rename",
            "You force the folder to disk too early: the new name is not in it yet."
            " `force_folder(path.parent)` comes after the rename.",
            change={
                "\n    force_folder(path.parent)": "",
                "os.replace(": "force_folder(path.parent)\n    os.replace(",
            },
        ),
    ],
)

# ---------------------------------------------------------------- 5: a seal


def some_file(rng):
    """Bytes, a bit to flip, a length to cut to."""
    size = int(rng.integers(400, 900))
    return {
        "data": rng.bytes(size),
        "bit": int(rng.integers(8 * 200, 8 * size)),
        "cut": int(rng.integers(100, size)),
    }


def some_sealed_file(rng):
    """The same with the seal of the whole file, which the code that is asked must not work out."""
    drawn = some_file(rng)
    return drawn | {"sealed": true_seal(drawn["data"])}


def flip(data, bit):
    """The same bytes with one bit flipped."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def answer(code, data, expected, name="step-7.bin"):
    """What `verify` does, in words."""
    try:
        code.verify(data, expected, name)
    except CheckpointError as error:
        return "refused by name" if name in str(error) else "refused, the file not named"
    except NotImplementedError:
        raise
    except Exception as error:
        return f"refused by a {type(error).__name__}"
    return "accepted"


def true_seal(data):
    """Number of bytes and SHA-256."""
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


REFUSAL = 'CheckpointError(f"{file}: these are not the bytes that were written")'

SEAL = Exercise(
    id="07.seal",
    title="A seal",
    entry=("seal", "verify"),
    replaces=("training.seal.seal", "training.seal.verify"),
    parts=[
        Part(
            "seal",
            "the number of bytes, and their SHA-256",
            some_file,
            lambda code, data, bit, cut: code.seal(data),
            lambda data, bit, cut: true_seal(data),
        ),
        Part(
            "sound",
            "a sound file is accepted",
            some_sealed_file,
            lambda code, data, bit, cut, sealed: answer(code, data, sealed),
            lambda data, bit, cut, sealed: "accepted",
        ),
        Part(
            "cut",
            "a file that is cut short is refused",
            some_sealed_file,
            lambda code, data, bit, cut, sealed: answer(code, data[:cut], sealed),
            lambda data, bit, cut, sealed: "refused by name",
        ),
        Part(
            "flipped",
            "a file with one bit flipped is refused",
            some_sealed_file,
            lambda code, data, bit, cut, sealed: answer(code, flip(data, bit), sealed),
            lambda data, bit, cut, sealed: "refused by name",
            points=2,
        ),
    ],
    hints=[
        "`len(data)` counts the bytes; `hashlib.sha256(data).hexdigest()` gives the 64 digits.",
        "In `verify`, work out `seal(data)` and compare it with `expected`.",
        '`raise CheckpointError(f"{file}: these are not the bytes that were written")`',
    ],
    wrong=[
        Wrong(
            "length_only",
            "only the length is compared",
            "You compare the lengths alone, and a flipped bit changes no length. Compare the"
            " SHA-256 as well: the whole seal.",
            change={"seal(data) != expected": 'len(data) != expected["bytes"]'},
        ),
        Wrong(
            "returns",
            "the result is returned, not raised",
            "`verify` says True or False, and whoever does not look at the answer trains on"
            " with a damaged file. Raise a `CheckpointError`: that cannot be overlooked.",
            change={
                "if seal(data) != expected:": "return seal(data) == expected",
                f"\n        raise {REFUSAL}": "",
            },
        ),
        Wrong(
            "header_only",
            "the seal covers only the beginning",
            "Your seal looks only at the beginning of the data, and the damage may be at the"
            " end. Give *all* bytes to `hashlib.sha256`.",
            change={"sha256(data)": "sha256(data[:100])"},
        ),
        Wrong(
            "raw_digest",
            "digest in place of hexdigest",
            "`digest()` gives 32 raw bytes, which no JSON file can hold. The 64 hexadecimal"
            " digits are `hexdigest()`.",
            change={"hexdigest": "digest"},
        ),
        Wrong(
            "nameless",
            "the message does not name the file",
            "The damage is found, but the message does not say in which file. Put `file` into"
            " it: among a thousand checkpoints a person must find the one.",
            change={'f"{file}: these': '"these'},
        ),
        Wrong(
            "other_error",
            "a ValueError is raised",
            "You refuse with an error of another kind. Those who look for the newest sound file"
            " catch `CheckpointError` alone, and would be thrown off by yours.",
            change={"raise CheckpointError": "raise ValueError"},
        ),
        Wrong(
            "upside_down",
            "sound files are refused",
            "It is the other way round: you refuse the sound files and accept the damaged ones."
            " Raise when the seals are *not* equal.",
            change={"!=": "=="},
        ),
    ],
)

EXERCISES = [STEPS, ONLOOKER, SNAPSHOT, WRITE, SEAL]
