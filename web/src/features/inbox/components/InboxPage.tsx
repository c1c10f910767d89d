import { VisuallyHidden } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/lib/commands";
import { useAtLeast } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import { remember, remembered } from "@/lib/storage";
import { useConversation } from "../hooks/useConversations";
import { isView, VIEWS, type Filters } from "../rules/filters";
import { ConversationList } from "./ConversationList";
import { Details } from "./Details";
import classes from "./Inbox.module.css";
import { NewMessage } from "./NewMessage";
import { NothingChosen } from "./NothingChosen";
import { Thread, type NoticeOf, type WhyOf } from "./Thread";

export interface InboxSearch {
  view?: string | undefined;
  search?: string | undefined;
  inbox?: string | undefined;
  /** The contact panel, where it does not fit beside the thread. */
  details?: true | undefined;
  /** The dialog for a new message, and whom it is for when the link knew. */
  compose?: true | undefined;
  to?: string | undefined;
}

interface Props {
  /** All about a contact; the contacts feature draws it. */
  contactPanel: (contactId: string) => ReactNode;
  why: WhyOf;
  notice: NoticeOf;
}

/** Conversations, the chosen one, and whom it is with: side by side, or one at a time where the screen is narrow. */
export function InboxPage({ contactPanel, ...parts }: Props) {
  const { t } = useTranslation("inbox");
  const { conversationId } = useParams({ strict: false });
  const search: InboxSearch = useSearch({ from: "/shell/inbox" });
  const details = search.details ?? false;
  const go = useGo(conversationId);
  const filters = filtersOf(search);
  useEffect(() => remember("inbox.view", filters.view), [filters.view]);
  useEffect(() => {
    document.title = `${t("title")} · Textfirst`;
  }, [t]);
  useInboxKeys(go, conversationId, details);
  const changed = (change: Partial<Filters>) =>
    go.search({ ...(change.view && { view: change.view }), ...("search" in change && { search: change.search || undefined }), ...("inbox" in change && { inbox: change.inbox ?? undefined }) });
  return (
    <>
      <VisuallyHidden component="h1">{t("title")}</VisuallyHidden>
      <div className={classes.inbox} data-open={conversationId ? true : undefined} data-details={conversationId && details ? true : undefined}>
        <section className={classes.list} aria-label={t("list.label")}>
          <ConversationList filters={filters} onChange={changed} openId={conversationId} onCompose={() => go.search({ compose: true })} />
        </section>
        {conversationId ? (
          <Chosen key={conversationId} id={conversationId} go={go} contactPanel={contactPanel} {...parts} />
        ) : (
          <section className={`${classes.thread} ${classes.nobody}`} aria-label={t("thread.none.title")}>
            <NothingChosen onCompose={() => go.search({ compose: true })} />
          </section>
        )}
      </div>
      {search.compose && <NewMessage to={search.to ?? ""} onClose={() => go.search({ compose: undefined, to: undefined })} onSent={go.open} />}
    </>
  );
}

function Chosen({ id, go, contactPanel, why, notice }: { id: string; go: Go } & Props) {
  const { t } = useTranslation("inbox");
  const { data: conversation, error, refetch } = useConversation(id);
  return (
    <>
      <section className={classes.thread} aria-label={t("thread.label")}>
        <Thread id={id} conversation={conversation} error={error} retry={() => void refetch()} onBack={go.list} onDetails={() => go.search({ details: true })} why={why} notice={notice} />
      </section>
      <section className={classes.details} aria-label={t("details.label")}>
        <Details onBack={() => go.search({ details: undefined })}>{conversation && contactPanel(conversation.contact.id)}</Details>
      </section>
    </>
  );
}

export type Go = ReturnType<typeof useGo>;

function useGo(conversationId: string | undefined) {
  const navigate = useNavigate();
  const kept = (before: InboxSearch): InboxSearch => ({ view: before.view, search: before.search, inbox: before.inbox });
  return {
    list: () => void navigate({ to: "/inbox", search: kept }),
    open: (id: string) => void navigate({ to: "/inbox/$conversationId", params: { conversationId: id }, search: kept }),
    search: (change: InboxSearch) => {
      const search = (before: InboxSearch): InboxSearch => ({ ...before, ...change });
      if (conversationId) void navigate({ to: "/inbox/$conversationId", params: { conversationId }, search });
      else void navigate({ to: "/inbox", search });
    },
  };
}

/** The view asked for in the address, else the one last used here. */
function filtersOf({ view, search, inbox }: InboxSearch): Filters {
  const last = remembered("inbox.view");
  return { view: isView(view) ? view : isView(last) ? last : "open", search: search ?? "", inbox: inbox ?? null };
}

function useInboxKeys(go: Go, conversationId: string | undefined, details: boolean): void {
  const { t } = useTranslation("inbox");
  const mayTalk = useAtLeast("agent");
  const group = t("title");
  const back = () => (details ? go.search({ details: undefined }) : go.list());
  useShortcuts([
    ...(mayTalk ? [{ keys: "n", label: t("compose.title"), group, run: () => go.search({ compose: true }) }] : []),
    ...(conversationId ? [{ keys: "Escape", label: t("keys.back"), group, run: back }] : []),
  ]);
  useCommands([
    ...(mayTalk ? [{ id: "inbox.new", label: t("compose.title"), group, keys: "n", run: () => go.search({ compose: true }) }] : []),
    ...VIEWS.map((view) => ({ id: `inbox.${view}`, label: t("keys.show", { view: t(`views.${view}`) }), group, run: () => go.search({ view, search: undefined }) })),
  ]);
}
