"""Windows of next tokens over lists, tensors and files."""

import numpy as np
import pytest

import minidl
from minidl.data import DataLoader, default_collate
from minidl.data.text import TokenWindows

KINDS = {
    "list": list,
    "tensor": minidl.tensor,
    "bytes": lambda ids: minidl.tensor(ids, dtype=minidl.uint8),
    "array": lambda ids: np.array(ids, np.uint16),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n, length, stride", [(10, 3, 1), (10, 3, 3), (4, 3, 1), (11, 4, 5)])
def test_each_window_is_followed_by_its_next_tokens(kind, n, length, stride):
    tokens = [7 * i % 13 for i in range(n)]
    data = TokenWindows(KINDS[kind](tokens), length, stride)
    starts = [s for s in range(0, n, stride) if s + length + 1 <= n]
    assert len(data) == len(starts)
    for i, s in enumerate(starts):
        x, y = data[i]
        assert x.tolist() == tokens[s : s + length] and y.tolist() == tokens[s + 1 : s + length + 1]
        assert x.dtype == y.dtype == minidl.int64
    assert data[-1][0].tolist() == data[len(data) - 1][0].tolist()
    chosen = list(range(len(data)))[::-1]
    whole, single = data.gather(chosen), default_collate([data[i] for i in chosen])
    assert all(minidl.equal(a, b) for a, b in zip(whole, single, strict=True))


def test_a_file_larger_than_memory_would_do(tmp_path):
    np.arange(1000, dtype=np.uint16).tofile(tmp_path / "tokens.bin")
    data = TokenWindows(np.memmap(tmp_path / "tokens.bin", np.uint16, "r"), 8, 8)
    x, y = next(iter(DataLoader(data, 4)))
    assert x.shape == (4, 8) and minidl.equal(y, x + 1)
    seen = minidl.cat([x for x, _ in DataLoader(data, 16, shuffle=True, num_workers=2)])
    assert sorted(seen.reshape(-1).tolist()) == list(range(992))


def test_what_is_refused():
    for wrong, says in [
        (lambda: TokenWindows([1, 2, 3], 3), "need 4 tokens, but there are 3"),
        (lambda: TokenWindows([[1, 2]], 1), "one row"),
        (lambda: TokenWindows([1, 2], 0), "length and stride must be positive"),
        (lambda: TokenWindows([1, 2], 1, 0), "length and stride must be positive"),
    ]:
        with pytest.raises(ValueError, match=says):
            wrong()
    with pytest.raises(IndexError, match="index 2: there are 2 windows"):
        TokenWindows([1, 2, 3], 1)[2]
