import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, Loading, Page, PageHeader, PersonAvatar, PersonName, PhoneNumber, Problem, Section, showDone } from "@/components/ui";
import { ApiError } from "@/lib/errors";
import { formatNumber } from "@/lib/i18n";
import { TOTAL_CAP } from "@/lib/paging";
import { changeSegment, createSegment, fetchSegments, previewSegment, SEGMENTS_KEY } from "../../api/segments";
import type { Segment } from "../../api/types";
import { isComplete, newGroup, toRule, toTree, type GroupNode } from "../../rules/segment";
import { RuleBuilder } from "./RuleBuilder";

export function SegmentPage() {
  const { t } = useTranslation("contacts");
  const { segmentId } = useParams({ from: "/shell/contacts/segments/$segmentId" });
  const segments = useQuery({ queryKey: SEGMENTS_KEY, queryFn: ({ signal }) => fetchSegments(signal), enabled: segmentId !== "new" });
  const segment = segments.data?.find(({ id }) => id === segmentId);
  if (segmentId === "new") return <Builder segment={null} />;
  if (segments.isPending) return <Page><Loading shape="form" /></Page>;
  if (!segment) return <Page><Alert color="yellow" role="alert">{t("segments.gone")}</Alert></Page>;
  return <Builder key={segment.id} segment={segment} />;
}

/** Typing in a rule asks the server once it rests. */
const PAUSE_MS = 350;

function Builder({ segment }: { segment: Segment | null }) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(segment?.name ?? "");
  const [tree, setTree] = useState<GroupNode>(() => (segment ? toTree(segment.rule) : newGroup()));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const complete = isComplete(tree);
  const refusal = error instanceof ApiError ? error.fields.name : undefined;
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await (segment ? changeSegment(segment.id, name.trim(), toRule(tree)) : createSegment(name.trim(), toRule(tree)));
      await queries.invalidateQueries({ queryKey: SEGMENTS_KEY });
      void queries.invalidateQueries({ queryKey: ["contacts", "list"] });
      showDone(t("saved"));
      void navigate({ to: "/contacts/segments" });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Page width="narrow">
      <PageHeader title={segment ? segment.name : t("segments.create")} description={t("segments.builder")} back={<Anchor to="/contacts/segments" size="sm">{t("segments.title")}</Anchor>} />
      <Stack>
        <TextInput label={t("columns.name")} dir="auto" maw={420} value={name} error={refusal} onChange={(event) => setName(event.currentTarget.value)} />
        <Section title={t("segments.rule")}>
          <RuleBuilder group={tree} onChange={setTree} />
        </Section>
        <Result tree={tree} />
        {!refusal && <Problem error={error} />}
        <Group justify="flex-end">
          <Button loading={busy} disabled={!complete || name.trim() === ""} onClick={() => void save()}>
            {t("common:actions.save")}
          </Button>
        </Group>
      </Stack>
    </Page>
  );
}

/** Who fits the rule right now. */
function Result({ tree }: { tree: GroupNode }) {
  const { t } = useTranslation("contacts");
  const [settled] = useDebouncedValue(tree, PAUSE_MS);
  const complete = isComplete(settled);
  const rule = toRule(settled);
  const { data, error } = useQuery({
    queryKey: ["segments", "preview", rule],
    queryFn: ({ signal }) => previewSegment(rule, signal),
    enabled: complete,
    placeholderData: keepPreviousData,
  });
  if (!complete) return <Text c="dimmed" role="status">{t("segments.incomplete")}</Text>;
  if (error) return <Problem error={error} />;
  return (
    <Section title={data ? fits(data.count, t) : t("segments.counting")} description={data && data.sample.length > 0 && t("segments.sample")}>
      <Stack gap="xs" role="status">
        {data?.sample.map((contact) => (
          <Group key={contact.id} gap="sm" wrap="nowrap">
            <PersonAvatar person={contact} size={30} />
            <PersonName person={{ ...contact, address: contact.identities[0]?.address ?? "" }} />
            {contact.name && contact.identities[0] && (
              <Text size="sm" c="dimmed">
                <PhoneNumber number={contact.identities[0].address} />
              </Text>
            )}
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

const fits = (count: number, t: ReturnType<typeof useTranslation<"contacts">>["t"]): string =>
  count >= TOTAL_CAP ? t("segments.fitMany", { number: formatNumber(TOTAL_CAP) }) : t("segments.fit", { count, number: formatNumber(count) });
