// Which coded terms fit what is being typed: every typed word begins a word of the term or of one of its synonyms.
import type { What } from './api';

const words = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** 0 no fit; larger fits better: the term itself before a synonym, its beginning before its middle. */
export function likeness(typed: string, term: What): number {
  const wanted = words(typed);
  if (!wanted.length) return 1;
  const score = (text: string, base: number) => {
    const have = words(text);
    if (!wanted.every((w) => have.some((h) => h.startsWith(w)))) return 0;
    return base + (text.toLowerCase().startsWith(typed.trim().toLowerCase()) ? 2 : 0);
  };
  return Math.max(score(term.meaning, 4), ...term.synonyms.map((s) => score(s, 2)));
}

/** The terms that fit, best first; `first` lifts those that belong to the case. */
export function matching<T extends What>(
  typed: string,
  terms: T[],
  first: (t: T) => boolean = () => false,
): T[] {
  return terms
    .map((term) => ({ term, score: likeness(typed, term) && likeness(typed, term) + (first(term) ? 3 : 0) }))
    .filter((m) => m.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((m) => m.term);
}
