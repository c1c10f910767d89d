/** A thread as it is shown: days, runs of one side, and what is still on its way to the server. */
import type { Message } from "../api/types";

export interface Day {
  /** The local date, `2026-11-22`. */
  date: string;
  at: Date;
  runs: Run[];
}

/** Messages of one side and one author, shortly after each other. */
export interface Run {
  id: string;
  direction: "in" | "out";
  author_id: string | null;
  campaign_id: string | null;
  messages: Message[];
}

const SHORTLY_MS = 5 * 60_000;

/** `newestFirst` as the server gives them; the result reads from old to new. */
export function timeline(newestFirst: readonly Message[]): Day[] {
  const days: Day[] = [];
  for (const message of newestFirst.toReversed()) {
    const at = new Date(message.created_at);
    const date = dateOf(at);
    let day = days.at(-1);
    if (day?.date !== date) {
      day = { date, at, runs: [] };
      days.push(day);
    }
    const run = day.runs.at(-1);
    if (run && continues(run, message)) run.messages.push(message);
    else day.runs.push({ id: message.id, direction: message.direction, author_id: message.author_id, campaign_id: message.campaign_id, messages: [message] });
  }
  return days;
}

function continues(run: Run, message: Message): boolean {
  const last = run.messages.at(-1);
  if (!last || run.direction !== message.direction || run.author_id !== message.author_id || run.campaign_id !== message.campaign_id) return false;
  return Date.parse(message.created_at) - Date.parse(last.created_at) <= SHORTLY_MS;
}

const two = (number: number): string => String(number).padStart(2, "0");

export const dateOf = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** How many days `date` lies before `today`, both as {@link dateOf} writes them. */
export const daysBetween = (date: string, today: string): number => Math.round((Date.parse(today) - Date.parse(date)) / 86_400_000);
