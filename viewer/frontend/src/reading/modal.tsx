// A modal dialog of the room, closed by Escape unless a signature is under way.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useRoom } from './context';

export function Modal({
  title,
  children,
  testId,
}: {
  title: string;
  children: ComponentChildren;
  testId: string;
}) {
  const room = useRoom();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // What is to be written, or the one press that this dialog is for, has the focus.
    dialog.current?.querySelector<HTMLElement>('textarea, .go')?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      data-testid={testId}
      aria-labelledby="dialog-title"
      onCancel={(e) => {
        e.preventDefault();
        if (!room.busy.value) room.dialog.value = null;
      }}
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}
