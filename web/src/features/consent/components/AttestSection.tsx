import { Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, explain, RelativeTime, Section, showUndo } from "@/components/ui";
import { formatDate, formatNumber } from "@/lib/i18n";
import { attest, ATTESTATIONS_KEY, fetchAttestations, fetchImportedFiles, fetchListNames, undoAttestation, type Attestation, type Whom } from "../api/forms";

/** Somebody answers with their name for people of whom no proof is left, and may take it back. */
export function AttestSection() {
  const { t } = useTranslation("consent");
  const [asking, setAsking] = useState(false);
  const choices = useWhom();
  const takeBack = useTakeBack();
  const refresh = useRefresh();
  const form = useForm({ initialValues: { whom: null as string | null, reason: "" }, validate: { reason: (reason) => (reason.trim() ? null : t("attest.reasonMissing")) } });
  const send = async () => {
    const { id, addresses } = await attest(whomOf(form.values.whom), form.values.reason);
    await refresh();
    showUndo({ message: t("attest.done", { count: addresses, number: formatNumber(addresses) }), undo: () => void takeBack(id) });
    form.reset();
  };
  return (
    <Section title={t("attest.title")} description={t("attest.description")}>
      <form onSubmit={form.onSubmit(() => setAsking(true))} noValidate>
        <Stack>
          <Select label={t("attest.whom")} placeholder={t("attest.everybody")} data={choices} searchable clearable clearButtonProps={{ "aria-label": t("common:actions.clear") }} {...form.getInputProps("whom")} />
          <Textarea label={t("attest.reason")} description={t("attest.reasonWhat")} required dir="auto" autosize minRows={2} maxRows={6} maxLength={500} {...form.getInputProps("reason")} />
          <Group justify="flex-end">
            <Button type="submit" variant="default">
              {t("attest.go")}
            </Button>
          </Group>
        </Stack>
      </form>
      <Attestations onTakeBack={takeBack} />
      <ConfirmDialog opened={asking} title={t("attest.question")} confirmLabel={t("attest.go")} onConfirm={send} onClose={() => setAsking(false)}>
        <Text>{t("attest.what")}</Text>
      </ConfirmDialog>
    </Section>
  );
}

/** Lists, then imported files: where people may have come from. */
function useWhom() {
  const { t } = useTranslation("consent");
  const lists = useQuery({ queryKey: ["consent", "lists"], queryFn: ({ signal }) => fetchListNames(signal) }).data ?? [];
  const files = useQuery({ queryKey: ["consent", "imports"], queryFn: ({ signal }) => fetchImportedFiles(signal) }).data ?? [];
  const groups = [
    { group: t("attest.lists"), items: lists.map(({ id, name }) => ({ value: `list:${id}`, label: name })) },
    { group: t("attest.files"), items: files.map(({ id, file_name, created_at }) => ({ value: `import:${id}`, label: `${file_name} · ${formatDate(new Date(created_at))}` })) },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

function whomOf(chosen: string | null): Whom {
  const [kind, id] = chosen?.split(":") ?? [];
  return kind === "list" ? { list_id: id } : kind === "import" ? { import_id: id } : {};
}

function useRefresh() {
  const queries = useQueryClient();
  return () => Promise.all([queries.invalidateQueries({ queryKey: ["contacts"] }), queries.invalidateQueries({ queryKey: ATTESTATIONS_KEY })]);
}

function useTakeBack() {
  const { t } = useTranslation("consent");
  const refresh = useRefresh();
  return (id: string) =>
    undoAttestation(id).then(refresh, (error: unknown) => {
      notifications.show({ color: "red", withBorder: true, title: t("common:errors.title"), message: explain(error, t as never) });
    });
}

/** Who answered for whom, and why; what still counts can be taken back. */
function Attestations({ onTakeBack }: { onTakeBack: (id: string) => Promise<unknown> }) {
  const { t } = useTranslation("consent");
  const made = useQuery({ queryKey: ATTESTATIONS_KEY, queryFn: ({ signal }) => fetchAttestations(signal) }).data ?? [];
  const [asking, setAsking] = useState<Attestation | null>(null);
  if (made.length === 0) return null;
  return (
    <>
      <Stack component="ul" gap="sm" mt="md" p={0} aria-label={t("attest.made")} style={{ listStyle: "none" }}>
        {made.map((one) => (
          <Group component="li" key={one.id} justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text size="sm" dir="auto">
                {one.reason}
              </Text>
              <Text size="xs" c="dimmed">
                {[one.by?.name, one.of ?? (one.list_id || one.import_id ? t("attest.gone") : t("attest.everybody")), t("attest.numbers", { count: one.addresses, number: formatNumber(one.addresses) })].filter(Boolean).join(" · ")} · <RelativeTime at={one.at} />
              </Text>
            </div>
            {one.undone_at ? (
              <Text size="xs" c="dimmed">
                {t("attest.undone")}
              </Text>
            ) : (
              <Button variant="subtle" size="compact-sm" onClick={() => setAsking(one)}>
                {t("attest.undo")}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      <ConfirmDialog opened={asking !== null} title={t("attest.undoQuestion")} confirmLabel={t("attest.undo")} onConfirm={async () => void (asking && (await onTakeBack(asking.id)))} onClose={() => setAsking(null)}>
        <Text>{t("attest.undoWhat")}</Text>
      </ConfirmDialog>
    </>
  );
}
