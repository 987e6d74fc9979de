"""Lengths. Millimetres everywhere outside `app/pdf`, points only inside."""

MM_PER_INCH = 25.4
POINTS_PER_MM = 72 / MM_PER_INCH


def points(mm: float) -> float:
    """Millimetres as PDF points (1/72 inch)."""
    return mm * POINTS_PER_MM


def millimetres(pt: float) -> float:
    """PDF points as millimetres."""
    return pt / POINTS_PER_MM
