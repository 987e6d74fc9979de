"""Bounds on the work that one file can cause, so that a hostile one is refused rather than endured."""

from __future__ import annotations

from functools import cache

import pikepdf

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of the whole file."""
AT_ONCE = 200
"""Pages of a large file that are opened at once."""
LARGEST_STREAM = 64 * 1024 * 1024
"""Bytes of one stream once inflated."""
MOST_OBJECTS = 100_000
MOST_PAGES = 2_000
MOST_OPERATORS = 1_000_000
"""Operators carried out in one file, forms counted each time they are drawn."""
DEEPEST_FORM = 28
"""Forms in forms; also the nesting limit of `q` in ISO 32000-1, annex C."""
MOST_PIXELS = 120_000_000


STRANGE = (
    pikepdf.PdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What pikepdf and plain Python raise when a key is missing, or a value is not what the standard says.

The file is hostile until proven sound, so it may break any of these anywhere. Wherever they are caught,
the file fails a check for it.
"""


@cache
def bound_qpdf() -> None:
    """Make qpdf refuse decompression bombs and endless nesting. For the whole process, once."""
    pikepdf.settings.set_qpdf_limits(
        parser_max_nesting=100,
        max_stream_filters=4,
        flate_max_memory=LARGEST_STREAM,
        run_length_max_memory=LARGEST_STREAM,
        png_max_memory=LARGEST_STREAM,
        tiff_max_memory=LARGEST_STREAM,
    )
