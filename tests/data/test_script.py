"""A data script in ordinary PyTorch style; only its import lines are changed for minidl."""

import importlib.util

import pytest

import minidl

SCRIPT = """
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, random_split
from torch.utils.data import ConcatDataset, Subset, WeightedRandomSampler, get_worker_info
from torch.utils.data.dataloader import default_collate
from torch.utils.data.sampler import SubsetRandomSampler


class Squares(Dataset):
    def __init__(self, n, transform=None):
        super().__init__()
        self.n, self.transform = n, transform

    def __len__(self):
        return self.n

    def __getitem__(self, idx):
        if torch.is_tensor(idx):
            idx = idx.tolist()
        x = torch.tensor([idx, idx**2], dtype=torch.float32)
        if self.transform:
            x = self.transform(x)
        return {"x": x, "label": idx % 3, "name": f"item {idx}"}


class Texts(Dataset):
    texts = [[1, 2, 3], [4], [5, 6], [7, 8, 9, 10], [11]]

    def __len__(self):
        return len(self.texts)

    def __getitem__(self, idx):
        return torch.tensor(self.texts[idx]), idx % 2


def pad(batch):
    texts, labels = zip(*batch)
    lengths = torch.tensor([len(text) for text in texts])
    padded = torch.zeros(len(texts), int(lengths.max()), dtype=torch.long)
    for row, text in enumerate(texts):
        padded[row, : len(text)] = text
    return padded, lengths, torch.tensor(labels)


class Numbers(IterableDataset):
    def __iter__(self):
        info = get_worker_info()
        first, step = (0, 1) if info is None else (info.id, info.num_workers)
        return iter(range(first, 10, step))


seen = {}
data = Squares(20, transform=lambda x: x / 10)
for epoch in range(2):
    for i, batch in enumerate(DataLoader(data, batch_size=8, shuffle=False, **WORKERS)):
        seen[epoch, i] = batch["x"], batch["label"], batch["name"]

train, valid = random_split(data, [0.8, 0.2], generator=torch.Generator().manual_seed(42))
assert sorted(train.indices + valid.indices) == list(range(20))
seen["split"] = len(train), len(valid), len(DataLoader(train, 5, drop_last=True))

loader = DataLoader(train, batch_size=4, shuffle=True, pin_memory=False, drop_last=True, **WORKERS)
seen["shuffled"] = [tuple(batch["x"].shape) for batch in loader]
labels = torch.cat([batch["label"] for batch in DataLoader(data, 7)])
weights = 1.0 / torch.bincount(labels)[labels].float()
balanced = WeightedRandomSampler(weights, num_samples=len(weights), replacement=True)
seen["balanced"] = [len(batch["name"]) for batch in DataLoader(data, 6, sampler=balanced)]

seen["texts"] = list(DataLoader(Texts(), batch_size=2, collate_fn=pad, **WORKERS))
part = SubsetRandomSampler(list(range(5, 9)))
seen["part"] = sorted(int(b["label"]) for b in DataLoader(data, sampler=part))
tensors = TensorDataset(torch.arange(10).float().reshape(5, 2), torch.arange(5))
both = ConcatDataset([tensors, Subset(tensors, [3, 1])])
seen["both"] = [(x, y) for x, y in DataLoader(both, batch_size=3)]
x, y = next(iter(DataLoader(tensors, batch_size=len(tensors))))
seen["whole"] = x, y
seen["stream"] = list(DataLoader(Numbers(), batch_size=4))
seen["collated"] = default_collate([data[0], data[1]])["x"]
"""


def plain(value):
    """Tensors as their shape, dtype and numbers."""
    if hasattr(value, "dtype"):
        return tuple(value.shape), str(value.dtype).removeprefix("torch."), value.tolist()
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value


def run(script: str, **workers) -> dict:
    names = {"WORKERS": workers}
    exec(script, names)  # noqa: S102
    return plain(names["seen"])  # type: ignore[return-value]


def ported(script: str) -> str:
    script = script.replace("import torch\n", "import minidl as torch\n")
    return script.replace("from torch.", "from minidl.")


@pytest.mark.torch
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs PyTorch")
def test_the_script_sees_the_same_under_both():
    theirs = run(SCRIPT)
    assert run(ported(SCRIPT)) == theirs
    assert run(ported(SCRIPT), num_workers=2, persistent_workers=True, prefetch_factor=3) == theirs


def test_the_script_repeats_itself_with_any_number_of_workers():
    runs = []
    for workers in ({}, {"num_workers": 1}, {"num_workers": 4, "timeout": 60}):
        minidl.manual_seed(0)
        runs.append(run(ported(SCRIPT), **workers))
    assert runs[0] == runs[1] == runs[2]
