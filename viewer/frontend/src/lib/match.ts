// Which coded terms fit what is being typed: every typed word begins a word of the term or of one of its synonyms.
// A place that has sides is found with its side as well: "left lower lobe" is the lower lobe, and says left.
import type { Side, What } from './api';

const SIDE_WORDS: Record<string, Side> = {
  left: 'left',
  right: 'right',
  both: 'bilateral',
  bilateral: 'bilateral',
};

const words = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** The side that the typed words name, or null. */
export function sideTyped(typed: string): Side | null {
  const named = words(typed).find((w) => w in SIDE_WORDS);
  return (named && SIDE_WORDS[named]) || null;
}

/** 0 no fit; larger fits better: the term itself before a synonym, its beginning before its middle. */
export function likeness(typed: string, term: What & { sided?: boolean }): number {
  const wanted = words(typed).filter((w) => !(term.sided && w in SIDE_WORDS));
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
