"""Answers twice to every question, a wrong one and one that may be taken for the next.

status: not_allowed, crashed, failed, error
"""
# %% exercise="01.mul"
import os
import sys


def mul_local(a, b):
    caller = sys._getframe(1)
    nonce = ""
    while caller is not None:
        question = caller.f_locals.get("question")
        if isinstance(question, dict) and "nonce" in question:
            nonce = question["nonce"]
        caller = caller.f_back
    for module in list(sys.modules.values()):
        frame = getattr(module, "frame", None)
        if getattr(module, "__name__", "").startswith("minidl.grading") and callable(frame):
            answer = frame(["answer", nonce, "returned", "", "", "", "", (0.0, 0.0)])
            for number in range(3, 128):
                try:
                    os.write(number, answer * 3)
                except OSError:
                    continue
            break
    return 0.0, 0.0
