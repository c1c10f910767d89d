import { Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, Section, showDone } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { attest, fetchListNames } from "../api/forms";

/** Somebody answers with their name for people of whom no proof is left. */
export function AttestSection() {
  const { t } = useTranslation("consent");
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const lists = useQuery({ queryKey: ["consent", "lists"], queryFn: ({ signal }) => fetchListNames(signal) }).data ?? [];
  const form = useForm({ initialValues: { list: null as string | null, reason: "" }, validate: { reason: (reason) => (reason.trim() ? null : t("attest.reasonMissing")) } });
  const send = async () => {
    const { addresses } = await attest(form.values.list, form.values.reason);
    await queries.invalidateQueries({ queryKey: ["contacts"] });
    showDone(t("attest.done", { count: addresses, number: formatNumber(addresses) }));
    form.reset();
  };
  return (
    <Section title={t("attest.title")} description={t("attest.description")}>
      <form onSubmit={form.onSubmit(() => setAsking(true))} noValidate>
        <Stack>
          <Select label={t("attest.whom")} placeholder={t("attest.everybody")} data={lists.map(({ id, name }) => ({ value: id, label: name }))} searchable clearable clearButtonProps={{ "aria-label": t("common:actions.clear") }} {...form.getInputProps("list")} />
          <Textarea label={t("attest.reason")} description={t("attest.reasonWhat")} required dir="auto" autosize minRows={2} maxRows={6} maxLength={500} {...form.getInputProps("reason")} />
          <Group justify="flex-end">
            <Button type="submit" variant="default">
              {t("attest.go")}
            </Button>
          </Group>
        </Stack>
      </form>
      <ConfirmDialog opened={asking} title={t("attest.question")} confirmLabel={t("attest.go")} onConfirm={send} onClose={() => setAsking(false)}>
        <Text>{t("attest.what")}</Text>
      </ConfirmDialog>
    </Section>
  );
}
