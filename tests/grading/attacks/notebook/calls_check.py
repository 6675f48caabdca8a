"""Calls check, hint and score as a learner may, and puts its own in their place.

status: failed
"""
# %% exercise="01.mul"
import minidl.grading
from minidl.grading import check, score


def mul_local(a, b):
    return 0.0, 0.0


minidl.grading.check = minidl.grading.score = lambda *given, **options: True
check("01.mul")
score("mine.ipynb")
