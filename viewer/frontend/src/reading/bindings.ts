// The keys of the room as data: what they do, when they act, how they are shown.

export type Step = 'read' | 'compare' | 'score' | 'done';
export type Action =
  | 'tool.window'
  | 'tool.pan'
  | 'tool.zoom'
  | 'tool.scroll'
  | 'tool.length'
  | 'tool.ellipse'
  | 'tool.none'
  | 'image.next'
  | 'image.previous'
  | 'image.pageDown'
  | 'image.pageUp'
  | 'image.first'
  | 'image.last'
  | 'series.next'
  | 'series.previous'
  | 'pane.other'
  | 'layout'
  | 'link'
  | 'cine'
  | 'invert'
  | 'reset'
  | 'shape.remove'
  | 'finding.add'
  | 'finding.none'
  | 'main'
  | 'help'
  | 'agree'
  | 'differ'
  | 'item.next'
  | 'item.previous'
  | 'item.show'
  | 'item.pair'
  | 'item.clear'
  | 'back'
  | 'case.next'
  | 'case.release'
  | 'preset';

export interface Binding {
  /** KeyboardEvent.key, lower case for letters. */
  key: string;
  control?: boolean;
  action: Action;
  shown: string;
  words: string;
  group: 'Image' | 'Mouse tool' | 'Read' | 'Compare' | 'Page';
  /** The steps in which the key acts; all when not given. */
  steps?: Step[];
}

const READ: Step[] = ['read'];
const COMPARE: Step[] = ['compare'];
const IMAGES: Step[] = ['read', 'score', 'done'];

/** Earlier entries win: in the compare step the arrows move over statements, elsewhere over images. */
export const BINDINGS: Binding[] = [
  {
    key: 'Enter',
    control: true,
    action: 'main',
    shown: 'Ctrl ↵',
    words: 'the button of the step',
    group: 'Page',
  },
  { key: 'g', action: 'case.release', shown: 'G', words: 'give the case back', group: 'Page', steps: READ },
  { key: '?', action: 'help', shown: '?', words: 'this list', group: 'Page' },
  {
    key: 'a',
    action: 'agree',
    shown: 'A',
    words: 'agree with the statement',
    group: 'Compare',
    steps: COMPARE,
  },
  { key: 'd', action: 'differ', shown: 'D', words: 'differ: choose how', group: 'Compare', steps: COMPARE },
  {
    key: 'f',
    action: 'item.pair',
    shown: 'F',
    words: 'pair the statement with the next finding',
    group: 'Compare',
    steps: COMPARE,
  },
  {
    key: 'Backspace',
    action: 'item.clear',
    shown: '⌫',
    words: 'take the judgement back',
    group: 'Compare',
    steps: COMPARE,
  },
  {
    key: 'ArrowDown',
    action: 'item.next',
    shown: '↓',
    words: 'next statement',
    group: 'Compare',
    steps: COMPARE,
  },
  {
    key: 'ArrowUp',
    action: 'item.previous',
    shown: '↑',
    words: 'previous statement',
    group: 'Compare',
    steps: COMPARE,
  },
  {
    key: 'Enter',
    action: 'item.show',
    shown: '↵',
    words: 'show the finding in the image',
    group: 'Compare',
    steps: COMPARE,
  },
  {
    key: 'b',
    action: 'back',
    shown: 'B',
    words: 'back to the comparison',
    group: 'Compare',
    steps: ['score'],
  },
  { key: 'Enter', action: 'case.next', shown: '↵', words: 'next case', group: 'Page', steps: ['done'] },
  { key: 'n', action: 'case.next', shown: 'N', words: 'next case', group: 'Page', steps: ['done'] },
  {
    key: 'f',
    action: 'finding.add',
    shown: 'F',
    words: 'finding from the selected or last shape',
    group: 'Read',
    steps: READ,
  },
  { key: 'n', action: 'finding.none', shown: 'N', words: 'no abnormality', group: 'Read', steps: READ },
  {
    key: 'Delete',
    action: 'shape.remove',
    shown: 'Del',
    words: 'remove the selected shape',
    group: 'Read',
    steps: READ,
  },
  { key: 'w', action: 'tool.window', shown: 'W', words: 'window and level', group: 'Mouse tool' },
  { key: 'p', action: 'tool.pan', shown: 'P', words: 'pan (also the middle button)', group: 'Mouse tool' },
  { key: 'z', action: 'tool.zoom', shown: 'Z', words: 'zoom (also the right button)', group: 'Mouse tool' },
  { key: 's', action: 'tool.scroll', shown: 'S', words: 'scroll (also the wheel)', group: 'Mouse tool' },
  { key: 'l', action: 'tool.length', shown: 'L', words: 'length', group: 'Mouse tool', steps: READ },
  { key: 'e', action: 'tool.ellipse', shown: 'E', words: 'ellipse', group: 'Mouse tool', steps: READ },
  {
    key: 'Escape',
    action: 'tool.none',
    shown: 'Esc',
    words: 'no tool: select and move shapes',
    group: 'Mouse tool',
  },
  { key: 'ArrowDown', action: 'image.next', shown: '↓', words: 'next image', group: 'Image', steps: IMAGES },
  {
    key: 'ArrowUp',
    action: 'image.previous',
    shown: '↑',
    words: 'previous image',
    group: 'Image',
    steps: IMAGES,
  },
  { key: 'ArrowRight', action: 'image.next', shown: '→', words: 'next image', group: 'Image' },
  { key: 'ArrowLeft', action: 'image.previous', shown: '←', words: 'previous image', group: 'Image' },
  { key: 'PageDown', action: 'image.pageDown', shown: 'PgDn', words: 'ten images on', group: 'Image' },
  { key: 'PageUp', action: 'image.pageUp', shown: 'PgUp', words: 'ten images back', group: 'Image' },
  { key: 'Home', action: 'image.first', shown: 'Home', words: 'first image', group: 'Image' },
  { key: 'End', action: 'image.last', shown: 'End', words: 'last image', group: 'Image' },
  { key: ']', action: 'series.next', shown: ']', words: 'next series', group: 'Image' },
  { key: '[', action: 'series.previous', shown: '[', words: 'previous series', group: 'Image' },
  { key: 'o', action: 'pane.other', shown: 'O', words: 'the other viewport', group: 'Image' },
  { key: 'v', action: 'layout', shown: 'V', words: 'one or two viewports', group: 'Image' },
  { key: 'k', action: 'link', shown: 'K', words: 'scroll both viewports together', group: 'Image' },
  { key: ' ', action: 'cine', shown: 'Space', words: 'play or stop', group: 'Image' },
  { key: 'i', action: 'invert', shown: 'I', words: 'invert', group: 'Image' },
  { key: 'r', action: 'reset', shown: 'R', words: 'window, zoom and pan as at first', group: 'Image' },
  ...'123456789'
    .split('')
    .map((key): Binding => ({ key, action: 'preset', shown: key, words: 'window preset', group: 'Image' })),
];

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The binding of a pressed key in a step, if there is one. */
export function bindingOf(press: Press, step: Step): Binding | undefined {
  if (press.altKey) return undefined;
  const control = press.ctrlKey || press.metaKey;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return BINDINGS.find(
    (b) => b.key === key && Boolean(b.control) === control && (!b.steps || b.steps.includes(step)),
  );
}
