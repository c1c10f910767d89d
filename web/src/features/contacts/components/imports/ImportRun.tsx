import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DataTable, LinkButton, Problem, saveFile, Section, type Column } from "@/components/ui";
import { formatNumber, formatPercent } from "@/lib/i18n";
import { useCursorPages } from "@/lib/paging";
import { actOnImport, fetchErrorReport, fetchImportErrors, importKey } from "../../api/imports";
import type { Import, ImportError } from "../../api/types";
import classes from "./Imports.module.css";
import { StateBadge } from "./ImportsPage";

interface Props {
  data: Import;
  keep: (changed: Import) => void;
}

/** The third step: how it goes, and at the end how it went. */
export function ImportRun({ data, keep }: Props) {
  const { t } = useTranslation("contacts");
  const act = useMutation({ mutationFn: (what: "stop" | "resume") => actOnImport(data.id, what), onSuccess: keep });
  const share = data.rows_total ? Math.min(1, data.rows_done / data.rows_total) : data.state === "done" ? 1 : 0;
  const moving = data.state === "running" || data.state === "stopping";
  return (
    <Stack>
      <Section title={t(`import.run.${data.state}`)} actions={<StateBadge state={data.state} />}>
        <Stack>
          <Progress value={share * 100} size="lg" radius="xl" animated={moving} striped={moving} aria-label={t("import.progress")} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed" role="status">
              {data.rows_total === null ? t("import.rowsDone", { count: data.rows_done, number: formatNumber(data.rows_done) }) : t("import.rowsOf", { done: formatNumber(data.rows_done), total: formatNumber(data.rows_total), share: formatPercent(share) })}
            </Text>
            <Group gap="xs">
              {data.state === "running" && (
                <Button variant="default" size="xs" loading={act.isPending} onClick={() => act.mutate("stop")}>
                  {t("import.stop")}
                </Button>
              )}
              {data.state === "stopped" && (
                <Button size="xs" loading={act.isPending} onClick={() => act.mutate("resume")}>
                  {t("import.resume")}
                </Button>
              )}
            </Group>
          </Group>
          {data.problem && (
            <Alert color="red" variant="light" role="alert">
              {data.problem}
            </Alert>
          )}
          <Problem error={act.error} />
          <Numbers data={data} />
          {data.state === "done" && <Next data={data} />}
        </Stack>
      </Section>
      {data.failed > 0 && <Errors data={data} />}
    </Stack>
  );
}

function Numbers({ data }: { data: Import }) {
  const { t } = useTranslation("contacts");
  return (
    <dl className={classes.numbers}>
      {(["created", "updated", "unchanged", "failed"] as const).map((name) => (
        <div key={name}>
          <dt>{t(`import.counts.${name}`)}</dt>
          <dd>{formatNumber(data[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Next({ data }: { data: Import }) {
  const { t } = useTranslation("contacts");
  return (
    <Group>
      <LinkButton to="/contacts" search={data.list ? { list: data.list.id } : {}}>
        {t("import.show")}
      </LinkButton>
      <LinkButton to="/campaigns/new" search={data.list ? { list: data.list.id } : {}} variant="default">
        {t("import.text")}
      </LinkButton>
    </Group>
  );
}

function Errors({ data }: { data: Import }) {
  const { t } = useTranslation(["contacts", "texting"]);
  // Fetched anew with each rise, while the list is on screen.
  const pages = useCursorPages([...importKey(data.id), "errors", data.state === "running" ? 0 : data.failed], (after, signal) => fetchImportErrors(data.id, after, signal));
  const columns: Column<ImportError>[] = [
    { id: "row", header: t("import.row"), align: "end", width: 70, cell: (error) => formatNumber(error.row) },
    { id: "column", header: t("import.inColumn"), hideOnPhone: true, cell: (error) => <bdi>{error.column}</bdi> },
    { id: "message", header: t("import.why"), cell: (error) => error.message },
    { id: "cells", header: t("import.cells"), hideOnPhone: true, cell: (error) => <Text size="sm" c="dimmed" dir="auto" component="span">{error.cells.filter(Boolean).join(" · ")}</Text> },
  ];
  return (
    <Section
      title={t("import.errors", { count: data.failed, number: formatNumber(data.failed) })}
      description={t("import.errorsWhat")}
      actions={
        <Button onClick={() => void saveFile(fetchErrorReport(data.id))} variant="default" leftSection={<IconDownload size={17} aria-hidden />}>
          {t("import.report")}
        </Button>
      }
    >
      <DataTable label={t("import.errorsLabel")} columns={columns} pages={pages} rowId={(error) => String(error.row)} rowLabel={(error) => String(error.row)} empty={null} maxHeight={420} />
    </Section>
  );
}
