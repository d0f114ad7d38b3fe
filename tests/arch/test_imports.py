"""Who may import whom, and that importing does nothing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("reads", "dicom_gateway", "viewer")
KEPT_TO = {
    "flask": ("viewer/web",),
    "pynetdicom": ("dicom_gateway/receive", "dicom_gateway/scu"),
    "orthanc_rest_client": ("dicom_gateway/archive",),
    "waitress": ("viewer/web",),
    "dbos": ("viewer/jobs",),
    "hl7": ("dicom_gateway/hl7",),
    "highdicom": ("reads/documents",),
    "weasyprint": ("reads/documents",),
    "sqlalchemy": ("reads/store", "viewer/jobs"),
    "alembic": ("reads/store",),
    "pydantic_settings": ("viewer/settings.py",),
}
HEAVY = ("SimpleITK", "highdicom", "weasyprint", "dbos")


def sources(*under: str) -> Iterator[Path]:
    """Python files of the product, in order."""
    for package in under or PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def in_frontend(path: Path) -> bool:
    return "node_modules" in path.parts


def imported(tree: ast.AST) -> Iterator[str]:
    """Top-level name of each absolute import anywhere in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("library", KEPT_TO)
def test_a_library_stays_where_it_belongs(library: str) -> None:
    allowed = tuple(str(ROOT / place) for place in KEPT_TO[library])
    strays = [
        str(path.relative_to(ROOT))
        for path in sources()
        if not in_frontend(path)
        and not str(path).startswith(allowed)
        and library in imported(ast.parse(path.read_text()))
    ]
    assert strays == []


def test_the_model_imports_only_the_standard_library() -> None:
    allowed = set(sys.stdlib_module_names) | {"reads"}
    foreign = {
        str(path.relative_to(ROOT)): sorted(strange)
        for path in sources("reads/model")
        if (strange := set(imported(ast.parse(path.read_text()))) - allowed)
    }
    assert foreign == {}


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if not in_frontend(path) and path != ROOT / "viewer" / "settings.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "putenv")
    ]
    # Orthanc is started with a clean environment in which only PATH is passed on.
    assert [place for place in readers if not place.startswith("dicom_gateway/archive/child.py:")] == []


def test_the_layers_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


# Imports each module under an audit hook; the standard library and other people's packages may do as they like, so
# only what is done by a line of ours counts.
WATCH = """
import importlib, sys, threading
root, modules = sys.argv[1], sys.argv[2:]
watched = {"socket.__new__", "socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.system",
           "_thread.start_new_thread", "os.fork", "os.posix_spawn", "os.mkdir", "os.remove"}
active = [True]
def hook(event, arguments):
    if event not in watched or not active[0]:
        return
    frame, importing = sys._getframe(1), False
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(root) and "/.venv/" not in name:
            print(f"{event} by {name}:{frame.f_lineno}")
            return
        if "importlib" in name and frame.f_code.co_name == "_call_with_frames_removed":
            # another package's import begins here: what it does above this frame is its own
            return
        frame = frame.f_back
sys.addaudithook(hook)
for module in modules:
    importlib.import_module(module)
ours = [t for t in threading.enumerate() if t is not threading.main_thread()]
for thread in ours:
    print("a thread runs:", thread.name)
for name in HEAVY:
    if name in sys.modules:
        print("heavy import:", name)
active[0] = False
"""


def modules() -> list[str]:
    """Every module of the product but those that are run, not imported."""
    names = []
    for path in sources():
        if in_frontend(path) or "migrations" in path.parts or path.name == "__main__.py":
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def test_importing_does_no_work() -> None:
    """Importing makes no socket, thread, process, database or folder, and loads no heavy library."""
    script = f"HEAVY = {HEAVY!r}\n{WATCH}"
    said = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), *modules()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout == ""
