import { expect, test } from 'vitest';
import { presetsFor } from './windows';

const names = (modality: string, samples: number) => presetsFor({ modality, samples }).map((p) => p.name);

test('only a CT is offered the windows of a CT', () => {
  expect(names('CT', 1)).toContain('lung');
  for (const modality of ['MR', 'CR', 'US', 'XA'])
    expect(names(modality, 1)).toEqual(['recorded', 'full range']);
});

test('colour has no window of its own, a curve none at all', () => {
  expect(names('US', 3)).toEqual([]);
  expect(presetsFor(undefined)).toEqual([]);
});
