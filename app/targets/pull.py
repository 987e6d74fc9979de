"""Nothing is delivered: the plant fetches `GET /v1/jobs/{id}/insert.pdf` when it wants the card."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from app.domain.ticket import Receipt, SilentTarget, Ticket


class PullOptions(BaseModel):
    """A pull target has nothing to set."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pull(SilentTarget):
    """A target that waits to be asked."""

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:  # noqa: ARG002 -- the artifact store has the file already
        """Nothing to do."""
        return Receipt(reference="", detail="waits to be fetched")


class PullDriver:
    """Makes pull targets."""

    code = "pull"
    title = "Fetched over HTTP"
    options = PullOptions

    def make(self, options: PullOptions, data_dir: Path) -> Pull:  # noqa: ARG002 -- the driver's signature
        """A pull target."""
        return Pull()


PLUGIN = PullDriver()
