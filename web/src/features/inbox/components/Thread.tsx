import { Button, VisuallyHidden } from "@mantine/core";
import { useDocumentVisibility, useIntersection } from "@mantine/hooks";
import { IconArrowDown, IconMessageCircle } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState, Loading, Problem } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { useCommands } from "@/lib/commands";
import { useAtLeast } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import type { Conversation, Message } from "../api/types";
import { AskWhy, messageToAsk } from "../hooks/askWhy";
import { useActs } from "../hooks/useActs";
import { useBottom } from "../hooks/useBottom";
import { useSend, useThread } from "../hooks/useThread";
import { useSending } from "../rules/sending";
import { timeline } from "../rules/timeline";
import { Composer } from "./Composer";
import { DayView } from "./DayView";
import { SendingView } from "./SendingView";
import classes from "./Thread.module.css";
import { ThreadHead } from "./ThreadHead";

interface Props {
  id: string;
  conversation: Conversation | undefined;
  error: unknown;
  retry: () => void;
  onBack: () => void;
  onDetails: () => void;
  why: WhyOf;
  notice: NoticeOf;
}

/** The reasons for a message, drawn by whoever knows them. */
export type WhyOf = (message: string, contact: string, onClose: () => void) => ReactNode;

/** What there is to say about a contact above where one writes. */
export type NoticeOf = (contact: string) => ReactNode;

export function Thread({ id, conversation, error, retry, onBack, onDetails, why, notice }: Props) {
  const { t } = useTranslation("inbox");
  const { messages, ...thread } = useThread(id);
  const sending = useSending(id);
  const { send, ...sendingActs } = useSend(id);
  const { viewport, content, onScroll, toEnd, following, fresh } = useBottom({ messages, waiting: sending.length });
  const input = useRef<HTMLTextAreaElement>(null);
  useReading(conversation, following);
  const [asked, setAsked] = useState<string | null>(null);
  useThreadKeys(conversation, input, onBack);
  useWhyKey(messages, setAsked);
  const sendAndFollow = (text: string) => {
    send(text);
    requestAnimationFrame(toEnd);
  };
  return (
    <AskWhy value={setAsked}>
      <ThreadHead conversation={conversation} onBack={onBack} onDetails={onDetails} />
      <div className={classes.body}>
        {/* Scrolls, so it must be reachable by keyboard. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={classes.scroll} ref={viewport} onScroll={onScroll} role="log" aria-label={t("thread.messages")} tabIndex={0}>
          <div className={classes.content} ref={content}>
            <Problem error={error ?? thread.error} retry={error ? retry : () => void thread.refetch()} />
            {thread.isPending && !thread.error && <Loading rows={5} />}
            {thread.hasNextPage && <Older load={() => void thread.fetchNextPage()} loading={thread.isFetchingNextPage} root={viewport} />}
            {thread.isSuccess && messages.length + sending.length === 0 && <Untouched />}
            {timeline(messages).map((day) => (
              <DayView key={day.date} day={day} />
            ))}
            {sending.map((one) => (
              <SendingView key={one.key} sending={one} {...sendingActs} />
            ))}
          </div>
        </div>
        {!following && <ToEnd fresh={fresh} onClick={toEnd} />}
      </div>
      {conversation && notice(conversation.contact.id)}
      <Composer conversation={conversation} id={id} input={input} onSend={sendAndFollow} />
      {asked && why(asked, conversation?.contact.id ?? "", () => setAsked(null))}
    </AskWhy>
  );
}

/** `w` asks why the message in focus, or else our newest, was sent or not. */
function useWhyKey(messages: readonly Message[], ask: (message: string) => void): void {
  const { t } = useTranslation("inbox");
  const group = t("title");
  const run = () => {
    const message = messageToAsk(messages);
    if (message) ask(message);
  };
  const some = messages.some(({ direction }) => direction === "out");
  useShortcuts(some ? [{ keys: "w", label: t("acts.why"), group, run }] : []);
  useCommands(some ? [{ id: "inbox.why", label: t("acts.why"), group, keys: "w", run }] : []);
}

function Untouched() {
  const { t } = useTranslation("inbox");
  return (
    <EmptyState icon={<IconMessageCircle size={34} />} title={t("thread.empty.title")}>
      {t("thread.empty.text")}
    </EmptyState>
  );
}

function ToEnd({ fresh, onClick }: { fresh: number; onClick: () => void }) {
  const { t } = useTranslation("inbox");
  const news = fresh > 0 && t("thread.fresh", { count: fresh, number: formatNumber(fresh) });
  return (
    <>
      <Button className={classes.pill} radius="xl" size="compact-md" variant={news ? "filled" : "default"} leftSection={<IconArrowDown size={16} aria-hidden />} onClick={onClick}>
        {news || t("thread.toEnd")}
      </Button>
      <VisuallyHidden role="status">{news}</VisuallyHidden>
    </>
  );
}

/** Older messages come when the top nears. */
function Older({ load, loading, root }: { load: () => void; loading: boolean; root: React.RefObject<HTMLDivElement | null> }) {
  const { t } = useTranslation("inbox");
  const { ref, entry } = useIntersection({ root: root.current, rootMargin: "300px" });
  const inSight = entry?.isIntersecting ?? false;
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    if (inSight && !loading) latest.current();
  }, [inSight, loading]);
  return (
    <Button ref={ref} className={classes.older} variant="subtle" size="compact-sm" loading={loading} onClick={load}>
      {t("thread.older")}
    </Button>
  );
}

/** Someone looking at the end of the thread has read it. Marking it unread by hand leaves the conversation first. */
function useReading(conversation: Conversation | undefined, following: boolean): void {
  const acts = useActs();
  const visible = useDocumentVisibility() === "visible";
  const mayTalk = useAtLeast("agent");
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  const asked = useRef(-1);
  useEffect(() => {
    if (!conversation || conversation.unread === 0 || !visible || !following || !mayTalk) return;
    if (asked.current === conversation.version) return;
    asked.current = conversation.version;
    void latest.current.read(conversation);
  }, [conversation, visible, following, mayTalk]);
}

function useThreadKeys(conversation: Conversation | undefined, input: React.RefObject<HTMLTextAreaElement | null>, onBack: () => void): void {
  const { t } = useTranslation("inbox");
  const acts = useActs();
  const mayTalk = useAtLeast("agent");
  const group = t("title");
  const closing = conversation?.status === "closed" ? t("acts.reopen") : t("acts.close");
  const reply = () => input.current?.focus();
  const close = () => conversation && void acts.toggleClosed(conversation);
  const unread = () => {
    if (!conversation) return;
    onBack();
    void acts.unread(conversation);
  };
  const offered = mayTalk && conversation !== undefined;
  useShortcuts(
    offered
      ? [
          { keys: "r", label: t("acts.reply"), group, run: reply },
          { keys: "e", label: closing, group, run: close },
          { keys: "u", label: t("acts.unread"), group, run: unread },
        ]
      : [],
  );
  useCommands(
    offered
      ? [
          { id: "inbox.reply", label: t("acts.reply"), group, keys: "r", run: reply },
          { id: "inbox.close", label: closing, group, keys: "e", run: close },
          { id: "inbox.unread", label: t("acts.unread"), group, keys: "u", run: unread },
        ]
      : [],
  );
}
