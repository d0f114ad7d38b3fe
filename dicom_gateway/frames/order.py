"""The order in which the images of a series are looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

SAME_PLACE_MM = 0.01
_SAME_DIRECTION_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """One image of a series: its UID, its Instance Number (0020,0013) and its plane, if it has one.

    ``position`` is Image Position (Patient) (0020,0032) in mm, ``orientation`` the six cosines of (0020,0037).
    """

    sop_uid: str
    number: int
    position: tuple[float, ...] = ()
    orientation: tuple[float, ...] = ()


def viewing_order(images: Iterable[Placed]) -> tuple[str, ...]:
    """SOP Instance UIDs in viewing order.

    Along the normal of the plane (PS3.3 C.7.6.2.1.1), starting at the end where the Instance Numbers start, as on the
    modality; from head to feet, right to left or front to back when the numbers do not tell. Several stacks (a
    localiser, the phases of a dynamic series) follow one another by Instance Number. By Instance Number alone when an
    image has no plane.
    """
    by_number = sorted(images, key=lambda i: (i.number, i.sop_uid))
    if not all(len(i.position) == 3 and len(i.orientation) == 6 for i in by_number):
        return tuple(i.sop_uid for i in by_number)
    groups: dict[tuple[float, ...], list[Placed]] = defaultdict(list)
    for image in by_number:
        groups[tuple(round(c, _SAME_DIRECTION_DIGITS) + 0.0 for c in image.orientation)].append(image)
    return tuple(i.sop_uid for group in groups.values() for stack in _stacks(group) for i in stack)


def _stacks(images: Sequence[Placed]) -> list[list[Placed]]:
    """Images of one orientation as stacks: the n-th image at a place belongs to the n-th stack."""
    direction = _direction(images[0].orientation)
    seen: dict[int, int] = defaultdict(int)
    stacks: dict[int, list[tuple[float, Placed]]] = defaultdict(list)
    for image in images:
        depth = float(np.dot(direction, image.position))
        place = round(depth / SAME_PLACE_MM)
        stacks[seen[place]].append((depth, image))
        seen[place] += 1
    along = [[i for _, i in sorted(stack, key=lambda d: d[0])] for stack in stacks.values()]
    return [stack[::-1] if stack[0].number > stack[-1].number else stack for stack in along]


def _direction(orientation: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The normal, turned so that depth grows from head to feet, right to left, front to back."""
    normal = np.cross(np.asarray(orientation[:3], dtype=np.float64), np.asarray(orientation[3:], dtype=np.float64))
    axis = int(np.argmax(np.abs(normal)))
    towards = -1.0 if axis == 2 else 1.0  # x grows to the left, y to the back, z to the head
    return normal if normal[axis] * towards > 0 else -normal
