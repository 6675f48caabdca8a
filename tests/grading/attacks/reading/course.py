"""Asks minidl's own course for the exercise and its reference.

status: error, crashed, timeout, failed, not_allowed, missing
"""
# %% exercise="01.mul"
def mul_local(a, b):
    from minidl.grading.course import find_exercise

    return find_exercise("01.mul").parts[1].reference(a, b)
