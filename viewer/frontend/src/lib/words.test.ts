import { expect, test } from 'vitest';
import type { What } from './api';
import { matching } from './match';
import { ago, clock, due, person } from './words';

const term = (meaning: string, ...synonyms: string[]): What => ({
  value: meaning,
  scheme: 'SCT',
  meaning,
  synonyms,
});

test('a term is found by the beginnings of its words, in any order, and by its synonyms', () => {
  const terms = [term('Pleural effusion', 'fluid'), term('Mass', 'tumour'), term('Pericardial effusion')];
  expect(matching('eff ple', terms).map((t) => t.meaning)).toEqual(['Pleural effusion']);
  expect(matching('tum', terms).map((t) => t.meaning)).toEqual(['Mass']);
  expect(matching('xyz', terms)).toEqual([]);
});

test('a term of the body part of the case comes first', () => {
  const terms = [term('Liver'), term('Lung')];
  expect(matching('l', terms, (t) => t.meaning === 'Lung')[0]?.meaning).toBe('Lung');
});

test('times are short and carry their unit', () => {
  expect(clock(192)).toBe('3:12');
  expect(clock(3792)).toBe('1:03:12');
  expect(ago(1000, 3400)).toBe('2 s ago');
  const now = Date.parse('2026-11-02T10:00:00Z');
  expect(due('2026-11-04T12:00:00Z', now)).toBe('due in 2 d');
  expect(due('2026-11-02T09:30:00Z', now)).toBe('overdue by 30 min');
  expect(due(null, now)).toBe('');
  expect(person('F', 61)).toBe('♀ 61 y');
  expect(person('', null)).toBe('');
});
