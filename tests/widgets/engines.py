"""Engines as learners write them: lesson 1's, micrograd's shape, and ones with a fault."""

from __future__ import annotations

import math
from typing import Any, final


@final
class Value:
    """Lesson 1's: parents, and one local derivative for each."""

    def __init__(self, data, parents=(), local=(), op="", label=""):
        self.data, self.grad = float(data), 0.0
        self.parents, self.local, self.op, self.label = parents, local, op, label

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),), "**")

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,), "tanh")

    def backward(self):
        self.grad = 1.0
        for v in reversed(_ordered(self)):
            for parent, local in zip(v.parents, v.local, strict=True):
                parent.grad += v.grad * local


def as_value(x) -> Value:
    return x if isinstance(x, Value) else Value(x)


def _ordered(root: Any) -> list[Any]:
    order, seen, waiting = [], set(), [(root, False)]
    while waiting:
        v, ready = waiting.pop()
        if ready:
            order.append(v)
        elif id(v) not in seen:
            seen.add(id(v))
            waiting += [(v, True), *((p, False) for p in v.parents)]
    return order


@final
class Assigns:
    """Writes `=` where `+=` belongs."""

    def __init__(self, data, parents=(), local=(), op=""):
        self.data, self.grad = float(data), 0.0
        self.parents, self.local, self.op = parents, local, op

    def __add__(self, other):
        return Assigns(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other):
        return Assigns(self.data * other.data, (self, other), (other.data, self.data), "*")

    def backward(self):
        self.grad = 1.0
        for v in reversed(_ordered(self)):
            for parent, local in zip(v.parents, v.local, strict=True):
                parent.grad = v.grad * local


@final
class Forgetful:
    """Takes the wrong local derivative of a product: its own factor, not the other."""

    def __init__(self, data, parents=(), local=(), op=""):
        self.data, self.parents, self.local, self.op = float(data), parents, local, op

    def __mul__(self, other):
        return Forgetful(self.data * other.data, (self, other), (self.data, other.data), "*")


@final
class Micro:
    """micrograd's shape: `_prev` and `_op`, no local derivatives, slots."""

    __slots__ = ("data", "_prev", "_op")

    def __init__(self, data, _children=(), _op=""):
        self.data, self._prev, self._op = data, tuple(_children), _op

    def __add__(self, other):
        return Micro(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        return Micro(self.data * other.data, (self, other), "*")

    def __pow__(self, n):
        return Micro(self.data**n, (self,), f"**{n}")

    def tanh(self):
        return Micro(math.tanh(self.data), (self,), "tanh")


@final
class Unfinished:
    """The student notebook's first hour: adding works, multiplying is still to be written."""

    def __init__(self, data, parents=(), local=(), op=""):
        self.data, self.parents, self.local, self.op = float(data), parents, local, op

    def __add__(self, other):
        return Unfinished(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other):
        raise NotImplementedError("01.mul: write the product here")

    def backward(self):
        raise NotImplementedError("01.backward: write the walk back here")
