"""Made-up customers. Given and family names are common ones; any likeness is chance."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_GIVEN = {
    "de": """Anna Lukas Mia Jonas Lena Felix Clara Paul Greta Emil Ida Moritz Käthe Jürgen Sören Marlene Theo
        Frieda Anton Johanna Björn Zoë Matthäus Friederike""",
    "en": """Olivia Noah Amelia George Isla Arthur Ava Theo Freya Oscar Niamh Callum Siobhán Dylan Priya Kwame
        Zoë Harriet Rowan Imogen Tomasz Ngozi Élodie""",
    "ar": "ليلى عمر سارة يوسف نور خالد مريم أحمد هدى زياد رنا سمير عبدالرحمن ياسمين",
}
_FAMILY = {
    "de": """Müller Schmidt Weiß Fischer Wagner Becker Hoffmann Schäfer Köhler Krüger Lehmann Vogt Brandt
        Sommerfeld Nußbaum Großkopf Özdemir Freudenthal-Wiesner""",
    "en": """Smith Jones Taylor Brown Williams Evans O'Brien Davies Walker Wright Robinson Okafor Featherstone
        MacDonald Patel Whitcombe-Harrington Nowak Lee""",
    "ar": "الحسن منصور حداد النجار خوري صباغ الراشد عبدالله القاسم درويش",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of a demo brand. `id` is the brand's own number for them."""

    id: str
    given_name: str
    family_name: str
    e_mail: str
    language: str

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"


def meet(random: Random, number: int, languages: tuple[str, ...]) -> Person:
    """The brand's customer of that number; two in three speak its first language."""
    language = languages[0] if random.random() < 2 / 3 else random.choice(languages)
    return Person(
        id=str(700_000 + number),
        given_name=random.choice(_GIVEN[language].split()),
        family_name=random.choice(_FAMILY[language].split()),
        e_mail=f"customer{number}@mail.example",
        language=language,
    )
