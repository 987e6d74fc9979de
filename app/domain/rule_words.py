"""What a rule's cards say: the template's words for an occasion, or the owner's own, checked as those are."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.domain.brand import Brand
from app.domain.decision import OwnWords
from app.domain.fact_catalogue import facts_told
from app.domain.language import ANY
from app.domain.occasion import OccasionKind
from app.domain.pattern import slots_in
from app.domain.policy import Intent
from app.domain.rule import PREFIX, RuleWords
from app.domain.rule_occasion import SLOTS
from app.domain.template import GENERIC, CardTemplate, Variant
from app.domain.wording_faults import wording_faults
from app.errors import Violation

_FIELDS = ("headline", "message", "greeting", "greeting_unnamed")
_LONGEST = {"headline": 120, "message": 1200, "greeting": 120, "greeting_unnamed": 120}
_MOST_OWN = 20
_OF_EVERY_CARD = frozenset({"given_name", "brand", "signer", "order_no", "story"})
_DIGITS = 10
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class WordsReader:
    """Reads `words` of one rule, gathering what is wrong in `violations`."""

    def __init__(self, brand: Brand, template: CardTemplate, *, kind: OccasionKind, intent: Intent) -> None:
        self._brand = brand
        self._template = template
        self._recovery = kind is OccasionKind.RECOVERY
        self._intent = intent
        self._slots = usable_slots(template)
        self.violations: list[Violation] = []

    def read(self, document: Any, name: str, pointer: str = "/words") -> RuleWords | None:
        """The words, or None where anything is wrong with them."""
        if not isinstance(document, dict):
            self._fault(pointer, "is no object", 'write {"occasion": "generic"}, or {"own": {"en": […]}}')
            return None
        for key in document.keys() - {"occasion", "own"}:
            self._fault(f"{pointer}/{str(key)[:40]}", "is no key here", "use occasion and own")
        own = self._own(document["own"], name, f"{pointer}/own") if "own" in document else ()
        occasion = self._occasion(document.get("occasion", GENERIC), f"{pointer}/occasion", alone=not own)
        return None if self.violations else RuleWords(occasion=occasion, own=own)

    def _occasion(self, value: Any, pointer: str, *, alone: bool) -> str:
        spoken = {variant.occasion for variant in self._template.variants}
        drawn = {code for side in self._template.sides for code in side.art} - {"*"}
        known = sorted(spoken if alone else spoken | drawn)
        if value not in known:
            detail = f"the card {self._template.name} knows no {str(value)[:40]!r}"
            self._fault(pointer, detail, f"use one of {', '.join(known)}")
        return str(value)

    def _own(self, document: Any, name: str, pointer: str) -> tuple[Variant, ...]:
        if not isinstance(document, dict) or not document:
            self._fault(pointer, "holds no language", 'write {"en": [{"headline": …, "message": …}]}')
            return ()
        return tuple(
            variant
            for language, wordings in document.items()
            for variant in self._of_language(language, wordings, name, f"{pointer}/{str(language)[:40]}")
        )

    def _of_language(self, language: Any, wordings: Any, name: str, pointer: str) -> Iterator[Variant]:
        if language not in self._brand.languages or not self._template.speaks(language):
            spoken = [known for known in self._brand.languages if self._template.speaks(known)]
            self._fault(pointer, f"{self._brand.name} does not speak it", f"use one of {', '.join(spoken)}")
        elif not isinstance(wordings, list) or not 0 < len(wordings) <= _MOST_OWN:
            self._fault(pointer, f"is no list of 1 to {_MOST_OWN} wordings", "put them in brackets")
        else:
            for index, wording in enumerate(wordings):
                if variant := self._variant(language, wording, name, f"{pointer}/{index}"):
                    yield variant

    def _variant(self, language: str, document: Any, name: str, pointer: str) -> Variant | None:
        faults = len(self.violations)
        if not isinstance(document, dict):
            self._fault(pointer, "is no object", 'write {"headline": …, "message": …}')
            return None
        for key in document.keys() - set(_FIELDS):
            self._fault(f"{pointer}/{str(key)[:40]}", "is no key here", f"use {', '.join(_FIELDS)}")
        given = [field for field in _FIELDS if field in document]
        texts = self._greetings(language) | {
            field: self._text(document[field], field, f"{pointer}/{field}") for field in given
        }
        for field in _FIELDS:
            if not texts.get(field):
                self._fault(f"{pointer}/{field}", "is missing", "write it")
        if len(self.violations) > faults:
            return None
        variant = self._made(language, texts, name)
        self._check(variant, pointer)
        return variant

    def _greetings(self, language: str) -> dict[str, str]:
        """The template's own usual greetings."""
        for variant in self._template.speaking(language):
            if variant.occasion == GENERIC and variant.greeting_unnamed and variant.language != ANY:
                return {"greeting": variant.greeting, "greeting_unnamed": variant.greeting_unnamed}
        return {}

    def _text(self, value: Any, field: str, pointer: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self._fault(pointer, "is no text", "write a sentence")
            return "?"
        text = unicodedata.normalize("NFC", value).strip()
        if len(text) > _LONGEST[field]:
            self._fault(pointer, f"is over {_LONGEST[field]} characters", "shorten it")
        if any(c in _OVERRIDES or (unicodedata.category(c) in ("Cc", "Cs") and c != "\n") for c in text):
            self._fault(pointer, "holds an invisible control character", "take it out")
        return text

    def _made(self, language: str, texts: Mapping[str, str], name: str) -> Variant:
        digest = hashlib.sha256("\0".join([language, *(texts[field] for field in _FIELDS)]).encode())
        variant = Variant(
            id=f"{PREFIX}{name}:{digest.hexdigest()[:_DIGITS]}",
            occasion=PREFIX + name,
            language=language,
            intents=frozenset({self._intent}),
            headline=texts["headline"],
            greeting=texts["greeting"],
            greeting_unnamed=texts["greeting_unnamed"],
            message=texts["message"],
        )
        needed: set[str] = set()
        for field in ("headline", "message", "greeting_unnamed"):
            needed |= slots_in(texts[field]).keys()
        return replace(variant, requires=frozenset(needed))

    def _check(self, variant: Variant, pointer: str) -> None:
        mend = f"use one of {', '.join(sorted(self._slots))}"
        found = list(wording_faults(variant, self._slots, recovery=self._recovery, mend=mend))
        for fault in found:
            self._fault(f"{pointer}/{fault.field}", fault.detail, fault.mend or mend)
        most = self._brand.policy.most_facts
        if not found and len(told := facts_told(variant.requires)) > most:
            said = ", ".join(sorted(told))
            self._fault(
                pointer, f"tells {len(told)} facts about the customer ({said})", f"tell at most {most}"
            )

    def _fault(self, pointer: str, detail: str, mend: str) -> None:
        self.violations.append(Violation(pointer, detail, mend))


def usable_slots(template: CardTemplate) -> dict[str, str]:
    """The slots that a rule's own words may use on a card, each as "text" or "number"."""
    usable = SLOTS | _OF_EVERY_CARD
    return {name: type_ for name, type_ in template.slot_types.items() if name in usable}


def written_words(words: RuleWords) -> dict[str, Any]:
    """The words as JSON again."""
    document: dict[str, Any] = {"occasion": words.occasion}
    for variant in words.own:
        wording = {field: getattr(variant, field) for field in _FIELDS}
        document.setdefault("own", {}).setdefault(variant.language, []).append(wording)
    return document


def own_words(rules: Mapping[str, RuleWords], variant_id: str | None) -> OwnWords | None:
    """The words of a wording that a rule has of its own; None for one of the template's."""
    for words in rules.values():
        for variant in words.own:
            if variant.id == variant_id:
                return OwnWords(
                    headline=variant.headline,
                    greeting=variant.greeting,
                    greeting_unnamed=variant.greeting_unnamed,
                    message=variant.message,
                    art=words.occasion,
                )
    return None


def speaking_rules(template: CardTemplate, rules: Mapping[str, RuleWords]) -> CardTemplate:
    """The template with words for rules besides: each rule's own, or those of the occasion that it names.

    A borrowed wording keeps its id, so that nobody is told the same by a rule and by the occasion.
    """
    added = [
        variant if words.own else replace(variant, occasion=code)
        for code, words in rules.items()
        for variant in (words.own or template.variants)
        if words.own or variant.occasion == words.occasion
    ]
    return replace(template, variants=(*template.variants, *added)) if added else template
