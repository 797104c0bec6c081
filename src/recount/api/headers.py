"""The headers that every answer bears: what a page may load, and who may frame, sniff or read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Header = tuple[bytes, bytes]

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Pages load scripts, styles and pictures of their own host, and nothing else; nothing inline runs."""
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""Anything that is no page runs nothing, should a browser show it as one; a chart opened by itself has its styles."""
_FEATURES = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone",
    "midi", "payment", "usb",
)  # fmt: skip
_EVERYWHERE: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": ", ".join(f"{each}=()" for each in _FEATURES),
}
_PAGES: Mapping[str, str] = {
    **_EVERYWHERE,
    "content-security-policy": _PAGE_POLICY,
    "cross-origin-resource-policy": "same-origin",
}
_FILES: Mapping[str, str] = {
    **_EVERYWHERE,
    "content-security-policy": _FILE_POLICY,
    "cross-origin-resource-policy": "same-origin",
}
_SHARED: Mapping[str, str] = {
    **_FILES,
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Retry-After, X-Total-Count",
}
PREFLIGHT: Mapping[str, str] = {
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "Accept, If-None-Match",
    "access-control-max-age": "86400",
}
API = "/api/"


def _encoded(headers: Mapping[str, str]) -> tuple[Header, ...]:
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


_OF_PAGES, _OF_FILES, _OF_THE_API = _encoded(_PAGES), _encoded(_FILES), _encoded(_SHARED)


def headers_for(path: str, media_type: bytes) -> tuple[Header, ...]:
    """Returns the headers of an answer: of a page, of a file that belongs to one, or of the API, which anyone reads."""
    if media_type.startswith(b"text/html"):
        return _OF_PAGES
    return _OF_THE_API if path.startswith(API) else _OF_FILES


def value_of(headers: Iterable[Header], name: bytes) -> bytes:
    """Returns a header by its name in small letters, nothing where there is none."""
    return next((value for each, value in headers if each.lower() == name), b"")
