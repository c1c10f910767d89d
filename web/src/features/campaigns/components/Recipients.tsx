import { Group, NativeSelect, Text, UnstyledButton } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, DataTable, EmptyState, PersonName, PhoneNumber, RelativeTime, SearchInput, Section, StatusTick, type Column } from "@/components/ui";
import { formatDateTime } from "@/lib/i18n";
import { useCursorPages } from "@/lib/paging";
import { campaignKey, fetchRecipients } from "../api/campaigns";
import { COUNTED, type Campaign, type Recipient } from "../api/types";

/** Whom the table shows: of one outcome, of one reason; empty for all. */
export interface Only {
  shown: string;
  reason: string;
}

export const EVERYBODY: Only = { shown: "", reason: "" };

interface Props {
  campaign: Campaign;
  only: Only;
  onOnly: (only: Only) => void;
  why: WhyOf;
}

/** The reasons for a message, drawn by whoever knows them. */
export type WhyOf = (message: string, contact: string, onClose: () => void) => ReactNode;

/** Everybody the campaign is for, with what became of their text and why. */
export function Recipients({ campaign, only, onOnly, why }: Props) {
  const { t } = useTranslation("campaigns");
  const [search, setSearch] = useState("");
  const [asked, setAsked] = useState<Recipient | null>(null);
  const filters = { ...only, search };
  const pages = useCursorPages([...campaignKey(campaign.id), "recipients", filters], (after, signal) => fetchRecipients(campaign.id, filters, after, signal));
  const isFiltered = Boolean(only.shown || search || only.reason);
  const columns: Column<Recipient>[] = [
    { id: "who", header: t("columns.who"), cell: (recipient) => <Who recipient={recipient} /> },
    { id: "status", header: t("columns.status"), cell: (recipient) => <Fate recipient={recipient} onWhy={setAsked} /> },
    { id: "when", header: t("columns.when"), hideOnPhone: true, align: "end", cell: (recipient) => recipient.status_at && <Text size="sm" c="dimmed" component="span"><RelativeTime at={recipient.status_at} /></Text> },
  ];
  return (
    <Section title={t("columns.recipients")}>
      {asked && why(asked.id, asked.contact.id, () => setAsked(null))}
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
            <NativeSelect aria-label={t("columns.status")} value={only.shown} onChange={(event) => onOnly({ ...only, shown: event.currentTarget.value })} data={[{ value: "", label: t("recipients.all") }, ...COUNTED.map((value) => ({ value, label: t(`common:status.${value}`) }))]} />
            <NativeSelect maw={240} aria-label={t("recipients.reason")} value={only.reason} onChange={(event) => onOnly({ ...only, reason: event.currentTarget.value })} data={[{ value: "", label: t("recipients.anyReason") }, ...campaign.reasons.map(({ code, message }) => ({ value: code, label: message }))]} />
          </>
        }
        empty={<EmptyState headingOrder={3} title={isFiltered ? t("recipients.none") : t("recipients.notYet")}>{isFiltered ? t("recipients.noneWhat") : t("recipients.notYetWhat")}</EmptyState>}
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

function Fate({ recipient, onWhy }: { recipient: Recipient; onWhy: (recipient: Recipient) => void }) {
  const { t } = useTranslation("campaigns");
  return (
    <Group gap={6}>
      <StatusTick shown={recipient.shown} withLabel />
      {recipient.reason && (
        <Text size="sm" c="dimmed">
          {recipient.reason.message}
        </Text>
      )}
      {recipient.shown === "waiting" && recipient.until && (
        <Text size="sm" c="dimmed">
          {t("recipients.until", { at: formatDateTime(new Date(recipient.until)) })}
        </Text>
      )}
      <UnstyledButton c="var(--mantine-color-anchor)" fz="sm" mih={24} td="underline" aria-label={t("recipients.whyOf", { name: recipient.contact.name || recipient.address })} onClick={() => onWhy(recipient)}>
        {t("recipients.why")}
      </UnstyledButton>
    </Group>
  );
}
