import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { signIn, type NextStep } from "../api/signIn";
import { useEnter } from "../hooks/useEnter";
import { CheckYourMail } from "./CheckYourMail";
import { CodeStep } from "./CodeStep";
import { PublicHeading } from "./PublicHeading";

export function LoginPage() {
  const { t } = useTranslation("accounts");
  const { next } = useSearch({ from: "/public/login" });
  const enter = useEnter();
  const [step, setStep] = useState<"password" | Exclude<NextStep, "done">>("password");
  const goOn = (to: NextStep) => (to === "done" ? enter(next) : setStep(to));
  if (step === "code") return <CodeStep goOn={goOn} giveUp={() => setStep("password")} />;
  if (step === "verify_email") return <CheckYourMail title={t("verify.pendingTitle")} text={t("verify.pendingText")} />;
  return <PasswordStep goOn={goOn} />;
}

function PasswordStep({ goOn }: { goOn: (step: NextStep) => void }) {
  const { t } = useTranslation("accounts");
  const form = useForm({ initialValues: { email: "", password: "" } });
  const { error, busy, submit } = useSubmit(form, async (credentials) => goOn(await signIn(credentials)));
  return (
    <>
      <PublicHeading title={t("login.title")} />
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <TextInput label={t("email")} type="email" autoComplete="username" dir="ltr" required autoFocus {...form.getInputProps("email")} />
          <PasswordInput label={t("password")} autoComplete="current-password" required {...form.getInputProps("password")} />
          <Problem error={error} />
          <Button type="submit" size="md" loading={busy}>
            {t("login.submit")}
          </Button>
          <Anchor to="/password/reset" ta="center">
            {t("login.forgot")}
          </Anchor>
        </Stack>
      </form>
    </>
  );
}
