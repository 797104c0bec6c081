"""Versions that answers depend on. Each changes by hand, and the changelog says why."""

from __future__ import annotations

PIPELINE_VERSION = 2
"""Rises when the same files would give other core rows or other integers. Part of every receipt."""

RECORD_FORMAT = 2
"""Rises when tables or the manifest of a record change shape."""

ANSWER_SCHEMA = "recount-answer/1"
"""The shape of JSON answers, from the terminal and from Python alike."""

RECEIPT_SCHEMA = "recount-receipt/1"
"""The shape of what a receipt's id is computed from."""
