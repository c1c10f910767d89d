import { Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton, Loading, Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { checkResetKey, resetPassword } from "../api/password";
import { CheckYourMail } from "./CheckYourMail";
import { PublicHeading } from "./PublicHeading";

/** Where the mail's link leads. */
export function ResetPasswordPage() {
  const { t } = useTranslation("accounts");
  const { key } = useParams({ from: "/public/password/reset/key/$key" });
  const check = useQuery({ queryKey: ["password-reset", key], queryFn: async () => (await checkResetKey(key), true), retry: false });
  if (check.isPending) return <Loading rows={2} shape="form" />;
  if (check.error) return <UsedUp />;
  return <NewPassword resetKey={key} label={t("reset.label")} />;
}

function UsedUp() {
  const { t } = useTranslation("accounts");
  return (
    <>
      <PublicHeading title={t("reset.usedUpTitle")}>{t("reset.usedUpText")}</PublicHeading>
      <LinkButton to="/password/reset">{t("reset.again")}</LinkButton>
    </>
  );
}

function NewPassword({ resetKey, label }: { resetKey: string; label: string }) {
  const { t } = useTranslation("accounts");
  const [done, setDone] = useState(false);
  const form = useForm({ initialValues: { password: "" } });
  const { error, busy, submit } = useSubmit(form, async ({ password }) => {
    await resetPassword(resetKey, password);
    setDone(true);
  });
  if (done) return <CheckYourMail title={t("reset.doneTitle")} text={t("reset.doneText")} />;
  return (
    <>
      <PublicHeading title={t("reset.title")} />
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <PasswordInput label={label} description={t("passwordHint")} autoComplete="new-password" required autoFocus {...form.getInputProps("password")} />
          <Problem error={error} />
          <Button type="submit" size="md" loading={busy}>
            {t("reset.submit")}
          </Button>
        </Stack>
      </form>
    </>
  );
}
