"""Counters for Prometheus. Labels are brands, formats, codes and routes: never anything about a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from app.services.record_report import Noted

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """One application's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tipin_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "tipin_http_request_seconds",
            "Time to answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.orders = Counter(
            "tipin_orders", "Orders taken.", ("brand", "format", "outcome"), registry=self.registry
        )
        self.tags = Counter(
            "tipin_tags", "New orders by occasion.", ("brand", "occasion"), registry=self.registry
        )
        self.no_card = Counter(
            "tipin_no_card", "New orders without a card, by rule.", ("brand", "rule"), registry=self.registry
        )
        self.eligible = Counter(
            "tipin_eligible",
            "Orders fit for a card, by arm.",
            ("brand", "arm"),
            registry=self.registry,
        )
        self.events = Counter(
            "tipin_events", "New events of orders and customers.", ("brand", "type"), registry=self.registry
        )
        self.diffs = Gauge(
            "tipin_diffs",
            "Tags that would now be others, by what became known late.",
            ("brand", "cause"),
            registry=self.registry,
        )
        self.refused = Counter(
            "tipin_refused", "Bodies refused, by problem type.", ("problem",), registry=self.registry
        )
        self.dead_letters = Gauge(
            "tipin_dead_letters", "Bodies kept and not yet replayed.", registry=self.registry
        )
        self.person_tasks = Gauge(
            "tipin_person_tasks", "Open tasks for persons.", ("brand", "kind"), registry=self.registry
        )
        self.scans = Counter(
            "tipin_bench_scans",
            "Scans at the packing bench, by verdict; no brand where nothing was recognised.",
            ("brand", "verdict"),
            registry=self.registry,
        )
        self.blocked = Gauge(
            "tipin_bench_blocked", "Orders that may not be packed now.", ("brand",), registry=self.registry
        )
        self.inserts = Gauge("tipin_inserts", "Inserts by state.", ("brand", "state"), registry=self.registry)

    def count_events(self, noted: Noted) -> None:
        """Count what was news in a report."""
        for one in noted.orders:
            for event in one.new:
                self.events.labels(noted.brand, event.type.value).inc()
        for other in noted.customers:
            for known in other.new:
                self.events.labels(noted.brand, known.type.value).inc()

    def count_scan(self, brand: str, verdict: str) -> None:
        """Count a scan of the packing bench."""
        self.scans.labels(brand, verdict).inc()

    def page(self) -> bytes:
        """The exposition page."""
        return generate_latest(self.registry)
