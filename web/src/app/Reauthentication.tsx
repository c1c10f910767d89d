import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/components/ui/Problem";
import { AUTH, http } from "@/lib/http";
import { answerReauthentication, type Question } from "@/lib/reauthentication";

/** “Is it still you?”: shown whenever the server wants a fresh proof before a delicate step; the step then goes on by itself. */
export function Reauthentication() {
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(() => answerReauthentication(setQuestion), []);
  if (!question) return null;
  return <Dialog question={question} done={() => setQuestion(null)} />;
}

function Dialog({ question, done }: { question: Question; done: () => void }) {
  const { t } = useTranslation("common");
  const canUsePassword = question.flows.length === 0 || question.flows.some((flow) => flow.id === "reauthenticate");
  const canUseCode = question.flows.some((flow) => flow.id === "mfa_reauthenticate");
  const [byCode, setByCode] = useState(!canUsePassword);
  const [value, setValue] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const refuse = () => {
    question.refused();
    done();
  };
  const prove = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await (byCode ? http.post(`${AUTH}/auth/2fa/reauthenticate`, { code: value }) : http.post(`${AUTH}/auth/reauthenticate`, { password: value }));
      question.proved();
      done();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={refuse} title={t("reauthentication.title")} closeButtonProps={{ "aria-label": t("actions.close") }}>
      <form onSubmit={(event) => void prove(event)}>
        <Stack>
          <Text c="dimmed">{byCode ? t("reauthentication.code") : t("reauthentication.password")}</Text>
          {byCode ? (
            <TextInput label={t("reauthentication.codeLabel")} value={value} onChange={(event) => setValue(event.currentTarget.value)} autoComplete="one-time-code" inputMode="numeric" dir="ltr" data-autofocus required />
          ) : (
            <PasswordInput label={t("reauthentication.passwordLabel")} value={value} onChange={(event) => setValue(event.currentTarget.value)} autoComplete="current-password" data-autofocus required />
          )}
          <Problem error={error} />
          <Group justify="space-between">
            {canUsePassword && canUseCode ? (
              <Button variant="subtle" onClick={() => setByCode(!byCode)}>
                {byCode ? t("reauthentication.usePassword") : t("reauthentication.useCode")}
              </Button>
            ) : (
              <span />
            )}
            <Button type="submit" loading={busy}>
              {t("reauthentication.confirm")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
