import { Badge, Button, ColorSwatch, Group, Menu, NativeSelect, Text } from "@mantine/core";
import { IconAddressBook, IconDownload, IconMessageOff, IconPlus, IconUpload } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, DataTable, EmptyState, LinkButton, Page, PageHeader, PersonAvatar, PersonName, PhoneNumber, RelativeTime, saveFile, SearchInput, type Column } from "@/components/ui";
import { useCommands } from "@/lib/commands";
import { useCursorPages } from "@/lib/paging";
import { useAtLeast } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import { exportContacts, fetchContacts, type ContactFilters } from "../api/contacts";
import type { Contact } from "../api/types";
import { useLabels, useLists, useSegments } from "../hooks/useChoices";
import { BulkBar } from "./BulkBar";
import { ContactDrawer, type ConsentOf } from "./ContactDrawer";
import { ContactsTabs } from "./ContactsTabs";

export interface ContactsSearch extends ContactFilters {
  /** The contact in the drawer: an id, or `new`. */
  contact?: string | undefined;
  /** `consent` opens the drawer there. */
  tab?: string | undefined;
}

export function ContactsPage({ consent }: { consent: ConsentOf }) {
  const { t } = useTranslation("contacts");
  const { contact, tab, ...filters }: ContactsSearch = useSearch({ from: "/shell/contacts" });
  const go = useGo();
  const mayEdit = useAtLeast("agent");
  const pages = useCursorPages(["contacts", "list", filters], (after, signal) => fetchContacts(filters, after, signal));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useContactKeys(go);
  const isFiltered = Object.values(filters).some(Boolean);
  return (
    <Page>
      <PageHeader title={t("title")} description={t("description")} actions={<Actions filters={filters} onCreate={() => go({ contact: "new" })} />} />
      <ContactsTabs />
      <DataTable
        label={t("title")}
        columns={useColumns()}
        pages={pages}
        rowId={(row) => row.id}
        rowLabel={(row) => row.name || row.identities[0]?.address || ""}
        onOpen={(row) => go({ contact: row.id })}
        {...(mayEdit && { selection: { chosen, onChange: setChosen } })}
        toolbar={
          <>
            <Filters filters={filters} onChange={go} />
            {chosen.size > 0 && <BulkBar chosen={chosen} filters={filters} total={pages.total} onDone={() => setChosen(new Set())} />}
          </>
        }
        empty={isFiltered ? <NothingFound onClear={() => go({ search: undefined, list: undefined, segment: undefined, label: undefined, stopped: undefined, blocked: undefined })} /> : <NoContacts onCreate={() => go({ contact: "new" })} />}
      />
      {contact && <ContactDrawer id={contact === "new" ? null : contact} onClose={() => go({ contact: undefined, tab: undefined })} onOpen={(id) => go({ contact: id })} consent={consent} tab={tab === "consent" ? tab : "facts"} />}
    </Page>
  );
}

type Go = (change: ContactsSearch) => void;

function useGo(): Go {
  const navigate = useNavigate();
  return (change) => void navigate({ to: "/contacts", search: (before: ContactsSearch) => ({ ...before, ...change }) });
}

function useColumns(): Column<Contact>[] {
  const { t } = useTranslation("contacts");
  return [
    { id: "name", header: t("columns.name"), cell: (contact) => <NameCell contact={contact} /> },
    { id: "number", header: t("columns.number"), hideOnPhone: true, cell: (contact) => <NumberCell contact={contact} /> },
    { id: "labels", header: t("columns.labels"), hideOnPhone: true, cell: (contact) => <Tags of={contact.labels} /> },
    { id: "lists", header: t("columns.lists"), hideOnPhone: true, cell: (contact) => <Text size="sm" c="dimmed">{contact.lists.map(({ name }) => name).join(t("separator"))}</Text> },
    { id: "updated", header: t("columns.changed"), hideOnPhone: true, align: "end", cell: (contact) => <Text size="sm" c="dimmed" component="span"><RelativeTime at={contact.updated_at} /></Text> },
  ];
}

function NameCell({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  const first = contact.identities[0];
  const stopped = contact.identities.some((identity) => identity.stopped);
  return (
    <Group gap="sm" wrap="nowrap">
      <PersonAvatar person={contact} size={34} />
      <div style={{ minWidth: 0 }}>
        <Anchor to="/contacts" search={(before: ContactsSearch) => ({ ...before, contact: contact.id })} c="inherit" fw={550}>
          <PersonName person={{ id: contact.id, name: contact.name, address: first?.address ?? "" }} />
        </Anchor>
        {contact.name && first && (
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            <PhoneNumber number={first.address} />
          </Text>
        )}
        {(stopped || contact.blocked) && (
          <Group gap={4}>
            {stopped && <Badge size="xs" variant="light" color="yellow" leftSection={<IconMessageOff size={11} aria-hidden />}>{t("stopped")}</Badge>}
            {contact.blocked && <Badge size="xs" variant="light" color="red">{t("blocked")}</Badge>}
          </Group>
        )}
      </div>
    </Group>
  );
}

function NumberCell({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  const [first, ...others] = contact.identities;
  if (!first) return null;
  return (
    <Text size="sm" component="span">
      <PhoneNumber number={first.address} />
      {others.length > 0 && <Text span size="xs" c="dimmed" ms={6}>{t("moreNumbers", { count: others.length })}</Text>}
    </Text>
  );
}

export function Tags({ of }: { of: Contact["labels"] }) {
  return (
    <Group gap={4}>
      {of.map((label) => (
        <Badge key={label.id} variant="default" tt="none" fw={550} leftSection={<ColorSwatch size={9} color={`var(--mantine-color-${label.color}-6)`} withShadow={false} aria-hidden />}>
          {label.name}
        </Badge>
      ))}
    </Group>
  );
}

function Filters({ filters, onChange }: { filters: ContactFilters; onChange: Go }) {
  const { t } = useTranslation("contacts");
  const lists = useLists();
  const segments = useSegments();
  const labels = useLabels();
  const options = (all: string, items: readonly { id: string; name: string }[]) => [{ value: "", label: all }, ...items.map(({ id, name }) => ({ value: id, label: name }))];
  const state = filters.stopped ? "stopped" : filters.blocked ? "blocked" : "";
  return (
    <>
      <SearchInput label={t("search")} value={filters.search ?? ""} onChange={(search) => onChange({ search: search || undefined })} />
      <NativeSelect aria-label={t("filters.list")} value={filters.list ?? ""} onChange={(event) => onChange({ list: event.currentTarget.value || undefined })} data={options(t("filters.anyList"), lists)} />
      <NativeSelect aria-label={t("filters.segment")} value={filters.segment ?? ""} onChange={(event) => onChange({ segment: event.currentTarget.value || undefined })} data={options(t("filters.anySegment"), segments)} />
      <NativeSelect aria-label={t("filters.label")} value={filters.label ?? ""} onChange={(event) => onChange({ label: event.currentTarget.value || undefined })} data={options(t("filters.anyLabel"), labels)} />
      <NativeSelect
        aria-label={t("filters.state")}
        value={state}
        onChange={({ currentTarget: { value } }) => onChange({ stopped: value === "stopped" || undefined, blocked: value === "blocked" || undefined })}
        data={[
          { value: "", label: t("filters.anyState") },
          { value: "stopped", label: t("stopped") },
          { value: "blocked", label: t("blocked") },
        ]}
      />
    </>
  );
}

function Actions({ filters, onCreate }: { filters: ContactFilters; onCreate: () => void }) {
  const { t } = useTranslation(["contacts", "texting"]);
  const mayEdit = useAtLeast("agent");
  const mayImport = useAtLeast("admin");
  return (
    <>
      <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={17} aria-hidden />}>
            {t("export.title")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void saveFile(exportContacts("xlsx", filters))}>
            {t("export.xlsx")}
          </Menu.Item>
          <Menu.Item onClick={() => void saveFile(exportContacts("csv", filters))}>
            {t("export.csv")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {mayImport && (
        <LinkButton to="/contacts/imports/new" variant="default" leftSection={<IconUpload size={17} aria-hidden />}>
          {t("import.title")}
        </LinkButton>
      )}
      {mayEdit && (
        <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={onCreate}>
          {t("create.title")}
        </Button>
      )}
    </>
  );
}

function NoContacts({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation("contacts");
  const mayEdit = useAtLeast("agent");
  const mayImport = useAtLeast("admin");
  return (
    <EmptyState
      icon={<IconAddressBook size={34} />}
      title={t("empty.title")}
      steps={[t("empty.step1"), t("empty.step2"), t("empty.step3")]}
      actions={
        <>
          {mayImport && <LinkButton to="/contacts/imports/new">{t("import.title")}</LinkButton>}
          {mayEdit && (
            <Button variant="default" onClick={onCreate}>
              {t("create.title")}
            </Button>
          )}
        </>
      }
    >
      {t("empty.text")}
    </EmptyState>
  );
}

function NothingFound({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation("contacts");
  return (
    <EmptyState title={t("notFound.title")} actions={<Button variant="default" onClick={onClear}>{t("notFound.clear")}</Button>}>
      {t("notFound.text")}
    </EmptyState>
  );
}

function useContactKeys(go: Go): void {
  const { t } = useTranslation("contacts");
  const navigate = useNavigate();
  const mayEdit = useAtLeast("agent");
  const mayImport = useAtLeast("admin");
  const group = t("title");
  const create = () => go({ contact: "new" });
  useShortcuts(mayEdit ? [{ keys: "n", label: t("create.title"), group, run: create }] : []);
  useCommands([
    ...(mayEdit ? [{ id: "contacts.new", label: t("create.title"), group, keys: "n", run: create }] : []),
    ...(mayImport ? [{ id: "contacts.import", label: t("import.title"), group, run: () => void navigate({ to: "/contacts/imports/new" }) }] : []),
    { id: "contacts.lists", label: t("tabs.lists"), group, run: () => void navigate({ to: "/contacts/lists" }) },
    { id: "contacts.segments", label: t("tabs.segments"), group, run: () => void navigate({ to: "/contacts/segments" }) },
  ]);
}
