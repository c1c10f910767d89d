import { TextInput, UnstyledButton } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import classes from "./ContactPanel.module.css";

interface Props {
  label: string;
  value: string;
  type?: "text" | "date";
  /** How the value reads while it is not edited. */
  shown?: string;
  disabled?: boolean;
  onSave: (value: string) => Promise<unknown>;
}

/** A value that becomes a field where it stands: Enter or leaving saves, Escape gives up. */
export function InlineText({ label, value, type = "text", shown, disabled = false, onSave }: Props) {
  const { t } = useTranslation("contacts");
  const [typed, setTyped] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const finish = async () => {
    if (typed === null || saving) return;
    if (typed.trim() !== value) {
      setSaving(true);
      await onSave(typed.trim());
      setSaving(false);
    }
    setTyped(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") void finish();
    if (event.key !== "Escape") return;
    event.stopPropagation();
    setTyped(null);
  };
  if (typed === null) {
    return (
      <UnstyledButton className={classes.value} disabled={disabled} onClick={() => setTyped(value)} aria-label={t("panel.change", { label, value: (shown ?? value) || t("panel.none") })}>
        {value ? <bdi>{shown ?? value}</bdi> : <span className={classes.none}>{t("panel.none")}</span>}
      </UnstyledButton>
    );
  }
  return <TextInput size="xs" type={type} dir="auto" autoFocus aria-label={label} value={typed} disabled={saving} onChange={(event) => setTyped(event.currentTarget.value)} onBlur={() => void finish()} onKeyDown={onKeyDown} />;
}
