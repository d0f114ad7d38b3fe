// The comparison as rows: each statement of the report and each finding of the reader, judged and paired.
import type { DiscrepancyType, Finding, Row, Statement } from '../lib/api';

export const AGREE = 'AGREE';
export const GREAT_CALL = 'GOOD';
export const MISSED = 'MISS';

/** What the reader stands on: a statement, or a finding that no statement is paired with. */
export type Item = { kind: 'statement'; number: number } | { kind: 'finding'; number: number };

export const isItem = (row: Row, item: Item): boolean =>
  item.kind === 'statement'
    ? row.statement === item.number
    : row.statement === null && row.finding === item.number;

export const rowOf = (rows: Row[], item: Item): Row | undefined => rows.find((r) => isItem(r, item));

export const differs = (row: Row): boolean => row.verdict !== AGREE && row.verdict !== GREAT_CALL;

/** Findings that stand in no statement's row, in their order. */
export function notInReport(rows: Row[], findings: Finding[]): Finding[] {
  const paired = new Set(rows.filter((r) => r.statement !== null).map((r) => r.finding));
  return findings.filter((f) => !paired.has(f.number));
}

export function itemsOf(rows: Row[], statements: Statement[], findings: Finding[]): Item[] {
  return [
    ...statements.map((s): Item => ({ kind: 'statement', number: s.number })),
    ...notInReport(rows, findings).map((f): Item => ({ kind: 'finding', number: f.number })),
  ];
}

/** The rows after a judgement. A statement called missed takes the only finding that is still alone. */
export function judge(rows: Row[], item: Item, verdict: string, findings: Finding[]): Row[] {
  const old = rowOf(rows, item);
  if (old) return rows.map((r) => (r === old ? { ...r, verdict } : r));
  if (item.kind === 'finding') return [...rows, { statement: null, finding: item.number, verdict, note: '' }];
  const alone = notInReport(rows, findings);
  const next = [...rows, { statement: item.number, finding: null, verdict, note: '' }];
  return verdict === MISSED && alone.length === 1 && alone[0]
    ? pair(next, item.number, alone[0].number)
    : next;
}

/** The rows with a finding paired to a judged statement; a finding has one place. `null` parts them. */
export function pair(rows: Row[], statement: number, finding: number | null): Row[] {
  return rows
    .filter((r) => finding === null || r.statement !== null || r.finding !== finding)
    .map((r) => {
      if (r.statement === statement) return { ...r, finding };
      return finding !== null && r.finding === finding ? { ...r, finding: null } : r;
    });
}

/** What is still to be judged, as sentences; empty when the ledger is complete. */
export function missing(rows: Row[], statements: Statement[], findings: Finding[]): string[] {
  const open = itemsOf(rows, statements, findings).filter((i) => !rowOf(rows, i));
  const count = open.filter((i) => i.kind === 'statement').map((i) => i.number);
  const alone = open.filter((i) => i.kind === 'finding').map((i) => `F${i.number}`);
  return [
    count.length
      ? `Judge ${count.length === 1 ? 'statement' : 'statements'} ${list(count)}: agree or differ.`
      : '',
    alone.length
      ? `${list(alone)} ${alone.length === 1 ? 'is' : 'are'} not in the report: press D and say how, or pair with a statement.`
      : '',
  ].filter(Boolean);
}

function list(parts: (string | number)[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** "✓ agree", "≠ missed · F1", "–". Never by colour alone. */
export function verdictWords(row: Row | undefined, types: DiscrepancyType[]): string {
  if (!row) return '–';
  const paired = row.statement !== null && row.finding !== null ? ` · F${row.finding}` : '';
  if (row.verdict === AGREE) return `✓ agree${paired}`;
  const label = types.find((t) => t.code === row.verdict)?.label.toLowerCase() ?? row.verdict.toLowerCase();
  return `${row.verdict === GREAT_CALL ? '★' : '≠'} ${label}${paired}`;
}
