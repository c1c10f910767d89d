import { Button, Group, MultiSelect, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Loading, PageHeader, Problem, Section, showDone } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { LANGUAGES } from "@/lib/languages";
import { countryChoices, timeZoneChoices } from "@/lib/places";
import { ME_KEY } from "@/lib/session";
import { fetchWorkspace, saveWorkspace, WORKSPACE_KEY, type Retention, type WorkspaceSettings } from "../api/workspace";
import { SaveBar } from "./SaveBar";

export function WorkspacePage() {
  const { t } = useTranslation("settings");
  const workspace = useQuery({ queryKey: WORKSPACE_KEY, queryFn: ({ signal }) => fetchWorkspace(signal) });
  return (
    <>
      <PageHeader title={t("workspace.title")} description={t("workspace.description")} />
      {workspace.isPending && <Loading shape="form" rows={4} />}
      <Problem error={workspace.error} retry={() => void workspace.refetch()} />
      {workspace.data && (
        <Stack gap="lg">
          <Facts workspace={workspace.data} />
          <Keeping workspace={workspace.data} />
        </Stack>
      )}
    </>
  );
}

/** Saves a part of the settings and tells the rest of the screen. */
function useSave() {
  const { t } = useTranslation("common");
  const queries = useQueryClient();
  return async (change: Partial<WorkspaceSettings>) => {
    queries.setQueryData(WORKSPACE_KEY, await saveWorkspace(change));
    await queries.invalidateQueries({ queryKey: ME_KEY });
    showDone(t("actions.saved"));
  };
}

const LANGUAGE_CHOICES = Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, label: name }));

function Facts({ workspace }: { workspace: WorkspaceSettings }) {
  const { t, i18n } = useTranslation("settings");
  const save = useSave();
  const { name, country, time_zone, language, languages } = workspace;
  const form = useForm({ initialValues: { name, country, time_zone, language, languages } });
  const { error, busy, submit } = useSubmit(form, save);
  const countries = useMemo(countryChoices, [i18n.language]);
  const zones = useMemo(timeZoneChoices, []);
  return (
    <Section title={t("workspace.facts")}>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <TextInput label={t("workspace.name")} description={t("workspace.nameWhat")} required {...form.getInputProps("name")} />
          <Select label={t("workspace.country")} description={t("workspace.countryWhat")} data={countries} searchable allowDeselect={false} {...form.getInputProps("country")} />
          <Select label={t("workspace.timeZone")} description={t("workspace.timeZoneWhat")} data={zones} searchable allowDeselect={false} limit={80} {...form.getInputProps("time_zone")} />
          <Select label={t("workspace.language")} description={t("workspace.languageWhat")} data={LANGUAGE_CHOICES} allowDeselect={false} {...form.getInputProps("language")} />
          <MultiSelect label={t("workspace.languages")} description={t("workspace.languagesWhat")} data={withKnown(languages)} {...form.getInputProps("languages")} />
          <SaveBar error={error} busy={busy} />
        </Stack>
      </form>
    </Section>
  );
}

/** Customers may write languages that the console does not speak; those stay choices. */
const withKnown = (languages: readonly string[]) => [
  ...LANGUAGE_CHOICES,
  ...languages.filter((tag) => !(tag in LANGUAGES)).map((tag) => ({ value: tag, label: tag })),
];

const KINDS = ["messages", "events", "receipts"] as const;

function Keeping({ workspace }: { workspace: WorkspaceSettings }) {
  const { t } = useTranslation("settings");
  const save = useSave();
  const kept = workspace.retention_months;
  const form = useForm<Record<(typeof KINDS)[number], number | "">>({
    initialValues: { messages: kept.messages ?? "", events: kept.events ?? "", receipts: kept.receipts ?? "" },
  });
  const { error, busy, submit } = useSubmit(form, (values) => save({ retention_months: asRetention(values) }));
  const words = { messages: t("keeping.messages"), events: t("keeping.events"), receipts: t("keeping.receipts") };
  return (
    <Section title={t("keeping.title")} description={t("keeping.description")}>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          {KINDS.map((kind) => (
            <Group key={kind} align="flex-end">
              <NumberInput
                label={words[kind]}
                placeholder={t("keeping.forever")}
                suffix={t("keeping.months")}
                min={1}
                max={120}
                allowDecimal={false}
                flex={1}
                {...form.getInputProps(kind)}
              />
              <Button variant="subtle" disabled={form.values[kind] === ""} onClick={() => form.setFieldValue(kind, "")}>
                {t("keeping.keep")}
              </Button>
            </Group>
          ))}
          <SaveBar error={error} busy={busy} />
        </Stack>
      </form>
    </Section>
  );
}

const asRetention = ({ messages, events, receipts }: Record<(typeof KINDS)[number], number | "">): Retention => ({
  messages: messages === "" ? null : messages,
  events: events === "" ? null : events,
  receipts: receipts === "" ? null : receipts,
});
