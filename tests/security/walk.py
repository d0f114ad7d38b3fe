"""Every request that the URL map allows, with ids that exist: a new route is walked without anybody adding it here."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.integration.web import images
from tests.integration.web.hospital import Browser, series_uids
from viewer.web.api.operation import described

MOST_FOR_A_ROUTE = 300


@dataclass(frozen=True)
class Step:
    """One request."""

    method: str
    path: str
    endpoint: str
    sends: dict[str, Any]


def values_of(case_id: str) -> dict[str, tuple[str, ...]]:
    """What each path parameter may hold: the real thing first. A new parameter must be added here."""
    studies = tuple(images.uid("study", name) for name in ("current", "prior"))
    series = tuple(s for study in studies for s in series_uids(study))
    instances = tuple(
        images.uid(s, name)
        for study in studies
        for s, name in zip(series_uids(study), ("1", "report", "document"), strict=True)
    )
    return {
        "case_id": (case_id, case_id.lower(), "ZZZZ"),
        "study": studies,
        "series": series,
        "sop": instances,
        "number": ("1", "2", "0"),
        "discrepancy_id": ("1", "999"),
        "name": ("look.css", "nothing"),
        "file": ("report.pdf", "sr.dcm", "kos.dcm"),
    }


def steps(app: Flask, case_id: str, methods: tuple[str, ...]) -> Iterator[Step]:
    """All requests with these methods."""
    known = values_of(case_id)
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        for method in sorted((rule.methods or set()) & set(methods)):
            for path in _paths(rule, known):
                yield Step(method, path, rule.endpoint, _body(app, rule, method))


def send(browser: Browser, step: Step) -> TestResponse:
    """Send one request with the CSRF token."""
    return browser.send(step.method, step.path, **step.sends)


def everything_in(answer: TestResponse) -> bytes:
    """Status line, headers and body of an answer, unpacked."""
    body: bytes = answer.data
    encoding = answer.headers.get("Content-Encoding", "")
    if encoding == "gzip":
        body = gzip.decompress(body)
    elif encoding == "deflate":
        body = zlib.decompress(body)
    return f"{answer.status}\n{answer.headers}\n".encode() + body


def _paths(rule: Rule, known: dict[str, tuple[str, ...]]) -> list[str]:
    unknown = rule.arguments - set(known)
    assert not unknown, f"{rule.rule}: say in tests/security/walk.py what {sorted(unknown)} may hold"
    names = sorted(rule.arguments)
    found = []
    for chosen in product(*(known[name] for name in names)):
        path = rule.rule
        for name, value in zip(names, chosen, strict=True):
            path = _fill(path, name, value)
        found.append(path)
    assert len(found) <= MOST_FOR_A_ROUTE
    return found


def _fill(path: str, name: str, value: str) -> str:
    before, _, after = path.partition(f"{name}>")
    return before[: before.rindex("<")] + value + after


def _body(app: Flask, rule: Rule, method: str) -> dict[str, Any]:
    if method in ("GET", "HEAD", "OPTIONS"):
        return {"query_string": {"q": "lung", "search": "lung", "version": "0", "show": "all"}}
    operation = described(app.view_functions[rule.endpoint])
    if operation is None:
        return {"data": {"reason": "x", "minute": "x", "recipient_id": "1", "reply": "x", "username": "x"}}
    if operation.body is None:
        return {}
    schema = operation.body.model_json_schema()
    return {"json": _example(schema, schema.get("$defs", {}))}


def _example(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    """The smallest value that fits a JSON schema."""
    if "$ref" in schema:
        return _example(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "enum" in schema:
        return schema["enum"][0]
    if "default" in schema:
        return schema["default"]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], defs)
    match schema.get("type"):
        case "object":
            return {name: _example(part, defs) for name, part in schema.get("properties", {}).items()}
        case "array":
            return []
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "string":
            return "x" * max(1, schema.get("minLength", 1))
    return None
