// The line at the top: which case, where in it, whether it is saved, the clock, the place in the list.
import { ago, clock, due, person } from '../lib/words';
import { useRoom } from './context';

const STEPS = [
  ['read', 'Independent read'],
  ['compare', 'Compare'],
  ['score', 'Score and sign'],
] as const;

export function Header() {
  const room = useRoom();
  const view = room.view.value;
  if (!view) return null;
  const at = STEPS.findIndex(([step]) => step === room.step.value);
  const now = at < 0 ? STEPS.length : at;
  const current = view.studies.find((s) => s.role === 'current');
  const date =
    current?.studied_on && !view.title.includes(current.studied_on) ? ` · ${current.studied_on}` : '';
  return (
    <header class="bar">
      <a class="brand" href="/worklist">
        Second Read
      </a>
      <h1 class="case">
        {view.title}
        {date}
      </h1>
      <span class="soft fits">
        {[
          person(view.patient.sex, view.patient.age_years),
          `case ${view.case_id}`,
          view.step === 'done' ? '' : due(view.due_at, room.now.value),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <ol class="steps" aria-label="Steps of the read">
        {STEPS.map(([step, words], i) => (
          <li key={step} class={i < now ? 'past' : ''} aria-current={i === now ? 'step' : undefined}>
            {i < now && <span aria-hidden="true">✓ </span>}
            {words}
            {i < now && <span class="spoken"> (done)</span>}
          </li>
        ))}
      </ol>
      <div class="state">
        <Saved />
        <span class="soft" title="Time with the case" data-testid="clock">
          {clock(room.draft.clock.value)}
        </span>
        {view.position && (
          <span class="soft" title="Place in your list">
            {view.position.index} of {view.position.of}
          </span>
        )}
        {view.step === 'read' && (
          <button
            type="button"
            class="quiet"
            title="Give the case back (G)"
            data-testid="give-back"
            onClick={() => (room.dialog.value = 'release')}
          >
            Give back
          </button>
        )}
        <button type="button" class="key" aria-label="Keys" onClick={() => (room.dialog.value = 'keys')}>
          <kbd>?</kbd>
        </button>
      </div>
    </header>
  );
}

function Saved() {
  const room = useRoom();
  const state = room.saver.value.state.value;
  const words = {
    idle: '',
    saving: 'saving…',
    saved: state.kind === 'saved' ? `saved ${ago(state.at, room.now.value)}` : '',
    retrying: 'not saved – retrying',
    conflict: 'not saved – open in another window',
    refused: 'not saved',
    signed_out: 'not saved – signed out',
  }[state.kind];
  if (room.step.value === 'done') return <span class="savestate">signed</span>;
  const bad = ['retrying', 'conflict', 'refused', 'signed_out'].includes(state.kind);
  return (
    <span
      class={`savestate ${bad ? 'bad' : ''}`}
      data-testid="saved"
      data-state={state.kind}
      title={'message' in state ? state.message : ''}
    >
      {words}
    </span>
  );
}
