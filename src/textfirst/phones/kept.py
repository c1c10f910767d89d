"""What the carrier keeps over a restart: the knobs, and what it still had to deliver.

A real carrier forgets neither. Deliveries are kept at a clean stop only; after a crash the log of frames knows what was lost.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textfirst.core.errors import InvalidInput
from textfirst.phones.knobs import Knobs

__all__ = ["keep_deliveries", "keep_knobs", "kept_deliveries", "kept_knobs"]

logger = logging.getLogger(__name__)

_KNOBS = "knobs.json"
_DELIVERIES = "deliveries.json"


def keep_knobs(folder: Path, knobs: Mapping[str, Mapping[str, Any]]) -> None:
    _write(folder / _KNOBS, knobs)


def kept_knobs(folder: Path) -> dict[str, dict[str, Any]]:
    """Knobs by system_id; a file that cannot be read is said and passed over, for they are only knobs."""
    try:
        kept: dict[str, dict[str, Any]] = json.loads((folder / _KNOBS).read_text())
        for values in kept.values():
            Knobs().changed(values)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, InvalidInput) as error:
        logger.warning("the knobs of the last run cannot be read: %s", error)
        return {}
    return kept


def keep_deliveries(folder: Path, deliveries: Mapping[str, list[bytes]]) -> None:
    _write(folder / _DELIVERIES, {system_id: [raw.hex() for raw in waiting] for system_id, waiting in deliveries.items()})


def kept_deliveries(folder: Path) -> dict[str, list[bytes]]:
    """Deliveries by system_id, once: the file is gone afterwards, so that a crash does not deliver them again."""
    path = folder / _DELIVERIES
    try:
        kept = {system_id: list(map(bytes.fromhex, waiting)) for system_id, waiting in json.loads(path.read_text()).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        logger.warning("what the last run still had to deliver cannot be read: %s", error)
        kept = {}
    path.unlink()
    return kept


def _write(path: Path, content: Any) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(content))
    beside.replace(path)
