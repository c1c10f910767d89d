import { ActionIcon, Text, Textarea } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useState, type FormEvent, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "@/components/ui";
import { useTyping } from "../hooks/usePhones";
import classes from "./Wall.module.css";

/** Where the phone's owner types. */
export function PhoneComposer({ channel, address, autoFocus = false }: { channel: string; address: string; autoFocus?: boolean }) {
  const { t } = useTranslation("phones");
  const type = useTyping(channel);
  const [text, setText] = useState("");
  const [said, setSaid] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (text.trim() === "" || busy) return;
    setBusy(true);
    setSaid(null);
    try {
      const { bound } = await type(address, text);
      setText("");
      if (!bound) setSaid(t("nobodyTakesIt"));
    } catch (error) {
      setSaid(explain(error, t as never));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <form onSubmit={submit}>
      <div className={classes.composer}>
        <Textarea flex={1} size="xs" autosize minRows={1} maxRows={4} radius="lg" dir="auto" autoFocus={autoFocus} aria-label={t("typeAs", { number: `+${address}` })} placeholder={t("type")} value={text} onChange={(event) => setText(event.currentTarget.value)} onKeyDown={onKeyDown} />
        <ActionIcon type="submit" variant="filled" radius="xl" size={30} aria-label={t("send")} disabled={text.trim() === ""} loading={busy}>
          <IconArrowUp size={17} aria-hidden />
        </ActionIcon>
      </div>
      {said && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert" mt={4}>
          {said}
        </Text>
      )}
    </form>
  );
}
