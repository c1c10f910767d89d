import { Button, Drawer, Group, Stack, Tabs, Text, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, LinkButton, Loading, Problem, showDone } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import { deleteContact, fetchContact, stopContact } from "../api/contacts";
import type { Contact } from "../api/types";
import { ContactFields } from "./ContactFields";

interface Props {
  /** null makes a new contact. */
  id: string | null;
  onClose: () => void;
  /** Shows another contact in its place: the one just made, or the one that already has the number. */
  onOpen: (id: string) => void;
  consent: ConsentOf;
  /** The part shown at first. */
  tab?: ContactTab | undefined;
}

/** What a contact agreed to; the consent feature draws it. */
export type ConsentOf = (contact: string) => ReactNode;

export type ContactTab = "facts" | "consent";

export function ContactDrawer({ id, onClose, onOpen, consent, tab = "facts" }: Props) {
  const { t } = useTranslation("contacts");
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={id ? t("edit.title") : t("create.title")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      {id ? <Editing key={id} id={id} onClose={onClose} onOpen={onOpen} consent={consent} tab={tab} /> : <ContactFields contact={null} onSaved={onClose} onOpen={onOpen} />}
    </Drawer>
  );
}

interface EditingProps extends Omit<Props, "id" | "tab"> {
  id: string;
  tab: ContactTab;
}

function Editing({ id, onClose, onOpen, consent, tab }: EditingProps) {
  const { t } = useTranslation("contacts");
  const mayEdit = useAtLeast("agent");
  const { data: contact, error, refetch } = useQuery({ queryKey: ["contacts", "one", id], queryFn: ({ signal }) => fetchContact(id, signal) });
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!contact) return <Loading shape="form" />;
  return (
    <Tabs key={tab} defaultValue={tab} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="facts">{t("edit.facts")}</Tabs.Tab>
        <Tabs.Tab value="consent">{t("edit.consent")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="facts">
        <ContactFields key={contact.id} contact={contact} onSaved={onClose} onOpen={onOpen} />
        {mayEdit && <Delicate contact={contact} onClose={onClose} />}
      </Tabs.Panel>
      <Tabs.Panel value="consent">{consent(contact.id)}</Tabs.Panel>
    </Tabs>
  );
}

/** What cannot be taken back: recording that somebody stopped, and removing. */
function Delicate({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const [asking, setAsking] = useState<"stop" | "delete" | null>(null);
  const [note, setNote] = useState("");
  const name = contact.name || contact.identities[0]?.address || "";
  const stopped = contact.identities.length > 0 && contact.identities.every((identity) => identity.stopped);
  const refresh = () => queries.invalidateQueries({ queryKey: ["contacts"] });
  const stop = async () => {
    await stopContact(contact.id, note);
    await refresh();
    showDone(t("stop.done", { name }));
  };
  const remove = async () => {
    await deleteContact(contact.id);
    onClose();
    await refresh();
    showDone(t("delete.done", { name }));
  };
  return (
    <Stack mt="xl" pt="md" gap="xs" style={{ borderBlockStart: "1px solid var(--tf-line)" }}>
      <Group gap="xs">
        <LinkButton to="/inbox" search={{ compose: true, to: contact.identities[0]?.address }} variant="default" size="xs" disabled={stopped}>
          {t("edit.write")}
        </LinkButton>
        {!stopped && (
          <Button variant="default" size="xs" onClick={() => setAsking("stop")}>
            {t("stop.title")}
          </Button>
        )}
        <Button variant="subtle" color="red" size="xs" onClick={() => setAsking("delete")}>
          {t("delete.title")}
        </Button>
      </Group>
      {stopped && (
        <Text size="sm" c="dimmed">
          {t("stop.already")}
        </Text>
      )}
      <ConfirmDialog opened={asking === "stop"} title={t("stop.question", { name })} confirmLabel={t("stop.title")} onConfirm={stop} onClose={() => setAsking(null)}>
        <Stack>
          {t("stop.what")}
          <Textarea label={t("stop.note")} description={t("stop.noteHint")} dir="auto" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        </Stack>
      </ConfirmDialog>
      <ConfirmDialog opened={asking === "delete"} title={t("delete.question", { name })} confirmLabel={t("delete.title")} onConfirm={remove} onClose={() => setAsking(null)}>
        {t("delete.what")}
      </ConfirmDialog>
    </Stack>
  );
}
