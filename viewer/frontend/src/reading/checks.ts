// What is missing before a signature, in sentences. The server checks again.
import type { Finding, Row, Score, ScoreOption } from '../lib/api';
import { differs } from './ledger';

/** A finding on its way: it may not have a name yet. */
export type Entry = Omit<Finding, 'what'> & { what: Finding['what'] | null };

export const isFinding = (e: Entry): e is Finding => e.what !== null;

export function beforeCommit(entries: Entry[], noAbnormality: boolean): string | null {
  const unnamed = entries.find((e) => !isFinding(e));
  if (unnamed) return `F${unnamed.number} has no name yet: choose what it is, or remove it.`;
  if (!entries.length && !noAbnormality) return 'Record a finding with F, or press N for no abnormality.';
  if (entries.length && noAbnormality)
    return 'There are findings and “no abnormality” at once: remove one of the two.';
  return null;
}

export function beforeSigning(score: Score, option: ScoreOption | undefined, rows: Row[]): string[] {
  if (!option) return ['Choose a score.'];
  const count = rows.filter(differs).length;
  const out: string[] = [];
  if (option.discrepancy && !count) {
    out.push(
      `${option.value} says that there is a discrepancy, but nothing is marked as differing. Mark it, or choose another score.`,
    );
  }
  if (!option.discrepancy && count) {
    out.push(
      `${option.value} says that both agree, but ${count} ${count === 1 ? 'entry differs' : 'entries differ'}. Choose another score.`,
    );
  }
  if (option.discrepancy && !score.comment.trim()) {
    out.push(`${option.value} needs a comment: what differs, and why it matters.`);
  }
  return out;
}
