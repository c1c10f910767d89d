import { Badge, Text } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Anchor, DataTable, EmptyState, LinkButton, Page, PageHeader, RelativeTime, type Column } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { useCursorPages } from "@/lib/paging";
import { useAtLeast } from "@/lib/session";
import { fetchImports } from "../../api/imports";
import type { Import, ImportState } from "../../api/types";
import { ContactsTabs } from "../ContactsTabs";

const COLORS: Record<ImportState, string> = { uploaded: "gray", running: "blue", stopping: "yellow", stopped: "yellow", done: "green", failed: "red" };

export function StateBadge({ state }: { state: ImportState }) {
  const { t } = useTranslation("contacts");
  return (
    <Badge variant="light" color={COLORS[state]} tt="none">
      {t(`import.states.${state}`)}
    </Badge>
  );
}

/** Every file that was imported, and how it went. */
export function ImportsPage() {
  const { t } = useTranslation("contacts");
  const navigate = useNavigate();
  const mayImport = useAtLeast("admin");
  const pages = useCursorPages(["imports", "list"], fetchImports);
  const open = (one: Import) => void navigate({ to: "/contacts/imports/$importId", params: { importId: one.id } });
  const button = mayImport && <LinkButton to="/contacts/imports/new">{t("import.title")}</LinkButton>;
  const columns: Column<Import>[] = [
    { id: "file", header: t("import.file"), cell: (one) => <Anchor to="/contacts/imports/$importId" params={{ importId: one.id }} fw={550}><bdi>{one.file_name}</bdi></Anchor> },
    { id: "state", header: t("columns.state"), cell: (one) => <StateBadge state={one.state} /> },
    { id: "created", header: t("import.counts.created"), align: "end", hideOnPhone: true, cell: (one) => formatNumber(one.created) },
    { id: "updated", header: t("import.counts.updated"), align: "end", hideOnPhone: true, cell: (one) => formatNumber(one.updated) },
    { id: "failed", header: t("import.counts.failed"), align: "end", cell: (one) => formatNumber(one.failed) },
    { id: "at", header: t("columns.when"), hideOnPhone: true, align: "end", cell: (one) => <Text size="sm" c="dimmed" component="span"><RelativeTime at={one.created_at} /></Text> },
  ];
  return (
    <Page>
      <PageHeader title={t("import.history")} description={t("import.historyWhat")} actions={button} />
      <ContactsTabs />
      <DataTable
        label={t("import.history")}
        columns={columns}
        pages={pages}
        rowId={(one) => one.id}
        rowLabel={(one) => one.file_name}
        onOpen={open}
        empty={
          <EmptyState icon={<IconFileSpreadsheet size={34} />} title={t("import.empty.title")} actions={button}>
            {t("import.empty.text")}
          </EmptyState>
        }
      />
    </Page>
  );
}
