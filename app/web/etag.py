"""Entity tags (RFC 9110, 8.8.3): the file's SHA-256 in quotes."""

from __future__ import annotations


def etag_of(sha256: str) -> str:
    """The strong entity tag of a file."""
    return f'"{sha256}"'


def matches(if_none_match: str, sha256: str) -> bool:
    """Whether an `If-None-Match` header names this file; compared weakly, as RFC 9110, 13.1.2 asks."""
    if if_none_match.strip() == "*":
        return True
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return etag_of(sha256) in tags
