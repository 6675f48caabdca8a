"""What a lesson promises of its real result is what five seeds reached, three deviations away."""

from __future__ import annotations

import math
import statistics

import pytest

from benchmarks import headlines
from benchmarks.headlines import Promise, edge, promises, recorded
from minidl.grading.course import Lesson, lessons

every_lesson = pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)


@every_lesson
def test_a_promise_is_mean_less_three_deviations_of_five_seeds(lesson: Lesson):
    """Rounded to the safe side as it is written: 0.9649 lets 0.96 be promised, and 0.964."""
    promised, found = promises(lesson), recorded().get(lesson.name, {})
    if not headlines.HEADLINE.search(headlines.code_of(lesson)):
        pytest.skip(f"{lesson.name} names no headline")
    assert promised and {promise.name for promise in promised} <= set(found), "measure and --save"
    for promise in promised:
        figures = found[promise.name]
        assert len(figures) == 5
        assert promise.kept(figures), (promise, edge(figures, promise.side))
        step = 10.0**-promise.digits
        near = abs(edge(figures, promise.side) - promise.bound)
        assert near < step or statistics.stdev(figures) == 0, f"promise more: {promise}"


def test_the_edge_lies_on_the_safe_side():
    figures = [1.0, 2.0, 3.0, 4.0, 5.0]
    away = 3 * math.sqrt(2.5)
    assert edge(figures) == pytest.approx(3 - away)
    assert edge(figures, "<=") == pytest.approx(3 + away)
    assert Promise("", "<=", 8.0, 0).kept(figures) and not Promise("", "<=", 7.0, 0).kept(figures)
    assert Promise("", ">=", -2.0, 0).kept(figures) and not Promise("", ">=", 0.0, 0).kept(figures)


LESSON = """# %%
SEED = 0  # of all

# %%
headline = {"share": 0.5 + SEED / 100, "steps": [90 - SEED] * 5}
print(headline["share"] >= 0.47, max(headline["steps"]) <= 9e1)
"""


@pytest.fixture
def lesson(tmp_path, monkeypatch) -> Lesson:
    """A lesson with two headlines, and a file of results of its own."""
    folder = tmp_path / "01_small"
    folder.mkdir()
    (folder / "lesson.py").write_text(LESSON, encoding="utf-8")
    (folder / "spec.py").write_text("EXERCISES = []\n", encoding="utf-8")
    monkeypatch.setenv("MINIDL_COURSE", str(tmp_path))
    monkeypatch.setattr(headlines, "RESULTS", tmp_path / "headlines.json")
    return Lesson(folder)


def test_a_lesson_is_measured_recorded_and_told(lesson: Lesson, capsys):
    assert promises(lesson) == [Promise("share", ">=", 0.47, 2), Promise("steps", "<=", 90.0, 0)]
    headlines.main(["01", "--save"])
    told = capsys.readouterr().out
    assert "01_small share: 0.5, 0.51, 0.52, 0.53, 0.54" in told
    assert (
        "mean 0.52, standard deviation 0.016, three of them away 0.4726; promised >= 0.47" in told
    )
    headlines.main([])
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("text", ["x = 1\n", "headline = 0.5\n"])
def test_what_cannot_be_measured_is_said(lesson: Lesson, text: str):
    lesson.source.write_text("# %%\n" + text, encoding="utf-8")
    with pytest.raises(ValueError, match="01_small"):
        headlines.measure(lesson)
