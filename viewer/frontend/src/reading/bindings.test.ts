import { expect, test } from 'vitest';
import { BINDINGS, bindingOf, type Press, type Step } from './bindings';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test('one key has one meaning in a step', () => {
  for (const step of ['read', 'compare', 'score', 'done'] as Step[]) {
    const keys = BINDINGS.filter((b) => !b.steps || b.steps.includes(step)).map(
      (b) => `${b.control ?? false} ${b.key}`,
    );
    expect(new Set(keys).size, step).toBe(keys.length);
  }
});

test('F records a finding in the read and pairs in the comparison', () => {
  expect(bindingOf(press('f'), 'read')?.action).toBe('finding.add');
  expect(bindingOf(press('F'), 'compare')?.action).toBe('item.pair');
});

test('the arrows scroll images in the read and move over statements in the comparison', () => {
  expect(bindingOf(press('ArrowDown'), 'read')?.action).toBe('image.next');
  expect(bindingOf(press('ArrowDown'), 'compare')?.action).toBe('item.next');
});

test('Ctrl or Command with Enter is the button of the step; with any other key it stays the browser’s', () => {
  expect(bindingOf(press('Enter', { ctrlKey: true }), 'read')?.action).toBe('main');
  expect(bindingOf(press('Enter', { metaKey: true }), 'compare')?.action).toBe('main');
  expect(bindingOf(press('f', { ctrlKey: true }), 'read')).toBeUndefined();
  expect(bindingOf(press('l', { altKey: true }), 'read')).toBeUndefined();
});

test('nothing is drawn after the commit', () => {
  for (const key of ['l', 'e']) expect(bindingOf(press(key), 'compare')).toBeUndefined();
});
