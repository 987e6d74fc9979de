"""Graphics state and text state (ISO 32000-1, 8.4.4, 9.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from app.pdf.preview.one_ink.content import Content, Instruction, Look, operator


@operator("q")
def save(run: Content, instruction: Instruction) -> None:
    """Save the state."""
    run.stack.append(run.look)
    run.out.append(instruction)


@operator("Q")
def restore(run: Content, instruction: Instruction) -> None:
    """Restore it; one `Q` too many is left out."""
    if run.stack:
        run.look = run.stack.pop()
        run.out.append(instruction)


@operator("gs")
def extended_state(run: Content, instruction: Instruction) -> None:
    """Note the overprint (table 58); opacity, blend mode and soft mask stay as they are."""
    found: Any = run.resource("/ExtGState", instruction.operands[0])
    if found is None:
        return
    look = run.look
    run.look = replace(
        look,
        stroke_overprints=bool(found.get("/OP", look.stroke_overprints)),
        fill_overprints=bool(found.get("/op", found.get("/OP", look.fill_overprints))),
        mode=int(found.get("/OPM", look.mode)),
    )
    run.out.append(instruction)


@operator("Tr")
def text_mode(run: Content, instruction: Instruction) -> None:
    """Whether text is filled, stroked, invisible, clipping."""
    run.look = replace(run.look, text=int(instruction.operands[0]))
    run.out.append(instruction)


@operator("Tf")
def font(run: Content, instruction: Instruction) -> None:
    """Choose a font. A Type 3 font's glyphs are content of their own."""
    name, size = instruction.operands
    found = run.resource("/Font", name)
    if not isinstance(found, pikepdf.Dictionary) or found.get("/Subtype") != Name.Type3:
        run.out.append(instruction)
        return
    made = Dictionary(dict(found.items()))
    resources = found.get("/Resources", run.source)
    made.CharProcs = Dictionary(
        {
            glyph: run.form(procedure, Look(), resources)
            for glyph, procedure in found.CharProcs.items()
            if isinstance(procedure, pikepdf.Stream)
        }
    )
    run.say("Tf", run.renamed("/Font", run.one.file.pdf.make_indirect(made)), size)
