import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Problem } from "@/components/ui";

/** The end of a form: what is wrong with it, and the button. */
export function SaveBar({ error, busy, label, disabled = false }: { error: unknown; busy: boolean; label?: string; disabled?: boolean }) {
  const { t } = useTranslation("common");
  return (
    <>
      <Problem error={error} />
      <Group justify="flex-end">
        <Button type="submit" loading={busy} disabled={disabled}>
          {label ?? t("actions.save")}
        </Button>
      </Group>
    </>
  );
}
