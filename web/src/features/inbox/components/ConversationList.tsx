import { ActionIcon, Button, NativeSelect, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { IconEdit, IconInbox, IconMessageOff } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, EmptyState, Loading, PersonAvatar, PersonName, Problem, SearchInput, StatusTick } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { useAtLeast, useMe } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import type { Conversation } from "../api/types";
import { useConversations, useInboxes } from "../hooks/useConversations";
import { VIEWS, type Filters } from "../rules/filters";
import classes from "./ConversationList.module.css";
import { ShortTime } from "./ShortTime";

interface Props {
  filters: Filters;
  onChange: (change: Partial<Filters>) => void;
  openId: string | undefined;
  onCompose: () => void;
}

export function ConversationList({ filters, onChange, openId, onCompose }: Props) {
  const { conversations, ...query } = useConversations(filters);
  const box = useRef<HTMLDivElement>(null);
  useWalk(conversations, openId, box);
  return (
    <>
      <Head filters={filters} onChange={onChange} onCompose={onCompose} />
      <div className={classes.scroll} ref={box}>
        {query.error && <Problem error={query.error} retry={() => void query.refetch()} />}
        {query.isPending && <div className={classes.items}><Loading rows={8} /></div>}
        {query.isSuccess && conversations.length === 0 && <Empty filters={filters} />}
        {conversations.length > 0 && (
          <ul className={classes.items}>
            {conversations.map((conversation) => (
              <Item key={conversation.id} conversation={conversation} isOpen={conversation.id === openId} />
            ))}
          </ul>
        )}
        {query.hasNextPage && <More load={() => void query.fetchNextPage()} loading={query.isFetchingNextPage} root={box} />}
      </div>
    </>
  );
}

function Head({ filters, onChange, onCompose }: Omit<Props, "openId">) {
  const { t } = useTranslation("inbox");
  const inboxes = useInboxes();
  const mayTalk = useAtLeast("agent");
  return (
    <div className={classes.head}>
      <div className={classes.top}>
        <SearchInput label={t("list.search")} value={filters.search} onChange={(search) => onChange({ search })} />
        {mayTalk && (
          <ActionIcon size={38} variant="filled" aria-label={t("compose.title")} title={t("compose.title")} onClick={onCompose}>
            <IconEdit size={20} aria-hidden />
          </ActionIcon>
        )}
      </div>
      <div className={classes.views} role="group" aria-label={t("views.label")}>
        {VIEWS.map((view) => (
          <UnstyledButton key={view} className={classes.view} aria-pressed={filters.view === view && !filters.search} onClick={() => onChange({ view, search: "" })}>
            {t(`views.${view}`)}
          </UnstyledButton>
        ))}
      </div>
      {inboxes.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={t("list.inbox")}
          value={filters.inbox ?? ""}
          onChange={(event) => onChange({ inbox: event.currentTarget.value || null })}
          data={[{ value: "", label: t("list.allInboxes") }, ...inboxes.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
    </div>
  );
}

function Item({ conversation, isOpen }: { conversation: Conversation; isOpen: boolean }) {
  const { t } = useTranslation("inbox");
  const { contact, unread, last_message: last, assignee } = conversation;
  return (
    <li>
      <Link
        to="/inbox/$conversationId"
        params={{ conversationId: conversation.id }}
        search={(before) => ({ ...before, details: undefined, compose: undefined, to: undefined })}
        className={classes.item}
        data-conversation={conversation.id}
        data-unread={unread > 0 ? true : undefined}
        aria-current={isOpen ? "true" : undefined}
      >
        <span className={classes.avatar}>
          <PersonAvatar person={contact} />
        </span>
        <span className={classes.line}>
          <span className={classes.name} dir="auto">
            <PersonName person={contact} />
          </span>
          {contact.stopped && <IconMessageOff size={15} role="img" aria-label={t("list.stopped")} />}
          <span className={classes.time}>
            <ShortTime at={conversation.last_at} />
          </span>
        </span>
        <span className={classes.line}>
          {last?.direction === "out" && <StatusTick shown={last.shown} />}
          <span className={classes.snippet} dir="auto">
            {last?.text ?? t("list.nothingYet")}
          </span>
          {assignee && <AssigneeMark assignee={assignee} />}
          {unread > 0 && <Unread count={unread} />}
        </span>
      </Link>
    </li>
  );
}

function AssigneeMark({ assignee }: { assignee: { id: string; name: string } }) {
  const { t } = useTranslation("inbox");
  const mine = useMe().user.id === assignee.id;
  const label = mine ? t("list.assignedToYou") : t("list.assignedTo", { name: assignee.name });
  return (
    <span title={label}>
      <PersonAvatar person={assignee} size={18} />
      <VisuallyHidden>{label}</VisuallyHidden>
    </span>
  );
}

function Unread({ count }: { count: number }) {
  const { t } = useTranslation("common");
  return (
    <span className={classes.unread}>
      <bdi dir="ltr" aria-hidden>{count > 99 ? "99+" : formatNumber(count)}</bdi>
      <VisuallyHidden>{t("nav.unread", { count })}</VisuallyHidden>
    </span>
  );
}

/** Loads the following page when it comes into view; a button as well, for those who do not scroll. */
function More({ load, loading, root }: { load: () => void; loading: boolean; root: React.RefObject<HTMLDivElement | null> }) {
  const { t } = useTranslation("inbox");
  const { ref, entry } = useIntersection({ root: root.current, rootMargin: "400px" });
  const inSight = entry?.isIntersecting ?? false;
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    if (inSight && !loading) latest.current();
  }, [inSight, loading]);
  return (
    <Button ref={ref} variant="subtle" fullWidth loading={loading} onClick={load}>
      {t("list.more")}
    </Button>
  );
}

function Empty({ filters }: { filters: Filters }) {
  const { t } = useTranslation("inbox");
  const live = useMe().live;
  if (filters.search) {
    return (
      <EmptyState headingOrder={2} title={t("list.notFound.title")}>
        {t("list.notFound.text", { search: filters.search })}
      </EmptyState>
    );
  }
  return (
    <EmptyState headingOrder={2} icon={<IconInbox size={34} />} title={t(`list.empty.${filters.view}.title`)} actions={!live && filters.view === "open" && <Anchor to="/phones">{t("list.empty.phones")}</Anchor>}>
      {t(`list.empty.${filters.view}.text`)}
    </EmptyState>
  );
}

/** `j` and `k` go through the conversations, opening each. */
function useWalk(conversations: readonly Conversation[], openId: string | undefined, box: React.RefObject<HTMLDivElement | null>): void {
  const { t } = useTranslation("inbox");
  const navigate = useNavigate();
  const step = (by: 1 | -1) => {
    const at = conversations.findIndex((one) => one.id === openId);
    const next = conversations[at === -1 ? 0 : at + by];
    if (!next) return;
    void navigate({ to: "/inbox/$conversationId", params: { conversationId: next.id }, search: (before) => ({ ...before, details: undefined }) });
    const link = box.current?.querySelector<HTMLElement>(`[data-conversation="${next.id}"]`);
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts([
    { keys: "j", label: t("keys.next"), group: t("title"), run: () => step(1) },
    { keys: "k", label: t("keys.previous"), group: t("title"), run: () => step(-1) },
  ]);
}
