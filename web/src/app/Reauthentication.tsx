import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/components/ui/Problem";
import { useSubmit } from "@/lib/forms";
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
  const form = useForm({ initialValues: { password: "", code: "" } });
  const refuse = () => {
    question.refused();
    done();
  };
  const { error, busy, submit } = useSubmit(form, async ({ password, code }) => {
    await (byCode ? http.post(`${AUTH}/auth/2fa/reauthenticate`, { code: code.replaceAll(/\s/g, "") }) : http.post(`${AUTH}/auth/reauthenticate`, { password }));
    question.proved();
    done();
  });
  return (
    <Modal opened onClose={refuse} title={t("reauthentication.title")} closeButtonProps={{ "aria-label": t("actions.close") }}>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <Text c="dimmed">{byCode ? t("reauthentication.code") : t("reauthentication.password")}</Text>
          {byCode ? (
            <TextInput label={t("reauthentication.codeLabel")} autoComplete="one-time-code" inputMode="numeric" dir="ltr" data-autofocus required {...form.getInputProps("code")} />
          ) : (
            <PasswordInput label={t("reauthentication.passwordLabel")} autoComplete="current-password" data-autofocus required {...form.getInputProps("password")} />
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
