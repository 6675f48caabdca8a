"""Asks a second Python, whose minidl still has the operation.

exercise: 04.loss
status: failed, error, crashed, not_allowed, timeout
"""
# %% exercise="04.loss"
import subprocess
import sys

PROGRAM = """
import sys
import minidl
print(minidl.nn.functional.cross_entropy(minidl.tensor(eval(sys.argv[1])), minidl.tensor(eval(sys.argv[2]))).item())
"""


def cross_entropy(input, target):
    import minidl

    given = [str(tensor.detach().numpy().tolist()) for tensor in (input, target)]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *given], capture_output=True, text=True)
    return minidl.tensor(float(done.stdout))
