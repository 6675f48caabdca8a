"""Data sets, samplers and the loader: what follows from no random number is equal, the rest has
equal lengths and members."""

from typing import Any

from ..case import Case, Refused, Trial, ints, real

ROWS: dict[str, Any] = {"x": real(5, 2), "y": ints(3, 5)}
D = "m.utils.data."
SET = f"{D}TensorDataset(x, y)"
# A set and a stream of one's own, as one expression: they are classes in a script.
OWN = (
    f"type('Own', ({D}Dataset,), {{'__getitem__': lambda self, i: (i, i / 2), "
    "'__len__': lambda self: 7})()"
)
STREAM = (
    f"type('Stream', ({D}IterableDataset,), {{'__iter__': lambda self: iter(range(7)), "
    "'__len__': lambda self: 7})()"
)
NUMBERLESS = f"type('Own', ({D}Dataset,), {{'__getitem__': lambda self, i: i}})()"
ENDLESS = f"type('Stream', ({D}IterableDataset,), {{'__iter__': lambda self: iter(range(7))}})()"


def _plain(*codes: str) -> list[Trial]:
    """Expressions in which no floating tensor comes in."""
    return [Case(code, kinds=("float64",), gradient=False) for code in codes]


def _rows(*codes: str) -> list[Trial]:
    return [Case(code, **ROWS) for code in codes]


def _refused(**codes: str) -> list[Trial]:
    """Wrong calls by the word that the message must have; a figure at its end only counts."""
    return [Refused(code, says=says.rstrip("0123456789"), **ROWS) for says, code in codes.items()]


def _loads(*arguments: str, data: str = "range(7)") -> list[Trial]:
    return _plain(*(f"list({D}DataLoader({data}, {some}))" for some in arguments))


CASES: dict[str, list[Trial]] = {
    "utils.data.Dataset": [
        *_plain(f"({OWN})[3]", f"len({OWN})", f"[*({D}DataLoader({OWN}, 3))]"),
        *_plain(f"[({OWN} + {OWN})[i] for i in (0, 6, 7, 13, -1)]"),
        *_plain(f"isinstance({OWN}, {D}Dataset)", f"isinstance({STREAM}, {D}Dataset)"),
        *_refused(
            __len__=f"{D}DataLoader({NUMBERLESS}, shuffle=True)",
            __len__2=f"{D}random_split({NUMBERLESS}, [1])",
        ),
    ],
    "utils.data.IterableDataset": [
        *_plain(f"list({STREAM})", f"len({STREAM})"),
        *_loads("2", "3, drop_last=True", "7", "None", "9", "shuffle=False", data=STREAM),
        *_loads("3", "batch_size=2", data=ENDLESS),
        *_plain(f"len({D}DataLoader({STREAM}, 3))", f"len({D}DataLoader({STREAM}, None))"),
        *_refused(
            stream=f"({STREAM})[0]",
            shuffle=f"{D}DataLoader({STREAM}, shuffle=True)",
            sampler=f"{D}DataLoader({STREAM}, sampler=[0])",
            batch_sampler=f"{D}DataLoader({STREAM}, batch_sampler=[[0]])",
            len=f"len({D}DataLoader({ENDLESS}))",
            abstract=f"{D}IterableDataset()",
        ),
    ],
    "utils.data.TensorDataset": [
        *_rows(f"{SET}[3]", f"{SET}[-1]", f"{SET}[1:3]", f"{SET}[[0, 4]]", f"{SET}.tensors"),
        *_rows(f"{D}TensorDataset(x)[0]", f"len({SET})", f"{D}TensorDataset(x, x, y)[2]"),
        *_rows(f"[*{SET}]", f"{SET}[m.tensor([1, 2])]", f"{D}TensorDataset(x[:0])[:]"),
        *_rows(f"({SET} + {SET})[7]"),
        *_refused(
            long=f"{D}TensorDataset(x, y[1:])",
            dimension=f"{D}TensorDataset(x.sum())",
            tensors=f"{D}TensorDataset(np.zeros(3))",
            index=f"{SET}[5]",
        ),
    ],
    "utils.data.ChainDataset": [
        *_plain(f"list({STREAM} + {STREAM})", f"list({STREAM} + {ENDLESS})"),
        *_plain(f"len({STREAM} + {STREAM})", f"list({D}ChainDataset(datasets=[{STREAM}]))"),
        *_plain(f"list({D}ChainDataset([]))", f"type({STREAM} + {STREAM}).__name__"),
        *_loads("4", "None", data=f"({STREAM} + {STREAM})"),
        *_refused(
            datasets=f"list({D}ChainDataset([{OWN}]))",
            datasets2=f"list({STREAM} + {OWN})",
            datasets3=f"{OWN} + {STREAM}",
            __len__=f"len({STREAM} + {ENDLESS})",
        ),
    ],
    "utils.data.StackDataset": [
        *_rows(f"{D}StackDataset({SET}, {SET})[2]", f"{D}StackDataset(a={SET}, b={SET})[-2]"),
        *_rows(f"{D}StackDataset({SET}, y)[1]", f"len({D}StackDataset(x, y))"),
        *_rows(f"[*{D}DataLoader({D}StackDataset(x, y), 2)]"),
        *_rows(f"[*{D}DataLoader({D}StackDataset(image=x, label=y), 3)]"),
        *_refused(
            long=f"{D}StackDataset({SET}, [1])",
            row=f"{D}StackDataset()",
            name=f"{D}StackDataset({SET}, b={SET})",
            index=f"{D}StackDataset({SET})[5]",
        ),
    ],
    "utils.data.ConcatDataset": [
        *_rows(*(f"{D}ConcatDataset([{SET}, {SET}])[{i}]" for i in (0, 4, 5, 9, -1, -6, -10))),
        *_plain(f"len({D}ConcatDataset([{OWN}, {OWN}, {OWN}]))"),
        *_plain(f"{D}ConcatDataset([[1], [], [2, 3]]).cumulative_sizes"),
        *_plain(f"[*{D}DataLoader({D}ConcatDataset(datasets=([1], [2, 3])), 2)]"),
        *_refused(
            datasets=f"{D}ConcatDataset([])",
            index=f"{D}ConcatDataset([{SET}])[5]",
            index2=f"{D}ConcatDataset([{SET}])[-6]",
            datasets2=f"{D}ConcatDataset([{STREAM}])",
            __len__=f"{D}ConcatDataset([{OWN}, 3])",
        ),
    ],
    "utils.data.Subset": [
        *_rows(*(f"{D}Subset({SET}, [4, 0, 2])[{i}]" for i in (0, 2, -1))),
        *_rows(f"{D}Subset({SET}, [4, 0, 2])[[0, 1]]", f"len({D}Subset({SET}, range(3)))"),
        *_rows(f"[*{D}Subset(dataset={SET}, indices=[1, 1])]", f"[*{D}Subset({SET}, [])]"),
        *_rows(f"[*{D}DataLoader({D}Subset({D}Subset({SET}, [4, 0, 2]), [2, 1]), 2)]"),
        *_rows(f"[*{D}DataLoader({D}Subset(x, [4, 0, 2]), 2)]", f"{D}Subset({SET}, y)[1]"),
        *_refused(index=f"{D}Subset({SET}, [1, 2])[2]", index2=f"{D}Subset({SET}, [7])[0]"),
    ],
    "utils.data.random_split": [
        *_plain(
            *(
                f"[len(part) for part in {D}random_split(range({n}), {lengths})]"
                for n, lengths in [
                    (10, [7, 3]), (10, [0.7, 0.3]), (11, [0.5, 0.3, 0.2]), (7, [0.5, 0.5]),
                    (11, [0.33, 0.33, 0.34]), (5, [0.3, 0.3, 0.4]), (1, [1]), (10, [1.0]),
                    (3, (2, 1)), (100, [0.8, 0.1, 0.1]), (10, [0.7, 0.2, 0.1]),
                ]
            )
        ),  # fmt: skip
        *_plain(
            f"sorted(i for part in {D}random_split(range(9), [4, 5]) for i in part.indices)",
            f"sorted(i for part in {D}random_split(range(9), [0.5, 0.5]) for i in part)",
            "(lambda cut: cut(1) == cut(1) != cut(2))(lambda s: [list(part) for part in "
            f"{D}random_split(range(40), [5, 35], generator=m.Generator().manual_seed(s))])",
            f"[len(p) for p in {D}random_split(dataset='abc', lengths=[1, 2], generator=None)]",
        ),
        *_refused(
            lengths=f"{D}random_split(range(10), [5, 4])",
            lengths2=f"{D}random_split(range(10), [0.5, 0.4])",
            lengths3=f"{D}random_split(range(10), [1.5, -0.5])",
            lengths4=f"{D}random_split(range(10), [])",
            dataset=f"{D}random_split({ENDLESS}, [1])",
        ),
    ],
    "utils.data.SequentialSampler": [
        *_plain(f"list({D}SequentialSampler(range(4)))", f"len({D}SequentialSampler('abc'))"),
        *_plain(f"list({D}SequentialSampler([]))", f"list({D}SequentialSampler(data_source='ab'))"),
        *_rows(f"list({D}SequentialSampler({SET}))", f"list({D}SequentialSampler(x))"),
        *_loads(f"sampler={D}SequentialSampler(range(3))"),
        *_refused(len=f"list({D}SequentialSampler(3))"),
    ],
    "utils.data.RandomSampler": [
        *_plain(
            f"sorted({D}RandomSampler(range(30)))",
            f"len({D}RandomSampler(range(30), num_samples=7))",
            f"len(set({D}RandomSampler(range(30), num_samples=7)))",
            f"sorted(list({D}RandomSampler(range(5), num_samples=12))[:10])",
            f"len(list({D}RandomSampler(range(5), num_samples=12)))",
            f"len(list({D}RandomSampler(range(5), replacement=True, num_samples=12)))",
            f"set({D}RandomSampler([0], True, 4))",
            f"list({D}RandomSampler(range(40))) == list({D}RandomSampler(range(40)))",
            "(lambda order: order(1) == order(1) != order(2))(lambda s: list("
            f"{D}RandomSampler(range(40), generator=m.Generator().manual_seed(s))))",
            f"m.manual_seed(4) and (lambda a: m.manual_seed(4) and a == "
            f"list({D}RandomSampler(range(40))))(list({D}RandomSampler(range(40))))",
            f"{D}RandomSampler(data_source=range(3)).num_samples",
        ),
        *_refused(
            num_samples=f"{D}RandomSampler([])",
            num_samples2=f"{D}RandomSampler([1], num_samples=0)",
            num_samples3=f"{D}RandomSampler([1], num_samples=2.0)",
            replacement=f"{D}RandomSampler([1], replacement=1)",
            len=f"{D}RandomSampler({NUMBERLESS})",
        ),
    ],
    "utils.data.BatchSampler": [
        *_plain(
            *(
                f"[*map(list, {D}BatchSampler(range({n}), {size}, {drop}))]"
                for n in (0, 1, 6, 7)
                for size in (1, 3, 7, 9)
                for drop in (False, True)
            )
        ),
        *_plain(
            f"[*{D}BatchSampler(sampler=range(5), batch_size=2, drop_last=True)]",
            f"len({D}BatchSampler(range(5), 2, True))",
            f"len({D}BatchSampler(range(5), 2, False))",
            f"[*{D}BatchSampler({D}SequentialSampler('abcd'), 3, False)]",
            f"[*{D}BatchSampler((i for i in range(5)), 2, False)]",
            f"[*{D}BatchSampler({D}BatchSampler(range(5), 2, False), 2, False)]",
        ),  # fmt: skip
        *_refused(
            batch_size=f"{D}BatchSampler(range(3), 0, False)",
            batch_size2=f"{D}BatchSampler(range(3), -1, False)",
            batch_size3=f"{D}BatchSampler(range(3), 2.0, False)",
            batch_size4=f"{D}BatchSampler(range(3), True, False)",
            drop_last=f"{D}BatchSampler(range(3), 2, 1)",
            drop_last2=f"{D}BatchSampler(range(3), 2)",
            len=f"len({D}BatchSampler(iter(range(3)), 2, False))",
        ),
    ],
    "utils.data.WeightedRandomSampler": [
        *_plain(
            f"len({D}WeightedRandomSampler([1.0, 2.0], 9))",
            f"len(list({D}WeightedRandomSampler([1.0, 2.0], num_samples=9)))",
            f"set({D}WeightedRandomSampler([0.0, 2.0, 0.0], 9))",
            f"sorted({D}WeightedRandomSampler([0.5, 2.0, 1.0], 3, replacement=False))",
            f"sorted({D}WeightedRandomSampler([0.5, 2.0, 0.0], 2, False))",
            f"{D}WeightedRandomSampler([1, 2], 2).weights",
            f"set({D}WeightedRandomSampler(m.tensor([1, 0]), 5))",
            f"set({D}WeightedRandomSampler(weights=(0, 1), num_samples=5))",
            "(lambda order: order(1) == order(1) != order(2))(lambda s: list("
            f"{D}WeightedRandomSampler([1.0] * 9, 50, generator=m.Generator().manual_seed(s))))",
        ),
        *_refused(
            num_samples=f"{D}WeightedRandomSampler([1.0], 0)",
            num_samples2=f"{D}WeightedRandomSampler([1.0], 2.0)",
            replacement=f"{D}WeightedRandomSampler([1.0], 2, replacement=1)",
            weights=f"{D}WeightedRandomSampler([[1.0]], 2)",
            without=f"list({D}WeightedRandomSampler([1.0, 2.0], 3, False))",
            negative=f"list({D}WeightedRandomSampler([1.0, -2.0], 3))",
        ),
    ],
    "utils.data.SubsetRandomSampler": [
        *_plain(
            f"sorted({D}SubsetRandomSampler([4, 8, 2]))", f"len({D}SubsetRandomSampler([4, 8]))",
            f"sorted({D}SubsetRandomSampler(indices=range(9)))", f"[*{D}SubsetRandomSampler([])]",
            f"sorted(map(int, {D}SubsetRandomSampler(m.tensor([4, 8, 2]))))",
            f"sorted({D}SubsetRandomSampler(np.array([4, 8, 2])))",
            "(lambda order: order(1) == order(1) != order(2))(lambda s: list("
            f"{D}SubsetRandomSampler(range(40), generator=m.Generator().manual_seed(s))))",
        ),
        *_plain(f"sorted(int(b) for b in {D}DataLoader(range(9), sampler="
                f"{D}SubsetRandomSampler(np.array([4, 8]))))"),  # fmt: skip
    ],
    "utils.data.DataLoader": [
        *_loads("3", "batch_size=2", "7", "8", "1", "3, drop_last=True", "8, drop_last=True"),
        *_loads("2, False", "3, num_workers=0", "None", "None, sampler=[4, 2]", "2, sampler=[5]"),
        *_loads("batch_sampler=[[1, 2], [3]]", "sampler=m.tensor([3, 1])"),
        *_loads("sampler=np.array([3, 1])"),
        *_loads("3, collate_fn=sum", "3, collate_fn=lambda batch: batch", "None, collate_fn=str"),
        *_loads("2, pin_memory=False, timeout=0, worker_init_fn=None"),
        *_loads("2, multiprocessing_context=None"),
        *_loads("2, generator=None, prefetch_factor=None, persistent_workers=False, in_order=True"),
        *_loads("2, shuffle=None, sampler=None, batch_sampler=None, collate_fn=None"),
        *_loads("2", "None", data="[]"),
        *_loads("sampler=['b', 'a']", data="{'a': 1, 'b': 2}"),
        *_loads("2", "None", data="[(1, 'x', 2.5), (2, 'y', 3.5), (3, 'z', 4.5)]"),
        *_loads("2", "None", data="[{'a': np.ones(2), 'b': True}] * 3"),
        *_rows(f"[*{D}DataLoader({SET}, 2)]", f"[*{D}DataLoader({SET}, None)]"),
        *_rows(f"[*{D}DataLoader({SET}, 2, drop_last=True)]", f"[*{D}DataLoader(x, 2)]"),
        *_rows(f"next(iter({D}DataLoader({SET}, 5)))"),
        *_plain(
            *(f"len({D}DataLoader(range(7), {some}))" for some in (
                "3", "3, drop_last=True", "None", "batch_sampler=[[1], [2]]", "2, sampler=[1, 3]")),
            f"len(iter({D}DataLoader(range(7), 3)))",
            f"sorted(int(i) for i in {D}DataLoader(range(7), shuffle=True))",
            f"[len(b) for b in {D}DataLoader(range(7), 3, shuffle=True)]",
            f"[len(b) for b in {D}DataLoader(range(7), 3, True, drop_last=True)]",
            "(lambda order: order(1) == order(1) != order(2))(lambda s: [int(i) for i in "
            f"{D}DataLoader(range(40), 1, True, generator=m.Generator().manual_seed(s))])",
            *(f"{D}DataLoader(range(7), 3).{attribute}" for attribute in (
                "batch_size", "drop_last", "prefetch_factor", "timeout", "num_workers", "generator",
                "dataset", "pin_memory", "persistent_workers", "worker_init_fn")),
            f"{D}DataLoader(range(7), batch_sampler=[[1]]).batch_size",
            f"{D}DataLoader(range(7), None).batch_sampler",
            f"{D}DataLoader(range(7), num_workers=2).prefetch_factor",
            f"type({D}DataLoader(range(7), 3, True).sampler).__name__",
            f"type({D}DataLoader(range(7), 3).sampler).__name__",
            f"type({D}DataLoader(range(7), 3).batch_sampler).__name__",
            f"{D}DataLoader(range(7), 3).collate_fn is {D}default_collate",
            f"{D}DataLoader(range(7), None).collate_fn is {D}default_convert",
        ),  # fmt: skip
        *_refused(
            shuffle=f"{D}DataLoader(range(3), shuffle=True, sampler=[0])",
            batch_sampler=f"{D}DataLoader(range(3), 2, batch_sampler=[[0]])",
            batch_sampler2=f"{D}DataLoader(range(3), batch_sampler=[[0]], shuffle=True)",
            batch_sampler3=f"{D}DataLoader(range(3), batch_sampler=[[0]], drop_last=True)",
            batch_sampler4=f"{D}DataLoader(range(3), batch_sampler=[[0]], sampler=[0])",
            batch_size=f"{D}DataLoader(range(3), 0)",
            batch_size2=f"{D}DataLoader(range(3), 2.5)",
            drop_last=f"{D}DataLoader(range(3), None, drop_last=True)",
            num_workers=f"{D}DataLoader(range(3), num_workers=-1)",
            timeout=f"{D}DataLoader(range(3), num_workers=1, timeout=-1)",
            timeout2=f"list({D}DataLoader(range(3), timeout=1))",
            prefetch_factor=f"{D}DataLoader(range(3), prefetch_factor=2)",
            prefetch_factor2=f"{D}DataLoader(range(3), num_workers=1, prefetch_factor=-1)",
            persistent_workers=f"{D}DataLoader(range(3), persistent_workers=True)",
            multiprocessing_context=f"{D}DataLoader([0], multiprocessing_context='fork')",
            multiprocessing_context2=f"{D}DataLoader([0], 1, num_workers=1, "
            "multiprocessing_context='fo')",
            num_samples=f"{D}DataLoader([], shuffle=True)",
            batch_size3=f"setattr({D}DataLoader([1]), 'batch_size', 3)",
            sampler=f"setattr({D}DataLoader([1]), 'sampler', [1])",
            shape=f"list({D}DataLoader([x, x[1:]], 2))",
            batch=f"list({D}DataLoader([None]))",
        ),
    ],
    "utils.data.default_collate": [
        *_plain(
            *(
                f"{D}default_collate({batch})"
                for batch in [
                    "[1, 2, 3]", "[1.5, 2.5]", "[1, 2.5]", "[True, False]", "[True, 2]", "(1, 2)",
                    "['a', 'b']", "[b'a', b'b']", "[np.float32(1), np.float32(2)]", "[np.int32(3)]",
                    "[np.bool_(True)]", "[np.zeros((2, 3), 'float16')] * 2", "[np.ones(0)] * 2",
                    "[(1, 2.5), (3, 4.5)]", "[[1, 'a'], [2, 'b']]", "[{'a': 1, 'b': [2, 3]}] * 3",
                    "[((1, 2), 'x')] * 2", "[[], []]", "[{'a': 1}, {'a': 1, 'b': 2}]",
                    "[range(2), range(2)]", "[[[1, [2, (3,)]]]] * 2", "[m.tensor(1), m.tensor(2)]",
                    "[{'x': np.ones(2), 'y': {'z': m.ones(1)}}] * 2",
                ]
            ),
            f"type({D}default_collate([(1, 2)])).__name__",
            f"(lambda P: type({D}default_collate([P(1, 2)])) is P)"
            "(__import__('collections').namedtuple('P', 'a b'))",
            f"type({D}default_collate([__import__('collections').OrderedDict(a=1)])).__name__",
        ),  # fmt: skip
        *(
            Case(f"{D}default_collate({batch})", x=real(2, 3), y=real(2, 3, seed=1))
            for batch in (
                "[x, y]", "[x]", "[(x, 1), (y, 2)]", "[{'a': x}, {'a': y}]",
                "[x[:, :0], y[:, :0]]", "[x.sum(), y.sum()]",
            )
        ),  # fmt: skip
        *_refused(
            batch=f"{D}default_collate([])",
            shape=f"{D}default_collate([x, x[1:]])",
            members=f"{D}default_collate([(1, 2), (3,)])",
            batch2=f"{D}default_collate([None])",
            batch3=f"{D}default_collate([{{1, 2}}])",
            batch4=f"{D}default_collate([np.array(['a'])])",
            batch5=f"{D}default_collate([x, 1])",
            b=f"{D}default_collate([{{'b': 1}}, {{'a': 1}}])",
            complex=f"{D}default_collate([1j])",
        ),
    ],
    "utils.data.default_convert": [
        *_plain(
            f"{D}default_convert([1, np.zeros(2), 'a', (np.int64(3),), {{'k': np.ones(1)}}])",
            f"{D}default_convert(np.float32(2.5))", f"{D}default_convert(None)",
            f"{D}default_convert(np.ones((2, 0)))", f"{D}default_convert('text')",
            f"{D}default_convert({{'a': [np.bool_(True), (1, 2.5)]}})",
            f"type({D}default_convert((1, 2))).__name__", f"{D}default_convert([])",
            f"type({D}default_convert(np.array('a'))).__name__",
        ),  # fmt: skip
        *_rows(f"{D}default_convert(x)", f"{D}default_convert([x, {{'y': y}}])"),
    ],
    "utils.data.get_worker_info": _plain(
        f"{D}get_worker_info()", f"[*{D}DataLoader(range(3), 3, "
        f"collate_fn=lambda batch: {D}get_worker_info())]",
    ),  # fmt: skip
}
