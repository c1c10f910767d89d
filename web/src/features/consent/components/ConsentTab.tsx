import { Alert, Badge, Button, Group, Menu, Stack, Text, Textarea } from "@mantine/core";
import { IconCheck, IconDownload, IconLock, IconMessageOff, IconMessageQuestion, IconQuestionMark } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, EmptyState, Loading, Problem, saveFile, Section, showDone } from "@/components/ui";
import { formatDate, formatDateTime } from "@/lib/i18n";
import { textDirection } from "@/lib/languages";
import { useAtLeast } from "@/lib/session";
import { consentKey, fetchConsent, fetchEvidence, PERMISSIONS, stopContact, type Entry, type Granted, type Standing } from "../api/ledger";
import classes from "./Consent.module.css";
import { RecordConsent } from "./RecordConsent";

interface Props {
  contact: string;
  /** “Would we text them now?”, drawn by whoever decides. */
  wouldWe: ReactNode;
}

/** What somebody agreed to, in words; how we know; and all of it as evidence. */
export function ConsentTab({ contact, wouldWe }: Props) {
  const { t } = useTranslation("consent");
  const query = useLedger(contact);
  const first = query.data?.pages[0];
  if (query.error) return <Problem error={query.error} retry={() => void query.refetch()} />;
  if (!first) return <Loading shape="cards" rows={2} />;
  const entries = (query.data?.pages ?? []).flatMap((page) => page.entries.items);
  return (
    <Stack>
      <StandingView standing={first.standing} />
      <Acts contact={contact} stopped={first.standing.stopped.includes("all")} />
      {wouldWe}
      <Section title={t("ledger.title")} description={t("ledger.description")} order={3}>
        {entries.length === 0 ? (
          <EmptyState title={t("ledger.empty.title")} headingOrder={3}>
            {t("ledger.empty.text")}
          </EmptyState>
        ) : (
          <ol className={classes.ledger}>
            {entries.map((entry) => (
              <EntryView key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
        {query.hasNextPage && (
          <Button variant="subtle" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("ledger.older")}
          </Button>
        )}
      </Section>
    </Stack>
  );
}

const useLedger = (contact: string) =>
  useInfiniteQuery({
    queryKey: [...consentKey(contact), "ledger"],
    queryFn: ({ pageParam, signal }) => fetchConsent(contact, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.entries.next,
  });

/** Advertising and greetings, each yes or no and why; what is stopped and held before all. */
function StandingView({ standing }: { standing: Standing }) {
  const { t } = useTranslation("consent");
  const everything = standing.stopped.includes("all");
  return (
    <div className={classes.standing}>
      {everything && <Fact icon={<IconMessageOff size={18} aria-hidden />}>{t("standing.stoppedAll")}</Fact>}
      {!everything && standing.stopped.map((purpose) => <Fact key={purpose} icon={<IconMessageOff size={18} aria-hidden />}>{t("standing.stopped", { purpose: t(`scopes.${purpose}`) })}</Fact>)}
      {standing.held && <Fact icon={<IconMessageQuestion size={18} aria-hidden />}>{t("standing.held")}</Fact>}
      {!everything && Object.entries(standing.purposes).map(([purpose, granted]) => <Purpose key={purpose} purpose={purpose} granted={granted} />)}
      {standing.any_hour && !everything && <Fact icon={<IconCheck size={18} aria-hidden />}>{t("standing.anyHour")}</Fact>}
      {standing.dnc_listed === true && <Fact icon={<IconMessageOff size={18} aria-hidden />}>{t("standing.dnc")}</Fact>}
      {standing.reassigned_on && <Fact icon={<IconQuestionMark size={18} aria-hidden />}>{t("standing.reassigned", { date: formatDate(new Date(`${standing.reassigned_on}T12:00:00`)) })}</Fact>}
    </div>
  );
}

function Purpose({ purpose, granted }: { purpose: string; granted: Granted | null }) {
  const { t } = useTranslation("consent");
  const name = t(`scopes.${purpose}`);
  if (!granted) return <Fact icon={<IconQuestionMark size={18} aria-hidden />}>{t("standing.none", { purpose: name })}</Fact>;
  const proven = granted.kind !== "legacy_unproven";
  const kind = t(`kinds.${granted.kind}`);
  const said = granted.until ? t("standing.until", { purpose: name, kind, date: formatDate(new Date(granted.until)) }) : t(proven ? "standing.yes" : "standing.unproven", { purpose: name, kind });
  return <Fact icon={proven ? <IconCheck size={18} aria-hidden /> : <IconQuestionMark size={18} aria-hidden />}>{said}</Fact>;
}

function Fact({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className={classes.fact}>
      {icon}
      <span>{children}</span>
    </p>
  );
}

function Acts({ contact, stopped }: { contact: string; stopped: boolean }) {
  const { t } = useTranslation("consent");
  const queries = useQueryClient();
  const mayWrite = useAtLeast("agent");
  const [asking, setAsking] = useState<"record" | "stop" | null>(null);
  const [note, setNote] = useState("");
  const stop = async () => {
    await stopContact(contact, note);
    await queries.invalidateQueries({ queryKey: ["contacts"] });
    showDone(t("stop.done"));
  };
  return (
    <Group gap="xs">
      {mayWrite && (
        <Button variant="default" size="xs" onClick={() => setAsking("record")} disabled={stopped}>
          {t("record.open")}
        </Button>
      )}
      <Menu withinPortal={false}>
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />}>
            {t("evidence.open")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void saveFile(fetchEvidence(contact, "pdf"))}>{t("evidence.pdf")}</Menu.Item>
          <Menu.Item onClick={() => void saveFile(fetchEvidence(contact, "json"))}>{t("evidence.json")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {mayWrite && !stopped && (
        <Button variant="subtle" color="red" size="xs" onClick={() => setAsking("stop")}>
          {t("stop.open")}
        </Button>
      )}
      {stopped && <Alert color="yellow" variant="light" py="xs">{t("stop.onlyThey")}</Alert>}
      {asking === "record" && <RecordConsent contact={contact} onClose={() => setAsking(null)} />}
      <ConfirmDialog opened={asking === "stop"} title={t("stop.question")} confirmLabel={t("stop.open")} onConfirm={stop} onClose={() => setAsking(null)}>
        <Stack>
          {t("stop.what")}
          <Textarea label={t("stop.note")} dir="auto" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        </Stack>
      </ConfirmDialog>
    </Group>
  );
}

const isPermission = (kind: string): boolean => (PERMISSIONS as readonly string[]).includes(kind);

export function EntryView({ entry }: { entry: Entry }) {
  const { t } = useTranslation("consent");
  const by = entry.by?.name;
  const sealed = entry.sealed !== null;
  return (
    <li id={entry.id} className={classes.entry} data-permission={isPermission(entry.kind) || undefined}>
      <Group gap={6} justify="space-between" align="flex-start" wrap="nowrap">
        <Text fw={600} size="sm">
          {t(`kinds.${entry.kind}`)}
          {": "}
          {t(`scopes.${entry.scope}`)}
        </Text>
        <Badge variant="light" color={sealed ? "green" : "gray"} size="sm" leftSection={<IconLock size={11} aria-hidden />} title={t(sealed ? "ledger.sealedWhat" : "ledger.unsealedWhat")}>
          {t(sealed ? "ledger.sealed" : "ledger.unsealed")}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed">
        <time dateTime={entry.at}>{formatDateTime(new Date(entry.at))}</time> · {t(`sources.${entry.source}`)}
        {by && <> · {t("ledger.by", { name: by })}</>}
        {entry.expires_at && <> · {t("ledger.until", { date: formatDate(new Date(entry.expires_at)) })}</>}
      </Text>
      {entry.shown && <Quote label={t("ledger.shown")} text={entry.shown} />}
      {entry.words && <Quote label={t(entry.source === "person" ? "ledger.told" : "ledger.wrote")} text={entry.words} />}
      {entry.origin && <Quote label={t("ledger.origin")} text={entry.origin} />}
      {entry.note && <Quote label={t("ledger.note")} text={entry.note} />}
    </li>
  );
}

function Quote({ label, text }: { label: string; text: string }) {
  return (
    <div className={classes.quote}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <blockquote dir={textDirection(text)}>{text}</blockquote>
    </div>
  );
}
