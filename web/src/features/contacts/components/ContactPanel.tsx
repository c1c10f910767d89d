import { Badge, Button, Group, MultiSelect, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, explain, Loading, PersonAvatar, PersonName, PhoneNumber, Problem, RelativeTime, StatusTick } from "@/components/ui";
import { formatDate, withDates } from "@/lib/i18n";
import { useAtLeast } from "@/lib/session";
import { changeContact, fetchContact } from "../api/contacts";
import { fetchCampaignsOf } from "../api/history";
import type { Contact, ContactChange } from "../api/types";
import { languageName } from "../hooks/places";
import { useLabels } from "../hooks/useChoices";
import { ContactDrawer, type ConsentOf, type ContactTab } from "./ContactDrawer";
import classes from "./ContactPanel.module.css";
import { InlineText } from "./InlineText";
import { JoinDialog } from "./JoinDialog";

/** A contact beside a conversation: who it is, changed where it stands, and what they were sent. */
export function ContactPanel({ id, consent }: { id: string; consent: ConsentOf }) {
  const { data: contact, error, refetch } = useQuery({ queryKey: ["contacts", "one", id], queryFn: ({ signal }) => fetchContact(id, signal) });
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!contact) return <div className={classes.panel}><Loading rows={5} /></div>;
  return <Panel contact={contact} consent={consent} />;
}

function Panel({ contact, consent }: { contact: Contact; consent: ConsentOf }) {
  const { t } = useTranslation("contacts");
  const mayEdit = useAtLeast("agent");
  const [editing, setEditing] = useState<string | null>(null);
  const [tab, setTab] = useState<ContactTab>("facts");
  const [joining, setJoining] = useState(false);
  const open = (part: ContactTab) => {
    setTab(part);
    setEditing(contact.id);
  };
  const save = useSave(contact);
  const person = { id: contact.id, name: contact.name, address: contact.identities[0]?.address ?? "" };
  return (
    <div className={classes.panel}>
      <div className={classes.top}>
        <PersonAvatar person={person} size={64} />
        <Title order={2} size="h4">
          <PersonName person={person} />
        </Title>
        {contact.identities.map((identity) => (
          <Text key={identity.id} size="sm" c="dimmed" component="div">
            <PhoneNumber number={identity.address} /> {identity.stopped && <Badge size="xs" variant="light" color="yellow" tt="none">{t("stopped")}</Badge>}
          </Text>
        ))}
        <Group gap="xs" justify="center">
          {mayEdit && (
            <>
              <Button variant="default" size="xs" onClick={() => open("facts")}>
                {t("panel.edit")}
              </Button>
              <Button variant="default" size="xs" onClick={() => setJoining(true)}>
                {t("join.start")}
              </Button>
            </>
          )}
          <Button variant="default" size="xs" onClick={() => open("consent")}>
            {t("edit.consent")}
          </Button>
        </Group>
      </div>
      <Facts contact={contact} save={save} mayEdit={mayEdit} />
      <Labels contact={contact} save={save} mayEdit={mayEdit} />
      <Campaigns contact={contact.id} />
      {joining && <JoinDialog contact={contact} onClose={() => setJoining(false)} />}
      {editing && <ContactDrawer id={editing} onClose={() => setEditing(null)} onOpen={setEditing} consent={consent} tab={tab} />}
    </div>
  );
}

/** `last_visit`, as merge fields have it, as people write it. */
const named = (attribute: string): string => (attribute.charAt(0).toLocaleUpperCase() + attribute.slice(1)).replaceAll("_", " ");

interface Part {
  contact: Contact;
  save: (change: ContactChange) => Promise<unknown>;
  mayEdit: boolean;
}

function Facts({ contact, save, mayEdit }: Part) {
  const { t, i18n } = useTranslation("contacts");
  const text = (field: "first_name" | "last_name") => (
    <InlineText label={t(`fields.${field}`)} value={contact[field]} disabled={!mayEdit} onSave={(value) => save({ [field]: value })} />
  );
  return (
    <dl className={classes.facts}>
      <dt>{t("fields.first_name")}</dt>
      <dd>{text("first_name")}</dd>
      <dt>{t("fields.last_name")}</dt>
      <dd>{text("last_name")}</dd>
      {contact.language && (
        <>
          <dt>{t("fields.language")}</dt>
          <dd className={classes.value}>{languageName(contact.language, i18n.language)}</dd>
        </>
      )}
      <dt>{t("fields.birthday")}</dt>
      <dd>
        <InlineText
          label={t("fields.birthday")}
          type="date"
          value={contact.birthday ?? ""}
          shown={contact.birthday ? formatDate(new Date(`${contact.birthday}T12:00:00`)) : ""}
          disabled={!mayEdit}
          onSave={(value) => save({ birthday: value || null })}
        />
      </dd>
      {Object.entries(contact.attributes).map(([name, value]) => (
        <Fragment key={name}>
          <dt>{named(name)}</dt>
          <dd>
            <InlineText label={named(name)} value={value} shown={withDates(value)} disabled={!mayEdit} onSave={(next) => save({ attributes: { [name]: next || null } })} />
          </dd>
        </Fragment>
      ))}
      {contact.lists.length > 0 && (
        <>
          <dt>{t("fields.lists")}</dt>
          <dd className={classes.value}>{contact.lists.map(({ name }) => name).join(t("separator"))}</dd>
        </>
      )}
    </dl>
  );
}

function Labels({ contact, save, mayEdit }: Part) {
  const { t } = useTranslation("contacts");
  const labels = useLabels();
  return (
    <MultiSelect
      size="sm"
      label={t("fields.labels")}
      placeholder={contact.labels.length === 0 ? t("panel.addLabel") : ""}
      data={labels.map(({ id, name }) => ({ value: id, label: name }))}
      value={contact.labels.map(({ id }) => id)}
      onChange={(ids) => void save({ labels: ids })}
      disabled={!mayEdit}
      searchable
      nothingFoundMessage={t("noLabels")}
    />
  );
}

function Campaigns({ contact }: { contact: string }) {
  const { t } = useTranslation("contacts");
  const { data: campaigns = [] } = useQuery({ queryKey: ["contacts", "campaigns", contact], queryFn: ({ signal }) => fetchCampaignsOf(contact, signal) });
  if (campaigns.length === 0) return null;
  return (
    <div>
      <Title order={3} className={classes.head}>
        {t("panel.campaigns")}
      </Title>
      <ul className={classes.campaigns}>
        {campaigns.map(({ campaign, name, shown, at }) => (
          <li key={campaign}>
            <span>
              <Anchor to="/campaigns/$campaignId" params={{ campaignId: campaign }} inherit>
                <bdi>{name}</bdi>
              </Anchor>
              <Text size="xs" c="dimmed">
                <RelativeTime at={at} />
              </Text>
            </span>
            <StatusTick shown={shown} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Saves a change of one contact: shown at once, taken back when the server refuses. */
function useSave(contact: Contact) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const labels = useLabels();
  const key = ["contacts", "one", contact.id];
  return async (change: ContactChange): Promise<void> => {
    const { labels: ids, attributes = {}, birthday = contact.birthday } = change;
    const first_name = change.first_name ?? contact.first_name;
    const last_name = change.last_name ?? contact.last_name;
    const shown = ids ? labels.filter(({ id }) => ids.includes(id)) : contact.labels;
    const kept = Object.entries({ ...contact.attributes, ...attributes }).filter((entry): entry is [string, string] => entry[1] !== null);
    queries.setQueryData<Contact>(key, { ...contact, first_name, last_name, birthday, labels: shown, attributes: Object.fromEntries(kept) });
    try {
      queries.setQueryData<Contact>(key, await changeContact(contact.id, change));
      void queries.invalidateQueries({ queryKey: ["contacts", "list"] });
      void queries.invalidateQueries({ queryKey: ["conversations", "one"] });
    } catch (error) {
      queries.setQueryData<Contact>(key, contact);
      notifications.show({ color: "red", withBorder: true, title: t("common:errors.title"), message: explain(error, t as never) });
    }
  };
}
