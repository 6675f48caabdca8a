"""Fetches a public file once, checks every byte of it, and keeps it; only when somebody asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

SECONDS = 30  # without a byte, and an address is given up


@final
@dataclass(frozen=True)
class PublicFile:
    """A file as its publisher describes it.

    name: as it lies in the cache's folder. md5: of its bytes. size: in bytes.
    folders: addresses that offer it under this name, tried in turn.
    """

    name: str
    md5: str
    size: int
    folders: Sequence[str]


def cache() -> Path:
    """Where fetched files are kept: the folder MINIDL_DATA, or minidl's in the user's own cache."""
    named = os.environ.get("MINIDL_DATA")
    return Path(named) if named else Path(_pooch().os_cache("minidl"))


def fetch(file: PublicFile, kind: str) -> Path:
    """The path of the file, fetched with a progress bar unless it is here already.

    kind: the data set, a folder in the cache. What is half fetched or damaged is thrown away: the
    file is there whole, or not at all.

    Raises ConnectionError, saying what to do, when no address gives the very file.
    """
    pooch, folder = _pooch(), cache() / kind
    path = folder / file.name
    if path.is_file() and pooch.file_hash(str(path), alg="md5") == file.md5:
        return path
    pooch.get_logger().setLevel("ERROR")  # it would print a line for each file; ours is the bar
    failures = []
    for address in file.folders:
        try:
            with _bar(file) as bar:
                way = pooch.HTTPDownloader(progressbar=bar, timeout=SECONDS)
                known = f"md5:{file.md5}"
                pooch.retrieve(address + file.name, known, file.name, folder, downloader=way)
            return path
        except (OSError, ValueError) as error:  # no network, not there, or other bytes
            failures.append(f"{address}: {_reason(error)}")
    raise ConnectionError(
        f"{kind}: {file.name} ({file.size / 1e6:.3g} MB) could not be fetched.\n"
        + "\n".join(f"  {failure}" for failure in failures)
        + f"\nWith a network, run this again. Or put the file into {folder} yourself."
    )


def _bar(file: PublicFile) -> Any:
    """A progress bar in bytes, for the terminal or the notebook."""
    from tqdm.auto import tqdm

    return tqdm(total=file.size, unit="B", unit_scale=True, desc=file.name)


def _reason(error: Exception) -> str:
    """In a few words, why an address did not help."""
    name = type(error).__name__
    if isinstance(error, ValueError) and "hash" in str(error):
        return "what came are other bytes than the publisher's (its checksum differs)"
    if "HTTPError" in name:
        return str(error).partition(" for url")[0]
    if "Timeout" in name:
        return f"no answer within {SECONDS} seconds"
    if "ChunkedEncoding" in name:
        return "the connection broke off"
    return "no connection" if "Connection" in name else f"{name}: {error}"


def _pooch() -> Any:
    try:
        import pooch
    except ImportError as error:
        raise ModuleNotFoundError(
            "fetching data needs pooch, which is not installed; "
            "get it with: pip install minidl[course]"
        ) from error
    return pooch
