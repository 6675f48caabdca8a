"""Tries the sandbox of this machine: small attacks from inside, and whether each was stopped."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ..attacks.canaries import Canaries
from ..judge.crew import Ended, InfrastructureError, Late, Overfull, Server, Sitting
from ..wire.protocol import ProtocolError
from . import Tier, best
from .probes import PROBES

SECONDS = 4.0
LOST = "it ended the sandbox's server"


def report(tier: Tier | None = None) -> list[tuple[str, bool, str]]:
    """(attack, was it stopped, what happened) for each small attack.

    tier: the one to try; the best there is when None. Raises NoSandbox, InfrastructureError.
    """
    tier = tier or best()
    found = []
    with Canaries() as canaries:
        server = Server(tier, [])
        try:
            for name, source in PROBES.items():
                harm, detail = attempt(server, source, canaries.given)
                if harm == LOST:
                    server.end()
                    server = Server(tier, [])
                touched = list(canaries.touched(harm))
                found.append((name, not harm and not touched, "; ".join([*touched, detail])))
        finally:
            server.end()
    return found


def attempt(server: Server, source: str, given: Mapping[str, Any]) -> tuple[str, str]:
    """(the harm it says it did, what happened in words) of one attack."""
    lines = "".join(f"{name} = {value!r}\n" for name, value in given.items())
    setting = {
        "withheld": [],
        "runs": {"probe": ["made", "<probe>", "lambda code: code.probe()", {}, [], {}]},
        "files": {"<probe>": []},
        "cells": [[0, lines + source, True, SECONDS, "probe"]],
        "entries": {"probe": ["probe"]},
    }
    question = {"nonce": "", "part": "probe", "inputs": {}, "seconds": SECONDS, "mutates": True}
    until = time.monotonic() + 4 * SECONDS
    try:
        sitting = server.sitting()
        try:
            harm, detail = _exchange(sitting, setting, question, until)
        finally:
            sitting.end()
    except InfrastructureError as error:
        return LOST, str(error)
    return harm, detail


def _exchange(sitting: Sitting, setting: Any, question: Any, until: float) -> tuple[str, str]:
    try:
        message = sitting.exchange(setting, SECONDS, until)
        while isinstance(message, list) and message[:1] == ["cell"]:
            message = sitting.hear(SECONDS, until)
        if message != ["ready", "probe", [], []]:
            return "", f"it did not begin: {message}"
        _, _, status, sentence, _, _, _, value = sitting.exchange(question, SECONDS, until)
    except (Late, Ended, Overfull, ProtocolError) as error:
        return "", f"it was ended ({type(error).__name__})"
    harm = str(value) if status == "returned" and value else ""
    return harm, harm or sentence or "nothing came of it"
