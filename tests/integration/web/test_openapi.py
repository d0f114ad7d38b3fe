"""The interface is described, the description is true, and no request makes it answer 5xx."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from tests.integration.web.hospital import Browser, Hospital, json_of, with_canary_case
from viewer.web.api.openapi import describe
from viewer.web.api.operation import described

ENDS_THE_SESSION = "api_session_sign_out"
EXAMPLES = 12


def test_every_route_of_the_interface_is_described(site: Hospital) -> None:
    api = [r for r in site.app.url_map.iter_rules() if r.rule.startswith("/api/") and "openapi" not in r.rule]
    assert all(described(site.app.view_functions[r.endpoint]) for r in api)
    paths = json_of(site.sign_in("second_reader").get("/api/v1/openapi.json"))["paths"]
    assert len(paths) == len({r.rule for r in api})


def test_names_of_operations_are_unique(site: Hospital) -> None:
    names = [o["operationId"] for path in describe(site.app)["paths"].values() for o in path.values()]
    assert len(names) == len(set(names))


def with_ids(document: dict[str, Any], *case_ids: str) -> dict[str, Any]:
    """The description with ids that exist, so that requests get further than 'there is no such case'."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                if parameter["name"] == "case_id":
                    parameter["schema"] = {"type": "string", "enum": list(case_ids)}
    return document


def ask(operation: Any, browser: Browser) -> None:
    """Send many requests that the description allows."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        body = {"json": case.body} if isinstance(case.body, dict) else {}
        answer = browser.send(case.method, case.formatted_path, **body)
        assert answer.status_code < 500, f"{case.method} {case.formatted_path}: {answer.status_code}"
        assert answer.status_code == 204 or isinstance(json_of(answer), dict)

    send()


@pytest.mark.parametrize("role", ["second_reader", "quality_lead"])
def test_no_request_is_answered_with_a_fault(site: Hospital, role: str) -> None:
    case_id = with_canary_case(site)
    schema = schemathesis.openapi.from_dict(with_ids(describe(site.app), case_id, "ZZZZ", "%00"))
    browser = site.sign_in(role)
    asked = set()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), "an operation is not described as it should be"
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if name != ENDS_THE_SESSION:
            ask(operation, browser)
            asked.add(name)
    assert len(asked) > 8
