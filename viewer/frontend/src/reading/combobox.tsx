// Type-ahead over coded terms, after the ARIA combobox pattern: arrows choose, Enter takes, Esc closes.
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { What } from '../lib/api';
import { matching } from '../lib/match';

interface Props<T extends What> {
  label: string;
  testId: string;
  terms: T[];
  value: { value: string; scheme: string; meaning: string } | null;
  first?: (term: T) => boolean;
  placeholder: string;
  focus?: boolean;
  onPick: (term: T | null, typed: string) => void;
  /** Enter was pressed on a value that stands: go to the next entry. */
  onDone?: () => void;
}

const SHOWN = 8;

export function Combobox<T extends What>(props: Props<T>) {
  const { terms, value, first, onPick, onDone } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const open = typed !== null;
  const options = open ? matching(typed, terms, first).slice(0, SHOWN) : [];
  // Before the next key press, not after the next painting: who types fast must not type into the room.
  useLayoutEffect(() => {
    if (props.focus) input.current?.focus();
  }, [props.focus]);

  const take = (term: T | undefined) => {
    if (!term) return;
    onPick(term, typed ?? '');
    setTyped(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setTyped('');
      else setAt((at + (event.key === 'ArrowDown' ? 1 : options.length - 1)) % Math.max(options.length, 1));
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (open && options[at]) take(options[at]);
      onDone?.();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (open) setTyped(null);
      else input.current?.blur();
    } else if (event.key === 'Tab' && open && typed) take(options[at]);
  };

  return (
    <div class="combobox">
      <label for={`${id}-input`}>{props.label}</label>
      <input
        ref={input}
        id={`${id}-input`}
        data-testid={props.testId}
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-expanded={open && options.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && options[at] ? `${id}-${at}` : undefined}
        placeholder={props.placeholder}
        value={typed ?? value?.meaning ?? ''}
        onInput={(e) => {
          setTyped(e.currentTarget.value);
          setAt(0);
          if (!e.currentTarget.value && value) onPick(null, '');
        }}
        onFocus={(e) => e.currentTarget.select()}
        onBlur={() => setTyped(null)}
        onKeyDown={onKeyDown}
      />
      {open && (
        <div id={`${id}-list`} role="listbox" aria-label={props.label} class="options">
          {options.map((term, i) => (
            <div
              key={`${term.scheme} ${term.value}`}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              onPointerDown={(e) => {
                e.preventDefault();
                take(term);
              }}
            >
              {term.meaning}
              {term.synonyms.length > 0 && <span class="faint"> {term.synonyms.slice(0, 2).join(', ')}</span>}
            </div>
          ))}
          {!options.length && (
            <div class="faint nothing">
              No such term. Try another word, or choose the nearest and add a note.
            </div>
          )}
        </div>
      )}
    </div>
  );
}
