"""The built front end: which script and style files an entry needs, read from Vite's manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup

from viewer.web.services import config

MANIFEST = ".vite/manifest.json"
_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Entry:
    """The files of one entry, relative to the build folder: its module, what it imports, its style sheets."""

    script: str
    imports: tuple[str, ...]
    styles: tuple[str, ...]


def entry(dist: Path, name: str) -> Entry | None:
    """The files of entry ``name`` (``src/reading/main.tsx``; the ending may be left out), or None when not built."""
    try:
        stamp = (dist / MANIFEST).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _entries(dist, stamp).get(name.removesuffix("x").removesuffix(".ts"))


@lru_cache(maxsize=4)
def _entries(dist: Path, stamp: int) -> dict[str, Entry]:
    """Entries by name without ending. ``stamp`` makes a new build be read again."""
    manifest = json.loads((dist / MANIFEST).read_text("utf-8"))
    found = {}
    for key, chunk in manifest.items():
        if not chunk.get("isEntry"):
            continue
        imports: dict[str, None] = {}
        styles: dict[str, None] = {}
        waiting = [key]
        seen = set()
        while waiting:
            part = waiting.pop()
            if part in seen:
                continue
            seen.add(part)
            styles.update(dict.fromkeys(manifest[part].get("css", ())))
            if part != key:
                imports[manifest[part]["file"]] = None
            waiting += manifest[part].get("imports", ())
        found[key.removesuffix("x").removesuffix(".ts")] = Entry(chunk["file"], tuple(imports), tuple(styles))
    return found


def style_tags(name: str) -> Markup:
    """The ``<link>`` elements of an entry; empty when the front end is not built."""
    return _links(entry(config().dist, name))


def script_tags(name: str) -> Markup:
    """The module ``<script>`` of an entry, with its imports announced; empty when the front end is not built."""
    built = entry(config().dist, name)
    if built is None:
        return Markup("")
    ahead = (Markup('<link rel="modulepreload" href="{}">').format(_url(f)) for f in built.imports)
    return Markup("").join(ahead) + Markup('<script type="module" src="{}"></script>').format(_url(built.script))


def is_built(name: str) -> bool:
    """Whether the front end with this entry is there."""
    return entry(config().dist, name) is not None


@lru_cache(maxsize=16)
def _digest(path: Path, stamp: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:10]


def asset_url(name: str) -> str:
    """The address of a file of our own under ``static/``, with its digest so that it may be cached for ever."""
    path = _STATIC / name
    return url_for("static_files.own", name=name, v=_digest(path, path.stat().st_mtime_ns))


def install(app: Flask) -> None:
    """Give the templates the tags."""
    app.jinja_env.globals.update(asset_url=asset_url, style_tags=style_tags, script_tags=script_tags, is_built=is_built)


def _links(built: Entry | None) -> Markup:
    if built is None:
        return Markup("")
    return Markup("").join(Markup('<link rel="stylesheet" href="{}">').format(_url(f)) for f in built.styles)


def _url(file: str) -> str:
    return url_for("static_files.built", name=file)
