"""Records: the document parts of PDF/VT-1 (ISO 16612-2; ISO 32000-2, 14.12; ISO 21812-1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import numpy as np
import pikepdf

from app.pdf.preflight.check import VT1, check
from app.pdf.preflight.objects import table
from app.pdf.preflight.parts import (
    Fault,
    Tree,
    cover_faults,
    levels_of,
    link_faults,
    naming_faults,
    pages_of,
    record_key,
)
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Subject

_ROOT = "DPartRoot"
_MOST = 100
"""Faults that are looked at closely; a shifted tree has as many as leaves."""
_NAME = re.compile(r"[\w.:-]+")
"""An XML name token, which a level's name is (ISO 32000-2, table 408)."""
_PERSONAL = re.compile(r"[\s@]")
"""In a record's key: the mark of a name, or of an address."""
_SCOPES = ("/Unknown", "/SingleUse", "/Record", "/File", "/Stream", "/Global")
_METADATA = frozenset({
    *("CIP4_Root", "CIP4_Metadata", "CIP4_Conformance", "CIP4_Creator", "CIP4_JobID"),
    "CIP4_ModificationDate",
    *("CIP4_Recipient", "CIP4_UniqueID", "CIP4_Production", "CIP4_Intent", "CIP4_Part", "CIP4_ProductType"),
    *("CIP4_Copies", "CIP4_Resource", "CIP4_Media", "CIP4_MediaType", "CIP4_Sides", "CIP4_LayoutIntent"),
    *("CIP4_MediaIntent", "CIP4_ColorIntent", "CIP4_FinishedDimensions", "CIP4_Spreads", "CIP4_Pages"),
    "CIP4_SpreadType",
})  # fmt: skip
"""Keys that say how a part is made, and whose key it is; any other may tell who somebody is."""


def _findings(tree: Tree, faults: Iterable[Fault], mend: str) -> Iterator[Finding]:
    told = list(islice(faults, _MOST))
    for fault, page in zip(told, pages_of(tree, [fault.object for fault in told]), strict=True):
        yield Finding(fault.says, mend, page, object="document part", id=(fault.object, 0))


def _judged(subject: Subject, judge: Callable[[Tree], Iterable[Fault]], mend: str) -> Iterator[Finding]:
    if subject.parts is not None:
        yield from _findings(subject.parts, judge(subject.parts), mend)


@check("The catalogue leads to the document parts", standards=VT1, demanded=True)
def dpart_root(subject: Subject) -> Iterator[Finding]:
    """ISO 32000-2, table 408: `/DPartRoot`, indirect here, with an indirect `/DPartRootNode`."""
    root = subject.root.get("/DPartRoot")
    if not isinstance(root, pikepdf.Dictionary) or not root.is_indirect:
        yield Finding(
            "/DPartRoot is no indirect dictionary", "write it as its own object", object="catalogue"
        )
    elif root.get("/Type", pikepdf.Name.DPartRoot) != pikepdf.Name.DPartRoot:
        yield Finding("it is of another /Type", "write /Type /DPartRoot", object=_ROOT, id=root.objgen)
    elif subject.parts is None:
        yield Finding("/DPartRootNode is no indirect part", "refer to one", object=_ROOT, id=root.objgen)


@check("The levels of the document parts are named, and the records' level is said", standards=VT1)
def dpart_levels(subject: Subject) -> Iterator[Finding]:
    """`NodeNameList` has a name for each level; `RecordLevel` is one of them."""
    root = table(subject.root.get("/DPartRoot"))
    if subject.parts is None:
        return
    levels = levels_of(subject.parts)
    names = root.get("/NodeNameList")
    said = [str(one)[1:] for one in names.as_list()] if isinstance(names, pikepdf.Array) else []
    if len(said) != levels or not all(map(_NAME.fullmatch, said)):
        says = f"NodeNameList has {len(said)} names for {levels} levels"
        yield Finding(says, "name each level once", object=_ROOT, id=root.objgen)
    level: object = root.get("/RecordLevel")
    if not isinstance(level, int) or not 0 <= level < levels:
        says = f"RecordLevel is {level} of {levels} levels"
        yield Finding(says, "write the level whose parts are records, from 0", object=_ROOT, id=root.objgen)


@check("Each document part knows its parent and its children", standards=VT1, demanded=True)
def dpart_nodes(subject: Subject) -> Iterator[Finding]:
    """ISO 32000-2, table 409: `Parent`; `DParts`, an array of arrays of indirect parts, or `Start`."""
    yield from _judged(subject, link_faults, "write the tree anew")


@check("The document parts hold every page once, in order", standards=VT1, demanded=True)
def dpart_cover(subject: Subject) -> Iterator[Finding]:
    """ISO 16612-2, 6.6: a page that no part holds is nobody's, and a finisher stops there."""
    yield from _judged(subject, cover_faults, "let each part start on the page after the one before")


@check("Each page names the document part that holds it", standards=VT1, demanded=True)
def page_dpart(subject: Subject) -> Iterator[Finding]:
    """ISO 32000-2, table 31: `/DPart`."""
    yield from _judged(subject, naming_faults, "write /DPart with the leaf that holds the page")


@check("Every record has a key of its own", standards=VT1)
def record_keys(subject: Subject) -> Iterator[Finding]:
    """`CIP4_UniqueID` of the recipient: by it a record is found, and printed again."""
    tree = subject.parts
    if tree is None:
        return
    for row in np.flatnonzero(tree.records == 0)[:_MOST]:
        fault = Fault(int(tree.leaves.number[row]), "its metadata have no CIP4_UniqueID")
        yield from _findings(tree, [fault], "write the record's key")
    order = np.argsort(tree.records, kind="stable")
    ordered = tree.records[order]
    for at in np.flatnonzero((ordered[1:] == ordered[:-1]) & (ordered[1:] != 0))[:_MOST]:
        row, before = int(order[at + 1]), int(order[at])
        says = f"its key is also that of object {int(tree.leaves.number[before])}"
        yield from _findings(tree, [Fault(int(tree.leaves.number[row]), says)], "give each record its own")


@check("The metadata of document parts hold nobody's data", standards=VT1)
def dpart_metadata(subject: Subject) -> Iterator[Finding]:
    """ISO 21812-1, and no personal data beyond the record's key: files lie about in plants for months."""
    tree = subject.parts
    for number, metadata in () if tree is None else tree.metadata:
        faults = [Fault(number, says) for says in _tells(metadata)]
        if faults and tree is not None:
            yield from _findings(tree, faults, "leave it out; the key is enough to find the record")


def _tells(metadata: pikepdf.Object) -> Iterator[str]:
    if not isinstance(metadata, pikepdf.Dictionary):
        yield "its metadata are no dictionary"
        return
    for name in sorted(_names(metadata) - _METADATA):
        yield f"its metadata hold {name}"
    key = record_key(metadata)
    if _PERSONAL.search(key):
        yield "its key looks like a name or an address"


def _names(value: object, depth: int = 0) -> set[str]:
    """The keys of dictionaries in dictionaries."""
    if depth > 8:  # noqa: PLR2004  ISO 21812's own go five deep
        return set()
    if isinstance(value, pikepdf.Array):
        return {name for one in value.as_list() for name in _names(one, depth + 1)}
    if not isinstance(value, pikepdf.Dictionary):
        return set()
    own = {name[1:] for name, _ in value.items()}
    return own | {name for _, inner in value.items() for name in _names(inner, depth + 1)}


@check("What several pages share says how far it is shared", standards=VT1)
def shared_objects_scoped(subject: Subject) -> Iterator[Finding]:
    """ISO 16612-2, 6.7: without `GTS_Encapsulated` and its keys a press draws the art of every card anew."""
    uses: dict[tuple[int, int], list[tuple[int, str, pikepdf.Object]]] = {}
    for page in subject.pages:
        for name, found in table(table(page.page.resources).get("/XObject")).items():
            uses.setdefault(found.objgen, []).append((page.number, name, found))
    for place, used in uses.items():
        number, name, found = used[0]
        for says in _unscoped(found, shared=len(used) > 1):
            mend = "write GTS_Encapsulated, GTS_Scope and GTS_XID"
            yield Finding(says, mend, number, object=f"XObject {name}", id=place)


def _unscoped(found: pikepdf.Object, *, shared: bool) -> Iterator[str]:
    encapsulated: object = found.get("/GTS_Encapsulated")
    if encapsulated is None and not shared:
        return
    if encapsulated is not True:
        yield "it is shared, and GTS_Encapsulated is not true"
        return
    scope = str(found.get("/GTS_Scope"))
    if scope not in _SCOPES or (shared and scope in ("/SingleUse", "/Unknown")):
        yield f"GTS_Scope is {scope}"
    if not isinstance(found.get("/GTS_XID"), pikepdf.String):
        yield "GTS_XID is missing"
    if scope in ("/Global", "/Stream") and not isinstance(found.get("/GTS_Env"), pikepdf.String):
        yield f"GTS_Env is missing, although the scope is {scope}"
