import { Button, List, Stack, Text } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, Page, PageHeader, Problem, Section } from "@/components/ui";
import { importKey, uploadImport } from "../../api/imports";
import classes from "./Imports.module.css";
import { Steps } from "./Steps";

const ACCEPTED = ".csv,.tsv,.txt,.xlsx";

/** The first step: a file, chosen or dropped. */
export function NewImportPage() {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const upload = async (file: File | undefined) => {
    if (!file || busy) return;
    setBusy(file.name);
    setError(null);
    try {
      const made = await uploadImport(file);
      queries.setQueryData(importKey(made.id), made);
      void navigate({ to: "/contacts/imports/$importId", params: { importId: made.id }, replace: true });
    } catch (refused) {
      setError(refused);
      setBusy(null);
    }
  };
  return (
    <Page width="narrow">
      <PageHeader title={t("import.title")} description={t("import.description")} back={<Anchor to="/contacts/imports" size="sm">{t("import.history")}</Anchor>} />
      <Steps active={0} />
      <Stack>
        <Drop busy={busy} onFile={(file) => void upload(file)} />
        <Problem error={error} />
        <Section title={t("import.goodFile")}>
          <List spacing={4} size="sm">
            <List.Item>{t("import.tip1")}</List.Item>
            <List.Item>{t("import.tip2")}</List.Item>
            <List.Item>{t("import.tip3")}</List.Item>
            <List.Item>{t("import.tip4")}</List.Item>
          </List>
        </Section>
      </Stack>
    </Page>
  );
}

function Drop({ busy, onFile }: { busy: string | null; onFile: (file: File | undefined) => void }) {
  const { t } = useTranslation("contacts");
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileSpreadsheet size={42} stroke={1.4} aria-hidden />
      <Text fw={600}>{busy ? t("import.uploading", { name: busy }) : t("import.drop")}</Text>
      <Text size="sm" c="dimmed">
        {t("import.formats")}
      </Text>
      <input ref={input} type="file" accept={ACCEPTED} hidden aria-label={t("import.choose")} onChange={(event) => onFile(event.currentTarget.files?.[0])} />
      <Button loading={busy !== null} onClick={() => input.current?.click()}>
        {t("import.choose")}
      </Button>
    </div>
  );
}
