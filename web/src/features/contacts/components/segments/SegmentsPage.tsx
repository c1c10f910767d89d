import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconFilter } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, ConfirmDialog, DataTable, EmptyState, LinkButton, Page, PageHeader, RelativeTime, showDone, type Column } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import { deleteSegment, fetchSegments, SEGMENTS_KEY } from "../../api/segments";
import type { Segment } from "../../api/types";
import { asPages } from "../../hooks/asPages";
import { ContactsTabs } from "../ContactsTabs";
import { RowActs } from "../ListsPage";

/** Groups by rule: who fits is found when it is asked. */
export function SegmentsPage() {
  const { t } = useTranslation("contacts");
  const mayEdit = useAtLeast("agent");
  const navigate = useNavigate();
  const segments = useQuery({ queryKey: SEGMENTS_KEY, queryFn: ({ signal }) => fetchSegments(signal) });
  const [removed, setRemoved] = useState<Segment | null>(null);
  const open = (segment: Segment) => void navigate({ to: "/contacts/segments/$segmentId", params: { segmentId: segment.id } });
  const button = mayEdit && (
    <LinkButton to="/contacts/segments/$segmentId" params={{ segmentId: "new" }}>
      {t("segments.create")}
    </LinkButton>
  );
  const columns: Column<Segment>[] = [
    { id: "name", header: t("columns.name"), cell: (segment) => <Anchor to="/contacts/segments/$segmentId" params={{ segmentId: segment.id }} fw={550}><bdi>{segment.name}</bdi></Anchor> },
    { id: "people", header: t("columns.people"), cell: (segment) => <Anchor to="/contacts" search={{ segment: segment.id }} size="sm">{t("segments.show")}</Anchor> },
    { id: "created", header: t("columns.created"), hideOnPhone: true, cell: (segment) => <RelativeTime at={segment.created_at} /> },
    ...(mayEdit ? [{ id: "acts", header: t("columns.acts"), align: "end" as const, cell: (segment: Segment) => <RowActs name={segment.name} onEdit={() => open(segment)} onRemove={() => setRemoved(segment)} /> }] : []),
  ];
  return (
    <Page>
      <PageHeader title={t("segments.title")} description={t("segments.description")} actions={button} />
      <ContactsTabs />
      <DataTable
        label={t("segments.title")}
        columns={columns}
        pages={asPages(segments)}
        rowId={(segment) => segment.id}
        rowLabel={(segment) => segment.name}
        onOpen={open}
        empty={
          <EmptyState icon={<IconFilter size={34} />} title={t("segments.empty.title")} actions={button}>
            {t("segments.empty.text")}
          </EmptyState>
        }
      />
      {removed && <Removal segment={removed} onClose={() => setRemoved(null)} />}
    </Page>
  );
}

function Removal({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const remove = async () => {
    await deleteSegment(segment.id);
    await queries.invalidateQueries({ queryKey: SEGMENTS_KEY });
    showDone(t("segments.removed", { name: segment.name }));
  };
  return (
    <ConfirmDialog opened title={t("lists.remove", { name: segment.name })} confirmLabel={t("common:actions.delete")} onConfirm={remove} onClose={onClose}>
      {t("segments.removeWhat")}
    </ConfirmDialog>
  );
}
