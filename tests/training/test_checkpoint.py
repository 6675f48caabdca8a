"""Checkpoints: whole or refused by name; kept, pruned and taken up as promised."""

import json
import random

import pytest

import minidl
from minidl.training import (
    Callback,
    Checkpoint,
    CheckpointError,
    WeightStatistics,
    checkpoints,
    latest_checkpoint,
    read_checkpoint,
    write_checkpoint,
)

from .runs import numbers, small, weights


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path):
    """Two sound checkpoints, of steps 10 and 15."""
    small(checkpoint=Checkpoint(tmp_path, keep_last=2)).run()
    return tmp_path


def test_written_at_epoch_ends_and_pruned(folder):
    assert names(folder) == [
        f"step-{n:08d}{suffix}" for n in (10, 15) for suffix in (".json", ".safetensors")
    ]
    assert [path.stem for path in checkpoints(folder)] == ["step-00000015", "step-00000010"]
    assert latest_checkpoint(folder) == folder / "step-00000015.json"
    assert read_checkpoint(folder / "step-00000010.safetensors")["step"] == 10


@pytest.mark.parametrize(
    "options, steps",
    [
        ({"every_steps": 4, "every_epochs": None}, [4, 8, 12, 15]),
        ({"every_steps": 5, "every_epochs": 1}, [5, 10, 15]),
        ({"every_epochs": 2}, [10, 15]),
        ({"every_epochs": None}, [15]),
    ],
)
def test_when_it_writes(tmp_path, options, steps):
    small(checkpoint=Checkpoint(tmp_path, keep_last=None, **options)).run()
    assert sorted(int(p.stem[5:]) for p in checkpoints(tmp_path)) == steps


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_a_flipped_bit_is_refused_by_name(folder, suffix):
    path = folder / f"step-00000015{suffix}"
    whole, rng = path.read_bytes(), random.Random(0)
    for _ in range(60):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError, match="step-00000015") as caught:
            read_checkpoint(path)
        assert path.name in str(caught.value)
        assert latest_checkpoint(folder) == folder / "step-00000010.json"
    path.write_bytes(whole)
    assert latest_checkpoint(folder) == folder / "step-00000015.json"


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
@pytest.mark.parametrize("keep", [0.0, 0.3, 0.999])
def test_a_file_cut_short_is_refused_by_name(folder, suffix, keep):
    path = folder / f"step-00000015{suffix}"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(CheckpointError, match=f"step-00000015{suffix}.*cut short"):
        read_checkpoint(path)
    assert latest_checkpoint(folder) == folder / "step-00000010.json"


def test_a_half_written_checkpoint_does_not_exist(folder):
    (folder / "step-00000020.safetensors").write_bytes(b"tensors, but no json yet")
    (folder / ".step-00000020.json.tmp").write_bytes(b'{"format"')
    assert latest_checkpoint(folder) == folder / "step-00000015.json"
    (folder / "step-00000015.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"step-00000015\.safetensors: there is no such file"):
        read_checkpoint(folder / "step-00000015.json")
    assert latest_checkpoint(folder) == folder / "step-00000010.json"


def test_files_of_two_checkpoints_mixed_up(folder):
    data = (folder / "step-00000010.safetensors").read_bytes()
    (folder / "step-00000015.safetensors").write_bytes(data)
    with pytest.raises(CheckpointError, match="step-00000015.safetensors: its SHA-256"):
        read_checkpoint(folder / "step-00000015.json")


def test_resume_passes_over_the_damaged_and_says_so(folder, caplog):
    (folder / "step-00000015.safetensors").write_bytes(b"")
    trainer = small(epochs=4)
    assert trainer.resume(folder) == folder / "step-00000010.json"
    assert trainer.step == 10
    assert "step-00000015.safetensors" in caplog.text


def test_no_sound_checkpoint_at_all_is_an_error(folder):
    for path in folder.glob("*.safetensors"):
        path.write_bytes(b"")
    with pytest.raises(CheckpointError, match="no checkpoint is sound.*00000015.*00000010"):
        small().resume(folder)


def test_resume_from_nothing_is_a_fresh_start(tmp_path):
    trainer = small()
    assert trainer.resume(tmp_path) is None and trainer.resume(tmp_path / "new") is None
    assert trainer.step == 0
    with pytest.raises(CheckpointError, match="there is no such file"):
        trainer.resume(tmp_path / "step-00000001.json")


def test_another_format_is_refused(folder):
    path = folder / "step-00000015.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"format": "minidl checkpoint 2"}))
    with pytest.raises(CheckpointError, match="not a checkpoint of the format"):
        read_checkpoint(path)


def test_a_new_run_does_not_touch_another_runs_checkpoints(folder):
    before = names(folder)
    with pytest.raises(CheckpointError, match="another run, up to step-00000015"):
        small(checkpoint=folder).run()
    assert names(folder) == before
    small(epochs=1, checkpoint=Checkpoint(folder, overwrite=True)).run()
    assert [p.stem for p in checkpoints(folder)] == ["step-00000005"], "the old future is gone"


def test_going_on_from_an_older_checkpoint_gives_up_the_newer(folder):
    trainer = small(checkpoint=folder)
    trainer.resume(folder / "step-00000010.json")
    next(trainer)
    trainer.stop()
    assert [p.stem for p in checkpoints(folder)] == ["step-00000011", "step-00000010"]


def test_the_best_is_kept(tmp_path):
    class Judge(Callback):
        rank = 0

        def after_step(self, trainer, observation):
            if "valid_loss" in observation:
                observation["valid_loss"] = [3.0, 1.0, 2.0, 1.5, 4.0][trainer.epoch - 1]

    keep = Checkpoint(tmp_path, keep_last=1, keep_best="valid_loss")
    small(epochs=5, callbacks=[Judge()], checkpoint=keep).run()
    assert [int(p.stem[5:]) for p in checkpoints(tmp_path)] == [25, 10]
    assert keep.best_path == tmp_path / "step-00000010.json"
    assert read_checkpoint(tmp_path / "step-00000025.json")["callbacks"][-1][1]["best"] == {
        "value": 1.0,
        "step": 10,
    }


def test_no_checkpoint_of_a_broken_step(tmp_path):
    class Trips(Callback):
        def after_step(self, trainer, observation):
            if trainer.step == 7:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        small(callbacks=[Trips()], checkpoint=tmp_path).run()
    assert [p.stem for p in checkpoints(tmp_path)] == ["step-00000005"]


@pytest.mark.parametrize("at", [1, 3, 5, 8, 14])
@pytest.mark.parametrize("workers", [0, 2])
def test_resumed_equals_uninterrupted(tmp_path, at, workers):
    def build(seed: int):
        return small(seed, workers=workers, callbacks=[WeightStatistics(2)])

    whole = build(0)
    whole.run()
    first = build(0)
    for observation in first:
        if observation["step"] == at:
            first.save(tmp_path)
            first.close()
            break
    second = build(seed=123)
    assert second.resume(tmp_path) == tmp_path / f"step-{at:08d}.json"
    second.run()
    assert numbers(second.history) == numbers(whole.history)
    assert weights(second) == weights(whole)
    for run, place in ((whole, "a"), (second, "b")):
        run.save(tmp_path / place)
    tensors = [(tmp_path / p / "step-00000015.safetensors").read_bytes() for p in "ab"]
    assert tensors[0] == tensors[1]


def test_a_learning_rate_set_by_hand_is_resumed(tmp_path):
    whole = small()
    for observation in whole:
        if observation["step"] == 3:
            whole.set_lr(0.002)
        if observation["step"] == 7:
            whole.save(tmp_path)
    resumed = small(9)
    resumed.resume(tmp_path)
    resumed.run()
    assert numbers(resumed.history) == numbers(whole.history)


def test_parts_that_do_not_match_are_refused(folder):
    with pytest.raises(ValueError, match="both have a scheduler, or neither"):
        small(scheduler=None).resume(folder)


def test_a_plain_list_of_batches_is_resumed_too(tmp_path):
    from minidl import nn, optim
    from minidl.training import Trainer

    def build():
        minidl.manual_seed(0)
        batches = [(minidl.rand(4, 2), minidl.rand(4, 1)) for _ in range(5)]
        model = nn.Linear(2, 1)
        sgd = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        return Trainer(model, sgd, nn.MSELoss(), batches, epochs=2)

    whole = build()
    for observation in whole:
        if observation["step"] == 7:
            whole.save(tmp_path)
    resumed = build()
    resumed.resume(tmp_path)
    resumed.run()
    assert numbers(resumed.history) == numbers(whole.history)


def test_two_writes_of_one_state_are_the_same_bytes(tmp_path):
    state = {"step": 3, "x": minidl.ones(4), "n": {"a": [1, 2.5]}}
    for name in "ab":
        write_checkpoint(tmp_path / name, state)
    for suffix in (".json", ".safetensors"):
        a, b = ((tmp_path / n / f"step-00000003{suffix}").read_bytes() for n in "ab")
        assert a == b
