import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, Loading, Problem, RelativeTime, SaveBar, Section, showUndo } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import { answerFor, fetchTopicAnswers, fetchTopics, takeBackAnswer, TOPICS_KEY, type Topic } from "../api/topics";
import { useWords } from "../hooks/words";
import classes from "./Policy.module.css";
import { capital } from "./RulePacksPage";

/** What advertising may speak of only once somebody of the team has put their name to it. */
export function TopicsSection() {
  const { t } = useTranslation("decisions");
  const { data: topics, error, isPending, refetch } = useQuery({ queryKey: TOPICS_KEY, queryFn: ({ signal }) => fetchTopics(signal) });
  const [asked, setAsked] = useState<Topic | null>(null);
  const [leaving, setLeaving] = useState<Topic | null>(null);
  const { takeBack } = useTakeBack();
  return (
    <div id="topics">
      <Section title={t("topics.title")} description={t("topics.description")}>
        {isPending && <Loading rows={3} />}
        <Problem error={error} retry={() => void refetch()} />
        <ul className={classes.lines}>
          {topics?.map((topic) => (
            <Line key={`${topic.rule}:${topic.topic}`} topic={topic} onAnswer={() => setAsked(topic)} onTakeBack={() => setLeaving(topic)} />
          ))}
        </ul>
        <History />
        {asked && <AnswerDialog topic={asked} onClose={() => setAsked(null)} />}
        <ConfirmDialog opened={leaving !== null} title={t("topics.undoQuestion")} confirmLabel={t("topics.undo")} onConfirm={async () => void (leaving?.answer && (await takeBack(leaving.answer.id)))} onClose={() => setLeaving(null)}>
          <Text>{t("topics.undoWhat")}</Text>
        </ConfirmDialog>
      </Section>
    </div>
  );
}

function Line({ topic, onAnswer, onTakeBack }: { topic: Topic; onAnswer: () => void; onTakeBack: () => void }) {
  const { t } = useTranslation("decisions");
  const mayChange = useAtLeast("admin");
  const { locale } = useWords();
  const { answer } = topic;
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={600} size="sm">
            {t("topics.name", { topic: capital(topic.name, locale), place: topic.place })}
          </Text>
          <Text size="xs" c="dimmed">
            {t("topics.examples")} <bdi>{topic.examples.join(", ")}</bdi>
          </Text>
          {answer ? (
            <Text size="sm">
              {t("topics.answered", { name: answer.by?.name ?? t("topics.gone") })} <bdi>{answer.reason}</bdi> · <RelativeTime at={answer.at} />
            </Text>
          ) : (
            <Text size="sm" c="dimmed">
              {t("topics.open")}
            </Text>
          )}
        </div>
        {mayChange && (
          <Button variant={answer ? "subtle" : "default"} size="xs" flex="none" aria-label={t(answer ? "topics.undoOne" : "topics.goOne", { topic: topic.name })} onClick={answer ? onTakeBack : onAnswer}>
            {t(answer ? "topics.undo" : "topics.go")}
          </Button>
        )}
      </Group>
    </li>
  );
}

/** The very words they put their name to, and why they can. */
function AnswerDialog({ topic, onClose }: { topic: Topic; onClose: () => void }) {
  const { t } = useTranslation("decisions");
  const refresh = useRefresh();
  const { takeBack } = useTakeBack();
  const form = useForm({ initialValues: { reason: "" }, validate: { reason: (reason) => (reason.trim() ? null : t("topics.reasonMissing")) } });
  const save = useMutation({
    mutationFn: (reason: string) => answerFor(topic, reason),
    onSuccess: async ({ id }) => {
      await refresh();
      onClose();
      showUndo({ message: t("topics.done", { topic: topic.name }), undo: () => void takeBack(id) });
    },
    onError: refresh, // whoever was quicker, or words that changed, show behind the dialog
  });
  return (
    <Modal opened onClose={onClose} title={t("topics.name", { topic: topic.name, place: topic.place })} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <form onSubmit={form.onSubmit(({ reason }) => save.mutate(reason))} noValidate>
        <Stack>
          <Text component="blockquote" m={0} ps="sm" style={{ borderInlineStart: "3px solid var(--tf-line)" }}>
            {topic.words}
          </Text>
          <Textarea data-autofocus label={t("topics.reason")} description={t("topics.reasonWhat")} required dir="auto" autosize minRows={2} maxRows={6} maxLength={500} {...form.getInputProps("reason")} />
          <Problem error={save.error} />
          <SaveBar saveLabel={t("topics.go")} busy={save.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: TOPICS_KEY });
}

function useTakeBack() {
  const refresh = useRefresh();
  const takeBack = (id: string) => takeBackAnswer(id).finally(refresh);
  return { takeBack };
}

/** Everything that was said and taken back, as it was said. */
function History() {
  const { t } = useTranslation("decisions");
  const { language } = useWords();
  const answers = useQuery({ queryKey: [...TOPICS_KEY, "answers"], queryFn: ({ signal }) => fetchTopicAnswers(signal) }).data ?? [];
  if (answers.length === 0) return null;
  return (
    <details className={classes.history}>
      <summary>{t("topics.history")}</summary>
      <ul className={classes.lines}>
        {answers.map((one) => (
          <li key={one.id}>
            <Text size="sm">
              {t(one.undoes_id ? "topics.didUndo" : "topics.did", { name: one.by?.name ?? t("topics.gone"), topic: one.name })} · <RelativeTime at={one.at} />
            </Text>
            {!one.undoes_id && (
              <Text size="xs" c="dimmed" dir="auto">
                {one.words} ({language(one.language)}) — <bdi>{one.reason}</bdi>
              </Text>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
