import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  onCancel: () => void;
  /** Left out within a form, which saves when it is submitted. */
  onSave?: (() => void) | undefined;
  /** Words of the button that saves, where “Save” says too little. */
  saveLabel?: string | undefined;
  busy?: boolean;
  disabled?: boolean;
  /** Small buttons, for a line within a list. */
  compact?: boolean;
  /** Other acts, at the start of the line. */
  children?: ReactNode;
}

/** The end of everything that is edited: cancel, then save. */
export function SaveBar({ onCancel, onSave, saveLabel, busy = false, disabled = false, compact = false, children }: Props) {
  const { t } = useTranslation("common");
  const size = compact ? "xs" : "sm";
  return (
    <Group justify={children ? "space-between" : "flex-end"}>
      {children && <Group gap="xs">{children}</Group>}
      <Group gap="xs" ms="auto">
        <Button variant="default" size={size} onClick={onCancel}>
          {t("actions.cancel")}
        </Button>
        <Button size={size} loading={busy} disabled={disabled} {...(onSave ? { onClick: onSave } : { type: "submit" })}>
          {saveLabel ?? t("actions.save")}
        </Button>
      </Group>
    </Group>
  );
}
