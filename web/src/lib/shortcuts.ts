/** Keyboard shortcuts: features register them while their screen shows, `?` lists what works right now. */
import { useEffect, useRef, useSyncExternalStore } from "react";
import { remember, remembered } from "./storage";

export interface Shortcut {
  /** Keys in order, parted by spaces: `j`, `?`, `g i`, `mod+k` (`mod` is Ctrl, or Cmd on a Mac). */
  keys: string;
  label: string;
  /** The heading under which `?` shows it. */
  group: string;
  run: () => void;
}

/** A sequence such as `g i` must be finished within this time. */
const SEQUENCE_MS = 1200;

export class Shortcuts {
  private readonly registered = new Set<Shortcut>();
  private readonly listeners = new Set<() => void>();
  private list: readonly Shortcut[] = [];
  private typed: string[] = [];
  private typedAt = 0;

  register(shortcut: Shortcut): () => void {
    this.registered.add(shortcut);
    this.changed();
    return () => {
      this.registered.delete(shortcut);
      this.changed();
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  all = (): readonly Shortcut[] => this.list;

  /** Runs what the key completes; true when it meant something to us. The newest registration of a key wins. */
  press(key: string, at: number): boolean {
    if (at - this.typedAt > SEQUENCE_MS) this.typed = [];
    this.typedAt = at;
    this.typed = [...this.typed, key].slice(-2);
    const found = this.find(this.typed.join(" ")) ?? this.find(key);
    if (!found) return this.startsSequence(key);
    this.typed = [];
    found.run();
    return true;
  }

  private find = (keys: string): Shortcut | undefined => this.list.findLast((shortcut) => shortcut.keys === keys);

  private startsSequence = (key: string): boolean => this.list.some((shortcut) => shortcut.keys.startsWith(`${key} `));

  private changed(): void {
    this.list = [...this.registered];
    for (const listener of this.listeners) listener();
  }
}

export const shortcuts = new Shortcuts();

/** `mod+k`, `Escape`, `?`, `j`: the name of a key event, or null when it cannot be a shortcut. */
export function keyName(event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey">): string | null {
  if (event.altKey || ["Control", "Meta", "Shift", "Alt", "AltGraph", "Dead", "Process"].includes(event.key)) return null;
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return mod + letterOf(event);
}

/** On an Arabic or Greek keyboard the key in the place of `j` types another letter: its place counts then. */
function letterOf(event: Pick<KeyboardEvent, "key" | "code">): string {
  if (event.key.length > 1) return event.key;
  if (event.key.charCodeAt(0) < 128) return event.key.toLowerCase();
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
}

/** Single keys can be turned off, for people whose speech input types them (WCAG 2.1.4). */
export const singleKeysOn = (): boolean => remembered("single-keys") !== "off";
export const setSingleKeys = (on: boolean): void => remember("single-keys", on ? null : "off");

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const dialogIsOpen = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

/** The one listener on the document; the app installs it. */
export function listenForShortcuts(): () => void {
  // Asked before anybody hears of the key: Escape may close the dialog on its way, and must not go on to what lies behind.
  let inDialog = false;
  const before = () => {
    inDialog = dialogIsOpen();
  };
  const onKey = (event: KeyboardEvent) => {
    const key = keyName(event);
    if (key === null || event.defaultPrevented || inDialog) return;
    if (!key.startsWith("mod+") && (isTyping(event.target) || !singleKeysOn())) return;
    if (shortcuts.press(key, event.timeStamp)) event.preventDefault();
  };
  window.addEventListener("keydown", before, { capture: true });
  document.addEventListener("keydown", onKey);
  return () => {
    window.removeEventListener("keydown", before, { capture: true });
    document.removeEventListener("keydown", onKey);
  };
}

/** Registers shortcuts while the component shows. `run` may change every time; keys and labels re-register. */
export function useShortcuts(list: readonly Shortcut[]): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const shape = list.map((shortcut) => [shortcut.keys, shortcut.group, shortcut.label].join("\u0000")).join("\u0001");
  useEffect(() => {
    const undo = latest.current.map((shortcut, index) => shortcuts.register({ ...shortcut, run: () => latest.current[index]?.run() }));
    return () => undo.forEach((remove) => remove());
  }, [shape]);
}

export const useAllShortcuts = (): readonly Shortcut[] => useSyncExternalStore(shortcuts.subscribe, shortcuts.all);
