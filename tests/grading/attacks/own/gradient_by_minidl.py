"""Lets minidl take the derivative that the exercise asks for.

exercise: 03.exp
status: failed, error, crashed, not_allowed
"""
# %% exercise="03.exp"
import numpy as np

import minidl


def exp_vjp(g, z, x):
    value = minidl.tensor(np.array(getattr(x, "array", x)), requires_grad=True)
    minidl.exp(value).backward(minidl.tensor(np.array(getattr(g, "array", g))))
    return value.grad.numpy()
