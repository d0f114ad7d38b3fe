"""Model values as plain JSON values and back: one written form for the store, the API and the digests.

A dataclass is an object with its fields' names, an enumeration its value, a date or a time its ISO 8601 text (times in
UTC with offset), a tuple a list, a set a sorted list, bytes are refused.
"""

from __future__ import annotations

import types
from collections.abc import Hashable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from reads.model.errors import Invalid

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """The JSON value of a model value."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value) if f.init}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [to_plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted(to_plain(v) for v in value)
    if isinstance(value, dict):
        return {str(k): to_plain(v) for k, v in value.items()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(kind: type[T], data: object, field: str = "") -> T:
    """The model value of type ``kind`` that ``data`` writes.

    Raises
    ------
    Invalid
        If something is missing, unknown or of another type; ``field`` names it (``findings.0.what.value``).
    """
    return cast(T, _read(kind, data, field))


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(cast(Any, kind))


def _read(kind: Any, data: object, at: str) -> object:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        choices = get_args(kind)
        if data is None and type(None) in choices:
            return None
        return _read(next(c for c in choices if c is not type(None)), data, at)
    if origin in (tuple, frozenset):
        return _read_many(origin, get_args(kind), data, at)
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_object(kind, data, at)
    return _read_scalar(kind, data, at)


def _read_many(origin: Any, args: tuple[Any, ...], data: object, at: str) -> object:
    if not isinstance(data, (list, tuple)):
        raise Invalid(f"{at or 'The value'} must be a list.", at or None)
    if origin is tuple and not (len(args) == 2 and args[1] is Ellipsis):
        if len(args) != len(data):
            raise Invalid(f"{at} must have {len(args)} entries.", at or None)
        return tuple(_read(a, v, _below(at, i)) for i, (a, v) in enumerate(zip(args, data, strict=True)))
    return origin(_read(args[0], v, _below(at, i)) for i, v in enumerate(data))


def _read_object(kind: type[Any], data: object, at: str) -> object:
    if not isinstance(data, dict):
        raise Invalid(f"{at or kind.__name__} must be an object.", at or None)
    own = {f.name: f for f in fields(kind) if f.init}
    unknown = sorted(str(k) for k in data if k not in own)
    if unknown:
        raise Invalid(f"{_below(at, unknown[0])} is not known.", _below(at, unknown[0]))
    values: dict[str, object] = {}
    for name, f in own.items():
        if name in data:
            values[name] = _read(_hints(cast(Hashable, kind))[name], data[name], _below(at, name))
        elif f.default is MISSING and f.default_factory is MISSING:
            raise Invalid(f"{_below(at, name)} is missing.", _below(at, name))
    return kind(**values)


def _read_scalar(kind: Any, data: object, at: str) -> object:
    wrong = Invalid(f"{at or 'The value'} is not a valid {kind.__name__}.", at or None)
    if kind is bool or kind is str:
        if not isinstance(data, kind):
            raise wrong
        return data
    if kind in (int, float):
        if isinstance(data, bool) or not isinstance(data, (int, float) if kind is float else int):
            raise wrong
        number = kind(data)
        if number != number or number in (float("inf"), float("-inf")):
            raise wrong
        return number
    try:
        if kind in (datetime, date):
            return kind.fromisoformat(data)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(data)
    except (TypeError, ValueError):
        raise wrong from None
    raise TypeError(f"{kind!r} has no plain form")


def _below(at: str, name: object) -> str:
    return f"{at}.{name}" if at else str(name)
