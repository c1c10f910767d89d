import { ActionIcon, Alert, Anchor as PlainAnchor, Button, Textarea, Text, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDeviceMobile, IconMessageOff, IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type KeyboardEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, TextMeter } from "@/components/ui";
import { useAtLeast, useMe } from "@/lib/session";
import { remember, remembered } from "@/lib/storage";
import { fetchComposer } from "../api/conversations";
import type { Composer as Answer, Conversation, TextPreview } from "../api/types";
import { composerKey } from "../hooks/cache";
import { useMeasured } from "../hooks/useMeasured";
import { draftOf, keepDraft } from "../rules/drafts";
import classes from "./Thread.module.css";

interface Props {
  id: string;
  conversation: Conversation | undefined;
  input: RefObject<HTMLTextAreaElement | null>;
  onSend: (text: string) => void;
}

/** Where one writes, or in words why one cannot. */
export function Composer(props: Props) {
  const { t } = useTranslation("inbox");
  const mayTalk = useAtLeast("agent");
  const { data: answer } = useQuery({ queryKey: composerKey(props.id), queryFn: ({ signal }) => fetchComposer(props.id, signal), staleTime: 10_000 });
  if (!mayTalk) return <Text className={classes.composer} size="sm" c="dimmed">{t("composer.viewer")}</Text>;
  if (answer && !answer.can_send) return <Refusal answer={answer} />;
  return <Writing key={props.id} {...props} answer={answer} />;
}

const CHANNEL_REASONS = ["no_channel", "channel_off"];

function Refusal({ answer }: { answer: Answer }) {
  const { t } = useTranslation("inbox");
  return (
    <div className={classes.composer}>
      <Alert color="yellow" variant="light" icon={<IconMessageOff aria-hidden />} title={t("composer.cannot")} role="status">
        <Text size="sm">{answer.reason?.message ?? t("composer.cannotUnknown")}</Text>
        {answer.reason && CHANNEL_REASONS.includes(answer.reason.code) && <Anchor to="/channels" underline="always">{t("composer.channels")}</Anchor>}
      </Alert>
    </div>
  );
}

function Writing({ id, conversation, input, onSend, answer }: Props & { answer: Answer | undefined }) {
  const { t } = useTranslation("inbox");
  const me = useMe().user.id;
  const [text, setText] = useState(() => draftOf(me, id));
  const { enterSends, toggle } = useEnterSends();
  const preview = useMeasured(text, conversation?.contact.id ?? null);
  useEffect(() => keepDraft(me, id, text), [me, id, text]);
  const ready = text.trim() !== "" && answer !== undefined;
  const send = () => {
    if (!ready) return;
    setText("");
    onSend(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return; // Enter takes a suggestion of the input method
    if (event.key === "Escape") input.current?.blur();
    const wanted = event.key === "Enter" && !event.shiftKey && (enterSends || event.ctrlKey || event.metaKey);
    if (!wanted) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={classes.composer}>
      <div className={classes.composerRow}>
        <Textarea
          ref={input}
          flex={1}
          autosize
          minRows={1}
          maxRows={9}
          dir="auto"
          aria-label={t("composer.label")}
          aria-describedby="composer-facts"
          placeholder={t("composer.placeholder")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Button visibleFrom="sm" onClick={send} disabled={!ready} leftSection={<IconSend size={17} aria-hidden />}>
          {t("composer.send")}
        </Button>
        <ActionIcon hiddenFrom="sm" variant="filled" size={40} onClick={send} disabled={!ready} aria-label={t("composer.send")}>
          <IconSend size={19} aria-hidden />
        </ActionIcon>
      </div>
      <MergeFields text={text} preview={preview} />
      <div className={classes.composerFoot}>
        <TextMeter id="composer-facts" measured={preview} />
        <UnstyledButton visibleFrom="sm" onClick={toggle} c="dimmed" fz="xs" style={{ flex: "none" }} title={t("composer.switchEnter")}>
          {enterSends ? t("composer.enterSends") : t("composer.enterBreaks")}
        </UnstyledButton>
      </div>
      {answer?.expects_simulator && (
        <Text size="xs" c="dimmed">
          <IconDeviceMobile size={13} aria-hidden style={{ verticalAlign: "-2px", marginInlineEnd: 4 }} />
          {t("composer.simulated")}{" "}
          <PlainAnchor component={Anchor} to="/phones" inherit underline="always">
            {t("composer.toPhones")}
          </PlainAnchor>
        </Text>
      )}
    </div>
  );
}

/** `{{ contact.first_name }}`: what it becomes here, and which fields are empty or unknown, before anything is sent. */
export function MergeFields({ text, preview }: { text: string; preview: TextPreview | undefined }) {
  const { t } = useTranslation("inbox");
  if (!text.includes("{{") || !preview) return null;
  const missing = preview.missing.filter((field) => !preview.unknown.includes(field));
  return (
    <div role="status">
      <Text size="xs" c="dimmed" mt={4}>
        {t("composer.willRead")} <bdi dir="auto">{preview.text}</bdi>
      </Text>
      {missing.length > 0 && <Text size="xs" c="var(--mantine-color-error)">{t("composer.missing", { count: missing.length, fields: isolated(missing), example: fallbackFor(missing[0] ?? "") })}</Text>}
      {preview.unknown.length > 0 && <Text size="xs" c="var(--mantine-color-error)">{t("composer.unknown", { count: preview.unknown.length, fields: isolated(preview.unknown) })}</Text>}
    </div>
  );
}

/** Codes within a sentence keep their own direction. */
const isolated = (names: readonly string[]): string => names.map((name) => `\u2068${name}\u2069`).join(", ");
const fallbackFor = (field: string): string => `\u2066{{ ${field} | default: "…" }}\u2069`;

/** Enter sends on a keyboard; under a thumb it makes a new line. Either can be changed. */
function useEnterSends() {
  const touch = useMediaQuery("(pointer: coarse)") ?? false;
  const [chosen, setChosen] = useState(() => remembered("enter-sends"));
  const enterSends = chosen === null ? !touch : chosen === "on";
  const toggle = () => {
    const next = enterSends ? "off" : "on";
    remember("enter-sends", next);
    setChosen(next);
  };
  return { enterSends, toggle };
}
