// How a statement differs: one letter, or arrows and Enter.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useRoom } from './context';
import { canBe, type Item, verdictOf } from './ledger';

export function DifferMenu({ item }: { item: Item }) {
  const room = useRoom();
  const { comparison } = room;
  const types = (room.terms.value?.discrepancy_types ?? []).filter((t) => canBe(item, t.code));
  const menu = useRef<HTMLDivElement>(null);
  const chosen = types.findIndex((t) => t.code === verdictOf(comparison.rows.value, item));
  const [at, setAt] = useState(Math.max(0, chosen));
  // At once: the letter that chooses may follow within milliseconds.
  useLayoutEffect(() => menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]')[at]?.focus(), [at]);
  useLayoutEffect(() => menu.current?.scrollIntoView({ block: 'nearest' }), []);
  const close = () => {
    comparison.choosing.value = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = types.find((t) => t.key.toLowerCase() === event.key.toLowerCase());
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown') setAt((at + 1) % types.length);
    else if (event.key === 'ArrowUp') setAt((at + types.length - 1) % types.length);
    else if (letter) comparison.differ(item, letter.code);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={menu}
      class="menu"
      role="menu"
      aria-label="How it differs"
      data-testid="differ-menu"
      onKeyDown={onKeyDown}
      onFocusOut={(e) => {
        if (!(e.relatedTarget instanceof Node && e.currentTarget.contains(e.relatedTarget))) close();
      }}
    >
      {types.map((type, i) => (
        <button
          key={type.code}
          type="button"
          role="menuitem"
          tabIndex={i === at ? 0 : -1}
          data-testid={`differ-${type.code}`}
          onClick={() => comparison.differ(item, type.code)}
        >
          <kbd>{type.key.toUpperCase()}</kbd>
          <span>
            <b>{type.label}</b> <span class="faint">{type.definition}</span>
          </span>
        </button>
      ))}
    </div>
  );
}
