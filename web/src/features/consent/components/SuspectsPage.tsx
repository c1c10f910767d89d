import { Button, Group, Text } from "@mantine/core";
import { IconMessageQuestion } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, EmptyState, Kbd, Loading, Page, PageHeader, PersonAvatar, PersonName, Problem, RelativeTime } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { textDirection } from "@/lib/languages";
import { useAtLeast } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import type { Answer, Suspect } from "../api/suspects";
import { useAnswer } from "../hooks/useAnswer";
import { useSuspects } from "../hooks/useSuspects";
import { marked } from "../rules/evidence";
import classes from "./Suspects.module.css";

/** Texts that may be a wish to leave: one after the other, answered with a key. */
export function SuspectsPage() {
  const { t } = useTranslation("consent");
  const { data, error, isPending, refetch } = useSuspects();
  const answer = useAnswer();
  const mayAnswer = useAtLeast("agent");
  const list = useRef<HTMLUListElement>(null);
  const suspects = data?.items ?? [];
  useQueueKeys(list, suspects, mayAnswer ? answer : null);
  return (
    <Page width="narrow">
      <PageHeader title={t("review.title")} description={t("review.description")} />
      <Problem error={error} retry={() => void refetch()} />
      {isPending && <Loading shape="cards" rows={3} />}
      {data && suspects.length === 0 && (
        <EmptyState icon={<IconMessageQuestion size={34} />} title={t("review.empty.title")}>
          {t("review.empty.text")}
        </EmptyState>
      )}
      {suspects.length > 0 && (
        <>
          <Text size="sm" c="dimmed" mb="sm" role="status">
            {t("review.waiting", { count: data?.total ?? 0, number: formatNumber(data?.total ?? 0) })}
          </Text>
          <ul className={classes.queue} ref={list}>
            {suspects.map((suspect) => (
              <SuspectCard key={suspect.id} suspect={suspect} answer={mayAnswer ? answer : null} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

type Give = (suspect: Suspect, decision: Answer) => void;

function SuspectCard({ suspect, answer }: { suspect: Suspect; answer: Give | null }) {
  const { t } = useTranslation("consent");
  const { contact, text, evidence } = suspect;
  return (
    <li className={classes.card} tabIndex={-1} data-suspect={suspect.id}>
      <Group gap="sm" wrap="nowrap">
        {contact && <PersonAvatar person={contact} size={36} />}
        <div className={classes.who}>
          {contact ? (
            <Anchor to="/contacts" search={{ contact: contact.id, tab: "consent" }} c="inherit" fw={600}>
              <PersonName person={contact} />
            </Anchor>
          ) : (
            t("review.gone")
          )}
          <Text size="xs" c="dimmed">
            <RelativeTime at={suspect.at} />
          </Text>
        </div>
        {suspect.conversation_id && (
          <Anchor to="/inbox/$conversationId" params={{ conversationId: suspect.conversation_id }} size="sm">
            {t("review.conversation")}
          </Anchor>
        )}
      </Group>
      <p className={classes.text} dir={textDirection(text)}>
        {marked(text, evidence.map(({ words }) => words)).map((piece, index) => (piece.marked ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>))}
      </p>
      {answer && (
        <Group gap="xs">
          <Button variant="light" color="red" onClick={() => answer(suspect, "stop")} rightSection={<Kbd keys="s" />}>
            {t("review.stop")}
          </Button>
          <Button variant="default" onClick={() => answer(suspect, "ordinary")} rightSection={<Kbd keys="n" />}>
            {t("review.notStop")}
          </Button>
        </Group>
      )}
    </li>
  );
}

/** `j`/`k` walk the queue, `s` and `n` answer the text in focus, or the first. */
function useQueueKeys(list: React.RefObject<HTMLUListElement | null>, suspects: readonly Suspect[], answer: Give | null): void {
  const { t } = useTranslation("consent");
  const group = t("review.title");
  const cards = () => [...(list.current?.querySelectorAll<HTMLElement>("[data-suspect]") ?? [])];
  const place = () => cards().findIndex((card) => card.contains(document.activeElement));
  const step = (by: 1 | -1) => {
    const at = place();
    cards()[at === -1 ? 0 : Math.max(0, Math.min(suspects.length - 1, at + by))]?.focus();
  };
  const give = (decision: Answer) => {
    const at = Math.max(0, place());
    const suspect = suspects[at];
    if (!suspect || !answer) return;
    answer(suspect, decision);
    requestAnimationFrame(() => cards()[Math.min(at, suspects.length - 2)]?.focus());
  };
  useShortcuts([
    { keys: "j", label: t("common:shortcuts.next"), group, run: () => step(1) },
    { keys: "k", label: t("common:shortcuts.previous"), group, run: () => step(-1) },
    ...(answer
      ? [
          { keys: "s", label: t("review.stop"), group, run: () => give("stop") },
          { keys: "n", label: t("review.notStop"), group, run: () => give("ordinary") },
        ]
      : []),
  ]);
}
