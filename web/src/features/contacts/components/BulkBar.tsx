import { Button, Group, Menu, Paper, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { explain, showUndo } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { TOTAL_CAP } from "@/lib/paging";
import { changeMany, type BulkChange, type Chosen, type ContactFilters } from "../api/contacts";
import { useLabels, useLists } from "../hooks/useChoices";
import classes from "./BulkBar.module.css";

interface Props {
  chosen: ReadonlySet<string>;
  filters: ContactFilters;
  /** How many the filter finds, where known. */
  total: number | null;
  onDone: () => void;
}

/** What can be done with several contacts at once; each is done right away and can be taken back. */
export function BulkBar({ chosen, filters, total, onDone }: Props) {
  const { t } = useTranslation("contacts");
  const [all, setAll] = useState(false);
  const whom: Chosen = all ? { filter: filters } : { ids: [...chosen] };
  const apply = useApply(whom, onDone);
  const labels = useLabels();
  const lists = useLists();
  const count = all ? (total ?? 0) : chosen.size;
  return (
    <Paper withBorder className={classes.bar} role="region" aria-label={t("bulk.label")}>
      <Text size="sm" fw={600} role="status">
        {all && total !== null && total >= TOTAL_CAP ? t("bulk.chosenMany", { number: formatNumber(TOTAL_CAP) }) : t("bulk.chosen", { count, number: formatNumber(count) })}
      </Text>
      {!all && total !== null && total > chosen.size && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          {total >= TOTAL_CAP ? t("bulk.allMany") : t("bulk.all", { count: total, number: formatNumber(total) })}
        </Button>
      )}
      <Group gap="xs">
        <Choice title={t("bulk.addLabel")} items={labels} onChoose={(id, name) => void apply({ add_labels: [id] }, { remove_labels: [id] }, (count, number) => t("bulk.labelled", { count, number, name }))} />
        <Choice title={t("bulk.removeLabel")} items={labels} onChoose={(id, name) => void apply({ remove_labels: [id] }, { add_labels: [id] }, (count, number) => t("bulk.unlabelled", { count, number, name }))} />
        <Choice title={t("bulk.addList")} items={lists} onChoose={(id, name) => void apply({ add_lists: [id] }, { remove_lists: [id] }, (count, number) => t("bulk.listed", { count, number, name }))} />
        <Choice title={t("bulk.removeList")} items={lists} onChoose={(id, name) => void apply({ remove_lists: [id] }, { add_lists: [id] }, (count, number) => t("bulk.unlisted", { count, number, name }))} />
        <Button variant="subtle" color="gray" size="xs" onClick={onDone}>
          {t("bulk.none")}
        </Button>
      </Group>
    </Paper>
  );
}

function Choice({ title, items, onChoose }: { title: string; items: readonly { id: string; name: string }[]; onChoose: (id: string, name: string) => void }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" size="xs" disabled={items.length === 0}>
          {title}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {items.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => onChoose(id, name)}>
            <bdi>{name}</bdi>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function useApply(whom: Chosen, onDone: () => void) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const refresh = () => void Promise.all(["contacts", "lists", "labels"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  const complain = (error: unknown) => void notifications.show({ color: "red", withBorder: true, title: t("common:errors.title"), message: explain(error, t as never) });
  return async (change: BulkChange, back: BulkChange, words: (count: number, number: string) => string) => {
    try {
      const { changed } = await changeMany(whom, change);
      refresh();
      onDone();
      const undo = () => void changeMany(whom, back).then(refresh, complain);
      showUndo({ message: words(changed, formatNumber(changed)), undo });
    } catch (error) {
      complain(error);
    }
  };
}
