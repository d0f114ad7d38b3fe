// Giving a case back before the commit, with the reason; another reader takes it from the list.
import { useSignal } from '@preact/signals';
import { useRoom } from './context';
import { Modal } from './modal';

export function ReleaseDialog() {
  const room = useRoom();
  const reason = useSignal('');
  const ready = reason.value.trim() !== '';
  const give = () => {
    if (ready) void room.release(reason.value.trim());
    else room.say('Say why you give the case back.');
  };
  return (
    <Modal title="Give the case back" testId="release-dialog">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          give();
        }}
      >
        <label class="stack">
          <span>Why</span>
          <textarea
            rows={2}
            required
            data-testid="release-reason"
            value={reason.value}
            placeholder="I know this patient; not my field; images missing …"
            onInput={(e) => (reason.value = e.currentTarget.value)}
            onKeyDown={(e) => {
              if (e.key !== 'Enter' || e.shiftKey) return;
              e.preventDefault();
              give();
            }}
          />
        </label>
        <p class="soft">The case returns to the list for another reader. What you entered counts nowhere.</p>
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
          <button type="submit" class="go" data-testid="confirm-release" data-ready={ready}>
            Give back<kbd>↵</kbd>
          </button>
        </p>
      </form>
    </Modal>
  );
}
