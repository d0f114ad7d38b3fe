// The comparison as it grows: judged rows, where the reader stands, the score; kept on the server.
import { computed, signal } from '@preact/signals';
import type { CaseApi, CaseView, Finding, Report, Row, Score } from '../lib/api';
import { Saver } from '../lib/saver';
import { AGREE, type Item, isItem, itemsOf, judge, pair, pairedWith, reopen, verdictOf } from './ledger';

export const NO_SCORE: Score = {
  value: '',
  comment: '',
  cause: '',
  actionable: null,
  request_addendum: false,
};

/** The entries of a score alone: the server names its scheme itself. */
const kept = ({ value, comment, cause, actionable, request_addendum }: Score): Score => ({
  value,
  comment,
  cause,
  actionable,
  request_addendum,
});

export class ComparisonKeeper {
  readonly report = signal<Report | null>(null);
  readonly findings = signal<Finding[]>([]);
  readonly rows = signal<Row[]>([]);
  readonly score = signal<Score>(NO_SCORE);
  readonly cursor = signal<Item | null>(null);
  /** The item whose kind of difference is being chosen. */
  readonly choosing = signal<Item | null>(null);
  readonly items = computed(() =>
    itemsOf(this.rows.value, this.report.value?.statements ?? [], this.findings.value),
  );
  readonly saver: Saver;

  constructor(private readonly api: CaseApi) {
    this.saver = new Saver(async (leaving) => {
      const score = this.score.value;
      await this.api.saveComparison(this.rows.value, score.value ? score : null, leaving);
    });
  }

  take(view: CaseView): void {
    this.report.value = view.report;
    this.findings.value = view.read?.findings ?? [];
    this.rows.value = view.rows;
    this.score.value = view.score ? kept(view.score) : NO_SCORE;
    const items = this.items.value;
    this.cursor.value = items.find((i) => verdictOf(view.rows, i) === null) ?? items[0] ?? null;
  }

  move(by: number): void {
    const items = this.items.value;
    const now = items.findIndex((i) => this.isCurrent(i));
    this.cursor.value = items[Math.min(Math.max(now + by, 0), items.length - 1)] ?? null;
  }

  isCurrent(item: Item): boolean {
    const c = this.cursor.value;
    return c !== null && c.kind === item.kind && c.number === item.number;
  }

  agree(item: Item | null = this.cursor.value): void {
    // A finding that is not in the report cannot be agreed with: there is nothing to agree with.
    if (!item || item.kind === 'finding') return;
    this.set(judge(this.rows.value, item, AGREE, this.findings.value));
    this.cursor.value = item;
    this.move(1);
  }

  differ(item: Item, verdict: string): void {
    this.set(judge(this.rows.value, item, verdict, this.findings.value));
    this.choosing.value = null;
    this.cursor.value = item;
  }

  /** Pair the statement with a finding, or part them. */
  toggle(statement: number, finding: number): void {
    const now = pairedWith(this.rows.value, statement);
    const next = now.includes(finding)
      ? now.filter((n) => n !== finding)
      : [...now, finding].sort((a, b) => a - b);
    this.set(pair(this.rows.value, statement, next));
  }

  /** Pair the statement with the next finding instead of its present one, after the last with none. */
  pairNext(item: Item | null = this.cursor.value): void {
    if (item?.kind !== 'statement') return;
    const numbers = this.findings.value.map((f) => f.number);
    const present = pairedWith(this.rows.value, item.number).at(-1);
    const next = numbers[present === undefined ? 0 : numbers.indexOf(present) + 1];
    this.set(pair(this.rows.value, item.number, next === undefined ? [] : [next]));
  }

  note(item: Item, note: string): void {
    this.set(this.rows.value.map((r) => (isItem(r, item) ? { ...r, note } : r)));
  }

  clear(item: Item): void {
    this.set(reopen(this.rows.value, item));
  }

  setScore(patch: Partial<Score>): void {
    this.score.value = { ...this.score.value, ...patch };
    this.saver.touch();
  }

  private set(rows: Row[]): void {
    this.rows.value = rows;
    this.saver.touch();
  }
}
