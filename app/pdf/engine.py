"""Renders cards as PDF/X-4.

What many cards share is compiled once (`compiled.py`); a card then adds its own content streams and the
fonts of just the glyphs that it shows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.domain.units import points
from app.errors import SetupError
from app.pdf.compiled import Compiled, compile_template, palette_key
from app.pdf.draw import OVERPRINT
from app.pdf.file.fonts import FontUses
from app.pdf.file.identity import write_info, write_metadata
from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import number, string
from app.pdf.layout import page_size
from app.pdf.stamp import ART, SIGNATURE, Stamper
from app.pdf.typefaces import Typefaces
from app.registry.fonts import FontLibrary

_KEPT = 64
"""Compiled beginnings kept: each holds a colour profile and a card's art, about 1 MB."""


class Renderer:
    """The print engine. One instance serves a whole process; what it keeps never changes a card."""

    def __init__(self, *, fonts: FontLibrary, profiles: Mapping[str, PressProfile]) -> None:
        """Fonts and colour profiles are opened on first use."""
        self._stamper = Stamper(Typefaces(fonts))
        self._profiles = profiles
        self._compiled: OrderedDict[tuple[object, ...], Compiled] = OrderedDict()

    def render(self, template: CardTemplate, card: Card, signature: bytes | None) -> bytes:
        """The card as a PDF/X-4 file of one page a side; the same input gives the same bytes.

        Args:
            template: the one that the card names.
            card: fully resolved.
            signature: the picture that `card.signature` is the sha256 of, or None where that is None.

        Raises:
            RenderError: TextDoesNotFit, MissingGlyph or ArtworkUnusable, naming what and where.
            SetupError: the card names a profile or typeface that this plant does not have.
        """
        compiled = self._compile(template, card, self._profile(card.profile), signature)
        uses = FontUses()
        contents = self._stamper.stamp(card, compiled, uses)
        return _Sheet(card, compiled, uses).file(contents)

    def _profile(self, name: str) -> PressProfile:
        try:
            return self._profiles[name]
        except KeyError:
            known = ", ".join(sorted(self._profiles))
            raise SetupError(f"there is no press profile {name!r}", mend=f"use one of: {known}") from None

    def _compile(
        self, template: CardTemplate, card: Card, profile: PressProfile, signature: bytes | None
    ) -> Compiled:
        # `Compiled` holds the template, so an id that is found here is still that template's.
        signer = (card.signature, card.signature_width)
        key = (id(template), card.occasion, palette_key(card.palette), profile.name, signer)
        known = self._compiled.get(key)
        if known is None:
            known = self._compiled[key] = compile_template(template, card, profile, signature)
            if len(self._compiled) > _KEPT:
                self._compiled.popitem(last=False)
        return known


class _Sheet:
    """One card on its way into its file."""

    def __init__(self, card: Card, compiled: Compiled, uses: FontUses) -> None:
        self._card = card
        self._compiled = compiled
        self._uses = uses

    def file(self, contents: Sequence[bytes]) -> bytes:
        """The whole file, of one page a content stream."""
        file = ObjectFile(self._compiled.prefix)
        streams = [file.add_stream(content) for content in contents]
        pages = self._write_pages(file, streams, self._write_resources(file))
        return self._finish(file, pages)

    def _write_resources(self, file: ObjectFile) -> int:
        """Write the resources that both pages inherit; gives their object number."""
        pictures = "".join(f"/{ART}{index} {art} 0 R" for index, art in enumerate(self._compiled.art))
        if self._compiled.signature_object:
            pictures += f"/{SIGNATURE} {self._compiled.signature_object} 0 R"
        # OPM 1: a component of 0 leaves what is printed there (ISO 32000-2, 8.6.7).
        return file.add(
            f"<<{self._uses.write(file)}/XObject<<{pictures}>>"
            f"/ExtGState<</{OVERPRINT}<</Type/ExtGState/OP true/op true/OPM 1>>>>>>"
        )

    def _write_pages(self, file: ObjectFile, contents: Sequence[int], resources: int) -> int:
        pages = file.reserve()
        boxes = _boxes(self._compiled.template)
        kids = [
            file.add(f"<</Type/Page/Parent {pages} 0 R{boxes}/Contents {content} 0 R>>")
            for content in contents
        ]
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        tree = f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]/Resources {resources} 0 R>>"
        return file.write(pages, tree.encode("ascii"))

    def _finish(self, file: ObjectFile, pages: int) -> bytes:
        card = self._card
        title = f"Insert card {card.id}"
        metadata = write_metadata(
            file,
            key=card.id,
            title=title,
            version=self._compiled.profile.standard.value,
            made_at=card.made_at,
        )
        root = file.add(
            f"<</Type/Catalog/Pages {pages} 0 R/Metadata {metadata} 0 R/Lang{string(card.language)}"
            f"/OutputIntents[{self._compiled.output_intent} 0 R]>>"
        )
        info = write_info(file, title=title, made_at=card.made_at)
        return file.finish(root=root, info=info, key=card.id)


def _boxes(template: CardTemplate) -> str:
    """MediaBox and BleedBox are the whole page; the TrimBox lies the bleed inside."""
    width, height = page_size(template)
    bleed = points(template.bleed)
    page = f"[0 0 {number(width)} {number(height)}]"
    trim = " ".join(map(number, (bleed, bleed, width - bleed, height - bleed)))
    return f"/MediaBox{page}/BleedBox{page}/TrimBox[{trim}]"
