// Step one, the independent read: findings, or no abnormality, and whether the images allow it.

import { useRoom } from './context';
import { FindingCard, FindingEditor } from './finding';
import { Radios } from './radios';

export function ReadStep() {
  const room = useRoom();
  const { draft } = room;
  const entries = draft.entries.value;
  const none = draft.noAbnormality.value;
  return (
    <>
      <div class="head">
        <h2 tabIndex={-1}>
          Independent read <span class="soft">the report opens when you commit</span>
        </h2>
        <p class="faint keys">
          {!room.views.onlyCurves.value && (
            <>
              Length <kbd>L</kbd> Ellipse <kbd>E</kbd>{' '}
            </>
          )}
          Finding <kbd>F</kbd> No abnormality <kbd>N</kbd>
        </p>
      </div>
      <div class="scroll">
        {entries.map((entry) =>
          room.editing.value === entry.tracking_uid ? (
            <FindingEditor key={entry.tracking_uid} entry={entry} />
          ) : (
            <div key={entry.tracking_uid} class="withedit">
              <FindingCard entry={entry} />
              <button
                type="button"
                class="quiet"
                aria-label={`Change F${entry.number}`}
                onClick={() => {
                  room.editing.value = entry.tracking_uid;
                }}
              >
                Change
              </button>
            </div>
          ),
        )}
        {!entries.length && !none && (
          <p class="hint">
            No finding yet.{' '}
            {room.views.onlyCurves.value ? (
              <>
                Press <kbd>F</kbd> to name one.
              </>
            ) : (
              <>
                Draw a length or an ellipse on the image, then press <kbd>F</kbd>. Without a place, press{' '}
                <kbd>F</kbd> at once.
              </>
            )}
          </p>
        )}
        {none && (
          <p class="none" data-testid="no-abnormality-set">
            <b>No abnormality</b>
            <span class="soft">You found nothing that a report should name.</span>
          </p>
        )}
        <p class="row">
          <button type="button" class="ghost" data-testid="add-finding" onClick={() => room.addFinding()}>
            Add finding<kbd>F</kbd>
          </button>
          <button
            type="button"
            class="ghost"
            data-testid="no-abnormality"
            aria-pressed={none}
            disabled={entries.length > 0}
            onClick={() => room.noAbnormality()}
          >
            No abnormality<kbd>N</kbd>
          </button>
        </p>
        <Radios
          label="Images"
          name="quality"
          value={draft.imageQuality.value}
          options={room.terms.value?.image_quality ?? []}
          onPick={(value) => {
            draft.imageQuality.value = value;
            draft.saver.touch();
          }}
        />
      </div>
    </>
  );
}
