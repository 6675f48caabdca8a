"""How a number is written in a picture: short, the same on every machine, readable aloud."""

from typing import Any

SMALL = 36  # arrays of so many entries are shown whole
LINE = 4  # and of so many, inside a sentence,
LONGEST = 20  # if that is short enough for a card


def number(x: Any, digits: int = 4) -> str:
    """2.0 -> "2", -0.333333 -> "−0.3333", 1e-12 -> "1e−12"."""
    text = f"{float(x):.{digits}g}"
    if "e" in text:
        mantissa, power = text.split("e")
        text = f"{mantissa}e{int(power)}"
    return ("0" if text == "-0" else text).replace("-", "−")


def shape(x: Any) -> str:
    """The shape of an array as people say it: "3×4", "(5)", and nothing for a number."""
    sizes = getattr(x, "shape", ())
    return f"({sizes[0]})" if len(sizes) == 1 else "×".join(map(str, sizes))


def value(x: Any) -> str:
    """What fits on a card: the number, the few numbers, or the size of them all."""
    if x is None:
        return "not kept"
    if not getattr(x, "shape", ()):
        return number(x)
    flat = x.reshape(-1)
    if flat.shape[0] <= LINE and len(x.shape) == 1:
        text = f"[{', '.join(number(entry, 3) for entry in flat)}]"
        if len(text) <= LONGEST:
            return text
    return f"{shape(x)}, norm {number(float((flat * flat).sum()) ** 0.5, 3)}"


def details(x: Any) -> dict[str, Any]:
    """What fits in the side panel: a table of all numbers, or what one says of many."""
    if x is None or not getattr(x, "shape", ()):
        return {}
    flat = x.reshape(-1)
    count = int(flat.shape[0])
    if 0 < count <= SMALL:
        return {"table": [[number(v, 3) for v in row] for row in x.reshape(-1, x.shape[-1])]}
    if not count:
        return {"facts": [["entries", "0"]]}
    mean = float(flat.mean())
    spread = float(((flat - mean) ** 2).mean()) ** 0.5
    facts = {"entries": count, "mean": mean, "spread": spread, "min": flat.min(), "max": flat.max()}
    zeros = float((flat == 0).mean())
    return {
        "facts": [[name, number(fact)] for name, fact in facts.items()]
        + [["zeros", f"{number(100 * zeros, 3)} %"]]
    }
