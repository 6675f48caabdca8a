"""Lesson 06: items, order, groups and a loader, one scale for all, and digits that are moved.

The references are NumPy. What is random has no one right answer: so an order is asked whether each
item is in it once, whether it comes again with its seed and not without, and how often each of the
six orders of three cards is dealt. A share may be nearly five of its standard deviations away from
the expected one: of a million right answers some five are refused.
"""

import numpy as np

import minidl
from minidl.grading import Exercise, Part, Wrong

MANY = 300  # items, where two orders are compared: about one of them stands at its old place

# What both an answer and a `run` use, and gives nothing away: the judge's test asks for this list.
SHARED = ("MANY",)

# ---------------------------------------------------------------- 1: items


def tables(rng, rows=None):
    """One to three tables of equal length, and some places in them."""
    n = int(rng.integers(2, 9)) if rows is None else rows
    shapes = [(2, 3), (), (1, 2, 2)][: int(rng.integers(1, 4))]
    found = [rng.integers(-9, 10, (n, *shape)) for shape in shapes]
    found[0] = found[0].astype(np.float32) / 2
    places = [int(i) for i in rng.integers(-n, n, 5)] if n else []
    return {"tables": found, "places": places}


def as_dataset(code, tables):
    """The learner's data set of these tables."""
    return code.TensorDataset(*(minidl.tensor(table) for table in tables))


def run_items(code, tables, places):
    """The items at these places, and what they are."""
    items = [as_dataset(code, tables)[place] for place in places]
    return {"kind": [type(item).__name__ for item in items], "items": [list(i) for i in items]}


def true_items(tables, places):
    return {
        "kind": ["tuple" for _ in places],
        "items": [[table[place] for table in tables] for place in places],
    }


def lengths(rng):
    """Tables of several lengths, none of which is the number of tables."""
    return {f"of {n}": tables(rng, n)["tables"] for n in (0, 1, 5, int(rng.integers(6, 20)))}


def run_lengths(code, **sets):
    return {name: len(as_dataset(code, found)) for name, found in sets.items()}


def run_walk(code, tables, places):
    """A `for` loop over the data set: Python asks for 0, 1, 2, ... until an IndexError."""
    walked = []
    for item in as_dataset(code, tables):
        walked.append(list(item))
        if len(walked) > len(tables[0]):
            break
    return walked


def run_gather(code, tables, places):
    """Several items at once."""
    return as_dataset(code, tables).gather(places)


ITEMS = Exercise(
    id="06.items",
    title="Something that has items",
    entry=("TensorDataset",),
    replaces="data.stacked.TensorDataset",
    parts=[
        Part(
            "length",
            "how many items there are",
            lengths,
            run_lengths,
            lambda **sets: {name: len(found[0]) for name, found in sets.items()},
        ),
        Part("items", "one item, from either end", tables, run_items, true_items, 2, dtype=True),
        Part(
            "walk",
            "a loop over all items comes to its end",
            tables,
            run_walk,
            lambda tables, places: [[table[i] for table in tables] for i in range(len(tables[0]))],
        ),
        Part(
            "gather",
            "several items at once, in their order, one of them twice",
            lambda rng: (found := tables(rng)) | {"places": found["places"] * 2},
            run_gather,
            lambda tables, places: [table[places] for table in tables],
            points=2,
            dtype=True,
        ),
    ],
    hints=[
        "All tables are equally long: `len(self.tensors[0])`.",
        "An item is a tuple with one row of each table: `tuple(t[index] for t in self.tensors)`.",
        "`chosen = minidl.tensor(indices)`, and then the same for `t[chosen]`, in a list.",
    ],
    wrong=[
        Wrong(
            "counts_tables",
            "the number of tables",
            "You counted the tables. The items are their rows: ask one of the tables how long it"
            " is.",
            change={"len(self.tensors[0])": "len(self.tensors)"},
        ),
        Wrong(
            "first_table_only",
            "the label is left out",
            "An item is more than its picture: take the row of *every* table, so that the label"
            " travels along.",
            change={"tuple(t[index] for t in self.tensors)": "(self.tensors[0][index],)"},
        ),
        Wrong(
            "list",
            "a list in place of a tuple",
            "Your item is a list. What belongs together and is not to be changed is a tuple:"
            " `tuple(...)`.",
            change={"tuple(t[index] for t in self.tensors)": "[t[index] for t in self.tensors]"},
        ),
        Wrong(
            "from_one",
            "items are counted from 1",
            "Your items are counted from 1. Item 0 is the first row.",
            change={"t[index]": "t[index - 1]"},
        ),
        Wrong(
            "item_by_item",
            "gather gives a list of items",
            "`gather` gave a list of items. It should give a list with a part of each *table*: all"
            " pictures in one tensor, all labels in another.",
            change={"[t[chosen] for t in self.tensors]": "[self[i] for i in indices]"},
        ),
        Wrong(
            "stretch",
            "everything from the first to the last",
            "`gather` gave a whole stretch of rows. It should give the rows that were asked for,"
            " and no others.",
            change={"t[chosen]": "t[min(indices) : max(indices) + 1]"},
        ),
        Wrong(
            "sorts",
            "the rows in ascending order",
            "`gather` gave the rows in ascending order. The order that was asked for is the"
            " shuffled one: keep it.",
            change={"minidl.tensor(indices)": "minidl.tensor(sorted(indices))"},
        ),
    ],
)

# ---------------------------------------------------------------- 2: order


def deck(rng):
    """Numbers of cards, and two seeds."""
    few, many = int(rng.integers(3, 9)), int(rng.integers(20, 60))
    seed = int(rng.integers(1000))
    return {"sizes": [0, 1, 2, few, many], "seed": seed, "other": seed + 1}


def run_once(code, sizes, seed, other):
    """The cards, sorted again, and what they came in."""
    orders = [code.shuffled(n, minidl.Generator(seed)) for n in sizes]
    return {"kind": [type(o).__name__ for o in orders], "sorted": [sorted(o) for o in orders]}


def run_again(code, sizes, seed, other):
    """By how much the same seed differs from itself, with a generator and without."""
    first, second = (code.shuffled(MANY, minidl.Generator(seed)) for _ in range(2))
    minidl.manual_seed(seed)
    third = code.shuffled(MANY)
    minidl.manual_seed(seed)
    fourth = code.shuffled(MANY)
    return {
        "of a generator": np.subtract(first, second),
        "without one": np.subtract(third, fourth),
    }


def unmoved(order, other):
    """How many places hold the same in both."""
    return int(np.sum(np.equal(order, other)))


def run_others(code, sizes, seed, other):
    """How much alike two orders are that should have nothing to do with each other."""
    generator = minidl.Generator(seed)
    first, second = code.shuffled(MANY, generator), code.shuffled(MANY, generator)
    third = code.shuffled(MANY, minidl.Generator(other))
    return {
        "as they lay": unmoved(first, range(MANY)),
        "the next from one generator": unmoved(first, second),
        "another seed": unmoved(first, third),
    }


def run_untouched(code, sizes, seed, other):
    """By how much minidl's own next number changes when another generator is used."""
    found = []
    for shuffles in (False, True):
        minidl.manual_seed(seed)
        if shuffles:
            code.shuffled(MANY, minidl.Generator(other))
        found.append(minidl.rand(1).item())
    return found[1] - found[0]


def run_fair(code, seed, times):
    """The share of each of the six orders of three cards."""
    generator, counts = minidl.Generator(seed), [0] * 6
    for _ in range(times):
        a, b, c = code.shuffled(3, generator)
        counts[2 * a + (b > c)] += 1
    return np.array(counts) / times


ORDER = Exercise(
    id="06.order",
    title="A random order",
    entry=("shuffled",),
    replaces="data.sampler.shuffled",
    withholds=("chance.randperm", "primitive:permutation_like"),
    parts=[
        Part(
            "once",
            "each number once, for no card, one, two and many",
            deck,
            run_once,
            lambda sizes, seed, other: {
                "kind": ["list" for _ in sizes],
                "sorted": [list(range(n)) for n in sizes],
            },
        ),
        Part(
            "again",
            "the same seed, the same order",
            deck,
            run_again,
            lambda sizes, seed, other: {
                "of a generator": np.zeros(MANY),
                "without one": np.zeros(MANY),
            },
        ),
        Part(
            "others",
            "another seed, or the next epoch: another order",
            deck,
            run_others,
            lambda sizes, seed, other: {
                "as they lay": 1,
                "the next from one generator": 1,
                "another seed": 1,
            },
            atol=9,
        ),
        Part(
            "untouched",
            "who has a generator takes nothing from minidl's own",
            deck,
            run_untouched,
            lambda sizes, seed, other: 0.0,
        ),
        Part(
            "fair",
            "all six orders of three cards come equally often",
            lambda rng: {"seed": int(rng.integers(1000)), "times": 20000},
            run_fair,
            lambda seed, times: np.full(6, 1 / 6),
            points=2,
            atol=0.013,
            seeds=1,
            seconds=20,
        ),
    ],
    hints=[
        "`drawn = minidl.rand(n, generator=generator).tolist()` are n numbers from 0 up to 1;"
        " `order = list(range(n))`.",
        "`for last in range(n - 1, 0, -1):` goes from the last place down to the second.",
        "Place `last` chooses from the places 0 to `last`, and that is `last + 1` of them:"
        " `chosen = int(drawn[last] * (last + 1))`. Then"
        " `order[last], order[chosen] = order[chosen], order[last]`.",
    ],
    wrong=[
        Wrong(
            "whole_row",
            "each place chooses from the whole row",
            "Some orders come more often than others: you choose from the whole row each time."
            " There are 27 ways to choose three times from three cards, and 27 cannot be dealt"
            " evenly to six orders. Choose from the cards that are not done yet.",
            change={"drawn[last] * (last + 1)": "drawn[last] * n"},
        ),
        Wrong(
            "never_itself",
            "a card may not stay where it is",
            "No card ever stays where it is, so most orders never come. Place `last` chooses from"
            " `last + 1` cards: itself too.",
            change={"(last + 1)": "last"},
        ),
        Wrong(
            "stops_early",
            "the second place is left out",
            "You stop a place too early: some of the six orders of three cards never come. The"
            " second place (number 1) still has to choose between itself and the first.",
            change={"range(n - 1, 0, -1)": "range(n - 1, 1, -1)"},
        ),
        Wrong(
            "with_repetition",
            "cards are drawn and put back",
            "Some cards came twice and others not at all: you draw a card and put it back."
            " Exchange two cards of one row, and each stays in it once.",
            source=(
                "def shuffled(n, generator=None):\n"
                "    return [int(u * n) for u in minidl.rand(n, generator=generator).tolist()]\n"
            ),
        ),
        Wrong(
            "cuts",
            "the pack is cut, not shuffled",
            "You cut the pack at a random place: neighbours stay neighbours. Every order should"
            " be possible.",
            source=(
                "def shuffled(n, generator=None):\n"
                "    cut = int(minidl.rand(1, generator=generator).item() * n)\n"
                "    return [*range(cut, n), *range(cut)]\n"
            ),
        ),
        Wrong(
            "forgets_generator",
            "the generator is not asked",
            "The same generator gave another order: you did not ask it. Hand it on, "
            "`minidl.rand(n, generator=generator)`.",
            change={", generator=generator)": ")"},
        ),
        Wrong(
            "seeds_anew",
            "the same seed each time",
            "Every order is the same: you made a generator of your own, with the same seed each"
            " time. Ask the one that was handed in; it goes on where it was.",
            change={"generator=generator": "generator=minidl.Generator(0)"},
        ),
        Wrong(
            "from_one",
            "1 to n",
            "Your numbers run from 1 to n. Items are counted from 0.",
            change={"list(range(n))": "list(range(1, n + 1))"},
        ),
    ],
)

# ---------------------------------------------------------------- 3: groups and the loader


def cuts(rng):
    """Orders and group sizes that fit evenly, do not, or not even once."""
    found = []
    for n, size in ((12, 4), (0, 3), (2, 5), (1, 1), *rng.integers(2, 14, (4, 2)).tolist()):
        order = [int(i) for i in rng.permutation(n)]
        found.append({"order": order, "size": int(size), "drop": bool(rng.integers(2))})
    found.append({"order": [4, 2, 0, 3, 1], "size": 2, "drop": False})
    found.append({"order": [4, 2, 0, 3, 1], "size": 2, "drop": True})
    return {"asked": found}


def run_groups(code, asked):
    """All groups, twice."""
    found = []
    for one in asked:
        groups = code.BatchSampler(one["order"], one["size"], one["drop"])
        found.append({"first walk": list(groups), "second walk": list(groups)})
    return found


def true_groups(asked):
    found = []
    for one in asked:
        order, size = one["order"], one["size"]
        groups = [order[k : k + size] for k in range(0, len(order), size)]
        groups = [g for g in groups if len(g) == size or not one["drop"]]
        found.append({"first walk": groups, "second walk": groups})
    return found


def run_count(code, asked):
    """How many groups, of an order that can be walked through and counted, and nothing else."""
    found = []
    for one in asked:
        groups = code.BatchSampler(dict.fromkeys(one["order"]).keys(), one["size"], one["drop"])
        found.append([len(groups), sum(1 for _ in groups)])
    return found


class Rows:
    """A data set that counts how often it is asked; item i is a picture of 10 i, and the label i.

    Only what it does for everybody stands here: `len(rows)` and `rows[i]`.
    """

    def __init__(self, n):
        self.n, self.asked = n, 0

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if not 0 <= i < self.n:
            raise IndexError(f"item {i} of {self.n}")
        self.asked += 1
        return minidl.full((2, 1), 10.0 * i), minidl.tensor(i)


def sizes(rng):
    """A number of items, a batch size and a seed; most often the last batch is short."""
    n, size = int(rng.integers(1, 30)), int(rng.integers(1, 8))
    return {"n": n, "size": size, "drop": bool(rng.integers(2)), "seed": int(rng.integers(1000))}


def run_straight(code, n, size, drop, seed):
    """One epoch in the order of the items."""
    return list(code.Loader(Rows(n), size, drop_last=drop))


def true_straight(n, size, drop, seed):
    groups = [np.arange(n)[k : k + size] for k in range(0, n, size)]
    groups = [g for g in groups if len(g) == size or not drop]
    return [[np.tile(10.0 * g[:, None, None], (1, 2, 1)).astype(np.float32), g] for g in groups]


def run_epoch(code, n, size, drop, seed):
    """A shuffled epoch: its labels sorted, its sizes, and whether pictures have their labels."""
    batches = list(code.Loader(Rows(n), size, shuffle=True, seed=seed))
    labels = [int(i) for _, y in batches for i in y.tolist()]
    off = [
        float(p) - 10 * i
        for x, y in batches
        for p, i in zip(x[:, 1, 0].tolist(), y.tolist(), strict=True)
    ]
    return {"labels": sorted(labels), "sizes": [len(y) for _, y in batches], "off": off}


def true_epoch(n, size, drop, seed):
    whole, rest = divmod(n, size)
    return {
        "labels": list(range(n)),
        "sizes": [size] * whole + [rest] * bool(rest),
        "off": [0.0] * n,
    }


def labels_of(batches):
    """All labels of an epoch, in a row."""
    return [int(i) for _, y in batches for i in y.tolist()]


def run_seeded(code, n, size, drop, seed):
    """By how much two epochs of one seed differ from two others, whatever minidl's own seed is."""
    found = []
    for own in (0, 1):
        minidl.manual_seed(own)
        loader = code.Loader(Rows(n), size, shuffle=True, seed=seed)
        found.append(labels_of(loader) + labels_of(loader))
    return np.subtract(*found)


def run_unlike(code, seed):
    """How much alike epochs are that should not be; and how well one is mixed."""
    one = code.Loader(Rows(MANY), 50, shuffle=True, seed=seed)
    other = code.Loader(Rows(MANY), 50, shuffle=True, seed=seed + 1)
    first, second, third = labels_of(one), labels_of(one), labels_of(other)
    return {
        "the next epoch": unmoved(first, second),
        "another seed": unmoved(first, third),
        "neighbours still side by side": int(np.sum(np.diff(first) == 1)),
        "of the first fifty, still in the first batch": sum(i < 50 for i in first[:50]),
    }


def run_lazy(code, n, size, drop, seed):
    """How many items were asked for when one batch is out; and in the whole epoch."""
    rows = Rows(n)
    walk = iter(code.Loader(rows, size, shuffle=True, seed=seed))
    next(walk)
    after = rows.asked
    for _ in walk:
        pass
    return {"after one batch": after, "in the epoch": rows.asked}


LOADER = Exercise(
    id="06.loader",
    title="Groups, and a loader",
    entry=("BatchSampler", "Loader"),
    replaces=("data.sampler.BatchSampler", None),
    withholds=("data.loader.DataLoader", "data.passes.LoaderPass"),
    parts=[
        Part("groups", "groups of an order, the last one short", cuts, run_groups, true_groups),
        Part(
            "count",
            "how many groups there are",
            cuts,
            run_count,
            lambda asked: [[len(g["first walk"])] * 2 for g in true_groups(asked)],
        ),
        Part(
            "straight",
            "an epoch in the order of the items",
            sizes,
            run_straight,
            true_straight,
            seeds=5,
            dtype=True,
        ),
        Part(
            "once",
            "a shuffled epoch: each item once, with its own label",
            sizes,
            run_epoch,
            true_epoch,
            points=2,
            seeds=4,
        ),
        Part(
            "seed",
            "the same seed, the same epochs, whatever else draws random numbers",
            lambda rng: sizes(rng) | {"n": 40, "size": 7},
            run_seeded,
            lambda n, size, drop, seed: np.zeros(2 * n),
        ),
        Part(
            "unlike",
            "another epoch or seed: another order, well mixed",
            lambda rng: {"seed": int(rng.integers(1000))},
            run_unlike,
            lambda seed: {
                "the next epoch": 1,
                "another seed": 1,
                "neighbours still side by side": 1,
                "of the first fifty, still in the first batch": 50 * 50 / MANY,
            },
            atol=11,
        ),
        Part(
            "lazy",
            "items are asked for when their batch is",
            lambda rng: sizes(rng) | {"n": 20},
            run_lazy,
            lambda n, size, drop, seed: {"after one batch": size, "in the epoch": n},
        ),
    ],
    hints=[
        "Collect numbers in a list. Is it full? `yield` it, and begin a new one with"
        " `batch = []`. What is left when the order ends is the short one.",
        "`divmod(14, 4)` is (3, 2): three whole groups, and a rest of two.",
        "In the `Loader`: `order = shuffled(n, self.generator) if self.shuffle else range(n)`, and"
        " then `for indices in BatchSampler(order, self.batch_size, self.drop_last):`.",
        "`samples = [self.dataset[i] for i in indices]`, and"
        " `[minidl.stack(members) for members in zip(*samples)]` is the batch.",
    ],
    wrong=[
        Wrong(
            "loses_last",
            "the short group is always dropped",
            "The last, short group is missing: some items are never seen. Hand it out, unless"
            " `drop_last` is asked for.",
            change={"if batch and not self.drop_last:": "if False:"},
        ),
        Wrong(
            "keeps_last",
            "the short group is always kept",
            "`drop_last=True` was asked for, and the short group came all the same.",
            change={"if batch and not self.drop_last:": "if batch:"},
        ),
        Wrong(
            "empty_group",
            "an empty group at the end",
            "Where the order divides evenly you hand out an empty group at the end. Ask first"
            " whether there is anything left.",
            change={"if batch and not self.drop_last:": "if not self.drop_last:"},
        ),
        Wrong(
            "one_list",
            "one list is emptied and filled again",
            "All your groups are one and the same list, which you emptied and filled again: who"
            " keeps a group sees it change. Begin a new list each time, `batch = []`.",
            change={
                "yield batch\n                batch = []": (
                    "yield batch\n                batch.clear()"
                )
            },
        ),
        Wrong(
            "counts_whole",
            "the short group is not counted",
            "The short group is handed out, but not counted in `len`. Add 1 where there is a rest,"
            " unless it is dropped.",
            change={"return whole if self.drop_last or not rest else whole + 1": "return whole"},
        ),
        Wrong(
            "counts_always",
            "a rest is counted that is not there",
            "You count one group too many: where nothing is left over, or it is dropped, there is"
            " no short group.",
            change={
                "return whole if self.drop_last or not rest else whole + 1": "return whole + 1"
            },
        ),
        Wrong(
            "labels_stay",
            "pictures are shuffled, labels are not",
            "Pictures and labels do not belong together any more: you shuffled the ones and not"
            " the others. Ask for whole items, `self.dataset[i]`.",
            change={
                "[self.dataset[i] for i in indices]": (
                    "[(self.dataset[i][0], self.dataset[k][1]) for k, i in enumerate(indices)]"
                )
            },
        ),
        Wrong(
            "same_each_epoch",
            "the generator is made anew each epoch",
            "Every epoch has the same order: you make the generator anew from its seed. Make it"
            " once, in `__init__`, and let it go on.",
            change={
                "shuffled(n, self.generator)": (
                    "shuffled(n, minidl.Generator(self.generator.initial_seed()))"
                )
            },
        ),
        Wrong(
            "somebody_elses",
            "minidl's own generator is used",
            "Your order depends on minidl's own generator, so on whatever else draws from it. Use"
            " the loader's, `self.generator`.",
            change={"shuffled(n, self.generator)": "shuffled(n)"},
        ),
        Wrong(
            "shuffles_groups",
            "whole groups are shuffled",
            "You shuffled the groups, and each still holds the same neighbours. Shuffle the items,"
            " then cut.",
            change={
                "order = shuffled(n, self.generator) if self.shuffle else range(n)": (
                    "size = self.batch_size\n"
                    "        starts = list(range(0, n, size))\n"
                    "        if self.shuffle:\n"
                    "            starts = [starts[k] for k in shuffled(len(starts), "
                    "self.generator)]\n"
                    "        order = [i for k in starts for i in range(k, min(n, k + size))]"
                )
            },
        ),
        Wrong(
            "draws_items",
            "items are drawn and put back",
            "Some items came twice in an epoch and others not at all. An epoch is an order, in"
            " which each item stands once.",
            change={
                "shuffled(n, self.generator)": (
                    "[int(u * n) for u in minidl.rand(n, generator=self.generator).tolist()]"
                )
            },
        ),
        Wrong(
            "all_at_once",
            "all items are fetched beforehand",
            "You fetched all items before the first batch was asked for. What lies on the other"
            " side of the world does not fit into memory: fetch the items of one batch, hand it"
            " out, then go on.",
            change={
                "        for indices in BatchSampler": (
                    "        fetched = {i: self.dataset[i] for i in order}\n"
                    "        for indices in BatchSampler"
                ),
                "[self.dataset[i] for i in indices]": "[fetched[i] for i in indices]",
            },
        ),
    ],
)

# ---------------------------------------------------------------- 4: one scale


def measurements(rng):
    """A table whose columns have scales of their own; in one of them all numbers are equal."""
    n, k = int(rng.integers(2, 12)), int(rng.integers(3, 6))
    x = rng.normal(size=(n, k)) * rng.uniform(0.1, 50, k) + rng.uniform(-20, 20, k)
    x[:, int(rng.integers(k))] = float(rng.integers(-3, 4))
    return {"x": x.astype(np.float32)}


def run_measured(code, x):
    """Mean and spread along the rows."""
    mean, spread = code.measured(minidl.tensor(x))
    return {"mean": mean, "spread": spread}


def true_measured(x, dim=0):
    wide = x.astype(np.float64)
    dim = tuple(dim) if isinstance(dim, (list, tuple)) else dim
    mean = wide.mean(dim, keepdims=True)
    spread = np.sqrt(((wide - mean) ** 2).mean(dim, keepdims=True))
    spread[spread == 0] = 1
    return {"mean": mean.astype(x.dtype), "spread": spread.astype(x.dtype)}


def boxes(rng):
    """Pictures with channels, or a table, and the dimensions to go along."""
    dims = [[0, 2, 3], 1, [1], [0, 1, 2, 3]][int(rng.integers(4))]
    return {"x": rng.normal(2, 3, (3, 2, 4, 5)), "dim": dims}


def run_along(code, x, dim):
    dim = tuple(dim) if isinstance(dim, (list, tuple)) else dim
    mean, spread = code.measured(minidl.tensor(x), dim)
    return {"mean": mean, "spread": spread}


def far_from_zero(rng):
    """Numbers whose mean is thousands of times their spread, as years and temperatures have it."""
    return {"x": (rng.normal(0, 0.5, (50, 2)) + (4000, -3000)).astype(np.float32)}


def several(rng):
    """A training set, and others: of a single row, of many, and with no row at all."""
    k, others = int(rng.integers(2, 5)), (1, int(rng.integers(2, 7)), 0)
    scale, middle = rng.uniform(0.5, 20, k), rng.uniform(-10, 10, k)
    draw = [rng.normal(size=(n, k)) * scale + middle for n in (9, *others)]
    return {"train": draw[0], "others": [one + rng.uniform(1, 3) for one in draw[1:]]}


def never_varies(rng):
    """A column that is constant in the training set, and varies elsewhere; a single row."""
    train = np.array([[2.0, 1.0], [2.0, 3.0], [2.0, 8.0]]) + int(rng.integers(0, 5))
    return {"train": train[: int(rng.choice([1, 3]))], "others": [rng.normal(size=(4, 2))]}


def run_normalized(code, train, others):
    return code.normalized(minidl.tensor(train), *(minidl.tensor(one) for one in others))


def true_normalized(train, others):
    mean = train.mean(0)
    spread = np.sqrt(((train - mean) ** 2).mean(0))
    spread[spread == 0] = 1
    return [(one - mean) / spread for one in (train, *others)]


SPREAD = "((x - mean) ** 2).mean(dim, keepdim=True).sqrt()"

SCALE = Exercise(
    id="06.scale",
    title="The training set's scale",
    entry=("measured", "normalized"),
    replaces=("data.transforms.scaling.measured", None),
    withholds=("data.transforms.scaling.Normalize",),
    parts=[
        Part(
            "table",
            "mean and spread of each column; one of them never varies",
            measurements,
            run_measured,
            true_measured,
            points=2,
            rtol=1e-4,
            atol=1e-5,
            dtype=True,
        ),
        Part(
            "along",
            "along other dimensions, or several",
            boxes,
            run_along,
            true_measured,
            seeds=6,
            rtol=1e-9,
        ),
        Part(
            "far",
            "numbers far from 0, in float32",
            far_from_zero,
            run_measured,
            true_measured,
            rtol=1e-2,
        ),
        Part(
            "everybody",
            "everybody on the training set's scale, a single row too",
            several,
            run_normalized,
            true_normalized,
            points=2,
            rtol=1e-9,
        ),
        Part(
            "constant",
            "a column that never varies, a training set of one row",
            never_varies,
            run_normalized,
            true_normalized,
            rtol=1e-9,
            seeds=4,
        ),
    ],
    hints=[
        "`mean = x.mean(dim, keepdim=True)`; then `(x - mean)` fits by broadcasting, and its"
        " square, its mean along the same dimensions and the root are the spread.",
        "`minidl.where(spread > 0, spread, minidl.ones_like(spread))`.",
        "`mean, spread = measured(train)`: once, and from the training set. Then"
        " `[(x - mean) / spread for x in (train, *others)]`.",
    ],
    wrong=[
        Wrong(
            "own_scale",
            "each table on its own scale",
            "Each table has a scale of its own, so the same number means one thing here and another"
            " there, and a single row is always 0. Measure the training set, and use it for all.",
            change={
                "[(x - mean) / spread for x in (train, *others)]": (
                    "[(x - measured(x)[0]) / measured(x)[1] for x in (train, *others)]"
                )
            },
        ),
        Wrong(
            "leaks",
            "mean and spread of everything together",
            "You measured all tables together: the test set had a say in the scale, and that is"
            " leakage. Measure the training set alone.",
            change={"measured(train)": "measured(minidl.cat([train, *others]))"},
        ),
        Wrong(
            "divides_by_zero",
            "a spread of 0 is left as it is",
            "A column in which all numbers are equal has spread 0, and dividing by it gives `nan`."
            " Say 1 there.",
            change={"minidl.where(spread > 0, spread, minidl.ones_like(spread))": "spread"},
        ),
        Wrong(
            "less_one",
            "divided by n - 1",
            "Your spread is a little too large: `std` divides by n - 1, unless it is told"
            " otherwise. Here the mean square is asked for, divided by n.",
            change={SPREAD: "x.std(dim, keepdim=True)"},
        ),
        Wrong(
            "no_root",
            "the variance in place of the spread",
            "You forgot the root. The mean square is in squared units: wine in square percent.",
            change={SPREAD: "((x - mean) ** 2).mean(dim, keepdim=True)"},
        ),
        Wrong(
            "around_zero",
            "the spread is taken around 0",
            "Your spread is taken around 0. Take the mean away before you square.",
            change={"((x - mean) ** 2)": "(x**2)"},
        ),
        Wrong(
            "cancels",
            "mean of squares less square of the mean",
            "On paper the mean square less the squared mean is the same. In float32 two large"
            " numbers that are nearly equal leave mostly rounding behind: take the mean away"
            " *before* you square.",
            change={
                SPREAD: "((x**2).mean(dim, keepdim=True) - mean**2).clamp(min=0).sqrt()",
            },
        ),
        Wrong(
            "one_for_all",
            "one mean for all columns",
            "You took one mean for the whole table. Each column has its own: along `dim`.",
            change={
                "x.mean(dim, keepdim=True)": (
                    "x.mean() + minidl.zeros_like(x.mean(dim, keepdim=True))"
                )
            },
        ),
        Wrong(
            "not_centred",
            "the mean is not taken away",
            "The columns have the right width, but not the middle: take the mean away before you"
            " divide.",
            change={"(x - mean) / spread": "x / spread"},
        ),
        Wrong(
            "train_left_out",
            "only the others are normalised",
            "The training set itself is missing from the list. The network is to learn from the"
            " same scale on which it is asked.",
            change={"for x in (train, *others)": "for x in others"},
        ),
    ],
)

# ---------------------------------------------------------------- 5: moved pictures


def rows_of_dots(rng):
    """Rows, short and long, moved both ways and further than they are long."""
    asked = [[0, 0], [0, 2], [1, 1], [3, -3], [3, 4], [2, -5], [5, 2], [5, -2], [5, 7]]
    asked += np.stack([rng.integers(1, 9, 8), rng.integers(-9, 10, 8)], 1).tolist()
    return {"asked": asked}


def run_kept(code, asked):
    """The places that are kept, one by one."""
    return [list(range(n))[code.kept(n, by)] for n, by in asked]


def true_kept(asked):
    return [[i for i in range(n) if 0 <= i + by < n] for n, by in asked]


def picture(rng, down, right, dtype=np.float32):
    """A picture (or several) that is moved by numbers from two ranges."""
    lead = [(), (1,), (2, 3)][int(rng.integers(3))]
    height, width = (int(n) for n in rng.choice([3, 4, 5, 6], 2, replace=False))
    return {
        "image": rng.integers(1, 9, (*lead, height, width)).astype(dtype),
        "down": int(rng.integers(down[0], down[1] + 1)),
        "right": int(rng.integers(right[0], right[1] + 1)),
    }


def run_shift(code, image, down, right):
    """The moved picture, and the one that came in."""
    came = minidl.tensor(image)
    return {"moved": code.shift(came, down, right), "the picture that came in": came}


def true_shift(image, down, right):
    height, width = image.shape[-2:]
    z = np.zeros_like(image)
    for i in range(height):
        for j in range(width):
            if 0 <= i + down < height and 0 <= j + right < width:
                z[..., i + down, j + right] = image[..., i, j]
    return {"moved": z, "the picture that came in": image}


def odd_picture(rng):
    """Bytes, whole numbers, no picture at all, pictures of a single dot."""
    dtype = [np.uint8, np.int64, np.float64][int(rng.integers(3))]
    shape = [(0, 3, 4), (2, 1, 1), (1, 5)][int(rng.integers(3))]
    down, right = (int(n) for n in rng.integers(-2, 3, 2))
    return {"image": rng.integers(1, 9, shape).astype(dtype), "down": down, "right": right}


def run_shares(code, pixels, seed, times):
    """How often each pair (down, right) was drawn; and how often one that is too far."""
    generator, side = minidl.Generator(seed), 2 * pixels + 1
    shares, beyond = np.zeros((side, side)), 0
    for _ in range(times):
        down, right = (int(n) for n in code.drawn_shift(pixels, generator))
        if max(abs(down), abs(right)) > pixels:
            beyond += 1
        else:
            shares[down + pixels, right + pixels] += 1 / times
    return {"shares": shares, "too far": beyond / times}


def true_shares(pixels, seed, times):
    side = 2 * pixels + 1
    return {"shares": np.full((side, side), 1 / side**2), "too far": 0.0}


def run_drawn_again(code, seed):
    """By how much equal seeds differ, and minidl's next number when another generator is used."""
    pairs = []
    for _ in range(2):
        generator = minidl.Generator(seed)
        pairs.append([list(code.drawn_shift(9, generator)) for _ in range(8)])
    for _ in range(2):
        minidl.manual_seed(seed)
        pairs.append([list(code.drawn_shift(9)) for _ in range(8)])
    minidl.manual_seed(seed)
    code.drawn_shift(9, minidl.Generator(seed))
    after = minidl.rand(1).item()
    minidl.manual_seed(seed)
    return {
        "of a generator": np.subtract(pairs[0], pairs[1]),
        "without one": np.subtract(pairs[2], pairs[3]),
        "minidl's next number": after - minidl.rand(1).item(),
    }


PUT, TAKE = "kept(height, -down), kept(width, -right)", "kept(height, down), kept(width, right)"
DRAWN = "minidl.randint(-pixels, pixels + 1, (2,), generator=generator).tolist()"

SHIFT = Exercise(
    id="06.shift",
    title="Move a picture",
    entry=("kept", "shift", "drawn_shift"),
    replaces=(None, "data.transforms.framing.shift", "data.transforms.cropping.drawn_shift"),
    withholds=(
        "data.transforms.framing.crop",
        "data.transforms.cropping.RandomShift",
        "data.transforms.warping.affine",
    ),
    parts=[
        Part("kept", "what is kept of a row", rows_of_dots, run_kept, true_kept),
        Part(
            "down",
            "up and down",
            lambda rng: picture(rng, (-3, 3), (0, 0)),
            run_shift,
            true_shift,
            seeds=4,
        ),
        Part(
            "right",
            "left and right",
            lambda rng: picture(rng, (0, 0), (-3, 3)),
            run_shift,
            true_shift,
            seeds=4,
        ),
        Part(
            "both",
            "both at once, and the picture that came in stays as it was",
            lambda rng: picture(rng, (1, 2), (-2, -1)),
            run_shift,
            true_shift,
            points=2,
            dtype=True,
        ),
        Part(
            "far",
            "further than the picture is wide",
            lambda rng: picture(rng, (-9, 9), (5, 9)),
            run_shift,
            true_shift,
            seeds=4,
        ),
        Part(
            "odd",
            "bytes, a single dot, no picture at all",
            odd_picture,
            run_shift,
            true_shift,
            seeds=5,
            dtype=True,
        ),
        Part(
            "drawn",
            "all moves equally likely, both ends included",
            lambda rng: {"pixels": 2, "seed": int(rng.integers(1000)), "times": 5000},
            run_shares,
            true_shares,
            atol=0.0135,
            seeds=1,
            seconds=20,
        ),
        Part(
            "seed",
            "the same seed, the same moves",
            lambda rng: {"seed": int(rng.integers(1000))},
            run_drawn_again,
            lambda seed: {
                "of a generator": np.zeros((8, 2)),
                "without one": np.zeros((8, 2)),
                "minidl's next number": 0.0,
            },
        ),
        Part(
            "nowhere",
            "with no pixels nothing moves",
            lambda rng: {"pixels": 0, "seed": int(rng.integers(1000)), "times": 5},
            run_shares,
            true_shares,
            seeds=1,
        ),
    ],
    hints=[
        "Place i moves to i + by, and stays on the row if that is from 0 to n - 1. So i begins at"
        " -by (or 0), and ends before n - by (or n).",
        "Neither end may lie below 0: Python would count it from the other side. `max(0, ...)`,"
        " and `min(n, ...)`, on both.",
        "`z[..., kept(height, -down), kept(width, -right)] = image[..., kept(height, down),"
        " kept(width, right)]`.",
        "`minidl.randint(-pixels, pixels + 1, (2,), generator=generator).tolist()` are two"
        " numbers.",
    ],
    wrong=[
        Wrong(
            "wraps_around",
            "what leaves comes in at the other side",
            "What leaves the picture comes in again at the other side: half a 7 in two corners is"
            " no 7. What comes in should be 0.",
            change={
                f"z[..., {PUT}] = image[\n        ..., {TAKE}\n    ]": (
                    "z = minidl.roll(image, (down, right), (-2, -1))"
                )
            },
        ),
        Wrong(
            "exchanged",
            "down and right are exchanged",
            "Down and right are exchanged. The last dimension but one is the height, along which"
            " one goes down; the last is the width.",
            change={
                PUT: "kept(height, -right), kept(width, -down)",
                TAKE: "kept(height, right), kept(width, down)",
            },
        ),
        Wrong(
            "backwards",
            "moved the other way",
            "The picture moved the other way: a positive number means down, or to the right. Read"
            " at the old places, write at the new ones.",
            change={PUT: TAKE, f"..., {TAKE}\n": f"..., {PUT}\n"},
        ),
        Wrong(
            "into_itself",
            "the picture is overwritten",
            "You wrote into the picture that came in, and everybody who holds it sees it move."
            " Make zeros like it, and write there.",
            change={"z = minidl.zeros_like(image)": "z = image"},
        ),
        Wrong(
            "leaves_old",
            "the old dots stay",
            "Where nothing came in, the old dots stand: you began with a copy of the picture. Begin"
            " with zeros.",
            change={"z = minidl.zeros_like(image)": "z = image.clone()"},
        ),
        Wrong(
            "below_zero",
            "an end below 0 counts from the other side",
            "Moved further than it is long, a row keeps nothing. Your `stop` fell below 0 there,"
            " and Python counts that from the other side: at least 0.",
            change={"max(0, min(n, n - by))": "min(n, n - by)"},
        ),
        Wrong(
            "end_excluded",
            "the largest move never comes",
            "A move by `pixels` itself never comes: `randint` stops before its second number. So"
            " ask up to `pixels + 1`.",
            change={"pixels + 1": "max(pixels, 1 - pixels)"},
        ),
        Wrong(
            "diagonal",
            "one number for both directions",
            "You move by the same number down and to the right, so the digit only goes along the"
            " diagonal. Draw two numbers.",
            change={f"down, right = {DRAWN}": f"down = right = {DRAWN}[0]"},
        ),
        Wrong(
            "one_way",
            "only down and to the right",
            "Your digits only move down and to the right. Draw from `-pixels` on.",
            change={"randint(-pixels,": "randint(0,"},
        ),
        Wrong(
            "forgets_generator",
            "the generator is not asked",
            "The same generator gave other moves: you did not ask it. Hand it on,"
            " `generator=generator`.",
            change={", generator=generator)": ")"},
        ),
    ],
)

# ---------------------------------------------------------------- 6: changed when asked for


class Items:
    """A data set of what it is given; items may be tuples, lists, or a single tensor."""

    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


def samples(rng, members=None):
    """Items of one to three members."""
    n = int(rng.integers(2, 7))
    k = int(rng.integers(1, 4)) if members is None else members
    found = [[np.round(rng.normal(size=(2, 3)), 2) for _ in range(k)] for _ in range(n)]
    return {"items": found, "factor": int(rng.integers(2, 6))}


def run_changed(code, items, factor):
    """All items of the data set, in tuples and in lists, each first member times a factor."""
    found = {}
    for kind in (tuple, list):
        data = Items([kind(minidl.tensor(member) for member in one) for one in items])
        data = code.Transformed(data, lambda x: factor * x)
        found[kind.__name__] = [list(data[i]) for i in range(len(items))]
    return found


def true_changed(items, factor):
    found = [[factor * one[0], *one[1:]] for one in items]
    return {"tuple": found, "list": found}


def run_sizes(code, sizes):
    return [len(code.Transformed(Items([(0, 0)] * n), abs)) for n in sizes]


def run_anew(code, items, factor):
    """How often the function was called before, and what one item is when asked for three times."""
    calls = []

    def count(x):
        calls.append(1)
        return x + len(calls)

    data = code.Transformed(Items([tuple(minidl.tensor(m) for m in one) for one in items]), count)
    before = len(data) - len(data) + len(calls)
    return {"calls before": before, "item": [list(data[1]) for _ in range(3)]}


def true_anew(items, factor):
    return {"calls before": 0, "item": [[items[1][0] + k, *items[1][1:]] for k in (1, 2, 3)]}


def run_bare(code, items, factor):
    """Items that are no tuples, and a data set made of a changed one."""
    bare = Items([minidl.tensor(one[0]) for one in items])
    once = code.Transformed(bare, lambda x: factor * x)
    pairs = Items([tuple(minidl.tensor(m) for m in one) for one in items])
    twice = code.Transformed(code.Transformed(pairs, lambda x: x + 1), lambda x: factor * x)
    return {"bare": once[0], "twice": list(twice[0])}


CHANGED = Exercise(
    id="06.changed",
    title="Changed when it is asked for",
    entry=("Transformed",),
    replaces="data.views.Transformed",
    parts=[
        Part(
            "length",
            "as many items as the other",
            lambda rng: {"sizes": [0, 1, int(rng.integers(2, 20))]},
            run_sizes,
            lambda sizes: sizes,
        ),
        Part(
            "items",
            "the first member is changed, the others stay",
            samples,
            run_changed,
            true_changed,
            points=2,
            seeds=5,
        ),
        Part(
            "anew",
            "changed anew each time, and not before",
            lambda rng: samples(rng, 2),
            run_anew,
            true_anew,
            points=2,
        ),
        Part(
            "bare",
            "items that are no tuples; one change upon another",
            lambda rng: samples(rng, 2),
            run_bare,
            lambda items, factor: {
                "bare": factor * items[0][0],
                "twice": [factor * (items[0][0] + 1), items[0][1]],
            },
        ),
    ],
    hints=[
        "`len(self.dataset)`.",
        "`first, *rest = sample` takes an item apart: its first member, and a list of the others.",
        "`return (self.transform(first), *rest)`.",
    ],
    wrong=[
        Wrong(
            "label_too",
            "every member is changed",
            "You changed the label as well. Only the first member is changed; a digit stays what it"
            " is.",
            change={
                "(self.transform(first), *rest)": "tuple(self.transform(one) for one in sample)"
            },
        ),
        Wrong(
            "label_lost",
            "the other members are lost",
            "The label is lost: what stands behind the first member belongs to the item, too.",
            change={"(self.transform(first), *rest)": "(self.transform(first),)"},
        ),
        Wrong(
            "label_instead",
            "the last member is changed",
            "You changed the last member. The picture comes first.",
            change={
                "first, *rest = sample": "*rest, first = sample",
                "(self.transform(first), *rest)": "(*rest, self.transform(first))",
            },
        ),
        Wrong(
            "once_and_for_all",
            "all items are changed at the beginning",
            "You changed all items at the beginning, once and for all. Then every epoch sees the"
            " same pictures: change an item when it is asked for.",
            change={
                "        self.transform = transform\n": (
                    "        self.transform = lambda x: x\n"
                    "        parts = (tuple, list)\n"
                    "        self.dataset = [\n"
                    "            (transform(s[0]), *s[1:]) if isinstance(s, parts) else "
                    "transform(s)\n"
                    "            for s in (dataset[i] for i in range(len(dataset)))\n"
                    "        ]\n"
                )
            },
        ),
        Wrong(
            "remembers",
            "the first change is remembered",
            "You remember how an item was changed the first time. Each time it is asked for it"
            " should be changed anew: that is where the gain comes from.",
            change={
                "first, *rest = sample": (
                    "first, *rest = sample\n"
                    '        kept = self.__dict__.setdefault("kept", {})\n'
                    "        if index not in kept:\n"
                    "            kept[index] = self.transform(first)"
                ),
                "(self.transform(first), *rest)": "(kept[index], *rest)",
            },
        ),
        Wrong(
            "unchanged",
            "nothing is changed",
            "The item came as it lay there. Call `self.transform` on its first member.",
            change={"(self.transform(first), *rest)": "(first, *rest)"},
        ),
    ],
)

EXERCISES = [ITEMS, ORDER, LOADER, SCALE, SHIFT, CHANGED]
