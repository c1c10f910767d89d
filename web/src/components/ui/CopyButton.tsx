import { Button, CopyButton as MantineCopy } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** Copies a value and says so. */
export function CopyButton({ value, label }: { value: string; label?: string }) {
  const { t } = useTranslation("common");
  return (
    <MantineCopy value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          onClick={copy}
          leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          aria-live="polite"
        >
          {copied ? t("actions.copied") : (label ?? t("actions.copy"))}
        </Button>
      )}
    </MantineCopy>
  );
}
