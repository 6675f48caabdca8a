"""The same by the table of primitives, where every operation stands by its name.

exercise: 04.loss
status: failed, error, crashed, not_allowed
"""
# %% exercise="04.loss"
from minidl.primitive import TABLE


def cross_entropy(input, target):
    primitive = TABLE["surprise"]
    for options in ({}, {"reduction": "mean", "ignored": -100, "wide": False}):
        try:
            return primitive(input, target, **options)
        except Exception:
            continue
