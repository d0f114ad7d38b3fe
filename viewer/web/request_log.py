"""One log line and one count for each request, by route and status: no address, no query, nothing of a patient."""

from __future__ import annotations

from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

log = structlog.get_logger("web.requests")
NO_ROUTE = "(none)"
_QUIET = frozenset({"static_files.own", "static_files.built", "health.healthz", "health.metrics", "dicomweb.frame"})


def install(app: Flask, registry: CollectorRegistry) -> None:
    """Count and log each request."""
    requests = Counter(
        "secondread_http_requests", "Requests answered", ["method", "route", "status"], registry=registry
    )
    seconds = Histogram("secondread_http_seconds", "Seconds to answer", ["route"], registry=registry)

    @app.before_request
    def start() -> None:
        g.started = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else NO_ROUTE
        took = perf_counter() - g.get("started", perf_counter())
        method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS") else "OTHER"
        requests.labels(method, route, str(response.status_code)).inc()
        seconds.labels(route).observe(took)
        if request.endpoint not in _QUIET:
            log.info("request", method=method, route=route, status=response.status_code, ms=round(took * 1000, 1))
        return response
