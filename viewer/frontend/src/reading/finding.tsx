// One finding: read as a card, entered in place.
import type { Certainty, Side } from '../lib/api';
import { sideTyped } from '../lib/match';
import { moreWords, sizeWords } from '../study/measure';
import type { Entry } from './checks';
import { Combobox } from './combobox';
import { useRoom } from './context';
import { Radios } from './radios';

const SIDES: { value: Side; label: string }[] = [
  { value: 'right', label: 'right' },
  { value: 'left', label: 'left' },
  { value: 'bilateral', label: 'both' },
  { value: 'midline', label: 'midline' },
  { value: 'none', label: 'none' },
];
/** The side that a place names itself ("Left lower lobe"), none when it has no sides. */
const sideIn = (meaning: string): Side =>
  /\bleft\b/i.exec(meaning) ? 'left' : /\bright\b/i.exec(meaning) ? 'right' : 'none';
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** "Left · lung, lower lobe". */
export function placeWords(entry: Pick<Entry, 'where' | 'side'>): string {
  const where = entry.where?.meaning ?? '';
  if (entry.side === 'none' || where.toLowerCase().includes(entry.side)) return capital(where);
  const side = entry.side === 'bilateral' ? 'both sides' : entry.side;
  return capital([where, side].filter(Boolean).join(', '));
}

/** The number of the image in its series, as the reader counts, and whether its lengths are the detector's. */
export function useImageWords(entry: Pick<Entry, 'anchor'>): string {
  const { views } = useRoom();
  const place = entry.anchor;
  if (!place) return '';
  for (const pane of views.panes) {
    const frames = pane.stack.value?.frames ?? [];
    const at = frames.findIndex((f) => f.sopUid === place.sop_uid && f.number === place.frame);
    if (at >= 0) return `${frames[at]?.scale.kind === 'detector' ? 'at the detector · ' : ''}image ${at + 1}`;
  }
  return '';
}

export function FindingCard({ entry }: { entry: Entry }) {
  const room = useRoom();
  const image = useImageWords(entry);
  const size = [sizeWords(entry.measurements), moreWords(entry.measurements), image]
    .filter(Boolean)
    .join(' · ');
  const place = placeWords(entry);
  return (
    <article class="finding" data-testid={`finding-F${entry.number}`}>
      <h3>
        <button
          type="button"
          class="plain"
          title="Show in image"
          onClick={() => void room.showFinding(entry)}
        >
          F{entry.number} {entry.what?.meaning ?? 'not named yet'}
        </button>
      </h3>
      <dl>
        {place && <dt>Where</dt>}
        {place && <dd>{place}</dd>}
        <dt>Size</dt>
        <dd>{size || 'no place in the images'}</dd>
        <dt>Certainty</dt>
        <dd>{capital(entry.certainty)}</dd>
        {entry.note && <dt>Note</dt>}
        {entry.note && <dd>{entry.note}</dd>}
      </dl>
    </article>
  );
}

export function FindingEditor({ entry }: { entry: Entry }) {
  const room = useRoom();
  const terms = room.terms.value;
  const image = useImageWords(entry);
  if (!terms) return null;
  const uid = entry.tracking_uid;
  const change = (patch: Partial<Entry>) => room.draft.change(uid, patch);
  const title = room.view.value?.title.toLowerCase() ?? '';
  const size = [sizeWords(entry.measurements), moreWords(entry.measurements), image]
    .filter(Boolean)
    .join(' · ');
  const focusOn = (name: string) =>
    document.querySelector<HTMLInputElement>(`[data-finding="${uid}"] [data-testid="${name}"]`)?.focus();
  return (
    <article class="finding editing" data-finding={uid} data-testid={`finding-F${entry.number}`}>
      <h3>
        F{entry.number} <span class="soft">{size || 'no place in the images'}</span>
      </h3>
      <Combobox
        label="What"
        testId="what"
        terms={terms.what}
        value={entry.what}
        placeholder="mass, nodule, effusion …"
        focus={room.editing.value === uid && !entry.what}
        onPick={(term) =>
          change({ what: term && { value: term.value, scheme: term.scheme, meaning: term.meaning } })
        }
        onDone={() => focusOn('where')}
      />
      <Combobox
        label="Where"
        testId="where"
        terms={terms.where}
        value={entry.where}
        placeholder="left lower lobe, liver …"
        first={(term) => Boolean(term.body_part) && title.includes(term.body_part.toLowerCase())}
        onPick={(term, typed) => {
          const side = term?.sided ? sideTyped(typed) : term && sideIn(term.meaning);
          change({
            where: term && { value: term.value, scheme: term.scheme, meaning: term.meaning },
            ...(side ? { side } : {}),
          });
        }}
        onDone={() =>
          document.querySelector<HTMLInputElement>(`[data-finding="${uid}"] .radios input:checked`)?.focus()
        }
      />
      <Radios
        label="Side"
        name="side"
        value={entry.side}
        options={SIDES}
        onPick={(side) => change({ side })}
      />
      <Radios
        label="Certainty"
        name="certainty"
        value={entry.certainty}
        options={(['definite', 'probable', 'possible'] as Certainty[]).map((value) => ({
          value,
          label: value,
        }))}
        onPick={(certainty) => change({ certainty })}
      />
      <label class="remark">
        <span>Note</span>
        <textarea
          rows={1}
          data-testid="note"
          value={entry.note}
          placeholder="optional"
          onInput={(e) => change({ note: e.currentTarget.value })}
          onKeyDown={(e) => {
            if (e.key === 'Escape') e.currentTarget.blur();
          }}
        />
      </label>
      <p class="row">
        <button type="button" class="quiet" onClick={() => void room.showFinding(entry)}>
          Show in image
        </button>
        <button type="button" class="quiet" onClick={() => room.removeFinding(uid)}>
          Remove
        </button>
        <button
          type="button"
          class="quiet end"
          data-testid="finding-done"
          onClick={() => {
            room.editing.value = null;
          }}
        >
          Done
        </button>
      </p>
    </article>
  );
}
