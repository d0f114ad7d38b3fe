// The comparison as rows: each statement of the report and each finding of the reader, judged and paired.
import type { DiscrepancyType, Finding, Row, Statement } from '../lib/api';

export const AGREE = 'AGREE';
export const GREAT_CALL = 'GOOD';
export const MISSED = 'MISS';
/** Verdict of a row that the server proposes and nobody has judged. */
export const UNDECIDED = '';
/** Differences that can only be said of a statement. */
const ABOUT_A_STATEMENT = new Set(['OVER', 'MISCL', 'LAT', 'LOC', 'SEV', 'CHG']);

/** What the reader stands on: a statement, or a finding that no statement is paired with. */
export type Item = { kind: 'statement'; number: number } | { kind: 'finding'; number: number };

export const isItem = (row: Row, item: Item): boolean =>
  item.kind === 'statement'
    ? row.statement === item.number
    : row.statement === null && row.finding === item.number;

/** The rows of an item: a statement may speak of several findings. */
export const rowsOf = (rows: Row[], item: Item): Row[] => rows.filter((r) => isItem(r, item));

/** What the reader said of an item, or null while it is open. The server proposes pairs, never verdicts. */
export function verdictOf(rows: Row[], item: Item): string | null {
  const verdict = rows.find((r) => isItem(r, item))?.verdict;
  return verdict === undefined || verdict === UNDECIDED ? null : verdict;
}

/** Numbers of the findings that a statement is paired with. */
export const pairedWith = (rows: Row[], statement: number): number[] =>
  rows.flatMap((r) => (r.statement === statement && r.finding !== null ? [r.finding] : []));

export const differs = (row: Row): boolean => ![AGREE, GREAT_CALL, UNDECIDED].includes(row.verdict);

/** Findings that stand in no statement's row, in their order. */
export function notInReport(rows: Row[], findings: Finding[]): Finding[] {
  const paired = new Set(rows.filter((r) => r.statement !== null).map((r) => r.finding));
  return findings.filter((f) => !paired.has(f.number));
}

/** Whether a kind of difference can be said of an item: of a finding alone nothing can be said about a statement. */
export const canBe = (item: Item, verdict: string): boolean =>
  item.kind === 'statement' || (verdict !== AGREE && !ABOUT_A_STATEMENT.has(verdict));

export function itemsOf(rows: Row[], statements: Statement[], findings: Finding[]): Item[] {
  return [
    ...statements.map((s): Item => ({ kind: 'statement', number: s.number })),
    ...notInReport(rows, findings).map((f): Item => ({ kind: 'finding', number: f.number })),
  ];
}

/** The rows after a judgement. A statement called missed takes the only finding that is still alone. */
export function judge(rows: Row[], item: Item, verdict: string, findings: Finding[]): Row[] {
  if (!canBe(item, verdict)) return rows;
  const finding = item.kind === 'finding' ? item.number : null;
  const statement = item.kind === 'statement' ? item.number : null;
  const next = rows.some((r) => isItem(r, item))
    ? rows.map((r) => (isItem(r, item) ? { ...r, verdict } : r))
    : [...rows, { statement, finding, verdict, note: '' }];
  const [alone, ...others] = notInReport(rows, findings);
  const takes = verdict === MISSED && statement !== null && !pairedWith(next, statement).length;
  return takes && alone && !others.length ? pair(next, statement, [alone.number]) : next;
}

/** The rows with a statement paired to exactly these findings; its judgement stays. */
export function pair(rows: Row[], statement: number, findings: number[]): Row[] {
  const item: Item = { kind: 'statement', number: statement };
  const old = rowsOf(rows, item);
  const model = old[0] ?? { statement, finding: null, verdict: UNDECIDED, note: '' };
  const fresh = findings.length
    ? findings.map((finding) => old.find((r) => r.finding === finding) ?? { ...model, finding })
    : [{ ...model, finding: null }];
  const at = rows.findIndex((r) => isItem(r, item));
  const rest = (part: Row[]) =>
    part.filter(
      (r) =>
        !isItem(r, item) && !(r.statement === null && r.finding !== null && findings.includes(r.finding)),
    );
  return at < 0 ? [...rest(rows), ...fresh] : [...rest(rows.slice(0, at)), ...fresh, ...rest(rows.slice(at))];
}

/** The rows with the judgement of an item taken back; its pairs stay. */
export const reopen = (rows: Row[], item: Item): Row[] =>
  rows.map((r) => (isItem(r, item) ? { ...r, verdict: UNDECIDED } : r));

/** What is still to be judged, as sentences; empty when the ledger is complete. */
export function missing(rows: Row[], statements: Statement[], findings: Finding[]): string[] {
  const open = itemsOf(rows, statements, findings).filter((i) => verdictOf(rows, i) === null);
  const count = open.filter((i) => i.kind === 'statement').map((i) => i.number);
  const alone = open.filter((i) => i.kind === 'finding').map((i) => `F${i.number}`);
  const unpaired = rows
    .filter((r) => r.verdict === MISSED && r.finding === null)
    .map((r) => r.statement ?? 0);
  return [
    count.length
      ? `Judge ${count.length === 1 ? 'statement' : 'statements'} ${list(count)}: agree or differ.`
      : '',
    unpaired.length
      ? `Statement ${list(unpaired)} is called missed: pair it with the finding that was missed (F).`
      : '',
    alone.length
      ? `${list(alone)} ${alone.length === 1 ? 'is' : 'are'} not in the report: press D and say how, or pair with a statement.`
      : '',
  ].filter(Boolean);
}

function list(parts: (string | number)[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** A statement without the number or bullet of its own list: the page numbers statements itself. */
export const withoutMarker = (text: string): string => text.replace(/^\(?(?:\d{1,2}[.)]|[-•*–])\s+/, '');

/** "✓ agree", "≠ missed · F1", "–". Never by colour alone. */
export function verdictWords(rows: Row[], item: Item, types: DiscrepancyType[]): string {
  const verdict = verdictOf(rows, item);
  const findings = item.kind === 'statement' ? pairedWith(rows, item.number).map((n) => `F${n}`) : [];
  const paired = findings.length ? ` · ${findings.join(', ')}` : '';
  if (verdict === null) return `–${paired}`;
  if (verdict === AGREE) return `✓ agree${paired}`;
  const label = types.find((t) => t.code === verdict)?.label.toLowerCase() ?? verdict.toLowerCase();
  return `${verdict === GREAT_CALL ? '★' : '≠'} ${label}${paired}`;
}
