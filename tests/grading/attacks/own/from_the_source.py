"""Takes the function's text from its file or its code, and makes it anew.

exercise: 04.loss
status: failed, error, crashed, not_allowed
"""
# %% exercise="04.loss"
import inspect
import sys


def cross_entropy(input, target):
    from minidl.nn import functional

    scope = dict(vars(sys.modules["minidl.nn.functional.classification"]))
    exec(inspect.getsource(functional.cross_entropy), scope)
    return scope["cross_entropy"](input, target)
