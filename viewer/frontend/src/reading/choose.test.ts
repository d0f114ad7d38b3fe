import { expect, test } from 'vitest';
import type { SeriesRef, StudyRef } from '../lib/api';
import { firstShown, likeIt, railOrder } from './choose';

const series = (
  series_uid: string,
  modality: string,
  description: string,
  kind: SeriesRef['kind'] = 'image',
): SeriesRef => ({
  series_uid,
  modality,
  description,
  number: 1,
  instances: 1,
  frames: 1,
  kind,
});
const study = (
  study_uid: string,
  role: StudyRef['role'],
  studied_on: string,
  ...list: SeriesRef[]
): StudyRef => ({
  study_uid,
  role,
  studied_on,
  description: '',
  series: list,
});

test('the current study comes first, then priors from the newest', () => {
  const studies = [
    study('old', 'prior', '2020-01-01', series('a', 'CT', '')),
    study('new', 'prior', '2024-01-01', series('b', 'CT', '')),
    study('now', 'current', '2026-01-01', series('c', 'CT', '')),
  ];
  expect(railOrder(studies).map((p) => p.series.series_uid)).toEqual(['c', 'b', 'a']);
});

test('beside the current series stands the prior series of its kind and name', () => {
  const studies = [
    study('now', 'current', '2026-01-01', series('c', 'CT', 'Lung 5 mm')),
    study('p', 'prior', '2024-01-01', series('x', 'CT', 'Soft'), series('y', 'CT', 'lung 5 MM')),
  ];
  const first = firstShown(studies);
  expect(first && likeIt(studies, first)?.series.series_uid).toBe('y');
});

test('a prior of another modality is not put beside it', () => {
  const studies = [
    study('now', 'current', '2026-01-01', series('c', 'CT', '')),
    study('p', 'prior', '2024-01-01', series('x', 'MR', '')),
  ];
  const first = firstShown(studies);
  expect(first && likeIt(studies, first)).toBeNull();
});

test('an image is shown before a curve', () => {
  const studies = [
    study('now', 'current', '2026-01-01', series('e', 'ECG', '', 'waveform'), series('i', 'US', '')),
  ];
  expect(firstShown(studies)?.series.series_uid).toBe('i');
});
