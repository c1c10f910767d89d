/** Texts on their way to the server: shown at once, replaced by the real message when it answers, kept with the reason when it refuses. */
import { useSyncExternalStore } from "react";

export interface Sending {
  /** Sent as Idempotency-Key, again with each retry: a text goes out once. */
  key: string;
  conversation: string;
  text: string;
  at: Date;
  /** What the server or the network said; null while waiting. */
  error: unknown;
}

let all: readonly Sending[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Sending[]): void {
  all = next;
  for (const listener of listeners) listener();
}

export const addSending = (sending: Sending): void => set([...all, sending]);

export const removeSending = (key: string): void => set(all.filter((one) => one.key !== key));

export const markSending = (key: string, error: unknown): void => set(all.map((one) => (one.key === key ? { ...one, error } : one)));

/** True while the answer of a text is awaited: the live event of it may come first and must not show it twice. */
export const isSendingIn = (conversation: string): boolean => all.some((one) => one.conversation === conversation && one.error === null);

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSending = (conversation: string): readonly Sending[] => {
  const everything = useSyncExternalStore(subscribe, () => all);
  return everything.filter((one) => one.conversation === conversation);
};
