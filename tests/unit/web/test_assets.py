"""Vite's manifest: which files an entry needs, and what happens without a build."""

from __future__ import annotations

import json
from pathlib import Path

from viewer.web.assets import entry

MANIFEST = {
    "src/reading/main.tsx": {
        "file": "assets/reading-1a2b.js",
        "isEntry": True,
        "imports": ["_shared.js"],
        "css": ["assets/reading-3c.css"],
    },
    "src/quality/main.ts": {"file": "assets/quality-9f.js", "isEntry": True},
    "_shared.js": {"file": "assets/shared-5d.js", "imports": ["_deep.js"], "css": ["assets/shared-7e.css"]},
    "_deep.js": {"file": "assets/deep-6f.js", "imports": ["_shared.js"]},
}


def built(folder: Path) -> Path:
    (folder / ".vite").mkdir(parents=True)
    (folder / ".vite" / "manifest.json").write_text(json.dumps(MANIFEST))
    return folder


def test_an_entry_names_its_script_its_imports_and_its_styles(tmp_path: Path) -> None:
    found = entry(built(tmp_path), "src/reading/main.ts")
    assert found is not None
    assert found.script == "assets/reading-1a2b.js"
    assert set(found.imports) == {"assets/shared-5d.js", "assets/deep-6f.js"}
    assert set(found.styles) == {"assets/reading-3c.css", "assets/shared-7e.css"}


def test_without_a_build_there_is_no_entry(tmp_path: Path) -> None:
    assert entry(tmp_path, "src/reading/main.ts") is None


def test_an_unknown_entry_is_none(tmp_path: Path) -> None:
    assert entry(built(tmp_path), "src/other/main.ts") is None
