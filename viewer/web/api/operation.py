"""One decorator that reads the body of a request, writes the answer, and describes both for OpenAPI.

Own and small instead of spectree: that adds documentation routes of its own, which declare no permission, and pages
that load scripts from elsewhere, which our Content-Security-Policy forbids. The models are pydantic either way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from reads.model.errors import Invalid

_DESCRIBED = "__api_operation__"
V = TypeVar("V", bound=Callable[..., Response])


class Body(BaseModel):
    """What a request may send: nothing that is not named, no number that is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Answer(BaseModel):
    """What is sent back."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


@dataclass(frozen=True, slots=True)
class Operation:
    """A route as OpenAPI describes it."""

    summary: str
    body: type[Body] | None
    answer: type[Answer] | None
    status: int


def operation(
    answer: type[Answer] | None, body: type[Body] | None = None, status: int = 200
) -> Callable[[Callable[..., Answer | None]], Callable[..., Response]]:
    """Wrap a function ``(path parameters…, body) -> answer`` as a view.

    Raises (in the view)
    --------------------
    Invalid
        When the body does not fit; ``field`` is the path of the entry (``findings.0.side``).
    """

    def wrap(function: Callable[..., Answer | None]) -> Callable[..., Response]:
        @wraps(function)
        def view(**path: str) -> Response:
            given: dict[str, Any] = {"body": read(body)} if body else {}
            result = function(**path, **given)
            if result is None:
                return Response(status=204)
            return Response(result.model_dump_json(), status=status, mimetype="application/json")

        summary = (function.__doc__ or "").partition("\n")[0].strip()
        setattr(view, _DESCRIBED, Operation(summary, body, answer, status if answer else 204))
        return view

    return wrap


def described(view: Callable[..., object]) -> Operation | None:
    """What OpenAPI says of a view, or None when it is no operation."""
    found = getattr(view, _DESCRIBED, None)
    return found if isinstance(found, Operation) else None


B = TypeVar("B", bound=Body)


def read(kind: type[B]) -> B:
    """The body of this request as a model."""
    if not request.is_json:
        raise UnsupportedMediaType()
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError as refused:
        first = refused.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or None
        raise Invalid(f"{field or 'The body'}: {_sentence(first['type'], first['msg'])}", field) from None


def _sentence(kind: str, message: str) -> str:
    if kind == "json_invalid":
        return "this is not JSON."
    if kind == "extra_forbidden":
        return "this entry is not known."
    return message[:1].lower() + message[1:] + "."
