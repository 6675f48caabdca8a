"""Reads ONNX's node tests: small models, most of one node, with inputs and outputs to expect."""

import warnings
from functools import cache
from typing import Any, NamedTuple

import numpy as np

import minidl


class Unsupported(Exception):
    """The model asks for something that minidl does not promise: an operator, a dtype, a string."""


class NodeTest(NamedTuple):
    """One of ONNX's tests.

    name: ONNX's own. operators: the kinds of nodes in it. model: the parsed protobuf.
    data: pairs of (inputs, outputs), arrays. rtol, atol: ONNX's own.
    """

    name: str
    operators: tuple[str, ...]
    model: Any
    data: list[tuple[list[Any], list[Any]]]
    rtol: float
    atol: float


@cache
def node_tests() -> list[NodeTest]:
    """All of them, some 1,880, made by the installed onnx package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # making them overflows on purpose
        from onnx.backend.test.case.node import collect_testcases

        cases = collect_testcases(None)
    return [
        NodeTest(
            case.name.removeprefix("test_"),
            tuple(node.op_type for node in case.model.graph.node),  # type: ignore[union-attr]
            case.model,
            list(case.data_sets or ()),  # type: ignore[arg-type]
            case.rtol,
            case.atol,
        )
        for case in cases
    ]


def run(test: NodeTest, operators: dict[str, Any]) -> None:
    """Evaluates the model and raises AssertionError where an output differs.

    Raises:
        Unsupported: an operator is not in the table, or a value is of a kind minidl does not have.
    """
    missing = {op for op in test.operators if op not in operators}
    if missing:
        raise Unsupported(f"no operator {', '.join(sorted(missing))}")
    graph = test.model.graph
    domains = {entry.domain: entry.version for entry in test.model.opset_import}
    for inputs, outputs in test.data:
        known: dict[str, Any] = {"": None}
        for value, array in zip(graph.input, inputs, strict=True):
            known[value.name] = to_tensor(array)
        for node in graph.node:
            attributes = {a.name: _attribute(a) for a in node.attribute}
            arguments = [known[name] for name in node.input]
            version = domains.get(node.domain, 0)
            asked = Node(node, attributes, version)
            made = operators[node.op_type](asked, *arguments)
            if asked.unread:
                raise Unsupported(f"{node.op_type} with {', '.join(sorted(asked.unread))}")
            made = made if isinstance(made, (tuple, list)) else (made,)
            for name, value in zip(node.output, made, strict=False):
                known[name] = value
        for value, expected in zip(graph.output, outputs, strict=True):
            _compare(known[value.name], expected, test)


class Node:
    """A node's options: `node("axis", 0)` is the attribute, or what it is where it is not given.

    unread: those nobody asked for, so that no option is passed over in silence.
    """

    def __init__(self, proto: Any, attributes: dict[str, Any], version: int):
        self.proto, self.attributes, self.version = proto, attributes, version
        self.unread = set(attributes)

    def __call__(self, name: str, default: Any = None) -> Any:
        self.unread.discard(name)
        return self.attributes.get(name, default)

    @property
    def outputs(self) -> int:
        """How many outputs are asked for."""
        return len(self.proto.output)


def to_tensor(array: Any) -> Any:
    """An array as a tensor.

    Raises:
        Unsupported: its dtype is none of minidl's, or it is no array at all.
    """
    if hasattr(array, "SerializeToString"):  # still in the file's form
        import onnx

        array = onnx.numpy_helper.to_array(array)
    if not isinstance(array, (np.ndarray, np.generic)):
        raise Unsupported(f"a value of type {type(array).__name__}")
    if str(array.dtype) not in _KINDS:
        raise Unsupported(f"dtype {array.dtype}")
    return minidl.tensor(np.asarray(array))


_KINDS = {"float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool",
          "complex64", "complex128"}  # fmt: skip


def _attribute(proto: Any) -> Any:
    import onnx

    value = onnx.helper.get_attribute_value(proto)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, onnx.TensorProto):
        return to_tensor(onnx.numpy_helper.to_array(value))
    if isinstance(value, (onnx.GraphProto, onnx.SparseTensorProto)):
        raise Unsupported(f"an attribute of type {type(value).__name__}")
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], bytes):
        return [entry.decode() for entry in value]
    return value


def _compare(got: Any, expected: Any, test: NodeTest) -> None:
    expected = np.asarray(to_tensor(expected).numpy())
    if not isinstance(got, minidl.Tensor):
        got = minidl.tensor(got)
    array = got.detach().numpy()
    assert array.shape == expected.shape, f"shape {array.shape}, not {expected.shape}"
    assert array.dtype == expected.dtype, f"{array.dtype}, not {expected.dtype}"
    # Two steps of the last digit: float16 has eleven bits, and the order of sums is free.
    wide = max(test.rtol, 2e-3) if expected.dtype == np.float16 else test.rtol
    np.testing.assert_allclose(array, expected, rtol=wide, atol=max(test.atol, 1e-6))
