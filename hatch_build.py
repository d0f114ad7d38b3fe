"""Puts the built front end into the wheel, building it first where it is missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "viewer/web/static/dist/.vite/manifest.json"


class FrontEnd(BuildHookInterface[Any]):
    """Build hook of the wheel target; an editable install is left alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See that the front end is there before files are collected."""
        root = Path(self.root)
        if version == "editable" or (root / BUILT).is_file():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "The wheel holds the built front end, and there is no npm here to build it; "
                "run `make environment` first, or put Node 24 on the PATH."
            )
        folder = root / "viewer" / "frontend"
        for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([npm, *command], cwd=folder, check=True)
