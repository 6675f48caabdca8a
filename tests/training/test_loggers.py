"""Logs: an entry per step, and after a resume just the entries of an uninterrupted run."""

import csv
import json

import pytest

from minidl.training import CSVLogger, JSONLLogger, Progress, TensorBoardLogger, WeightStatistics

from .runs import numbers, small


def read(path) -> list[dict]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("logger, name", [(JSONLLogger, "x.jsonl"), (CSVLogger, "x.csv")])
def test_an_entry_per_step(tmp_path, logger, name):
    trainer = small(callbacks=[WeightStatistics(3), logger(tmp_path / name)])
    for observation in trainer:
        entries = read(tmp_path / name)
        assert int(entries[-1]["step"]) == observation["step"], "visible at once"
    entries = read(tmp_path / name)
    assert [int(entry["step"]) for entry in entries] == list(range(1, 16))
    assert [float(entry["loss"]) for entry in entries] == [o["loss"] for o in trainer.history]
    if logger is JSONLLogger:
        assert entries == trainer.history
    else:
        assert entries[0]["valid_loss"] == "" and float(entries[4]["valid_loss"]) > 0
        row = trainer.history[2]["weights"]["0.bias"]
        assert float(entries[2]["weights/0.bias/norm"]) == row["norm"]


@pytest.mark.parametrize("logger, name", [(JSONLLogger, "x.jsonl"), (CSVLogger, "x.csv")])
@pytest.mark.parametrize("saved, killed", [(2, 3), (2, 12), (7, 9), (5, 5)])
def test_a_resumed_log_has_no_doubles_and_no_gaps(tmp_path, logger, name, saved, killed):
    whole = small(callbacks=[logger(tmp_path / ("whole" + name))])
    whole.run()
    first = small(callbacks=[logger(tmp_path / name)])
    for observation in first:
        if observation["step"] == saved:
            first.save(tmp_path)
        if observation["step"] == killed:
            break
    with open(tmp_path / name, "a") as file:  # a kill in the middle of a line
        file.write('{"step": 1' if logger is JSONLLogger else "1")
    second = small(callbacks=[logger(tmp_path / name)])
    second.resume(tmp_path)
    second.run()
    first.close()
    mine, other = numbers(read(tmp_path / name)), numbers(read(tmp_path / ("whole" + name)))
    assert mine == other
    assert [list(entry) for entry in mine] == [list(entry) for entry in other]


@pytest.mark.parametrize("logger, name", [(JSONLLogger, "x.jsonl"), (CSVLogger, "x.csv")])
def test_a_new_run_begins_a_new_log(tmp_path, logger, name):
    for _ in range(2):
        small(callbacks=[logger(tmp_path / name)]).run()
    assert len(read(tmp_path / name)) == 15


def test_tensorboard(tmp_path):
    pytest.importorskip("tensorboardX")
    small(epochs=1, callbacks=[WeightStatistics(), TensorBoardLogger(tmp_path)]).run()
    assert any("tfevents" in path.name for path in tmp_path.iterdir())


def test_tensorboard_missing(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install minidl\[log\]"):
        small(callbacks=[TensorBoardLogger(tmp_path)]).run()


def test_progress(capsys):
    trainer = small(callbacks=[Progress(mininterval=0, ncols=160)])
    trainer.run()
    shown = capsys.readouterr().err
    assert "15/15" in shown and "loss=" in shown and "epoch 3" in shown
    assert "valid_accuracy" in shown
