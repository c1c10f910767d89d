import { Modal, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { explain, Problem, SaveBar, showUndo } from "@/components/ui";
import { fetchContacts, joinContacts, partContacts } from "../api/contacts";
import type { Contact } from "../api/types";

/** Finds the other contact of the same person and makes the two one. */
export function JoinDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const [search, setSearch] = useState("");
  const [other, setOther] = useState<string | null>(null);
  const [settled] = useDebouncedValue(search.trim(), 200);
  const found = useQuery({ queryKey: ["contacts", "join", settled], queryFn: ({ signal }) => fetchContacts({ search: settled }, null, signal), enabled: settled.length > 1 }).data?.items ?? [];
  const offered = found.filter(({ id }) => id !== contact.id);
  const { join, busy, error } = useJoin(contact, onClose);
  return (
    <Modal opened onClose={onClose} title={t("join.title")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <Stack>
        <Text size="sm">{t("join.what", { name: nameOf(contact) })}</Text>
        <Select
          data-autofocus
          label={t("join.other")}
          placeholder={t("join.search")}
          searchable
          searchValue={search}
          onSearchChange={setSearch}
          filter={({ options }) => options}
          data={offered.map((one) => ({ value: one.id, label: nameOf(one) }))}
          value={other}
          onChange={setOther}
          nothingFoundMessage={settled.length > 1 ? t("join.nobody") : null}
          comboboxProps={{ withinPortal: false }}
        />
        <Problem error={error} />
        <SaveBar saveLabel={t("join.go")} disabled={!other} busy={busy} onCancel={onClose} onSave={() => void (other && join(other, nameOf(offered.find(({ id }) => id === other))))} />
      </Stack>
    </Modal>
  );
}

const nameOf = (contact: Contact | undefined): string =>
  [[contact?.first_name, contact?.last_name].filter(Boolean).join(" "), contact?.identities[0]?.address].filter(Boolean).join(" · ");

function useJoin(contact: Contact, onDone: () => void) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const refresh = () => void Promise.all(["contacts", "conversations", "messages", "lists", "labels"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  const complain = (refused: unknown) => void notifications.show({ color: "red", withBorder: true, title: t("common:errors.title"), message: explain(refused, t as never) });
  const join = async (other: string, name: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { joining_id } = await joinContacts(contact.id, other);
      refresh();
      onDone();
      showUndo({ message: t("join.done", { name }), undo: () => void partContacts(joining_id).then(refresh, complain) });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return { join, busy, error };
}
