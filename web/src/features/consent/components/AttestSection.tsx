import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, explain, PagedSelect, RelativeTime, type PagedChoice, Section, showUndo } from "@/components/ui";
import { formatDate, formatNumber } from "@/lib/i18n";
import { attest, ATTESTATIONS_KEY, fetchAttestations, fetchGroups, undoAttestation, type Attestation, type Whom } from "../api/forms";

/** Somebody answers with their name for people of whom no proof is left, and may take it back. */
export function AttestSection() {
  const { t } = useTranslation("consent");
  const [asking, setAsking] = useState(false);
  const fetchPage = useGroups();
  const takeBack = useTakeBack();
  const refresh = useRefresh();
  const form = useForm({ initialValues: { whom: null as PagedChoice | null, reason: "" }, validate: { reason: (reason) => (reason.trim() ? null : t("attest.reasonMissing")) } });
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
          <PagedSelect label={t("attest.whom")} placeholder={t("attest.everybody")} queryKey={["consent", "groups"]} fetchPage={fetchPage} value={form.values.whom} onChange={(whom) => form.setFieldValue("whom", whom)} />
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
function useGroups() {
  const { t } = useTranslation("consent");
  return async (search: string, after: string | null, signal: AbortSignal) => {
    const { items, next } = await fetchGroups(search, after, signal);
    return {
      items: items.map(({ kind, id, name, at }) =>
        kind === "list" ? { value: `list:${id}`, label: name, group: t("attest.lists") } : { value: `import:${id}`, label: `${name} · ${formatDate(new Date(at))}`, group: t("attest.files") },
      ),
      next,
    };
  };
}

function whomOf(chosen: PagedChoice | null): Whom {
  const [kind, id] = chosen?.value.split(":") ?? [];
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
