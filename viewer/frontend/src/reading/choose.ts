// Which series stand in the two viewports when a case is opened.
import type { SeriesRef, StudyRef } from '../lib/api';

export interface Placed {
  study: StudyRef;
  series: SeriesRef;
}

/** All series in the order of the rail: current first, priors from the newest. */
export function railOrder(studies: StudyRef[]): Placed[] {
  const rank = (s: StudyRef) => (s.role === 'current' ? 0 : 1);
  return [...studies]
    .sort((a, b) => rank(a) - rank(b) || (b.studied_on ?? '').localeCompare(a.studied_on ?? ''))
    .flatMap((study) => study.series.map((series) => ({ study, series })));
}

/** The series of the newest prior that is most like the given one, or null when there is no prior of its kind. */
export function likeIt(studies: StudyRef[], { series }: Placed): Placed | null {
  const priors = railOrder(studies).filter((p) => p.study.role === 'prior' && p.series.kind === series.kind);
  const likeness = (p: Placed) =>
    (p.series.modality === series.modality ? 2 : 0) +
    (p.series.description.toLowerCase() === series.description.toLowerCase() ? 1 : 0);
  const best = priors.reduce<Placed | null>((b, p) => (!b || likeness(p) > likeness(b) ? p : b), null);
  return best && likeness(best) >= 2 ? best : null;
}

/** The first series that is shown: of the current study, images before curves, the one with most frames last resort. */
export function firstShown(studies: StudyRef[]): Placed | null {
  const current = railOrder(studies).filter((p) => p.study.role === 'current');
  return current.find((p) => p.series.kind === 'image') ?? current[0] ?? null;
}
