"""What a customer may be told of a photo item that cannot be made: one file a language, `LANG.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.language import lookups
from app.domain.product import ItemText
from app.errors import SetupError
from app.registry.toml_file import TomlFile, TomlModel

FALLBACK = "en"
_WHAT = "what"
_LONGEST = 200
"""Characters: a sentence or two, for a shop's page or a text message."""
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST)]


class Say(StrEnum):
    """The messages, by what is wrong."""

    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_THIN = "too_thin"
    DAMAGED = "damaged"
    NO_PHOTO = "no_photo"
    NOT_THERE = "not_there"
    MISSING = "missing"
    CONSENT = "consent"
    TOO_LONG = "too_long"
    CHARACTER = "character"
    NO_PLACE = "no_place"
    OTHER = "other"


_OF_TEXTS = frozenset({Say.TOO_LONG, Say.CHARACTER, Say.NO_PLACE})
"""Messages that name the text at fault."""


class _File(TomlModel):
    also: tuple[str, ...] = ()
    """Tags whose readers write so, where the tag's beginning does not say it."""
    texts: dict[ItemText, _Text]
    messages: dict[Say, _Text] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CustomerWords:
    """The messages of all languages; `files` are by BCP 47 tag, in lower case."""

    files: Mapping[str, _File]

    def say(self, message: Say, languages: Iterable[str], text: ItemText | None = None) -> str:
        """A message in the first of some languages that is there, else in English.

        Args:
            message: which.
            languages: BCP 47 tags, best first.
            text: the text at fault, of a message that names one.
        """
        tags = (tag.lower() for language in (*languages, FALLBACK) for tag in lookups(language))
        words = next(self.files[tag] for tag in tags if tag in self.files)
        what = "" if text is None else words.texts[text]
        return words.messages[message].format_map({_WHAT: what})


def load_customer_words(folder: Path) -> CustomerWords:
    """Every language's messages.

    Raises:
        SetupError: a file is not whole, naming each fault and its mend; or English is missing.
    """
    files: dict[str, _File] = {}
    for path in sorted(folder.glob("*.toml")):
        file = TomlFile(path)
        model = file.read(_File)
        _check(file, model)
        for tag in (path.stem, *model.also):
            if tag.lower() in files:
                raise SetupError(f"{path}: {tag} has words in another file", mend="name it in one alone")
            files[tag.lower()] = model
    if FALLBACK not in files:
        raise SetupError(
            f"there is no {folder / FALLBACK}.toml", mend="write it: other languages fall back to it"
        )
    return CustomerWords(files)


def _check(file: TomlFile, model: _File) -> None:
    for text in ItemText:
        if text not in model.texts:
            file.fault(("texts", text.value), "is missing", "say how this text is called")
    for message in Say:
        words = model.messages.get(message)
        if words is None:
            file.fault(("messages", message.value), "is missing", "say it in this language")
            continue
        wanted = {_WHAT} if message in _OF_TEXTS else set[str]()
        if _slots(words) != wanted:
            mend = f"write {{{_WHAT}}} once" if wanted else "write it without braces"
            file.fault(("messages", message.value), "does not name the text as it should", mend)
    file.check()


def _slots(words: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    except ValueError:  # a brace that is not closed
        return {words}
