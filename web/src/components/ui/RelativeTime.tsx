import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { formatDateTime, formatRelative } from "@/lib/i18n";

/** One clock for all times on screen, ticking each half minute. */
const TICK_MS = 30_000;
let now = new Date();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = new Date();
    timer = setInterval(tick, TICK_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function tick(): void {
  now = new Date();
  for (const listener of listeners) listener();
}

/** “3 minutes ago”, the full date on hover and for machines. `at` is an ISO time or seconds since 1970 (allauth's form). */
export function RelativeTime({ at }: { at: string | number }) {
  useTranslation(); // a change of language re-renders
  const clock = useSyncExternalStore(subscribe, () => now);
  const date = new Date(typeof at === "number" ? at * 1000 : at);
  const latest = date > clock ? new Date(Math.max(clock.getTime(), Math.min(date.getTime(), Date.now()))) : clock;
  return (
    <time dateTime={date.toISOString()} title={formatDateTime(date)}>
      {formatRelative(date, latest)}
    </time>
  );
}
