"""Prints, per operator, how many of ONNX's tests pass: python -m tests.onnx_nodes"""

import argparse
import sys
import warnings
from collections import defaultdict

from .reader import Unsupported, node_tests, run
from .table import OPERATORS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.onnx_nodes", description=__doc__)
    parser.add_argument("names", nargs="*", help="only operators that contain one of these words")
    parser.add_argument("--why", action="store_true", help="say why tests fail or are left out")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    reasons: dict[str, list[str]] = defaultdict(list)
    for test in node_tests():
        name = test.operators[0] if len(test.operators) == 1 else "(graphs of several nodes)"
        if asked.names and not any(word in name for word in asked.names):
            continue
        try:
            run(test, OPERATORS)
        except Unsupported as reason:
            rows[name][2] += 1
            reasons[name].append(f"left out: {test.name}: {reason}")
        except Exception as error:
            rows[name][1] += 1
            reasons[name].append(f"FAILS: {test.name}: {type(error).__name__}: {error}"[:400])
        else:
            rows[name][0] += 1
    print(f"{'operator':30} {'pass':>5} {'fail':>5} {'left out':>9}")
    for name, (passed, failed, out) in sorted(rows.items()):
        print(f"{name:30} {passed:5} {failed:5} {out:9}")
        if asked.why:
            print("".join(f"    {reason}\n" for reason in reasons[name]), end="")
    passed, failed, out = (sum(row[i] for row in rows.values()) for i in range(3))
    print(f"{passed} pass, {failed} fail, {out} left out, of {passed + failed + out}.")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
