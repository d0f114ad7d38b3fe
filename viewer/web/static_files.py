"""Scripts, styles, fonts and codecs: precompressed if the browser takes it, cached for ever if the name is a hash."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from werkzeug.security import safe_join

from reads.model.access import Permission
from reads.model.errors import NotFound
from viewer.web.permissions import needs
from viewer.web.services import config

blueprint = Blueprint("static_files", __name__)
OWN = frozenset({"look.css", "mark.svg"})
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
_TYPES = {".wasm": "application/wasm", ".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}


@blueprint.get("/static/<name>")
@needs(Permission.PUBLIC)
def own(name: str) -> Response:
    """A file of our own: the style sheet and the mark."""
    if name not in OWN:
        raise NotFound("There is no such file.")
    return _send(Path(__file__).parent / "static" / name, FOR_EVER if request.args.get("v") else ASK_AGAIN)


@blueprint.get("/static/dist/<path:name>")
@needs(Permission.PUBLIC)
def built(name: str) -> Response:
    """A file of the built front end. Vite writes a digest into every name under ``assets/``."""
    path = safe_join(str(config().dist), name)
    if path is None or any(part.startswith(".") for part in Path(name).parts) or not Path(path).is_file():
        raise NotFound("There is no such file.")
    return _send(Path(path), FOR_EVER if name.startswith("assets/") else ASK_AGAIN)


def _send(path: Path, caching: str) -> Response:
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = path.with_name(path.name + ".gz")
    use_packed = packed.is_file() and request.accept_encodings.quality("gzip") > 0
    response = send_file(packed if use_packed else path, mimetype=kind, conditional=True, etag=True)
    if use_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = caching
    return response
