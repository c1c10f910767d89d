import { Badge, Button, Stack, Text } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, EmptyState, Loading, PageHeader, Problem, Section, showDone } from "@/components/ui";
import { deleteLabel, fetchLabels, LABELS_KEY, type Label } from "../api/labels";
import { LabelDialog } from "./LabelDialog";
import classes from "./Lines.module.css";

export function LabelsPage() {
  const { t } = useTranslation("settings");
  const [edited, setEdited] = useState<Label | "new" | null>(null);
  const labels = useQuery({ queryKey: [...LABELS_KEY, "settings"], queryFn: ({ signal }) => fetchLabels(signal) });
  const button = <Button onClick={() => setEdited("new")}>{t("labels.create")}</Button>;
  const isEmpty = labels.data?.length === 0;
  return (
    <>
      <PageHeader title={t("labels.title")} description={t("labels.description")} actions={!isEmpty && button} />
      {labels.isPending && <Loading rows={3} />}
      <Problem error={labels.error} retry={() => void labels.refetch()} />
      {isEmpty && (
        <EmptyState icon={<IconTag size={34} />} title={t("labels.emptyTitle")} actions={button}>
          {t("labels.emptyText")}
        </EmptyState>
      )}
      {labels.data && !isEmpty && (
        <Section title={t("labels.all")}>
          <ul className={classes.lines}>
            {labels.data.map((label) => (
              <Line key={label.id} label={label} onEdit={() => setEdited(label)} />
            ))}
          </ul>
        </Section>
      )}
      {edited && <LabelDialog label={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function Line({ label, onEdit }: { label: Label; onEdit: () => void }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    await deleteLabel(label.id);
    await queries.invalidateQueries({ queryKey: LABELS_KEY });
    showDone(t("labels.deleted", { name: label.name }));
  };
  return (
    <li className={classes.line}>
      <Stack gap={0} flex="1 1 10rem" align="flex-start">
        <Badge variant="light" color={label.color} size="lg">
          {label.name}
        </Badge>
      </Stack>
      <Text size="sm" c="dimmed">
        {t("labels.contacts", { count: label.contacts })}
      </Text>
      <Button variant="default" size="sm" onClick={onEdit} aria-label={t("labels.editOne", { name: label.name })}>
        {t("common:actions.edit")}
      </Button>
      <Button variant="subtle" color="red" size="sm" onClick={() => setAsking(true)} aria-label={t("labels.deleteOne", { name: label.name })}>
        {t("common:actions.delete")}
      </Button>
      <ConfirmDialog opened={asking} title={t("labels.deleteOne", { name: label.name })} confirmLabel={t("common:actions.delete")} onConfirm={remove} onClose={() => setAsking(false)}>
        {t("labels.deleteWhat", { count: label.contacts })}
      </ConfirmDialog>
    </li>
  );
}
