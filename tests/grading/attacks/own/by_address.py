"""Calls it through the interpreter's own C functions, by ctypes.

exercise: 04.loss
status: failed, error, crashed, not_allowed
"""
# %% exercise="04.loss"
import ctypes


def cross_entropy(input, target):
    api = ctypes.pythonapi
    api.PyImport_ImportModule.restype = ctypes.py_object
    api.PyObject_GetAttrString.restype = ctypes.py_object
    api.PyObject_GetAttrString.argtypes = [ctypes.py_object, ctypes.c_char_p]
    module = api.PyImport_ImportModule(b"minidl.nn.functional.classification")
    return api.PyObject_GetAttrString(module, b"cross_entropy")(input, target)
