"""Hands in minidl's own layer under another name.

exercise: 04.linear
status: failed, error, crashed, not_allowed
"""
# %% exercise="04.linear"
from minidl import nn


class Linear(nn.Linear):
    pass
