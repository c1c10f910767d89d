import { ActionIcon, Group, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PersonName, PhoneFrame } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { useWorkspace } from "@/lib/session";
import type { Preview } from "../api/types";
import classes from "./Editor.module.css";
import running from "./Running.module.css";

interface Props {
  preview: Preview | undefined;
  /** The raw text, shown while there is nobody to show it for. */
  text: string;
}

/** How it looks on the phones of a few of those who will get it. */
export function PhonePreview({ preview, text }: Props) {
  const { t } = useTranslation("campaigns");
  const workspace = useWorkspace().name;
  const [chosen, setChosen] = useState(0);
  const samples = preview?.samples ?? [];
  const index = Math.min(chosen, Math.max(0, samples.length - 1));
  const sample = samples[index];
  const words = sample?.text ?? text;
  const step = (by: number) => setChosen((index + by + samples.length) % samples.length);
  return (
    <div className={classes.preview}>
      <PhoneFrame title={workspace} label={t("preview.label")} placeholder={t("preview.empty")} bubbles={words.trim() ? [{ id: "text", side: "in", text: words }] : []} />
      {sample && (
        <Group gap="xs" role="group" aria-label={t("preview.for")}>
          <ActionIcon variant="default" size="lg" aria-label={t("preview.previous")} disabled={samples.length < 2} onClick={() => step(-1)}>
            <IconChevronLeft size={18} aria-hidden className={running.arrow} />
          </ActionIcon>
          <Text size="sm" ta="center" miw={150} role="status" component="div">
            <PersonName person={sample.contact} />
            <Text size="xs" c="dimmed">
              {t("preview.parts", { count: sample.segments, number: formatNumber(sample.segments) })}
            </Text>
          </Text>
          <ActionIcon variant="default" size="lg" aria-label={t("preview.next")} disabled={samples.length < 2} onClick={() => step(1)}>
            <IconChevronRight size={18} aria-hidden className={running.arrow} />
          </ActionIcon>
        </Group>
      )}
    </div>
  );
}
