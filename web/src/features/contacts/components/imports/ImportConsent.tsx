import { Alert, NativeSelect, Radio, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/lib/languages";
import { useWorkspace } from "@/lib/session";
import { IMPORT_CONSENTS, type ImportConsentGiven } from "../../api/types";
import { isProven } from "../../rules/consent";
import classes from "./Imports.module.css";

interface Props {
  value: ImportConsentGiven | null;
  /** Told once there is something to prove it by; null: nothing is proved. */
  onChange: (consent: ImportConsentGiven | null) => void;
  /** False while the proof of what was said is still missing. */
  onProven: (proven: boolean) => void;
}

const UNPROVEN = "legacy_unproven";
const SCOPES = ["marketing", "promotion", "greeting"] as const;

/** Where the consent of these people came from: told in plain words, with what each answer opens and what it does not. */
export function ImportConsent({ value, onChange, onProven }: Props) {
  const { t } = useTranslation("contacts");
  const { language } = useWorkspace();
  const [given, setGiven] = useState<ImportConsentGiven | null>(value?.kind === UNPROVEN ? null : value);
  const type = (next: ImportConsentGiven) => {
    setGiven(next);
    onProven(isProven(next));
  };
  const keep = (next: ImportConsentGiven | null) => {
    setGiven(next);
    onProven(next === null || isProven(next));
    if (next === null || isProven(next)) onChange(next);
  };
  const choose = (kind: string) => keep(kind === UNPROVEN ? null : { scope: "marketing", shown: "", language, note: "", at: null, ...given, kind: kind as ImportConsentGiven["kind"] });
  return (
    <Stack>
      <Radio.Group aria-label={t("import.consent.title")} value={given?.kind ?? UNPROVEN} onChange={choose}>
        <div className={classes.consents}>
          <Radio value={UNPROVEN} label={t("import.consent.kinds.legacy_unproven")} description={t("import.consent.what.legacy_unproven")} />
          {IMPORT_CONSENTS.map((kind) => (
            <Radio key={kind} value={kind} label={t(`import.consent.kinds.${kind}`)} description={t(`import.consent.what.${kind}`)} />
          ))}
        </div>
      </Radio.Group>
      {given && <Proof given={given} onType={type} onKeep={keep} />}
      <Alert color={given && isProven(given) ? "gray" : "yellow"} variant="light" icon={<IconInfoCircle aria-hidden />} role="status">
        <Text size="sm">{given === null ? t("import.consent.unproven") : isProven(given) ? t("import.consent.proven") : given.kind === "attested" ? t("import.consent.needsReason") : t("import.consent.needsProof")}</Text>
      </Alert>
    </Stack>
  );
}

interface ProofProps {
  given: ImportConsentGiven;
  onType: (given: ImportConsentGiven) => void;
  onKeep: (given: ImportConsentGiven) => void;
}

/** What would be asked for if somebody doubted it. */
function Proof({ given, onType, onKeep }: ProofProps) {
  const { t } = useTranslation("contacts");
  const done = () => onKeep(given);
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NativeSelect label={t("import.consent.scope")} value={given.scope} onChange={(event) => onKeep({ ...given, scope: event.currentTarget.value })} data={SCOPES.map((value) => ({ value, label: t(`import.consent.scopes.${value}`) }))} />
        <NativeSelect label={t("import.consent.language")} value={given.language} onChange={(event) => onKeep({ ...given, language: event.currentTarget.value })} data={Object.entries(LANGUAGES).map(([code, { name }]) => ({ value: code, label: name }))} />
        <TextInput type="date" label={t("import.consent.on")} value={given.at?.slice(0, 10) ?? ""} onChange={(event) => onType({ ...given, at: event.currentTarget.value ? `${event.currentTarget.value}T00:00:00Z` : null })} onBlur={done} />
      </SimpleGrid>
      <Textarea label={t("import.consent.shown")} description={t("import.consent.shownWhat")} dir="auto" autosize minRows={2} maxRows={6} maxLength={2000} value={given.shown} onChange={(event) => onType({ ...given, shown: event.currentTarget.value })} onBlur={done} />
      <Textarea label={given.kind === "attested" ? t("import.consent.reason") : t("import.consent.note")} description={t("import.consent.noteWhat")} dir="auto" autosize minRows={2} maxRows={6} maxLength={500} value={given.note} onChange={(event) => onType({ ...given, note: event.currentTarget.value })} onBlur={done} />
    </Stack>
  );
}
