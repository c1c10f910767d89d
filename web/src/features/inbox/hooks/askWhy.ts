import { createContext } from "react";

/** Opens the reasons for a message; null where nobody draws them. */
export const AskWhy = createContext<((message: string) => void) | null>(null);

/** The message the focus is in, else the newest of ours. */
export function messageToAsk(newestFirst: readonly { id: string; direction: "in" | "out" }[]): string | undefined {
  const focused = document.activeElement?.closest<HTMLElement>("[data-message]")?.dataset.message;
  const ours = newestFirst.filter(({ direction }) => direction === "out");
  return ours.find(({ id }) => id === focused)?.id ?? ours[0]?.id;
}
