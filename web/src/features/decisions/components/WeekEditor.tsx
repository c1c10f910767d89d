import { ActionIcon, Button, Checkbox, Group, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { WEEKDAYS, type Week, type Weekday } from "../api/packs";
import { useWords } from "../hooks/words";
import { clockOf, DAY, minutesOf, spansOf, written, type Span } from "../rules/week";
import classes from "./Policy.module.css";

interface Props {
  week: Week;
  onChange: (week: Week) => void;
  disabled?: boolean;
}

const USUAL: Span = { opens: 9 * 60, closes: 18 * 60 };
const BREAK = 60; // minutes

/** When each day is open; a day may have a break. */
export function WeekEditor({ week, onChange, disabled = false }: Props) {
  const { t } = useTranslation("decisions");
  const { day: dayName } = useWords();
  const set = (day: Weekday, spans: readonly Span[]) => onChange({ ...week, [day]: spans.map(written) });
  const toAll = () => onChange(Object.fromEntries(WEEKDAYS.map((day) => [day, week.mon])) as unknown as Week);
  return (
    <div className={classes.week}>
      {WEEKDAYS.map((day) => (
        <DayLine key={day} name={dayName(day, "long")} spans={spansOf(week[day])} onChange={(spans) => set(day, spans)} disabled={disabled} />
      ))}
      <Group>
        <Button variant="subtle" size="compact-sm" onClick={toAll} disabled={disabled}>
          {t("week.mondayToAll")}
        </Button>
      </Group>
    </div>
  );
}

function DayLine({ name, spans, onChange, disabled }: { name: string; spans: readonly Span[]; onChange: (spans: readonly Span[]) => void; disabled: boolean }) {
  const { t } = useTranslation("decisions");
  const change = (index: number, part: Partial<Span>) => {
    const next = spans.map((span, at) => (at === index ? { ...span, ...part } : span));
    if (next.every(({ opens, closes }, at) => opens < closes && opens > (next[at - 1]?.closes ?? -1))) onChange(next);
  };
  const last = spans.at(-1);
  const addable = last !== undefined && last.closes + BREAK < DAY;
  const add = () => last && onChange([...spans, { opens: last.closes + BREAK, closes: Math.min(DAY, last.closes + 4 * BREAK) }]);
  return (
    <div className={classes.dayLine} role="group" aria-label={name}>
      <Checkbox label={name} checked={spans.length > 0} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked ? [USUAL] : [])} className={classes.dayName} />
      <div className={classes.spans}>
        {spans.length === 0 && <span className={classes.closed}>{t("week.closed")}</span>}
        {spans.map((span, index) => (
          <span key={index} className={classes.span}>
            <Time label={t("week.opens", { day: name })} value={span.opens} onChange={(opens) => change(index, { opens })} disabled={disabled} />
            <span aria-hidden>–</span>
            <Time label={t("week.closes", { day: name })} value={span.closes} end onChange={(closes) => change(index, { closes })} disabled={disabled} />
            {spans.length > 1 && (
              <ActionIcon variant="subtle" color="gray" size="lg" disabled={disabled} aria-label={t("week.removeSpan", { day: name })} onClick={() => onChange(spans.filter((_, at) => at !== index))}>
                <IconTrash size={17} aria-hidden />
              </ActionIcon>
            )}
          </span>
        ))}
        {addable && (
          <ActionIcon variant="subtle" color="gray" size="lg" disabled={disabled} aria-label={t("week.addSpan", { day: name })} title={t("week.addSpan", { day: name })} onClick={add}>
            <IconPlus size={17} aria-hidden />
          </ActionIcon>
        )}
      </div>
    </div>
  );
}

/** A time field; midnight as the end of a day is the 24th hour. */
function Time({ label, value, end = false, onChange, disabled }: { label: string; value: number; end?: boolean; onChange: (minutes: number) => void; disabled: boolean }) {
  const shown = clockOf(value % DAY);
  const change = (typed: string) => {
    if (!/^\d\d:\d\d/.test(typed)) return;
    const minutes = minutesOf(typed);
    onChange(end && minutes === 0 ? DAY : minutes);
  };
  return <TextInput type="time" dir="ltr" aria-label={label} value={shown} disabled={disabled} onChange={(event) => change(event.currentTarget.value)} />;
}
