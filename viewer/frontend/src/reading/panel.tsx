// The right column: the step's own part, and the line at its foot with the step's button.
import { useEffect, useRef } from 'preact/hooks';
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
  useEffect(() => {
    // A new step begins at its heading: no button of the last step keeps the focus.
    if (step !== 'score') panel.current?.querySelector('h2')?.focus();
  }, [step]);
  const obstacles = room.obstacles.value;
  const conflict = room.saver.value.state.value;
  return (
    <aside ref={panel} class="read" aria-label="The read">
      {step === 'read' && <ReadStep />}
      {step === 'compare' && <CompareStep />}
      {step === 'score' && <ScoreStep />}
      {step === 'done' && <DoneStep />}
      <div class="foot">
        {conflict.kind === 'conflict' && (
          <div class="problem" role="alert" data-testid="conflict">
            <p>{conflict.message || 'Another window saved this read later.'}</p>
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
        {(conflict.kind === 'retrying' || conflict.kind === 'refused') && (
          <p class="problem" role="alert">
            {conflict.message}
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
