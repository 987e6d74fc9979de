"""Colour: what the press cannot print, and what it would print otherwise (ISO 15930-7:2010, 6.2)."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Name

from app.domain.profile import Severity
from app.pdf.preflight.check import X4, check
from app.pdf.preflight.content.paint import space_of
from app.pdf.preflight.objects import entries, table
from app.pdf.preflight.report import Finding
from app.pdf.preflight.steps import STEPS, spots_of
from app.pdf.preflight.subject import Subject

_CONVERTED = ("CalRGB", "CalGray", "Lab", "ICCBased 1", "ICCBased 3", "ICCBased 4")


@check("Nothing is in DeviceRGB", demanded=True, content=True)
def no_device_rgb(subject: Subject) -> Iterator[Finding]:
    """Under a CMYK intent, also not in images, groups, shadings, and alternates of spots."""
    for page in subject.painted_pages:
        for used_by, space in page.painted.spaces:
            if "DeviceRGB" in space.families:
                yield Finding(
                    "it is in DeviceRGB", "convert it to the press's inks", page.number, object=used_by
                )
        group = table(page.page.obj.get("/Group"))
        if "/CS" in group and "DeviceRGB" in space_of(group.CS).families:
            yield Finding(
                "it blends in DeviceRGB",
                "set /CS /DeviceCMYK",
                page.number,
                object="the page's transparency group",
            )


@check("Colours are given in inks", Severity.WARNING, standards=X4, content=True)
def colours_in_inks(subject: Subject) -> Iterator[Finding]:
    """ICC-based and Lab colours are allowed, but the front end then decides on the inks."""
    for page in subject.painted_pages:
        for used_by, space in page.painted.spaces:
            found = sorted(space.families.intersection(_CONVERTED))
            if found:
                yield Finding(
                    f"it is in {found[0]}", "convert it to the press's inks", page.number, object=used_by
                )


@check("There are no transfer functions", demanded=True, content=True)
def no_transfer_functions(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.9: no `TR`; `TR2` only `/Default`."""
    for page in subject.painted_pages:
        for name, state in page.painted.states:
            if "/TR" in state or state.get("/TR2", Name.Default) != Name.Default:
                yield Finding(
                    "a transfer function changes all tints",
                    "remove TR and TR2",
                    page.number,
                    object=f"graphics state {name}",
                )


def _layer_configurations(subject: Subject) -> Iterator[tuple[str, pikepdf.Object]]:
    properties = table(subject.root.get("/OCProperties"))
    if "/D" in properties:
        yield "default layer configuration", properties.D
    for number, other in enumerate(entries(properties.get("/Configs")), 1):
        yield f"layer configuration {number}", other


@check("Layer configurations have names", standards=X4, demanded=True)
def layer_configurations_named(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.22."""
    for label, configuration in _layer_configurations(subject):
        if not isinstance(configuration.get("/Name"), pikepdf.String):
            yield Finding("it has no /Name", "name it", object=label)


@check("Layers do not switch themselves", standards=X4, demanded=True)
def layers_not_automatic(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.22: no `/AS`."""
    for label, configuration in _layer_configurations(subject):
        if "/AS" in configuration:
            yield Finding("/AS switches layers by use", "remove /AS", object=label)


@check("Cutting lines and white ink are marked as processing steps", standards=X4, content=True)
def processing_steps_marked(subject: Subject) -> Iterator[Finding]:
    """ISO 19593-1: the spots `CutContour` and `White` live in layers with `GTS_Metadata`."""
    for page in subject.painted_pages:
        for mark in page.painted.marks:
            for spot in sorted(spots_of(mark)):
                if not any(_is_step(layer, spot) for layer in mark.look.layers):
                    yield Finding(
                        f"the spot {spot} is not in a layer that says what it is for",
                        f"put it into a layer with GTS_ProcStepsGroup /{STEPS[spot][0]}",
                        page.number,
                        page.box(mark.bounds),
                        mark.inside,
                    )


def _is_step(layer: pikepdf.Object, spot: str) -> bool:
    group, kind = STEPS[spot]
    said = table(layer.get("/GTS_Metadata"))
    right_group = said.get("/GTS_ProcStepsGroup") == Name(f"/{group}")
    return right_group and (kind is None or said.get("/GTS_ProcStepsType") == Name(f"/{kind}"))
