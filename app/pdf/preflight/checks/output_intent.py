"""The printing condition that the file is made for (ISO 15930-7:2010, 6.2.2)."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Name

from app.pdf.preflight.check import check
from app.pdf.preflight.icc import icc_file_sha256
from app.pdf.preflight.objects import object_id
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Subject

_OBJECT = "output intent"


def _intents(subject: Subject) -> list[pikepdf.Object]:
    return [i for i in subject.output_intents if i.get("/S") == Name.GTS_PDFX]


def _text(intent: pikepdf.Object, key: str) -> str:
    found = intent.get(key)
    return str(found) if isinstance(found, pikepdf.String) else ""


@check("There is exactly one output intent, for PDF/X", demanded=True)
def output_intent_single(subject: Subject) -> Iterator[Finding]:
    """Print.md asks for one entry, so that no reader picks another."""
    intents = subject.output_intents
    if len(intents) != 1 or not _intents(subject):
        found = ", ".join(str(intent.get("/S", "without /S")) for intent in intents) or "none"
        yield Finding(f"output intents: {found}", "write one, with /S /GTS_PDFX", object=_OBJECT)


@check("The output condition is the press profile's")
def output_condition_named(subject: Subject) -> Iterator[Finding]:
    """`OutputConditionIdentifier`."""
    for intent in _intents(subject):
        said = _text(intent, "/OutputConditionIdentifier")
        wanted = subject.profile.output_condition
        if said != wanted:
            yield Finding(
                f"OutputConditionIdentifier is {said!r}, the press profile's is {wanted!r}",
                "render the file for this press profile",
                object=_OBJECT,
            )


@check("The output condition says where it is registered, or what it is", demanded=True)
def output_condition_described(subject: Subject) -> Iterator[Finding]:
    """`RegistryName` of a registered condition, else `Info`."""
    registry = subject.profile.registry
    for intent in _intents(subject):
        if registry and _text(intent, "/RegistryName") != registry:
            yield Finding("RegistryName is missing or another", f"write {registry}", object=_OBJECT)
        if not registry and not _text(intent, "/Info"):
            yield Finding("Info is missing for a condition without registry", "write Info", object=_OBJECT)


@check("The output profile is embedded", demanded=True)
def output_profile_embedded(subject: Subject) -> Iterator[Finding]:
    """`DestOutputProfile`, a whole ICC profile."""
    if _intents(subject) and not subject.output_profiles:
        yield Finding("DestOutputProfile is missing", "embed the press's ICC profile", object=_OBJECT)
    for _, facts in subject.output_profiles:
        if facts.fault:
            yield Finding(f"DestOutputProfile: {facts.fault}", "embed the whole ICC profile", object=_OBJECT)


@check("The output profile is a printer's", demanded=True)
def output_profile_class(subject: Subject) -> Iterator[Finding]:
    """ICC device class `prtr`."""
    for _, facts in subject.output_profiles:
        if not facts.fault and facts.device_class != "prtr":
            yield Finding(
                f"its device class is {facts.device_class!r}", "embed an output profile", object=_OBJECT
            )


@check("The output profile has the channels that /N says", demanded=True)
def output_profile_channels(subject: Subject) -> Iterator[Finding]:
    """ISO 32000-1, 8.6.5.5."""
    for stream, facts in subject.output_profiles:
        said = stream.get("/N")
        if not facts.fault and said != facts.channels:
            says = f"/N is {said}, the profile has {facts.channels}"
            yield Finding(says, "correct /N", object=_OBJECT, id=object_id(stream))


@check("The output profile is the press profile's own")
def output_profile_matches(subject: Subject) -> Iterator[Finding]:
    """Same condition name, other ICC file: the colours were made for another press."""
    wanted = icc_file_sha256(subject.profile.icc)
    for _, facts in subject.output_profiles:
        # Only a sound profile of the right kind can be compared; the other faults have their own checks.
        comparable = not facts.fault and facts.device_class == "prtr"
        if comparable and facts.sha256 != wanted:
            yield Finding(
                f"the embedded profile is not {subject.profile.icc.name}",
                "render the file for this press profile",
                object=_OBJECT,
            )
