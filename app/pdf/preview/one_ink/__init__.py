"""A page's content as one ink's plate: the same marks in gray, without those that leave the ink alone.

A viewer knows no plates and no overprint. So each page is written again for each ink: a colour becomes the
gray of its tint of that ink, what knocks the ink out becomes white, and what overprints other inks is left
out. Transparency stays as it is: separable blend modes work on each ink by itself (ISO 32000-1, 11.3.5), soft
masks and opacity are the same on every plate. What pdfium then draws is the plate.

Importing the operator modules fills the table of `content`.
"""

from app.pdf.preview.one_ink import operators_colour, operators_mark, operators_state

__all__ = ["operators_colour", "operators_mark", "operators_state"]
