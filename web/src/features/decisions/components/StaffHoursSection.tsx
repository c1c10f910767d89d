import { ActionIcon, Button, Group, Select, Stack, Switch, Tabs, Text, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { PhoneFrame, Problem, SaveBar, Section } from "@/components/ui";
import { timeZoneChoices } from "@/lib/places";
import { useAtLeast, useWorkspace } from "@/lib/session";
import type { Policy, StaffHours } from "../api/policy";
import { useWords } from "../hooks/words";
import { useChange } from "../hooks/usePolicy";
import { officeWeek } from "../rules/week";
import classes from "./Policy.module.css";
import { WeekEditor } from "./WeekEditor";

const LONGEST = 600; // characters, as the server has it

/** When the team is there, and what whoever writes at another time is told. */
export function StaffHoursSection({ policy }: { policy: Policy }) {
  const { t } = useTranslation("decisions");
  const workspace = useWorkspace();
  const mayChange = useAtLeast("admin");
  const { change, error, busy } = useChange(policy);
  const [draft, setDraft] = useState<StaffHours | null | undefined>(undefined);
  const hours = draft === undefined ? policy.staff_hours : draft;
  const dirty = JSON.stringify(hours) !== JSON.stringify(policy.staff_hours);
  const start = (): StaffHours => policy.staff_hours ?? { zone: workspace.time_zone, week: officeWeek(), holidays: [], messages: {} };
  const edit = (part: Partial<StaffHours>) => setDraft({ ...(hours ?? start()), ...part });
  const save = () => change("staff_hours", hours && { ...hours, messages: said(hours.messages) }).then(() => setDraft(undefined), () => undefined);
  return (
    <Section title={t("staff.title")} description={t("staff.description")}>
      <Stack>
        <Switch label={t("staff.on")} checked={hours !== null} disabled={!mayChange} onChange={(event) => setDraft(event.currentTarget.checked ? start() : null)} />
        {hours && (
          <>
            <Zone value={hours.zone} onChange={(zone) => edit({ zone })} disabled={!mayChange} />
            <WeekEditor week={hours.week} onChange={(week) => edit({ week })} disabled={!mayChange} />
            <Holidays days={hours.holidays} onChange={(holidays) => edit({ holidays })} disabled={!mayChange} />
            <AwayMessages messages={hours.messages} onChange={(messages) => edit({ messages })} disabled={!mayChange} />
          </>
        )}
        <Problem error={error} />
        {dirty && <SaveBar busy={busy} onCancel={() => setDraft(undefined)} onSave={() => void save()} />}
      </Stack>
    </Section>
  );
}

const said = (messages: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(messages).filter(([, text]) => text.trim() !== ""));

function Zone({ value, onChange, disabled }: { value: string; onChange: (zone: string) => void; disabled: boolean }) {
  const { t } = useTranslation("decisions");
  const zones = useMemo(timeZoneChoices, []);
  return <Select label={t("staff.zone")} data={zones} searchable limit={60} allowDeselect={false} value={value} onChange={(zone) => zone && onChange(zone)} disabled={disabled} maw={340} />;
}

function Holidays({ days, onChange, disabled }: { days: readonly string[]; onChange: (days: string[]) => void; disabled: boolean }) {
  const { t } = useTranslation("decisions");
  const { date } = useWords();
  const [typed, setTyped] = useState("");
  const add = () => {
    if (!typed) return;
    onChange([...new Set([...days, typed])].sort());
    setTyped("");
  };
  return (
    <div>
      <Group align="flex-end" gap="xs">
        <TextInput type="date" label={t("staff.holidays")} description={t("staff.holidaysWhat")} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} disabled={disabled} />
        <Button variant="default" onClick={add} disabled={disabled || typed === ""}>
          {t("common:actions.add")}
        </Button>
      </Group>
      {days.length > 0 && (
        <ul className={classes.holidays}>
          {days.map((day) => (
            <li key={day}>
              <time dateTime={day}>{date(day)}</time>
              <ActionIcon variant="subtle" color="gray" size="md" disabled={disabled} aria-label={t("staff.removeHoliday", { date: date(day) })} onClick={() => onChange(days.filter((one) => one !== day))}>
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What whoever writes outside these hours reads, in their language, as it looks on their phone. */
function AwayMessages({ messages, onChange, disabled }: { messages: Record<string, string>; onChange: (messages: Record<string, string>) => void; disabled: boolean }) {
  const { t } = useTranslation("decisions");
  const workspace = useWorkspace();
  const { language: nameOf } = useWords();
  const languages = [...new Set([workspace.language, ...workspace.languages, ...Object.keys(messages)])];
  const [chosen, setChosen] = useState<string>(workspace.language);
  const text = (messages[chosen] ?? "").replaceAll("{back}", t("staff.backExample", { lng: chosen }));
  return (
    <div className={classes.away}>
      <div>
        <Text fw={600} size="sm" mb={4}>
          {t("staff.message")}
        </Text>
        <Tabs value={chosen} onChange={(value) => value && setChosen(value)} keepMounted={false}>
          <Tabs.List>
            {languages.map((language) => (
              <Tabs.Tab key={language} value={language}>
                {nameOf(language)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {languages.map((language) => (
            <Tabs.Panel key={language} value={language} pt="sm">
              <Textarea label={t("staff.messageIn", { language: nameOf(language) })} description={t("staff.messageWhat")} placeholder={t("staff.placeholder")} dir="auto" autosize minRows={4} maxRows={10} maxLength={LONGEST} disabled={disabled} value={messages[language] ?? ""} onChange={(event) => onChange({ ...messages, [language]: event.currentTarget.value })} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
      <PhoneFrame
        title={workspace.name}
        label={t("staff.preview")}
        placeholder={t("staff.previewEmpty")}
        width={260}
        bubbles={text.trim() ? [{ id: "theirs", side: "out", text: t("staff.theirs", { lng: chosen }) }, { id: "away", side: "in", text }] : []}
      />
    </div>
  );
}
