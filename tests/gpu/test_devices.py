"""The card itself: what it says of itself, its memory and streams, and memory shared by DLPack."""

import numpy as np
import pytest

import minidl
from minidl import cuda

cupy = pytest.importorskip("cupy")


def heavy(n=4096, times=20):
    """Work that keeps the card busy for some milliseconds, and an event behind it."""
    a = minidl.ones(n, n, device="cuda")
    for _ in range(times):
        a = a @ a
    after = cuda.Event()
    after.record()
    return a, after


def test_what_the_card_is():
    card = cuda.get_device_properties()
    assert card.name == cuda.get_device_name(0) and card.total_memory > 2**30
    assert (card.major, card.minor) == cuda.get_device_capability("cuda:0")
    assert card.multi_processor_count > 0 and cuda.current_device() == 0
    with cuda.device(0):
        assert minidl.ones(1).cuda().device == minidl.device("cuda:0") == "cuda:0"
    with pytest.raises(minidl.DeviceError, match="cuda:99"):
        minidl.ones(1).to(99)


def test_memory_is_counted():
    before = cuda.memory_allocated()
    cuda.reset_peak_memory_stats()
    x = minidl.zeros(1024, 1024, device="cuda")
    assert cuda.memory_allocated() - before == 4 * 2**20
    y = x + 1
    del y
    assert cuda.max_memory_allocated() - before >= 8 * 2**20
    assert cuda.memory_allocated() - before == 4 * 2**20
    del x
    assert cuda.memory_allocated() == before <= cuda.memory_reserved()
    cuda.empty_cache()
    free, total = cuda.mem_get_info()
    assert 0 < free <= total == cuda.get_device_properties().total_memory


def test_memory_is_limited():
    cuda.set_per_process_memory_fraction(0.01)
    try:
        with pytest.raises(MemoryError):
            minidl.zeros(2**34, device="cuda", dtype=minidl.uint8)
    finally:
        cuda.set_per_process_memory_fraction(1.0)
    assert minidl.zeros(2**28, device="cuda", dtype=minidl.uint8).is_cuda


def test_events_and_streams():
    begin, end = cuda.Event(enable_timing=True), cuda.Event(enable_timing=True)
    begin.record()
    heavy()
    end.record()
    end.synchronize()
    assert begin.query() and 0 < begin.elapsed_time(end) < 10_000
    side = cuda.Stream()
    x, _ = heavy(times=1)
    side.wait_stream(cuda.current_stream())
    with cuda.stream(side):
        assert cuda.current_stream() == side != cuda.default_stream()
        y = x * 2
    cuda.current_stream().wait_stream(side)
    assert y[0, 0].item() == 2 * x[0, 0].item()
    assert side.query() and cuda.current_stream() == cuda.default_stream()


def test_a_pinned_copy_overlaps_computing():
    x = minidl.randn(2**20).pin_memory()
    there = x.to("cuda", non_blocking=True)  # once before, as the first takes its time
    (there + 1).sum().item()
    _, after = heavy()
    there = x.to("cuda", non_blocking=True)
    copied = minidl.backend.cuda(0).uploads.copies[-1].done
    copied.synchronize()
    assert not after.query()  # the card still multiplies
    assert there.tolist() == x.tolist()


def test_memory_that_was_copied_to_serves_again_only_when_it_is_done_with():
    batches = [minidl.full((2**20,), float(i)).pin_memory() for i in range(24)]
    sums = []
    for batch in batches:
        there = batch.to("cuda", non_blocking=True)
        heavy(1024, 5)
        sums.append(there.mean())
        del there
    assert [s.item() for s in sums] == list(range(24))
    assert len(minidl.backend.cuda(0).uploads.copies) <= 24


# DLPack -------------------------------------------------------------------------------------------


def test_cupy_shares_memory():
    theirs = cupy.arange(6.0).reshape(2, 3).T
    mine = minidl.from_dlpack(theirs)
    assert mine.data_ptr() == theirs.data.ptr and mine.stride() == (1, 3)
    mine[0, 0] = 7
    assert theirs[0, 0] == 7
    for back in (cupy.from_dlpack(mine), cupy.asarray(mine)):
        assert back.data.ptr == theirs.data.ptr
    assert minidl.as_tensor(theirs).data_ptr() == theirs.data.ptr
    assert minidl.tensor(theirs).data_ptr() != theirs.data.ptr
    assert mine.__dlpack_device__() == (2, 0)
    assert mine.__cuda_array_interface__["shape"] == (3, 2)


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["float32", "float16", "int64", "bool", "complex64"])
def test_pytorch_shares_memory(kind):
    torch = pytest.importorskip("torch")
    theirs = torch.zeros(2, 3, device="cuda", dtype=getattr(torch, kind))
    mine = minidl.from_dlpack(theirs)
    assert mine.dtype == getattr(minidl, kind) and mine.data_ptr() == theirs.data_ptr()
    theirs[1, 2] = 1
    torch.cuda.synchronize()
    assert mine[1, 2].item() == 1
    back = torch.from_dlpack(mine)
    mine[0, 0] = 1
    assert back.data_ptr() == theirs.data_ptr() and back[0, 0].item() == 1


def test_a_card_is_not_read_in_secret():
    x = minidl.ones(2, device="cuda", requires_grad=True)
    with pytest.raises(BufferError, match="use detach"):
        x.__dlpack__()
    with pytest.raises(minidl.GradientError, match="use detach"):
        _ = x.__cuda_array_interface__
    assert np.from_dlpack(x.detach().cpu()).tolist() == [1, 1]


# Between devices ----------------------------------------------------------------------------------


def test_what_is_drawn_does_not_depend_on_the_device():
    def draws(device):
        minidl.manual_seed(1)
        made = [minidl.rand(5, device=device), minidl.randn(5, device=device)]
        made += [minidl.randint(100, (5,), device=device), minidl.randperm(5, device=device)]
        made += [minidl.bernoulli(minidl.full((9,), 0.5, device=device))]
        return [x.tolist() for x in made]

    assert draws("cpu") == draws("cuda")


def test_state_travels_between_devices(tmp_path):
    there, here = minidl.nn.Linear(3, 2).cuda(), minidl.nn.Linear(3, 2)
    minidl.save(there.state_dict(), tmp_path / "state.safetensors")
    here.load_state_dict(minidl.load(tmp_path / "state.safetensors"))
    assert here.weight.device == "cpu" and here.weight.tolist() == there.weight.tolist()
    there.load_state_dict({k: v * 2 for k, v in here.state_dict().items()})
    assert there.weight.is_cuda and there.weight.tolist() == (here.weight * 2).tolist()


WRONG = {
    "x[i]": "position",
    "x[i, i]": "position",
    "x.int()[i]": "position",
    "x.__setitem__(i, 0.0)": "position",
    "x.index_add(0, i, x[:2])": "position",
    "minidl.gather(x, 0, i[:, None])": "position",
    "minidl.gather(x, 0, i[:, None] - 6)": "position",
    "minidl.nn.functional.embedding(i - 6, x)": "position",
    "minidl.nn.functional.cross_entropy(x[:2], i)": "label",
    "minidl.nn.functional.nll_loss(x[:2].double(), i)": "position",
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_out_of_range_is_told_to_whoever_waits_next(code):
    x = minidl.ones(5, 3, device="cuda")
    i = minidl.tensor([0, 5], device="cuda")
    eval(code, {"minidl": minidl, "x": x, "i": i})  # noqa: S307
    with pytest.raises(IndexError, match=f"^A {WRONG[code]} was out of range"):
        minidl.cuda.synchronize()
    assert x[minidl.tensor([0, -5], device="cuda")].sum().item() in (0, 6)
    minidl.cuda.synchronize()


def test_a_matrix_that_cannot_be_treated_is_refused():
    singular = minidl.zeros(2, 2, device="cuda")
    with pytest.raises(minidl.linalg.LinAlgError, match="singular"):
        minidl.linalg.inv(singular)
    with pytest.raises(minidl.linalg.LinAlgError, match="singular"):
        minidl.linalg.solve(singular, minidl.ones(2, device="cuda"))
    with pytest.raises(minidl.linalg.LinAlgError, match="not positive definite"):
        minidl.linalg.cholesky(-minidl.eye(2, device="cuda"))
