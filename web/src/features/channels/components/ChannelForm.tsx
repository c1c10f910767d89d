import { Button, Group, NumberInput, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem, Section } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { ME_KEY } from "@/lib/session";
import { CHANNELS_KEY, type Channel, type ChannelDraft } from "../api/channels";
import { fetchInboxes } from "../api/inboxes";
import type { Kind } from "../api/kinds";
import { draft, formValues } from "../hooks/draft";
import { KindFields, type ChannelFormApi } from "./KindFields";
import { TestPanel } from "./TestPanel";

interface Props {
  kind: Kind;
  channel: Channel | null;
  save: (draft: ChannelDraft) => Promise<unknown>;
}

/** A channel's settings. The test tries what stands in the form, saved or not. */
export function ChannelForm({ kind, channel, save }: Props) {
  const { t } = useTranslation("channels");
  const queries = useQueryClient();
  const form = useForm({ initialValues: formValues(kind, channel) });
  const { error, busy, submit } = useSubmit(form, async (values) => {
    await save(draft(values));
    await queries.invalidateQueries({ queryKey: CHANNELS_KEY });
    await queries.invalidateQueries({ queryKey: ME_KEY }); // `live` depends on it
  });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack gap="lg">
        <Section title={t("form.about")}>
          <Stack>
            <TextInput label={t("form.name")} description={t("form.nameWhat")} required maxLength={100} {...form.getInputProps("name")} />
            <TextInput label={t("form.address")} description={t("form.addressWhat")} required dir="ltr" maxLength={40} {...form.getInputProps("address")} />
            <InboxChoice form={form} />
          </Stack>
        </Section>
        {kind.fields.length > 0 && (
          <Section title={t("form.connection")} description={kind.help}>
            <Stack>
              <KindFields form={form} fields={kind.fields} hasSecret={channel?.has_secret ?? false} />
              <TestPanel kind={kind} channel={channel} form={form} />
            </Stack>
          </Section>
        )}
        <Pace form={form} />
        <Carriers form={form} />
        <Problem error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {channel ? t("common:actions.save") : t("form.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function InboxChoice({ form }: { form: ChannelFormApi }) {
  const { t } = useTranslation("channels");
  const inboxes = useQuery({ queryKey: ["inboxes", "choices"], queryFn: ({ signal }) => fetchInboxes(signal) });
  if (!inboxes.data || inboxes.data.length < 2) return null;
  return (
    <Select
      label={t("form.inbox")}
      description={t("form.inboxWhat")}
      placeholder={inboxes.data[0]?.name ?? ""}
      data={inboxes.data.map(({ id, name }) => ({ value: id, label: name }))}
      {...form.getInputProps("inbox_id")}
    />
  );
}

function Pace({ form }: { form: ChannelFormApi }) {
  const { t } = useTranslation("channels");
  return (
    <Section title={t("form.pace")} description={t("form.paceWhat")}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: "end" }}>
        <NumberInput label={t("form.rate")} description={t("form.rateWhat")} min={0} max={10_000} allowDecimal={false} {...form.getInputProps("rate")} />
        <NumberInput label={t("form.window")} description={t("form.windowWhat")} min={1} max={1000} allowDecimal={false} {...form.getInputProps("window")} />
      </SimpleGrid>
    </Section>
  );
}

function Carriers({ form }: { form: ChannelFormApi }) {
  const { t } = useTranslation("channels");
  return (
    <Section title={t("form.carriers")} description={t("form.carriersWhat")}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} style={{ alignItems: "end" }}>
        <NumberInput label={t("form.binds")} description={t("form.bindsWhat")} min={1} max={16} allowDecimal={false} {...form.getInputProps("binds")} />
        <TextInput label={t("form.pool")} description={t("form.poolWhat")} maxLength={40} {...form.getInputProps("pool")} />
        <NumberInput label={t("form.weight")} description={t("form.weightWhat")} min={1} max={100} allowDecimal={false} {...form.getInputProps("weight")} />
      </SimpleGrid>
    </Section>
  );
}
