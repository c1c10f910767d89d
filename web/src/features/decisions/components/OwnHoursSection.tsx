import { NumberInput, Stack, Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem, SaveBar, Section } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import type { Policy, Settings } from "../api/policy";
import { useWords } from "../hooks/words";
import { useChange } from "../hooks/usePolicy";
import { everyDay, runs, sameWeek } from "../rules/week";
import classes from "./Policy.module.css";
import { WeekEditor } from "./WeekEditor";

type Hours = Settings["hours"];

/** Hours of the firm's own: they take away from what the rules allow and never add. */
export function OwnHoursSection({ policy }: { policy: Policy }) {
  const { t } = useTranslation("decisions");
  const mayChange = useAtLeast("admin");
  const { change, error, busy } = useChange(policy);
  const [draft, setDraft] = useState<Hours | null>(null);
  const hours = draft ?? policy.hours;
  const dirty = draft !== null && (!sameWeek(draft.week, policy.hours.week) || draft.margin_minutes !== policy.hours.margin_minutes);
  const edit = (part: Partial<Hours>) => setDraft({ ...hours, ...part });
  const save = () => change("hours", hours).then(() => setDraft(null), () => undefined);
  return (
    <Section title={t("own.title")} description={t("own.description")}>
      <Stack>
        <Switch label={t("own.narrower")} checked={hours.week !== null} disabled={!mayChange} onChange={(event) => edit({ week: event.currentTarget.checked ? everyDay(["10:00-19:00"]) : null })} />
        {hours.week && (
          <>
            <WeekEditor week={hours.week} onChange={(week) => edit({ week })} disabled={!mayChange} />
            <InWords week={hours.week} />
          </>
        )}
        <NumberInput label={t("own.margin")} description={t("own.marginWhat")} suffix={t("own.minutes")} min={0} max={120} step={5} allowDecimal={false} maw={280} disabled={!mayChange} value={hours.margin_minutes} onChange={(value) => typeof value === "number" && edit({ margin_minutes: value })} />
        <Problem error={error} />
        {dirty && <SaveBar busy={busy} onCancel={() => setDraft(null)} onSave={() => void save()} />}
      </Stack>
    </Section>
  );
}

/** “Monday to Friday 10:00 to 19:00; Saturday closed”. */
function InWords({ week }: { week: NonNullable<Hours["week"]> }) {
  const { t } = useTranslation("decisions");
  const { clock, day, list } = useWords();
  const days = runs(week).map(({ first, last, spans }) => {
    const named = first === last ? day(first, "long") : t("week.fromTo", { first: day(first, "long"), last: day(last, "long") });
    if (spans.length === 0) return t("week.closedOn", { day: named });
    const hours = spans.map((span) => span.split("-").map((at) => clock(Number(at.slice(0, 2)) * 60 + Number(at.slice(3))))).map(([opens, closes]) => t("week.span", { opens, closes }));
    return t("week.openOn", { day: named, spans: list(hours) });
  });
  return (
    <p className={classes.inWords} role="status">
      {days.join(" · ")}
    </p>
  );
}
