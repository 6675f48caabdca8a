"""Writes frames with dtypes that hold objects, shapes below zero, and sizes that overflow.

status: not_allowed, crashed
"""
# %% exercise="01.mul"
import os
import struct

HEADERS = iter(
    [
        '[["a",0],[["|O",[1]]]]',
        '[["a",0],[["<f8",[-1]]]]',
        '[["a",0],[["<f8",[4294967296,4294967296]]]]',
        '[["a",0],[["<f8",[1e400]]]]',
        '[["a",7],[["<f8",[1]]]]',
        '[["a",0],["<f8"]]',
        '[["zzz"],[]]',
        '{"a": 1}',
        "[" * 100_000,
        '[["m","os","system","x"],[]]',
        '[["i","' + "9" * 100_000 + '"],[]]',
        '["\\ud800",[]]',
    ]
    * 50
)


def mul_local(a, b):
    header = next(HEADERS).encode()
    for number in range(3, 128):
        try:
            os.write(number, struct.pack("<4sIQ", b"mdl1", len(header), 8) + header + bytes(8))
        except OSError:
            continue
    return 0.0, 0.0
