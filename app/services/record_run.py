"""Plans a run: which cards a file of records makes, what they share, and how the file is cut into blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.brand import Brand
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import ArtworkUnusable, RecordUnusable, RenderError
from app.pdf.batch.numbers import Numbers
from app.pdf.batch.parts import Parts, Refusal
from app.pdf.batch.run import Order
from app.pdf.batch.workers import Entry, Job, refusal
from app.pdf.compiled import Beginning, Look, compile_beginning
from app.pdf.file.identity import Identity
from app.registry.fonts import FontLibrary
from app.services.fingerprint import fingerprint
from app.services.record_cards import RecordCards
from app.services.record_file import RecordFile
from app.services.record_survey import Survey, identity, survey


@dataclass(frozen=True, slots=True)
class RecordSource:
    """The cards of a records file, block by block; given to each process."""

    file: RecordFile
    cards: RecordCards
    found: Survey
    unusable: Mapping[str, ArtworkUnusable]
    """Looks whose art cannot be used."""

    def size(self, index: int) -> int:
        """How many records a block has."""
        return self.found.stretches[index].records

    def block(self, index: int) -> Iterator[Entry | Refusal]:
        """Every record of a block, as a card or as what is wrong with it."""
        stretch, all_text = self.found.stretches[index], self.file.columns is not None
        for row in self.file.rows(stretch.start, stretch.end, stretch.line):
            if row.is_empty:
                continue
            name = identity(row.fields) if row.fields is not None else None
            try:
                if row.fields is None:
                    raise row.fault or RecordUnusable("the record cannot be read")
                if row.line in stretch.twice:
                    raise _twice(stretch.twice[row.line])
                record = self.cards.record(row.fields, all_text=all_text)
                look = _look_name(record.brand.code, record.occasion)
                if look in self.unusable:
                    raise self.unusable[look]
                yield Entry(row.line, record.id, look, self.cards.card(record))
            except RenderError as error:
                yield refusal(row.line, name, error)


def _twice(first: int) -> RecordUnusable:
    return RecordUnusable(
        f"the id is there already, in line {first}", mend="give each record an id of its own"
    )


def _look_name(brand: str, occasion: str) -> str:
    """What cards of a brand and an occasion have in common goes by this name."""
    return f"{brand}/{occasion}"


def plan_run(
    file: RecordFile,
    *,
    template: CardTemplate,
    brands: Mapping[str, Brand],
    brand: str | None,
    profile: PressProfile,
    fonts: FontLibrary,
    secret: bytes,
    parts: Parts,
    workers: int,
) -> tuple[Order, Survey]:
    """Look through the records and compile what their cards share.

    Args:
        file: the records.
        template: of all cards.
        brands: in force, by code.
        brand: of records that name none.
        profile: the press profile, with the standard that the file is to keep.
        fonts: that cards are set in.
        secret: the plant's own key.
        parts: where blocks are kept.
        workers: how many processes make blocks.

    Raises:
        ArtworkUnusable: a signature cannot be read.
    """
    pictures = {code: _signature(known) for code, known in brands.items()}
    signed = {
        code: hashlib.sha256(picture).hexdigest() if picture else None for code, picture in pictures.items()
    }
    # One date for all files of these records: that of the records themselves, so that a run's time of day
    # changes no byte.
    made_at = datetime.fromtimestamp(int(file.path.stat().st_mtime), UTC)
    cards = RecordCards(template, brands, brand=brand, secret=secret, signatures=signed, made_at=made_at)
    found = survey(file, cards)
    looks = {
        _look_name(code, occasion): (
            Look(
                template=template,
                occasion=occasion,
                palette=brands[code].palette,
                signature=signed[code],
                signature_width=brands[code].signer.signature_width,
            ),
            pictures[code],
        )
        for code, occasion in sorted(found.looks)
    }
    beginning, unusable = _compile(profile, looks)
    with file.path.open("rb") as raw:
        records = hashlib.file_digest(raw, "sha256").hexdigest()
    own = {code: brands[code] for code, _ in found.looks}
    run = fingerprint(
        records, template, brand, sorted(brands), own, profile, fonts, beginning.prefix.digest, found.block,
        made_at, hashlib.sha256(secret).hexdigest(),
    )  # fmt: skip
    # The same document whenever and by whichever tipin it is made.
    key = f"{records} {template.name} {profile.name} {profile.standard.value}"
    usable = [name for name in looks if name not in unusable]
    numbers = Numbers(
        standard=profile.standard,
        shared=len(beginning.prefix.offsets),
        blocks=len(found.stretches),
        records=found.block,
        sides=len(template.sides),
    )
    title = f"{template.title}: insert cards"
    order = Order(
        job=Job(
            cards=RecordSource(file, cards, found, unusable),
            template=template,
            profile=profile,
            looks=dict(zip(usable, beginning.looks, strict=True)),
            numbers=numbers,
            fonts=fonts,
            parts=parts.folder,
        ),
        beginning=beginning,
        identity=Identity(standard=profile.standard, key=key, title=title, made_at=made_at),
        language=next(iter(found.languages)) if len(found.languages) == 1 else None,
        run=run,
        processes=workers,
    )
    return order, found


def _compile(
    profile: PressProfile, looks: Mapping[str, tuple[Look, bytes | None]]
) -> tuple[Beginning, dict[str, ArtworkUnusable]]:
    """What cards share; looks whose art cannot be used are left out, each with the reason."""
    try:
        return compile_beginning(profile, looks.values()), {}
    except ArtworkUnusable:
        unusable = {}
    for name, look in looks.items():
        try:
            compile_beginning(profile, [look])
        except ArtworkUnusable as error:
            unusable[name] = error
    sound = [look for name, look in looks.items() if name not in unusable]
    return compile_beginning(profile, sound), unusable


def _signature(brand: Brand) -> bytes | None:
    path = brand.signer.signature
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArtworkUnusable(f"the signature {path} cannot be read", mend="put the picture there") from error
