"""What has been answered, kept within a count and a number of bytes; the longest unused goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Values by key, at most `most` of them and `most_bytes` together."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """Returns what is kept under `key`, None where nothing is; it becomes the last to go."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keeps `value`, of `size` bytes, if it has room at all; what has been unused the longest goes for it."""
        with self._lock:
            before = self._kept.pop(key, None)
            if before is not None:
                self.bytes -= before[1]
            if size > self.most_bytes:
                return
            self._kept[key] = (value, size)
            self.bytes += size
            while len(self._kept) > self.most or self.bytes > self.most_bytes:
                _, (_, gone) = self._kept.popitem(last=False)
                self.bytes -= gone

    def clear(self) -> None:
        """Keeps nothing any more."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)
