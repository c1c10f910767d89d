import { useTranslation } from "react-i18next";
import { formatDateTime, formatTime } from "@/lib/i18n";
import { formattingLocale } from "@/lib/languages";
import { dateOf, daysBetween } from "../rules/timeline";

/** Today the time, this week the day, before that the date: as short as it stays clear. */
export function ShortTime({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const date = new Date(at);
  return (
    <time dateTime={at} title={formatDateTime(date)}>
      {shortTime(date, new Date(), formattingLocale(i18n.language))}
    </time>
  );
}

function shortTime(date: Date, now: Date, locale: string): string {
  const days = daysBetween(dateOf(date), dateOf(now));
  if (days <= 0) return formatTime(date);
  if (days < 7) return date.toLocaleDateString(locale, { weekday: "short" });
  const thisYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString(locale, thisYear ? { day: "numeric", month: "short" } : { day: "numeric", month: "numeric", year: "2-digit" });
}
