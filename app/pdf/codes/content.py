"""What a code cannot say, told in one voice."""

from __future__ import annotations

from app.errors import ArtworkUnusable


def as_utf_8(text: str, kind: str) -> bytes:
    """The text's bytes.

    Raises:
        ArtworkUnusable: it is empty, or not Unicode.
    """
    if not text:
        raise ArtworkUnusable(f"a {kind} needs a text", mend="give the record what the code should say")
    try:
        return text.encode()
    except UnicodeEncodeError as fault:
        raise ArtworkUnusable(f"a {kind} cannot hold half a character", mend="send it as UTF-8") from fault


def too_long(text: str, kind: str) -> ArtworkUnusable:
    """The error for a text that no size holds."""
    return ArtworkUnusable(f"{len(text)} characters do not fit a {kind}", mend="use a shorter text or link")
