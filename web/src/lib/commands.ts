/** Commands of the palette (Ctrl-K): features register them while they make sense. */
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from "react";

export interface Command {
  id: string;
  label: string;
  group: string;
  /** Other words people may type for it. */
  keywords?: string;
  /** Shown at the end of the line, as in `Shortcut.keys`. */
  keys?: string;
  icon?: ReactNode;
  run: () => void;
}

const registered = new Set<Command>();
const listeners = new Set<() => void>();
let list: readonly Command[] = [];

function changed(): void {
  list = [...registered];
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Registers commands while the component shows. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const shape = commands.map((command) => `${command.id}\u0000${command.label}`).join("\u0001");
  useEffect(() => {
    const mine = latest.current.map((command, index) => ({ ...command, run: () => latest.current[index]?.run() }));
    mine.forEach((command) => registered.add(command));
    changed();
    return () => {
      mine.forEach((command) => registered.delete(command));
      changed();
    };
  }, [shape]);
}

export const useAllCommands = (): readonly Command[] => useSyncExternalStore(subscribe, () => list);

/** Every typed word must start a word of the label, group or keywords; matches in the label come first. */
export function matching(commands: readonly Command[], typed: string): readonly Command[] {
  const wanted = words(typed);
  const fits = (text: string) => wanted.every((word) => words(text).some((candidate) => candidate.startsWith(word)));
  const inLabel = commands.filter((command) => fits(command.label));
  const elsewhere = commands.filter((command) => !inLabel.includes(command) && fits(`${command.label} ${command.group} ${command.keywords ?? ""}`));
  return [...inLabel, ...elsewhere];
}

const words = (text: string): string[] => text.toLocaleLowerCase().split(/[\s,·/-]+/).filter(Boolean);
