"""The vocabularies that the reading room offers: data, the same for everybody."""

from __future__ import annotations

from flask import Blueprint

from reads import terms as vocabulary
from reads.model.access import Permission
from reads.model.finding import Certainty
from viewer.web.api.operation import Answer, operation
from viewer.web.permissions import needs

blueprint = Blueprint("api_terms", __name__)


class WhatTerm(Answer):
    """A finding that can be named."""

    value: str
    scheme: str
    meaning: str
    synonyms: tuple[str, ...]


class WhereTerm(WhatTerm):
    """A site that a finding can be at; ``body_part`` as in (0018,0015)."""

    sided: bool
    body_part: str


class LabelledValue(Answer):
    """A value and its words."""

    value: str
    label: str


class TypeTerm(Answer):
    """What differs, with the key that chooses it."""

    code: str
    label: str
    definition: str
    key: str


class CauseTerm(Answer):
    """Why it differs."""

    code: str
    label: str
    definition: str


class ActionableTerm(Answer):
    """How soon somebody must be told."""

    category: int
    label: str


class TermsAnswer(Answer):
    """All vocabularies."""

    what: tuple[WhatTerm, ...]
    where: tuple[WhereTerm, ...]
    certainty: tuple[Certainty, ...]
    image_quality: tuple[LabelledValue, ...]
    discrepancy_types: tuple[TypeTerm, ...]
    causes: tuple[CauseTerm, ...]
    actionable: tuple[ActionableTerm, ...]


@blueprint.get("/terms")
@needs(Permission.SIGNED_IN)
@operation(TermsAnswer)
def terms() -> TermsAnswer:
    """What can be found, where, how sure; what differs and why."""
    return TermsAnswer(
        what=tuple(
            WhatTerm(value=t.code.value, scheme=t.code.scheme, meaning=t.code.meaning, synonyms=t.synonyms)
            for t in vocabulary.finding_terms()
        ),
        where=tuple(
            WhereTerm(
                value=t.code.value,
                scheme=t.code.scheme,
                meaning=t.code.meaning,
                synonyms=t.synonyms,
                sided=t.sided,
                body_part=t.body_part,
            )
            for t in vocabulary.site_terms()
        ),
        certainty=tuple(Certainty),
        image_quality=tuple(LabelledValue(value=v, label=label) for v, label in vocabulary.image_quality()),
        discrepancy_types=tuple(
            TypeTerm(code=t.code.value, label=t.label, definition=t.definition, key=t.key)
            for t in vocabulary.discrepancy_types()
        ),
        causes=tuple(CauseTerm(code=c.code.value, label=c.label, definition=c.definition) for c in vocabulary.causes()),
        actionable=tuple(ActionableTerm(category=n, label=label) for n, _, label in vocabulary.actionable()),
    )
