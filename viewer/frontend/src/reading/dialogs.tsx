// The dialogs of the room: the two signatures, giving the case back, the list of keys.
import type { ComponentChildren } from 'preact';
import { clock } from '../lib/words';
import { BINDINGS, type Binding } from './bindings';
import { useRoom } from './context';
import { differs } from './ledger';
import { Modal } from './modal';
import { ReleaseDialog } from './release';

export function Dialogs() {
  const room = useRoom();
  switch (room.dialog.value) {
    case 'keys':
      return <Keys />;
    case 'commit':
      return <CommitDialog />;
    case 'sign':
      return <SignDialog />;
    case 'release':
      return <ReleaseDialog />;
    default:
      return null;
  }
}

function Confirm({
  meaning,
  words,
  children,
}: {
  meaning: string;
  words: string;
  children: ComponentChildren;
}) {
  const room = useRoom();
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        void room.confirm();
      }}
    >
      {children}
      <dl class="signature">
        <dt>Signed by</dt>
        <dd>{room.view.value?.signer_name}</dd>
        <dt>Meaning</dt>
        <dd>{meaning}</dd>
      </dl>
      {room.notice.value && (
        <p class="problem" role="alert">
          {room.notice.value}
        </p>
      )}
      <p class="row">
        <button
          type="button"
          class="ghost"
          disabled={room.busy.value}
          onClick={() => (room.dialog.value = null)}
        >
          Not yet<kbd>Esc</kbd>
        </button>
        <button type="submit" class="go" data-testid="confirm" aria-disabled={room.busy.value}>
          {room.busy.value ? 'Signing…' : words}
          <kbd>↵</kbd>
        </button>
      </p>
    </form>
  );
}

function CommitDialog() {
  const room = useRoom();
  const { draft } = room;
  const quality = room.terms.value?.image_quality.find((q) => q.value === draft.imageQuality.value)?.label;
  return (
    <Modal title="Commit your independent read" testId="commit-dialog">
      <Confirm meaning="independent read" words="Sign and open the report">
        <ul class="signed">
          {draft.findings.map((f) => (
            <li key={f.tracking_uid}>
              F{f.number} {f.what.meaning}
              {f.where ? `, ${f.where.meaning}` : ''}
            </li>
          ))}
          {draft.noAbnormality.value && <li>No abnormality</li>}
          <li class="soft">
            Images: {quality ?? draft.imageQuality.value} · read in {clock(draft.clock.value)}
          </li>
        </ul>
        <p class="soft">After this the read cannot be changed. Then the original report opens.</p>
      </Confirm>
    </Modal>
  );
}

function SignDialog() {
  const room = useRoom();
  const { comparison } = room;
  const score = comparison.score.value;
  const option = room.view.value?.scheme.options.find((o) => o.value === score.value);
  const count = comparison.rows.value.filter(differs).length;
  return (
    <Modal title="Sign the comparison and the score" testId="sign-dialog">
      <Confirm meaning="comparison and score" words="Sign">
        <ul class="signed">
          <li>
            {comparison.rows.value.length} entries judged, {count} {count === 1 ? 'differs' : 'differ'}
          </li>
          <li>
            Score {score.value} <span class="soft">{option?.label}</span>
          </li>
          {score.actionable !== null && (
            <li>
              Actionable: {room.terms.value?.actionable.find((a) => a.category === score.actionable)?.label}
            </li>
          )}
          {score.request_addendum && <li>An addendum is requested</li>}
        </ul>
      </Confirm>
    </Modal>
  );
}

function Keys() {
  const room = useRoom();
  const groups = [...new Set(BINDINGS.map((b) => b.group))];
  const shown = (group: Binding['group']) => {
    const list = BINDINGS.filter((b) => b.group === group && (b.action !== 'preset' || b.key === '1'));
    return list.map((b) => (b.action === 'preset' ? { ...b, shown: '1 … 9' } : b));
  };
  return (
    <Modal title="Keys" testId="keys-dialog">
      <div class="keylist">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {shown(group).map((b) => (
                <div key={b.action + b.key}>
                  <dt>
                    <kbd>{b.shown}</kbd>
                  </dt>
                  <dd>{b.words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="soft">
        Mouse: left the chosen tool, middle pan, right zoom, wheel scroll. In lists: arrows and Enter.
      </p>
      <form method="dialog">
        <button type="button" class="ghost" onClick={() => (room.dialog.value = null)}>
          Close<kbd>Esc</kbd>
        </button>
      </form>
    </Modal>
  );
}
