"""Prints, per name of PyTorch, how many trials passed of those tried: python -m tests.parity"""

import argparse
import sys
import warnings

from .cases import CASES
from .judge import judge, variants
from .names import FAMILIES


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__)
    parser.add_argument("names", nargs="*", help="only names that contain one of these words")
    parser.add_argument("--why", action="store_true", help="say how each failing trial parts")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    missing, total = 0, [0, 0]
    for family, names in FAMILIES.items():
        for name in names.split():
            if asked.names and not any(word in name for word in asked.names):
                continue
            passed, tried, reasons = _count(name)
            total = [total[0] + passed, total[1] + tried]
            missing += tried == 0
            print(f"{family:12} {name:45} {passed:4} of {tried:4}{'' if tried else '  MISSING'}")
            if asked.why:
                print("".join(f"    {reason}\n" for reason in reasons), end="")
    print(f"{total[0]} of {total[1]} trials pass; {missing} names are missing.")
    return int(missing > 0 or total[0] < total[1])


def _count(name: str) -> tuple[int, int, list[str]]:
    passed, tried, reasons = 0, 0, []
    for trial in CASES.get(name, []):
        for kind, strided in variants(trial):
            tried += 1
            try:
                judge(trial, kind, strided)
            except Exception as error:
                reasons.append(f"{trial.code} [{kind}]: {type(error).__name__}: {error}"[:600])
            else:
                passed += 1
    return passed, tried, reasons


if __name__ == "__main__":
    sys.exit(main())
