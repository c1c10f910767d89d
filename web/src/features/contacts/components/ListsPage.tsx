import { ActionIcon, Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { IconEdit, IconListDetails, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, ConfirmDialog, DataTable, EmptyState, Page, PageHeader, Problem, RelativeTime, showDone, type Column } from "@/components/ui";
import { ApiError } from "@/lib/errors";
import { formatNumber } from "@/lib/i18n";
import { useAtLeast } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import { createList, deleteList, fetchLists, LISTS_KEY, renameList } from "../api/lists";
import type { ContactList } from "../api/types";
import { asPages } from "../hooks/asPages";
import { ContactsTabs } from "./ContactsTabs";

/** Fixed groups of contacts. */
export function ListsPage() {
  const { t } = useTranslation("contacts");
  const mayEdit = useAtLeast("agent");
  const navigate = useNavigate();
  const lists = useQuery({ queryKey: LISTS_KEY, queryFn: ({ signal }) => fetchLists(signal) });
  const [named, setNamed] = useState<ContactList | "new" | null>(null);
  const [removed, setRemoved] = useState<ContactList | null>(null);
  const create = () => setNamed("new");
  const button = mayEdit && <Button onClick={create}>{t("lists.create")}</Button>;
  useShortcuts(mayEdit ? [{ keys: "n", label: t("lists.create"), group: t("title"), run: create }] : []);
  const columns: Column<ContactList>[] = [
    { id: "name", header: t("columns.name"), cell: (list) => <Anchor to="/contacts" search={{ list: list.id }} fw={550}><bdi>{list.name}</bdi></Anchor> },
    { id: "contacts", header: t("columns.contacts"), align: "end", cell: (list) => formatNumber(list.contacts) },
    { id: "created", header: t("columns.created"), hideOnPhone: true, cell: (list) => <RelativeTime at={list.created_at} /> },
    ...(mayEdit ? [{ id: "acts", header: t("columns.acts"), align: "end" as const, cell: (list: ContactList) => <RowActs name={list.name} onEdit={() => setNamed(list)} onRemove={() => setRemoved(list)} /> }] : []),
  ];
  return (
    <Page>
      <PageHeader title={t("lists.title")} description={t("lists.description")} actions={button} />
      <ContactsTabs />
      <DataTable
        label={t("lists.title")}
        columns={columns}
        pages={asPages(lists)}
        rowId={(list) => list.id}
        rowLabel={(list) => list.name}
        onOpen={(list) => void navigate({ to: "/contacts", search: { list: list.id } })}
        empty={
          <EmptyState icon={<IconListDetails size={34} />} title={t("lists.empty.title")} actions={button}>
            {t("lists.empty.text")}
          </EmptyState>
        }
      />
      {named && <NameDialog list={named === "new" ? null : named} onClose={() => setNamed(null)} />}
      {removed && <RemoveDialog list={removed} onClose={() => setRemoved(null)} />}
    </Page>
  );
}

export function RowActs({ name, onEdit, onRemove }: { name: string; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation("contacts");
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <ActionIcon variant="subtle" color="gray" aria-label={t("lists.edit", { name })} onClick={onEdit}>
        <IconEdit size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t("lists.remove", { name })} onClick={onRemove}>
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

function NameDialog({ list, onClose }: { list: ContactList | null; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const [name, setName] = useState(list?.name ?? "");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const refusal = error instanceof ApiError ? error.fields.name : undefined;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await (list ? renameList(list.id, name.trim()) : createList(name.trim()));
      await queries.invalidateQueries({ queryKey: LISTS_KEY });
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={list ? t("lists.rename") : t("lists.create")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <form onSubmit={(event) => void save(event)}>
        <Stack>
          <TextInput label={t("columns.name")} dir="auto" data-autofocus value={name} error={refusal} onChange={(event) => (setName(event.currentTarget.value), setError(null))} />
          {!refusal && <Problem error={error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={name.trim() === ""}>
              {t("common:actions.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function RemoveDialog({ list, onClose }: { list: ContactList; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const remove = async () => {
    await deleteList(list.id);
    await queries.invalidateQueries({ queryKey: LISTS_KEY });
    showDone(t("lists.removed", { name: list.name }));
  };
  return (
    <ConfirmDialog opened title={t("lists.remove", { name: list.name })} confirmLabel={t("common:actions.delete")} onConfirm={remove} onClose={onClose}>
      {t("lists.removeWhat")}
    </ConfirmDialog>
  );
}
