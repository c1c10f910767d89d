import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { requestReset } from "../api/password";
import { CheckYourMail } from "./CheckYourMail";
import { PublicHeading } from "./PublicHeading";

export function ForgotPasswordPage() {
  const { t } = useTranslation("accounts");
  const [sent, setSent] = useState(false);
  const form = useForm({ initialValues: { email: "" } });
  const { error, busy, submit } = useSubmit(form, async ({ email }) => {
    await requestReset(email);
    setSent(true);
  });
  if (sent) return <CheckYourMail title={t("forgot.sentTitle")} text={t("forgot.sentText", { email: form.values.email })} />;
  return (
    <>
      <PublicHeading title={t("forgot.title")}>{t("forgot.text")}</PublicHeading>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <TextInput label={t("email")} type="email" autoComplete="username" dir="ltr" required autoFocus {...form.getInputProps("email")} />
          <Problem error={error} />
          <Button type="submit" size="md" loading={busy}>
            {t("forgot.submit")}
          </Button>
          <Anchor to="/login" ta="center">
            {t("backToLogin")}
          </Anchor>
        </Stack>
      </form>
    </>
  );
}
