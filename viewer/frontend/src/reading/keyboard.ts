// Keys to verbs. Nothing happens while the reader types or a dialog is open.
import { type Action, bindingOf } from './bindings';
import type { Room } from './room';

const TYPING = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]';
const PAGE = 10;

function act(room: Room, action: Action, key: string): void {
  const { views, comparison } = room;
  const pane = views.active.value;
  const verbs: Record<Action, () => void> = {
    'tool.window': () => room.use('window'),
    'tool.pan': () => room.use('pan'),
    'tool.zoom': () => room.use('zoom'),
    'tool.scroll': () => room.use('scroll'),
    'tool.length': () => room.use('length'),
    'tool.ellipse': () => room.use('ellipse'),
    'tool.none': () => room.use('none'),
    'image.next': () => pane.step(1),
    'image.previous': () => pane.step(-1),
    'image.pageDown': () => pane.step(PAGE),
    'image.pageUp': () => pane.step(-PAGE),
    'image.first': () => void pane.goTo(0),
    'image.last': () => void pane.goTo(Number.MAX_SAFE_INTEGER),
    'series.next': () => views.neighbour(1),
    'series.previous': () => views.neighbour(-1),
    'pane.other': () => views.other(),
    layout: () => views.toggleColumns(),
    link: () => views.toggleLink(),
    cine: () => pane.film.toggle(),
    invert: () => pane.invert(),
    reset: () => pane.reset(),
    preset: () => views.preset(Number(key)),
    'shape.remove': () => room.removeShape(),
    'finding.add': () => room.addFinding(),
    'finding.none': () => room.noAbnormality(),
    main: () => room.main(),
    help: () => {
      room.dialog.value = 'keys';
    },
    agree: () => comparison.agree(),
    differ: () => {
      comparison.choosing.value = comparison.cursor.value;
    },
    'item.next': () => comparison.move(1),
    'item.previous': () => comparison.move(-1),
    'item.show': () => room.showCurrentItem(),
    'item.pair': () => comparison.pairNext(),
    'item.clear': () => comparison.cursor.value && comparison.clear(comparison.cursor.value),
    back: () => {
      room.scoring.value = false;
    },
    'case.next': () => room.nextCase(),
    'case.release': () => {
      room.dialog.value = 'release';
    },
  };
  verbs[action]();
}

/** Listen on the page, before Cornerstone's own key bindings. */
export function listen(room: Room): void {
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || room.dialog.value || room.comparison.choosing.value || !room.view.value)
        return;
      const binding = bindingOf(event, room.step.value);
      if (!binding) return;
      const target = event.target instanceof Element ? event.target : document.body;
      const main = binding.action === 'main';
      if (!main && target.matches(TYPING)) return;
      // Enter and Space belong to the button, arrows to the radio group or scroll bar, that has the focus.
      const press = event.key === 'Enter' || event.key === ' ';
      if (!main && press && target.closest('button, a, summary, input')) return;
      if (/^(Arrow|Home|End|Page)/.test(event.key) && target.closest('input, [role=scrollbar]')) return;
      event.preventDefault();
      event.stopPropagation();
      act(room, binding.action, event.key);
    },
    true,
  );
}
