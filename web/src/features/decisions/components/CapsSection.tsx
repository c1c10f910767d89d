import { ActionIcon, Button, Group, NativeSelect, NumberInput, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem, SaveBar, Section } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { useAtLeast } from "@/lib/session";
import { CAPPED, type Cap, type Capped, type Policy } from "../api/policy";
import { useWords } from "../hooks/words";
import { useChange } from "../hooks/usePolicy";
import { EditableLines } from "./EditableLines";

const MOST_CAPS = 8;
/** What becomes of promotions that wait for room. */
const LINES = ["wait", "newest"] as const;
const PERIODS = [1, 2, 3, 7, 14, 28, 30, 31];

/** How often one person may hear from us, said in plain words and changed right there. */
export function CapsSection({ policy }: { policy: Policy }) {
  const { t } = useTranslation("decisions");
  const mayChange = useAtLeast("admin");
  const { change, changeNow, error, busy } = useChange(policy);
  const save = (which: Capped, caps: Cap[], close: () => void) => void change("caps", { ...policy.caps, [which]: caps }).then(close, () => undefined);
  return (
    <Section title={t("caps.title")} description={t("caps.description")}>
      <EditableLines
        ids={CAPPED}
        nameOf={(which) => t(`caps.names.${which}`)}
        changeLabel={(what) => t("caps.change", { what })}
        shown={(which) => (
          <Text size="sm">
            <Limits caps={policy.caps[which]} which={which} />
          </Text>
        )}
        editor={(which, close) => <Editing which={which} caps={policy.caps[which]} usual={policy.defaults.caps[which]} busy={busy} onSave={(caps) => save(which, caps, close)} onCancel={close} />}
      />
      <Text size="sm" c="dimmed" mt="sm">
        {t("caps.waits")}
      </Text>
      <NativeSelect mt="sm" label={t("caps.line")} disabled={!mayChange} value={policy.capped} onChange={(event) => changeNow("capped", event.currentTarget.value)} data={LINES.map((value) => ({ value, label: t(`caps.lines.${value}`) }))} />
      <Problem error={error} />
    </Section>
  );
}

function Limits({ caps, which }: { caps: readonly Cap[]; which: Capped }) {
  const { t } = useTranslation("decisions");
  const { list } = useWords();
  if (caps.length === 0) return t("caps.none");
  const limits = caps.map(({ texts, days }) => (days === 1 ? t("caps.aDay", { number: formatNumber(texts) }) : days === 7 ? t("caps.aWeek", { number: formatNumber(texts) }) : t("caps.inDays", { number: formatNumber(texts), count: days, days: formatNumber(days) })));
  return t(which === "across" ? "caps.sayAcross" : "caps.say", { limits: list(limits) });
}

interface EditingProps {
  which: Capped;
  caps: readonly Cap[];
  usual: readonly Cap[];
  busy: boolean;
  onSave: (caps: Cap[]) => void;
  onCancel: () => void;
}

function Editing({ which, caps, usual, busy, onSave, onCancel }: EditingProps) {
  const { t } = useTranslation("decisions");
  const [draft, setDraft] = useState<Cap[]>([...caps]);
  const set = (index: number, part: Partial<Cap>) => setDraft(draft.map((cap, at) => (at === index ? { ...cap, ...part } : cap)));
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        <Limits caps={draft} which={which} />
      </Text>
      {draft.map((cap, index) => (
        <Group key={index} align="flex-end" gap="xs">
          <NumberInput label={t("caps.most")} min={1} max={1000} allowDecimal={false} w={110} value={cap.texts} autoFocus={index === 0} onChange={(value) => typeof value === "number" && value >= 1 && set(index, { texts: value })} />
          <NativeSelect label={t("caps.within")} value={String(cap.days)} onChange={(event) => set(index, { days: Number(event.currentTarget.value) })} data={[...new Set([...PERIODS, cap.days])].sort((a, b) => a - b).map((days) => ({ value: String(days), label: t("caps.days", { count: days, number: formatNumber(days) }) }))} />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("caps.remove")} onClick={() => setDraft(draft.filter((_, at) => at !== index))}>
            <IconTrash size={17} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <SaveBar compact busy={busy} onCancel={onCancel} onSave={() => onSave(draft)}>
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={15} aria-hidden />} disabled={draft.length >= MOST_CAPS} onClick={() => setDraft([...draft, { texts: 4, days: 7 }])}>
          {t("caps.add")}
        </Button>
        <Button variant="subtle" size="xs" color="gray" onClick={() => setDraft([...usual])}>
          {t("usual")}
        </Button>
      </SaveBar>
    </Stack>
  );
}
