"""Where tipin serves what it speaks of."""

from __future__ import annotations


class Links:
    """Absolute addresses of what tipin serves."""

    def __init__(self, public_url: str) -> None:
        self._base = public_url.rstrip("/")

    def order(self, order_id: str) -> str:
        """An order."""
        return f"{self._base}/v1/orders/{order_id}"

    def job(self, job_id: str) -> str:
        """A job."""
        return f"{self._base}/v1/jobs/{job_id}"

    def explanation(self, job_id: str) -> str:
        """Why a job's order has this card, or none."""
        return f"{self._base}/v1/jobs/{job_id}/explanation"

    def insert(self, job_id: str) -> str:
        """The print-ready file that a job carries."""
        return f"{self._base}/v1/jobs/{job_id}/insert.pdf"

    def item(self, record: str, number: int) -> str:
        """A photo item."""
        return f"{self._base}/v1/jobs/{record}/items/{number}"

    def item_pdf(self, record: str, number: int) -> str:
        """The print-ready file of a photo item."""
        return f"{self.item(record, number)}/item.pdf"

    def photo(self, photo_id: str) -> str:
        """A kept photo."""
        return f"{self._base}/v1/photos/{photo_id}"

    def brand_settings(self, brand: str) -> str:
        """A brand's settings."""
        return f"{self._base}/v1/brands/{brand}/settings"

    def rules(self, brand: str) -> str:
        """A brand's own rules."""
        return f"{self._base}/v1/brands/{brand}/rules"

    def history_import(self, import_id: str) -> str:
        """An import of past orders."""
        return f"{self._base}/v1/history/imports/{import_id}"

    def dead_letter(self, letter_id: int) -> str:
        """A kept body."""
        return f"{self._base}/v1/dead-letters/{letter_id}"
