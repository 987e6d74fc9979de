"""Which of the dated events that customers tell of may be celebrated."""

from __future__ import annotations

GLAD = frozenset(
    {"wedding", "engagement", "birth", "graduation", "journey", "new_home", "reunion", "jubilee"}
)
"""What people like to be reminded of. A story of any other kind may be one of grief, and is left in peace."""
