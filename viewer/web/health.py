"""Whether the service is well, and its numbers for the machine's own monitor."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Blueprint, Response, current_app, jsonify, make_response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from reads.model.access import Permission
from reads.model.errors import NotFound
from viewer.web.permissions import needs
from viewer.web.services import services

blueprint = Blueprint("health", __name__)
REGISTRY = "secondread_metrics"
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded")


@blueprint.get("/healthz")
@needs(Permission.PUBLIC)
def healthz() -> Response:
    """200 when all is well, 503 with the names of what is not."""
    unwell = services().healthy()
    return make_response(jsonify({"ok": not unwell, "unwell": list(unwell)}), 503 if unwell else 200)


@blueprint.get("/metrics")
@needs(Permission.PUBLIC)
def metrics() -> Response:
    """Prometheus text, to this machine only: a request that a proxy passed on is not from here."""
    if not _from_this_machine():
        raise NotFound("There is nothing at this address.")
    registry: CollectorRegistry = current_app.extensions[REGISTRY]
    return Response(generate_latest(registry), mimetype=None, content_type=CONTENT_TYPE_LATEST)


def _from_this_machine() -> bool:
    passed_on = any(name in request.headers for name in _FORWARDED)
    return bool(request.remote_addr) and ip_address(str(request.remote_addr)).is_loopback and not passed_on
