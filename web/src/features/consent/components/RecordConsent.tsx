import { Alert, Modal, NativeSelect, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem, SaveBar, showDone } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { LANGUAGES } from "@/lib/languages";
import { useAtLeast, useWorkspace } from "@/lib/session";
import { recordConsent, type Permission } from "../api/ledger";

/** What a person of the team can witness; a double opt-in proves itself, and only the import knows what is unproven. */
const WITNESSED = ["express", "express_written", "soft_opt_in", "implied_purchase", "implied_inquiry"] as const satisfies readonly Permission[];
const SCOPES = ["marketing", "promotion", "greeting", "any_hour"] as const;

/** A consent given at the till, on paper or on the phone, written down with the words they were shown. */
export function RecordConsent({ contact, onClose }: { contact: string; onClose: () => void }) {
  const { t } = useTranslation("consent");
  const queries = useQueryClient();
  const isAdmin = useAtLeast("admin");
  const { language } = useWorkspace();
  const kinds = [...WITNESSED, ...(isAdmin ? (["attested"] as const) : [])];
  const form = useForm({ initialValues: { kind: "express" as Permission, scope: "marketing", shown: "", language, origin: "", note: "", at: "" } });
  const { error, busy, submit } = useSubmit(form, async ({ at, ...values }) => {
    await recordConsent(contact, { ...values, ...(at && { at: new Date(at).toISOString() }) });
    await queries.invalidateQueries({ queryKey: ["contacts"] });
    showDone(t("record.done"));
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title={t("record.title")} size="lg">
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <NativeSelect label={t("record.kind")} description={t(`kindsWhat.${form.values.kind}`)} data={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} data-autofocus {...form.getInputProps("kind")} />
          <NativeSelect label={t("record.scope")} data={SCOPES.map((value) => ({ value, label: t(`scopes.${value}`) }))} {...form.getInputProps("scope")} />
          <Textarea label={t("record.shown")} description={t("record.shownWhat")} dir="auto" autosize minRows={2} maxRows={6} maxLength={2000} required={form.values.kind !== "attested"} {...form.getInputProps("shown")} />
          <Select label={t("record.language")} data={Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, label: name }))} allowDeselect={false} {...form.getInputProps("language")} />
          <TextInput label={t("record.origin")} description={t("record.originWhat")} dir="auto" maxLength={500} {...form.getInputProps("origin")} />
          <TextInput type="datetime-local" label={t("record.at")} description={t("record.atWhat")} {...form.getInputProps("at")} />
          <Textarea label={t("record.note")} description={t("record.noteWhat")} dir="auto" autosize minRows={2} maxRows={6} maxLength={500} required={form.values.kind === "attested"} {...form.getInputProps("note")} />
          <Alert color="gray" variant="light" py="xs">
            {t("record.forGood")}
          </Alert>
          <Problem error={error} />
          <SaveBar busy={busy} onCancel={onClose} saveLabel={t("record.save")} />
        </Stack>
      </form>
    </Modal>
  );
}
