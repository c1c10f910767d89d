import { Group, NativeSelect, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, DataTable, EmptyState, PersonName, PhoneNumber, RelativeTime, SearchInput, Section, StatusTick, type Column } from "@/components/ui";
import { useCursorPages } from "@/lib/paging";
import { campaignKey, fetchRecipients } from "../api/campaigns";
import { COUNTED, type Campaign, type Recipient } from "../api/types";

/** Everybody the campaign is for, with what became of their text. */
export function Recipients({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const [shown, setShown] = useState("");
  const [search, setSearch] = useState("");
  const pages = useCursorPages([...campaignKey(campaign.id), "recipients", { shown, search }], (after, signal) => fetchRecipients(campaign.id, { shown, search }, after, signal));
  const columns: Column<Recipient>[] = [
    { id: "who", header: t("columns.who"), cell: (recipient) => <Who recipient={recipient} /> },
    { id: "status", header: t("columns.status"), cell: (recipient) => <Fate recipient={recipient} /> },
    { id: "when", header: t("columns.when"), hideOnPhone: true, align: "end", cell: (recipient) => recipient.status_at && <Text size="sm" c="dimmed" component="span"><RelativeTime at={recipient.status_at} /></Text> },
  ];
  return (
    <Section title={t("columns.recipients")}>
      <DataTable
        label={t("columns.recipients")}
        columns={columns}
        pages={pages}
        rowId={(recipient) => recipient.id}
        rowLabel={(recipient) => recipient.contact.name || recipient.address}
        maxHeight={560}
        toolbar={
          <>
            <SearchInput label={t("recipients.search")} value={search} onChange={setSearch} />
            <NativeSelect aria-label={t("columns.status")} value={shown} onChange={(event) => setShown(event.currentTarget.value)} data={[{ value: "", label: t("recipients.all") }, ...COUNTED.map((value) => ({ value, label: t(`common:status.${value}`) }))]} />
          </>
        }
        empty={<EmptyState headingOrder={3} title={shown || search ? t("recipients.none") : t("recipients.notYet")}>{shown || search ? t("recipients.noneWhat") : t("recipients.notYetWhat")}</EmptyState>}
      />
    </Section>
  );
}

function Who({ recipient }: { recipient: Recipient }) {
  return (
    <>
      <Anchor to="/contacts" search={{ contact: recipient.contact.id }} c="inherit" fw={550}>
        <PersonName person={{ ...recipient.contact, address: recipient.address }} />
      </Anchor>
      {recipient.contact.name && (
        <Text size="xs" c="dimmed">
          <PhoneNumber number={recipient.address} />
        </Text>
      )}
    </>
  );
}

function Fate({ recipient }: { recipient: Recipient }) {
  return (
    <Group gap={6}>
      <StatusTick shown={recipient.shown} withLabel />
      {recipient.reason && (
        <Text size="sm" c="dimmed">
          {recipient.reason.message}
        </Text>
      )}
    </Group>
  );
}
