"""The two generations of CIP4's messages."""

from __future__ import annotations

from enum import StrEnum

JMF_NAMESPACE = "http://www.CIP4.org/JDFSchema_1_1"
XJMF_NAMESPACE = "http://www.CIP4.org/JDFSchema_2_0"
PDF_TYPE = "application/pdf"


class Dialect(StrEnum):
    """Which generation a front end speaks."""

    JMF = "jmf"
    """JMF 1.5 with a JDF ticket."""
    XJMF = "xjmf"
    """XJMF 2.1 with an XJDF ticket."""

    @property
    def message_type(self) -> str:
        """Media type of a message."""
        return f"application/vnd.cip4-{self.value}+xml"

    @property
    def ticket_type(self) -> str:
        """Media type of a ticket."""
        return "application/vnd.cip4-jdf+xml" if self is Dialect.JMF else "application/vnd.cip4-xjdf+xml"

    @property
    def ticket_suffix(self) -> str:
        """How a ticket's file name ends."""
        return ".jdf" if self is Dialect.JMF else ".xjdf"
