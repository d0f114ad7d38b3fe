"""The description of the interface (OpenAPI 3.1), made from the same models that check it."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify
from pydantic.json_schema import models_json_schema

from reads.model.access import Permission
from viewer.web.api.operation import Answer, Operation, described
from viewer.web.permissions import needs, rule_of
from viewer.web.sessions import COOKIE

blueprint = Blueprint("api_openapi", __name__)
_REFERENCE = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


class Problem(Answer):
    """One error."""

    code: str
    message: str
    field: str | None = None


class ProblemAnswer(Answer):
    """How every error is answered."""

    error: Problem


@blueprint.get("/openapi.json")
@needs(Permission.SIGNED_IN)
def openapi() -> Response:
    """The description, for those who are signed in."""
    return jsonify(describe(current_app))


def describe(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of all operations of an app."""
    routes = [
        (rule, method, operation)
        for rule in app.url_map.iter_rules()
        if (operation := described(app.view_functions[rule.endpoint]))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    models = {m for _, _, o in routes for m in (o.body, o.answer) if m} | {ProblemAnswer}
    names, schemas = models_json_schema(
        [(m, "validation" if m is not None else "serialization") for m in sorted(models, key=lambda m: m.__name__)],
        ref_template=_REFERENCE,
    )
    refs = {model: schema for (model, _), schema in names.items()}
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, operation in routes:
        open_to_all = getattr(rule_of(app.view_functions[rule.endpoint]), "permission", None) is Permission.PUBLIC
        path = _PARAMETER.sub(r"{\1}", rule.rule)
        paths.setdefault(path, {})[method.lower()] = _entry(rule.endpoint, path, operation, refs, method, open_to_all)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Second Read", "version": "1", "license": {"name": "GPL-3.0-or-later"}},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}},
        },
    }


def _entry(
    endpoint: str, path: str, operation: Operation, refs: dict[Any, Any], method: str, open_to_all: bool
) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    if method != "GET" and not open_to_all:
        parameters.append({"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}})
    done: dict[str, Any] = {"description": "Done"}
    if operation.answer:
        done["content"] = {"application/json": {"schema": refs[operation.answer]}}
    problem = {"description": "Refused", "content": {"application/json": {"schema": refs[ProblemAnswer]}}}
    entry: dict[str, Any] = {
        "operationId": endpoint.replace(".", "_"),
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {str(operation.status): done, "4XX": problem},
        "security": [] if open_to_all else [{"session": []}],
    }
    if operation.body:
        entry["requestBody"] = {"required": True, "content": {"application/json": {"schema": refs[operation.body]}}}
    return entry
