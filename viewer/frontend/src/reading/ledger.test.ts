import { expect, test } from 'vitest';
import type { Finding, Row, Score, ScoreOption, Statement } from '../lib/api';
import { beforeCommit, beforeSigning, type Entry } from './checks';
import {
  AGREE,
  itemsOf,
  judge,
  MISSED,
  missing,
  notInReport,
  pair,
  UNDECIDED,
  verdictWords,
  withoutMarker,
} from './ledger';

const statements: Statement[] = [1, 2].map((number) => ({
  number,
  section: 0,
  start: 0,
  end: 0,
  text: `s${number}`,
}));
const finding = (number: number): Finding => ({
  number,
  tracking_uid: `2.25.${number}`,
  what: { value: '1', scheme: 'SCT', meaning: 'Mass' },
  where: null,
  side: 'left',
  certainty: 'probable',
  anchor: null,
  measurements: [],
  note: '',
});
const row = (statement: number | null, f: number | null, verdict: string): Row => ({
  statement,
  finding: f,
  verdict,
  note: '',
});
const option = (value: string, discrepancy: boolean): ScoreOption => ({
  value,
  label: '',
  definition: '',
  discrepancy,
  significant: null,
  consensus: false,
});
const score = (value: string, comment = ''): Score => ({
  value,
  comment,
  cause: '',
  actionable: null,
  request_addendum: false,
});

test('a statement called missed takes the only finding that is alone', () => {
  expect(judge([], { kind: 'statement', number: 1 }, MISSED, [finding(1)])).toEqual([row(1, 1, MISSED)]);
});

test('with two findings alone the reader says which', () => {
  expect(judge([], { kind: 'statement', number: 1 }, MISSED, [finding(1), finding(2)])).toEqual([
    row(1, null, MISSED),
  ]);
});

test('a paired finding leaves “not in the report”; parted, it is there again', () => {
  const rows = [row(1, null, MISSED), row(null, 2, MISSED)];
  expect(pair(rows, 1, [2])).toEqual([row(1, 2, MISSED)]);
  expect(notInReport(pair(rows, 1, [2]), [finding(2)])).toEqual([]);
  expect(notInReport(pair([row(1, 2, MISSED)], 1, []), [finding(2)])).toHaveLength(1);
});

test('a statement may speak of several findings, and its verdict is theirs', () => {
  const rows = pair([row(1, 1, UNDECIDED)], 1, [1, 2]);
  expect(judge(rows, { kind: 'statement', number: 1 }, AGREE, [])).toEqual([
    row(1, 1, AGREE),
    row(1, 2, AGREE),
  ]);
});

test('a proposed pair is open until the reader judges it', () => {
  expect(missing([row(1, 1, UNDECIDED), row(2, null, AGREE)], statements, [finding(1)])).toEqual([
    'Judge statement 1: agree or differ.',
  ]);
});

test('a statement is missed only beside a finding, and a finding alone cannot be agreed with', () => {
  expect(missing([row(1, null, MISSED), row(2, null, AGREE)], statements, [])).toHaveLength(1);
  expect(judge([], { kind: 'finding', number: 1 }, AGREE, [finding(1)])).toEqual([]);
  expect(judge([], { kind: 'finding', number: 1 }, 'LAT', [finding(1)])).toEqual([]);
});

test('the ledger is complete when each statement is judged and each finding is paired or judged', () => {
  const two = [finding(1), finding(2)];
  expect(missing([], statements, two)).toHaveLength(2);
  expect(missing([row(1, null, AGREE)], statements, [])).toEqual(['Judge statement 2: agree or differ.']);
  expect(missing([row(1, 1, MISSED), row(2, null, AGREE), row(null, 2, MISSED)], statements, two)).toEqual(
    [],
  );
});

test('the reader walks over the statements, then over what is not in the report', () => {
  expect(itemsOf([row(1, 1, MISSED)], statements, [finding(1), finding(2)])).toEqual([
    { kind: 'statement', number: 1 },
    { kind: 'statement', number: 2 },
    { kind: 'finding', number: 2 },
  ]);
});

test('a verdict is said in words and a sign, not by colour alone', () => {
  const types = [{ code: MISSED, label: 'Missed', definition: '', key: 'm' }];
  expect(verdictWords([row(3, 1, MISSED)], { kind: 'statement', number: 3 }, types)).toBe('≠ missed · F1');
  expect(verdictWords([row(3, null, AGREE)], { kind: 'statement', number: 3 }, types)).toBe('✓ agree');
  expect(verdictWords([], { kind: 'statement', number: 3 }, types)).toBe('–');
});

test('a score of a discrepancy needs one, and a comment', () => {
  const differing = [row(1, 1, MISSED)];
  expect(beforeSigning(score('3b'), option('3b', true), [row(1, null, AGREE)])).toHaveLength(2);
  expect(beforeSigning(score('3b', 'mass'), option('3b', true), differing)).toEqual([]);
  expect(beforeSigning(score('1'), option('1', false), differing)).toHaveLength(1);
  expect(beforeSigning(score('1'), option('1', false), [row(1, null, 'GOOD')])).toEqual([]);
  expect(beforeSigning(score(''), undefined, [])).toEqual(['Choose a score.']);
});

test('a read is committed with findings or with no abnormality, never with both or neither', () => {
  const entry: Entry = finding(1);
  expect(beforeCommit([], false)).toContain('no abnormality');
  expect(beforeCommit([], true)).toBeNull();
  expect(beforeCommit([entry], false)).toBeNull();
  expect(beforeCommit([entry], true)).not.toBeNull();
  expect(beforeCommit([{ ...entry, what: null }], false)).toContain('F1 has no name');
});

test('a statement is shown without the number of its own list, and with every number that says something', () => {
  expect(withoutMarker('1. No cause for the cough.')).toBe('No cause for the cough.');
  expect(withoutMarker('(2) Stable nodule.')).toBe('Stable nodule.');
  expect(withoutMarker('- Normal heart.')).toBe('Normal heart.');
  expect(withoutMarker('3.7 x 2.2 cm mass.')).toBe('3.7 x 2.2 cm mass.');
  expect(withoutMarker('12 mm nodule.')).toBe('12 mm nodule.');
});
