import { Alert, NativeSelect, Radio, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/lib/languages";
import { useWorkspace } from "@/lib/session";
import { IMPORT_CONSENTS, type ImportChange, type ImportConsentGiven } from "../../api/types";
import classes from "./Imports.module.css";

interface Props {
  value: ImportConsentGiven | null;
  onChange: (change: ImportChange) => void;
}

const SCOPES = ["marketing", "promotion", "greeting"] as const;

/** Where the consent of these people came from: told in plain words, with what each answer opens and what it does not. */
export function ImportConsent({ value, onChange }: Props) {
  const { t } = useTranslation("contacts");
  const { language } = useWorkspace();
  const [given, setGiven] = useState<ImportConsentGiven | null>(value);
  const keep = (next: ImportConsentGiven | null) => {
    setGiven(next);
    onChange({ consent: next });
  };
  const choose = (kind: string) => keep(kind === UNPROVEN ? null : { scope: "marketing", shown: "", language, origin: "", on: null, ...given, kind: kind as ImportConsentGiven["kind"] });
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
      {given ? (
        <Proof given={given} onType={setGiven} onKeep={keep} />
      ) : (
        <Alert color="yellow" variant="light" icon={<IconInfoCircle aria-hidden />} role="status">
          <Text size="sm">{t("import.consent.unproven")}</Text>
        </Alert>
      )}
    </Stack>
  );
}

const UNPROVEN = "legacy_unproven";

/** What would be asked for if somebody doubted it. */
function Proof({ given, onType, onKeep }: { given: ImportConsentGiven; onType: (given: ImportConsentGiven) => void; onKeep: (given: ImportConsentGiven) => void }) {
  const { t } = useTranslation("contacts");
  const done = () => onKeep(given);
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NativeSelect label={t("import.consent.scope")} value={given.scope} onChange={(event) => onKeep({ ...given, scope: event.currentTarget.value })} data={SCOPES.map((value) => ({ value, label: t(`import.consent.scopes.${value}`) }))} />
        <TextInput type="date" label={t("import.consent.on")} description={t("import.consent.onWhat")} value={given.on ?? ""} onChange={(event) => onType({ ...given, on: event.currentTarget.value || null })} onBlur={done} />
        <TextInput label={t("import.consent.origin")} description={t("import.consent.originWhat")} dir="auto" maxLength={500} value={given.origin} onChange={(event) => onType({ ...given, origin: event.currentTarget.value })} onBlur={done} />
        <NativeSelect label={t("import.consent.language")} value={given.language} onChange={(event) => onKeep({ ...given, language: event.currentTarget.value })} data={Object.entries(LANGUAGES).map(([code, { name }]) => ({ value: code, label: name }))} />
      </SimpleGrid>
      <Textarea label={t("import.consent.shown")} description={t("import.consent.shownWhat")} dir="auto" autosize minRows={2} maxRows={6} maxLength={2000} value={given.shown} onChange={(event) => onType({ ...given, shown: event.currentTarget.value })} onBlur={done} />
    </Stack>
  );
}
