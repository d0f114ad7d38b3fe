// After the signature: that it is signed, and the next case.
import { useRoom } from './context';

export function DoneStep() {
  const room = useRoom();
  const view = room.view.value;
  if (!view) return null;
  return (
    <>
      <div class="head">
        <h2 tabIndex={-1}>
          Signed <span class="agree">✓</span>
        </h2>
      </div>
      <div class="scroll" data-testid="done">
        <p>
          The comparison of case {view.case_id} is signed by {view.signer_name} and cannot be changed.
        </p>
        <p class="soft">
          {view.state === 'CLOSED_CONCORDANT'
            ? 'Both opinions agree. The case is closed.'
            : 'The quality lead takes it from here; the original reader is told without your name.'}
        </p>
        <p class="soft">
          {view.next_case_id ? (
            <>
              Next case <kbd>↵</kbd>
            </>
          ) : (
            'No other case waits for you.'
          )}
        </p>
      </div>
    </>
  );
}
