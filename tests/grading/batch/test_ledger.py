"""The ledger, on SQLite and on PostgreSQL: no result twice, none lost, none of other conditions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sql

from minidl.grading.batch.ledger import Batch, Ledger
from minidl.grading.marks import PartMark

BATCH = Batch("course", "01_value", "v1", "A secret")
PART = PartMark("01.mul/values", "values", 2.0, 2.0, "passed", "", 0.25, ("1.",))
ODD = replace(PART, message="\0 \ud800 </script> 学 🦆 ' \" \\ %s", status="failed", points=0)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A server, where there is one."""
    from .postgres import serving

    with serving() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/marks of $HOME's #1.sqlite"
    address = request.getfixturevalue("postgres")
    engine = sql.create_engine(address.replace("://", "+psycopg://"))
    with engine.begin() as connection:
        connection.execute(sql.text("DROP TABLE IF EXISTS minidl_marks"))
    engine.dispose()
    return address


def test_what_is_written_is_read_again(url: str) -> None:
    with Ledger(url, BATCH) as ledger:
        assert ledger.known() == set() and ledger.read("ada", "a" * 64) is None
        assert ledger.write("ada", "a" * 64, [PART, ODD])
        assert ledger.read("ada", "a" * 64) == [PART, ODD]
    with Ledger(url, BATCH) as ledger:
        assert ledger.known() == {("ada", "a" * 64)}


@pytest.mark.parametrize(
    "learner", ["学生 🦆", "'; DROP TABLE minidl_marks; --", "=1+1", "x" * 1020]
)
def test_names_are_kept_as_they_are(url: str, learner: str) -> None:
    with Ledger(url, BATCH) as ledger:
        ledger.write(learner, "a", [PART])
        assert ledger.known() == {(learner, "a")} and ledger.read(learner, "a") == [PART]


def test_no_result_stands_there_twice(url: str) -> None:
    with Ledger(url, BATCH) as ledger, Ledger(url, BATCH) as other:
        assert ledger.write("ada", "a", [PART])
        assert not ledger.write("ada", "a", [ODD]) and not other.write("ada", "a", [ODD])
        assert other.read("ada", "a") == [PART]


def test_two_batches_at_once_write_each_line_once(url: str) -> None:
    written: list[str] = []

    def work() -> None:
        with Ledger(url, BATCH) as ledger:
            written.extend(name for name in names if ledger.write(name, "a", [PART]))

    names = [f"n{i}" for i in range(25)]
    with Ledger(url, BATCH):
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(written) == sorted(names)


@pytest.mark.parametrize(
    "other",
    [
        replace(BATCH, course="2027"),
        replace(BATCH, lesson="03_tensor"),
        replace(BATCH, spec="v2"),
        replace(BATCH, conditions="C secret"),
    ],
)
def test_a_line_of_another_batch_is_no_result_of_this(url: str, other: Batch) -> None:
    with Ledger(url, BATCH) as mine, Ledger(url, other) as theirs:
        mine.write("ada", "a", [PART])
        assert theirs.known() == set() and theirs.read("ada", "a") is None
        assert theirs.write("ada", "a", [ODD]) and theirs.read("ada", "a") == [ODD]


def test_what_is_forgotten_is_judged_anew(url: str) -> None:
    with Ledger(url, BATCH) as ledger:
        for name in ("ada", "bob"):
            ledger.write(name, "a", [PART])
        ledger.forget(["ada"])
        assert ledger.known() == {("bob", "a")} and ledger.read("ada", "a") is None
        assert ledger.write("ada", "a", [ODD]) and ledger.read("ada", "a") == [ODD]


@pytest.mark.parametrize(
    "address", ["nonsense", "oracle+nothing://x", "sqlite:///nowhere/x.sqlite"]
)
def test_a_wrong_address_is_told_in_a_sentence(address, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ValueError, OSError), match="database"):
        Ledger(address, BATCH)


def test_no_password_is_told() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(OSError, match="database") as told:
        Ledger("postgresql://ada:s3cret@127.0.0.1:1/x", BATCH)
    assert "s3cret" not in str(told.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_text("not a database, but long enough to be read as one" * 20)
    with pytest.raises(OSError, match="not a database"):
        Ledger(f"sqlite:///{tmp_path}/x.sqlite", BATCH)


def test_the_table_is_plain_for_others_to_read(tmp_path: Path) -> None:
    with Ledger(f"sqlite:///{tmp_path}/x.sqlite", BATCH) as ledger:
        ledger.write("ada", "a", [ODD])
    with sqlite3.connect(tmp_path / "x.sqlite") as file:
        ((learner, parts),) = file.execute("SELECT learner, parts FROM minidl_marks").fetchall()
    file.close()
    assert learner == "ada" and parts.isascii()
