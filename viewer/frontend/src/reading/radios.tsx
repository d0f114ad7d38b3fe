// A row of choices of which one holds: arrows move, the chosen one is said by more than its colour.
import { useId } from 'preact/hooks';

interface Props<T extends string> {
  label: string;
  name?: string;
  value: T;
  options: { value: T; label: string }[];
  disabled?: boolean;
  onPick: (value: T) => void;
}

export function Radios<T extends string>({ label, value, options, disabled, onPick, name }: Props<T>) {
  const id = useId();
  return (
    <fieldset class="radios" disabled={disabled}>
      <legend>{label}</legend>
      <div>
        {options.map((o) => (
          <label key={o.value} class={o.value === value ? 'chosen' : ''}>
            <input
              type="radio"
              name={id}
              value={o.value}
              checked={o.value === value}
              data-testid={name && `${name}-${o.value}`}
              onChange={() => onPick(o.value)}
            />
            {o.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
