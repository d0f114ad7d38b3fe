// The right column: the step's own part, and the line at its foot with the step's button.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { CompareStep } from './comparestep';
import { useRoom } from './context';
import { DoneStep } from './donestep';
import { ReadStep } from './readstep';
import { ScoreStep } from './scorestep';

const GO = { read: 'Commit the read', compare: 'Score and sign', score: 'Sign', done: 'Next case' };

export function Panel() {
  const room = useRoom();
  const step = room.step.value;
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // A new step begins at its heading: no button of the last step keeps the focus.
    if (step !== 'score') panel.current?.querySelector('h2')?.focus();
  }, [step]);
  const obstacles = room.obstacles.value;
  const saving = room.saver.value.state.value;
  return (
    <aside ref={panel} class="read" aria-label="The read">
      {step === 'read' && <ReadStep />}
      {step === 'compare' && <CompareStep />}
      {step === 'score' && <ScoreStep />}
      {step === 'done' && <DoneStep />}
      <div class="foot">
        {saving.kind === 'conflict' && (
          <div class="problem" role="alert" data-testid="conflict">
            <p>{saving.message || 'Another window saved this read later.'}</p>
            <p class="row">
              <button type="button" class="ghost" onClick={() => void room.settle(false)}>
                Load what it saved
              </button>
              <button type="button" class="ghost" onClick={() => void room.settle(true)}>
                Keep what is here
              </button>
            </p>
          </div>
        )}
        {saving.kind === 'signed_out' && (
          <p class="problem" role="alert">
            {saving.message} <a href={`/login?next=${encodeURIComponent(location.pathname)}`}>Sign in</a>.
            What was saved before stays.
          </p>
        )}
        {(saving.kind === 'retrying' || saving.kind === 'refused') && (
          <p class="problem" role="alert">
            {saving.message}
          </p>
        )}
        <p class="notice" role="status" data-testid="notice">
          {room.dialog.value ? '' : room.notice.value}
        </p>
        <div class="footline">
          <span class="tag">quality record · not part of the chart</span>
          <button
            type="button"
            class="go"
            data-testid={step === 'read' ? 'commit' : step === 'done' ? 'next-case' : 'score-and-sign'}
            data-ready={obstacles.length === 0}
            title={obstacles.join(' ')}
            onClick={() => room.main()}
          >
            {step === 'done' && !room.view.value?.next_case_id ? 'Worklist' : GO[step]}
            <kbd>{step === 'done' ? '↵' : 'Ctrl ↵'}</kbd>
          </button>
        </div>
      </div>
    </aside>
  );
}
