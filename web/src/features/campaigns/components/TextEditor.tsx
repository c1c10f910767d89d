import { Alert, Button, Group, Popover, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconBraces } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { TextMeter } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { fetchFields } from "../api/choices";
import type { Preview } from "../api/types";
import { fieldText, inserted, withFallback } from "../rules/fields";
import classes from "./Editor.module.css";
import { Findings } from "./Findings";

interface Props {
  text: string;
  onChange: (text: string) => void;
  preview: Preview | undefined;
}

const LONGEST = 4000;

/** The text with its merge fields, measured while it is typed, and told what is wrong before anything is sent. */
export function TextEditor({ text, onChange, preview }: Props) {
  const { t } = useTranslation("campaigns");
  const input = useRef<HTMLTextAreaElement>(null);
  const insert = (piece: string) => {
    const box = input.current;
    const put = inserted(text, box?.selectionStart ?? text.length, box?.selectionEnd ?? text.length, piece);
    onChange(put.text);
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(put.at, put.at);
    });
  };
  return (
    <div>
      <Textarea ref={input} aria-label={t("text.label")} aria-describedby="campaign-text-facts" dir="auto" autosize minRows={5} maxRows={14} maxLength={LONGEST} placeholder={t("text.placeholder")} value={text} onChange={(event) => onChange(event.currentTarget.value)} />
      <Group justify="space-between" align="flex-start" mt={6} wrap="nowrap">
        <TextMeter id="campaign-text-facts" measured={preview} />
        <Inserter onInsert={insert} />
      </Group>
      {preview && <Warnings text={text} onChange={onChange} preview={preview} />}
    </div>
  );
}

/** Picks a field and what to say to people who have none. */
function Inserter({ onInsert }: { onInsert: (piece: string) => void }) {
  const { t } = useTranslation("campaigns");
  const { data: fields = [] } = useQuery({ queryKey: ["contacts", "fields"], queryFn: ({ signal }) => fetchFields(signal), staleTime: 60_000 });
  const [opened, setOpened] = useState(false);
  const [key, setKey] = useState<string | null>(null);
  const [fallback, setFallback] = useState("");
  const example = fields.find((field) => field.key === key)?.example;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!key) return;
    onInsert(fieldText(key, fallback.trim()));
    setOpened(false);
    setFallback("");
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withinPortal shadow="md" width={300}>
      <Popover.Target>
        <Button variant="default" size="xs" style={{ flex: "none" }} leftSection={<IconBraces size={15} aria-hidden />} onClick={() => setOpened(!opened)} aria-haspopup="dialog" aria-expanded={opened}>
          {t("text.insert")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("text.insert")}>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Select
              label={t("text.field")}
              comboboxProps={{ withinPortal: false }}
              searchable
              value={key}
              onChange={setKey}
              data={fields.map((field) => ({ value: field.key, label: field.name }))}
              description={example ? t("text.example", { example: `\u2068${example}\u2069` }) : undefined}
              data-autofocus
            />
            <TextInput label={t("text.fallback")} description={t("text.fallbackHint")} dir="auto" value={fallback} onChange={(event) => setFallback(event.currentTarget.value)} />
            <Button type="submit" disabled={!key}>
              {t("text.put")}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function Warnings({ text, onChange, preview }: { text: string; onChange: (text: string) => void; preview: Preview }) {
  const { t } = useTranslation("campaigns");
  const missing = preview.missing.filter(({ field }) => !preview.unknown.includes(field));
  const findings = preview.findings ?? [];
  if (preview.unknown.length + missing.length + findings.length === 0) return null;
  return (
    <div className={classes.warnings} role="status">
      {preview.unknown.map((field) => (
        <Alert key={field} color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} p="xs">
          <Text size="sm">{t("text.unknown", { field: `\u2066${field}\u2069` })}</Text>
        </Alert>
      ))}
      <Findings findings={findings} text={text} onFix={onChange} />
      {missing.map(({ field, contacts }) => (
        <Missing key={field} field={field} contacts={contacts} onFallback={(fallback) => onChange(withFallback(text, field, fallback))} />
      ))}
    </div>
  );
}

/** Some people have no value: what to say to them instead is written right here. */
function Missing({ field, contacts, onFallback }: { field: string; contacts: number; onFallback: (fallback: string) => void }) {
  const { t } = useTranslation("campaigns");
  const [fallback, setFallback] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fallback.trim()) onFallback(fallback.trim());
  };
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} p="xs">
      <form onSubmit={submit}>
        <Group gap="xs">
          <Text size="sm" flex="1 1 14rem">
            {t("text.missing", { count: contacts, number: formatNumber(contacts), field: `\u2066${field}\u2069` })}
          </Text>
          <TextInput size="xs" dir="auto" aria-label={t("text.fallbackFor", { field })} placeholder={t("text.fallback")} value={fallback} onChange={(event) => setFallback(event.currentTarget.value)} />
          <Button type="submit" size="xs" variant="default" disabled={fallback.trim() === ""}>
            {t("text.addFallback")}
          </Button>
        </Group>
      </form>
    </Alert>
  );
}
