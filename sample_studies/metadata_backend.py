"""A PEP 517 build backend that answers pip's question for metadata and runs nothing of the package.

pip will not save a source distribution before it has asked the package's own build backend for metadata, and for these
packages that backend is setuptools, which runs their ``setup.py``. `sample_studies.packages` puts a copy of this file
where pip looks for ``setuptools.build_meta``: pip asks here, gets the name and version that ``PKG-INFO`` already
states, and saves the file. Nothing is built, installed or executed.

The hooks take their names from PEP 517; the current folder is the unpacked source distribution. Standard library only.
"""

from email.parser import HeaderParser
from pathlib import Path


def get_requires_for_build_wheel(config_settings: dict[str, object] | None = None) -> list[str]:
    """Say that nothing is needed, since nothing is built."""
    return []


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: dict[str, object] | None = None) -> str:
    """Write a ``.dist-info`` folder with the name and version of ``PKG-INFO``; return the folder's name."""
    stated = HeaderParser().parsestr(Path("PKG-INFO").read_text(encoding="utf-8"))
    folder = f"{stated['Name'].replace('-', '_')}-{stated['Version']}.dist-info"
    target = Path(metadata_directory) / folder
    target.mkdir()
    lines = ("Metadata-Version: 2.1", f"Name: {stated['Name']}", f"Version: {stated['Version']}", "")
    (target / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    return folder


class _Legacy:
    """What pip calls for packages without a pyproject.toml (``setuptools.build_meta:__legacy__``)."""

    get_requires_for_build_wheel = staticmethod(get_requires_for_build_wheel)
    prepare_metadata_for_build_wheel = staticmethod(prepare_metadata_for_build_wheel)


__legacy__ = _Legacy()
