import { Badge, Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { changeLabel, createLabel, LABELS_KEY, type Label } from "../api/labels";

/** Of the API's thirteen, those that are easily told apart. */
const COLORS = ["gray", "blue", "teal", "green", "yellow", "orange", "red", "pink", "violet"] as const;

export function LabelDialog({ label, onClose }: { label: Label | null; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const form = useForm({ initialValues: { name: label?.name ?? "", color: label?.color ?? "gray" } });
  const { error, busy, submit } = useSubmit(form, async (values) => {
    await (label ? changeLabel(label.id, values) : createLabel(values));
    await queries.invalidateQueries({ queryKey: LABELS_KEY });
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title={label ? t("labels.editOne", { name: label.name }) : t("labels.create")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <TextInput label={t("labels.name")} required maxLength={60} data-autofocus {...form.getInputProps("name")} />
          <Radio.Group label={t("labels.color")} {...form.getInputProps("color")}>
            <Group mt="xs" gap="xs">
              {COLORS.map((color) => (
                <Radio
                  key={color}
                  value={color}
                  label={
                    <Badge variant="light" color={color}>
                      {t(`labels.colors.${color}`)}
                    </Badge>
                  }
                />
              ))}
            </Group>
          </Radio.Group>
          <Problem error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {t("common:actions.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
