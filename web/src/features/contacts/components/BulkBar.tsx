import { Button, Group, Menu, Paper, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, explain, showDone, showUndo } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { TOTAL_CAP, type Page } from "@/lib/paging";
import { changeMany, type BulkChange, type ContactFilters } from "../api/contacts";
import type { Contact } from "../api/types";
import { useLabels, useLists } from "../hooks/useChoices";
import classes from "./BulkBar.module.css";

interface Props {
  chosen: ReadonlySet<string>;
  filters: ContactFilters;
  /** How many the filter finds, where known. */
  total: number | null;
  onDone: () => void;
}

/** A label or list given to contacts, or taken from them. */
interface Act {
  kind: "labels" | "lists";
  give: boolean;
  id: string;
  name: string;
  /** What the button says. */
  title: string;
}

/** What can be done with several contacts at once. Contacts chosen by hand: at once, and it can be taken back; all that fit: asked first. */
export function BulkBar({ chosen, filters, total, onDone }: Props) {
  const { t } = useTranslation("contacts");
  const [all, setAll] = useState(false);
  const [asked, setAsked] = useState<Act | null>(null);
  const { withChosen, withAll } = useApply(onDone);
  const labels = useLabels();
  const lists = useLists();
  const count = all ? (total ?? 0) : chosen.size;
  const choose = (act: Act) => (all ? setAsked(act) : void withChosen([...chosen], act));
  const choices = [
    { title: t("bulk.addLabel"), kind: "labels", give: true, items: labels },
    { title: t("bulk.removeLabel"), kind: "labels", give: false, items: labels },
    { title: t("bulk.addList"), kind: "lists", give: true, items: lists },
    { title: t("bulk.removeList"), kind: "lists", give: false, items: lists },
  ] as const;
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
        {choices.map(({ title, kind, give, items }) => (
          <Choice key={title} title={title} items={items} onChoose={(id, name) => choose({ kind, give, id, name, title })} />
        ))}
        <Button variant="subtle" color="gray" size="xs" onClick={onDone}>
          {t("bulk.none")}
        </Button>
      </Group>
      <ConfirmDialog opened={asked !== null} title={t("bulk.question")} confirmLabel={t("bulk.go")} onConfirm={async () => asked && withAll(filters, asked)} onClose={() => setAsked(null)}>
        {asked && t("bulk.questionWhat", { act: asked.title, name: asked.name })}
      </ConfirmDialog>
    </Paper>
  );
}

function Choice({ title, items, onChoose }: { title: string; items: readonly { id: string; name: string }[]; onChoose: (id: string, name: string) => void }) {
  return (
    <Menu position="bottom-start" withinPortal={false} withInitialFocusPlaceholder={false}>
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

const changeOf = ({ kind, give, id }: Act): BulkChange => ({ [`${give ? "add" : "remove"}_${kind}`]: [id] });

function useApply(onDone: () => void) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const refresh = () => void Promise.all(["contacts", "lists", "labels"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  const complain = (error: unknown) => void notifications.show({ color: "red", withBorder: true, title: t("common:errors.title"), message: explain(error, t as never) });

  const words = ({ kind, give, name }: Act, count: number): string => {
    const number = formatNumber(count);
    if (kind === "labels") return give ? t("bulk.labelled", { count, number, name }) : t("bulk.unlabelled", { count, number, name });
    return give ? t("bulk.listed", { count, number, name }) : t("bulk.unlisted", { count, number, name });
  };

  /** Only those it changes something for: then taking it back gives each what they had before. */
  const affected = (ids: readonly string[], { kind, give, id }: Act): string[] => {
    const pages = queries.getQueriesData<Page<Contact>>({ queryKey: ["contacts", "list"] }).flatMap(([, page]) => page?.items ?? []);
    const known = new Map(pages.map((contact) => [contact.id, contact]));
    return ids.filter((one) => (known.get(one)?.[kind].some((has) => has.id === id) ?? !give) !== give);
  };

  const withChosen = async (ids: readonly string[], act: Act): Promise<void> => {
    const theirs = affected(ids, act);
    try {
      if (theirs.length > 0) await changeMany({ ids: theirs }, changeOf(act));
      refresh();
      onDone();
      const back = { ...act, give: !act.give };
      showUndo({ message: words(act, theirs.length), undo: () => void changeMany({ ids: theirs }, changeOf(back)).then(refresh, complain) });
    } catch (error) {
      complain(error);
    }
  };

  const withAll = async (filters: ContactFilters, act: Act): Promise<void> => {
    const { changed } = await changeMany({ filter: filters }, changeOf(act));
    refresh();
    onDone();
    showDone(words(act, changed));
  };

  return { withChosen, withAll };
}
