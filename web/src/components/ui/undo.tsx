import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { i18n } from "@/lib/i18n";

/** Long enough to read a sentence and move a hand; the clock stops while the pointer or focus is on the toast. */
const UNDO_MS = 8000;

interface Done {
  /** What happened, in the past: “Conversation closed”. */
  message: string;
  /** Takes it back. */
  undo: () => void;
}

/** Says what was done and offers to take it back, in place of asking beforehand. */
export function showUndo({ message, undo }: Done): void {
  const id = crypto.randomUUID();
  const takeBack = () => {
    notifications.hide(id);
    undo();
  };
  notifications.show({ id, autoClose: UNDO_MS, withBorder: true, closeButtonProps: closeButton(), message: <UndoLine message={message} onUndo={takeBack} /> });
}

/**
 * For acts the server cannot take back: waits, then acts, unless undone. Leaving the page acts at once, so nothing is forgotten.
 * The screen should show the result right away and restore it in `undo`.
 */
export function actUnlessUndone({ message, act, undo }: Done & { act: () => void }): void {
  const id = crypto.randomUUID();
  const finish = once(() => {
    window.removeEventListener("pagehide", finish);
    act();
  });
  const takeBack = () => {
    finish.cancel();
    window.removeEventListener("pagehide", finish);
    notifications.hide(id);
    undo();
  };
  window.addEventListener("pagehide", finish);
  notifications.show({
    id,
    autoClose: UNDO_MS,
    withBorder: true,
    closeButtonProps: closeButton(),
    onClose: finish,
    message: <UndoLine message={message} onUndo={takeBack} />,
  });
}

function once(run: () => void): (() => void) & { cancel: () => void } {
  let left = true;
  const call = () => {
    if (!left) return;
    left = false;
    run();
  };
  return Object.assign(call, { cancel: () => void (left = false) });
}

function UndoLine({ message, onUndo }: { message: string; onUndo: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{message}</Text>
      <Button size="compact-sm" variant="light" flex="none" onClick={onUndo}>
        {i18n.t("common:actions.undo")}
      </Button>
    </Group>
  );
}

/** A short word that something worked. */
export const showDone = (message: string): void => void notifications.show({ message, autoClose: 4000, withBorder: true, closeButtonProps: closeButton() });

const closeButton = () => ({ "aria-label": i18n.t("common:actions.close") });
