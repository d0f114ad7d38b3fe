"""What a person or a program is told when something goes wrong: one sentence and one next step, never a traceback."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from reads.model.errors import Conflict, Invalid, NotAllowed, NotFound, Retriable, SecondReadError

log = structlog.get_logger("web.errors")
PROGRAM_PATHS = ("/api/", "/dicom-web/")


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__("You are not signed in, or your session has ended. Sign in to go on.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said: HTTP status, the code for programs, a title and a sentence for people, the field to mend."""

    status: int
    code: str
    title: str
    message: str
    field: str | None = None


_HTTP = {
    400: ("invalid", "That request cannot be read", "Go back and try again."),
    401: ("not_signed_in", "Please sign in", "Sign in to go on."),
    403: ("not_allowed", "Not for this account", "Your account may not use this page."),
    404: ("not_found", "Nothing here", "There is nothing at this address, or it is not yours to see."),
    405: ("invalid", "Not that way", "This address does not take that kind of request."),
    413: ("invalid", "Too large", "What was sent is larger than this address takes."),
    415: ("invalid", "Wrong kind of content", "Send JSON."),
    429: ("not_allowed", "Too many attempts", "Too many attempts from this address. Wait a minute and try again."),
}


def answer_for(error: Exception) -> Answer:
    """Put an exception into words. Only sentences written for people leave the server."""
    match error:
        case NotSignedIn():
            return Answer(401, "not_signed_in", "Please sign in", error.message)
        case NotAllowed():
            return Answer(403, "not_allowed", "Not for this account", error.message)
        case NotFound():
            return Answer(404, "not_found", "Nothing here", error.message)
        case Conflict():
            return Answer(409, "conflict", "Somebody was faster", error.message)
        case Invalid():
            return Answer(422, "invalid", "Something is missing", error.message, error.field)
        case Retriable():
            return Answer(503, "failed", "Not just now", error.message)
        case SecondReadError():
            return Answer(422, "invalid", "That does not work", error.message)
        case HTTPException():
            status = error.code or 500
            code, title, message = _HTTP.get(status, ("failed", "That did not work", "Try again."))
            return Answer(status, code, title, message)
    return Answer(
        500, "failed", "Something broke here", "The fault is ours and has been written down. Try again in a moment."
    )


def wants_json() -> bool:
    """Whether a program asked (the API, DICOMweb) rather than a person."""
    return request.path.startswith(PROGRAM_PATHS)


def respond(answer: Answer) -> Response:
    """An answer as JSON for programs, as a page for people."""
    if wants_json():
        body = {"error": {"code": answer.code, "message": answer.message, "field": answer.field}}
        return make_response(jsonify(body), answer.status)
    if answer.status == 401:
        if request.headers.get("HX-Request"):
            return Response(status=401, headers={"HX-Redirect": url_for("auth.login")})
        back = request.path if request.method == "GET" else None
        return make_response(redirect(url_for("auth.login", next=back), code=303))
    return make_response(render_template("error.html", answer=answer), answer.status)


def where(error: BaseException) -> list[str]:
    """File, line and function of each step to an error: what a log needs, without values that may be a patient's."""
    steps = traceback.extract_tb(error.__traceback__)
    return [f"{s.filename.rpartition('/')[2]}:{s.lineno} {s.name}" for s in steps[-8:]]


def install(app: Flask) -> None:
    """Answer every error of a request."""

    @app.errorhandler(SecondReadError)
    def known(error: SecondReadError) -> Response:
        answer = answer_for(error)
        if answer.status >= 500:
            log.warning("request failed", error=type(error).__name__, where=where(error))
        return respond(answer)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.code is not None and 300 <= error.code < 400:
            return Response(status=error.code, headers={"Location": error.get_response().headers.get("Location", "/")})
        response = respond(answer_for(error))
        if error.code == 405 and getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        log.error("request broke", error=type(error).__name__, where=where(error), route=str(request.url_rule))
        g.setdefault("session", None)  # the store may be what broke: the page of the error must not ask it again
        return respond(answer_for(error))
