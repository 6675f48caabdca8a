"""No word, symbol or function of a lesson is used before a sentence has introduced it."""

from __future__ import annotations

import pytest

from minidl.grading.course import Lesson, lessons

from . import glossary, words
from .__main__ import complaints
from .calls import unexplained

every_lesson = pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)

EARLIER = """# %% [markdown]
# A **cog** is a wheel with $n$ teeth. Cogs turn. `minidl.ones` makes ones.

# %%
import minidl

minidl.ones(2)
"""
LATER = """# %% [markdown]
# A crank turns the cogs by $q$ turns.

# %%
from minidl import zeros

zeros(2)  # noughts
crank = minidl.ones(2).cumsum(0)

# %% [markdown]
# A **crank** is a handle. *We are at a loss.* **Think!**
"""
GLOSSARIES = (
    '[words]\ncog = "A **cog** is a wheel"\n[symbols]\nn = "with $n$ teeth"\n',
    '[words]\ncrank = "A **crank** is"\n[everyday]\nloss = ["at a loss"]\n[odd]\n'
    '[functions]\n"minidl.eye" = "is not there"\n',
)


@every_lesson
def test_everything_is_introduced_before_it_is_used(lesson: Lesson):
    assert complaints(lesson.name) == []


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Two lessons of which the second breaks every rule once."""
    for name, text, terms in zip(("01_cog", "02_crank"), (EARLIER, LATER), GLOSSARIES, strict=True):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "lesson.py").write_text(text, encoding="utf-8")
        (folder / "spec.py").write_text("EXERCISES = []\n", encoding="utf-8")
        (folder / "glossary.toml").write_text(terms, encoding="utf-8")
    monkeypatch.setenv("MINIDL_COURSE", str(tmp_path))
    kept = (glossary.course_cells, glossary.glossaries)
    for found in kept:
        found.cache_clear()
    yield
    for found in kept:
        found.cache_clear()


def test_a_lesson_that_keeps_the_rules_is_left_in_peace(course):
    assert complaints("01_cog") == []


def test_each_broken_rule_is_said(course):
    first, second, last = (cell.name for cell in glossary.course_cells()[1][1])
    assert glossary.glossaries()["02_crank"].faults == [
        "02_crank/glossary.toml: there is no section [odd].",
        "02_crank/glossary.toml: minidl.eye: 'is not there' stands nowhere.",
    ]
    assert list(words.too_early(1)) == [f"{first} says 'crank'; it is introduced only in {last}."]
    assert list(words.unlisted_bold(1)) == [
        f"{last} has **Think!**: a word for glossary.toml, or a [stressed] one?"
    ]
    assert list(words.unnamed_symbols(1)) == [
        f"{first} has q in a formula, and nothing has named it."
    ]
    assert list(unexplained(1)) == [
        f"{second} uses cumsum; no sentence has introduced it (glossary.toml)."
    ]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("leaf", "two leaves fall", "leaves"),
        ("slope", "Slopes are steep", "Slopes"),
        ("slope", "a slope_of and a down-slope", None),
        ("Value", "the value of a Value", "Value"),
        ("chain rule", "the chain\nrule", "chain\nrule"),
        ("bias", "it is biased", None),
    ],
)
def test_whole_words_are_matched_and_their_forms(name, text, found):
    match = words.matcher(name, ("leaves",) if name == "leaf" else ()).search(text)
    assert (match and match[0]) == found


def test_a_formula_falls_into_its_symbols():
    text = r"$$\text{ratio} = \frac{x_{ij}}{\sum_k e^{s}}$$ costs `$`, $\ln p$"
    cell = glossary.Cell("01", 0, "markdown", text)
    assert words.symbols(cell) == set(r"x i j \sum k e s \ln p".split())


def test_of_code_only_comments_strings_and_plain_names_count():
    source = 'import batch\nloss = f(dial=x.slope)  # a word\n"""door"""\nfor i in range(3): pass'
    cell = glossary.Cell("01", 0, "code", source)
    assert cell.words == 'loss f x # a word """door""" i range'
