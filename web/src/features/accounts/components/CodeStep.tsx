import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { abandonSignIn, sendCode, type NextStep } from "../api/signIn";
import { PublicHeading } from "./PublicHeading";

/** The second step of signing in: the app's six digits, or a recovery code. */
export function CodeStep({ goOn, giveUp }: { goOn: (step: NextStep) => void; giveUp: () => void }) {
  const { t } = useTranslation("accounts");
  const [recovery, setRecovery] = useState(false);
  const form = useForm({ initialValues: { code: "" } });
  const { error, busy, submit } = useSubmit(form, async ({ code }) => goOn(await sendCode(code)));
  const switchKind = () => {
    setRecovery(!recovery);
    form.reset();
  };
  return (
    <>
      <PublicHeading title={t("code.title")}>{recovery ? t("code.recoveryText") : t("code.text")}</PublicHeading>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <TextInput
            key={String(recovery)}
            label={recovery ? t("code.recoveryLabel") : t("code.label")}
            autoComplete="one-time-code"
            inputMode={recovery ? "text" : "numeric"}
            dir="ltr"
            required
            autoFocus
            {...form.getInputProps("code")}
          />
          <Problem error={error} />
          <Button type="submit" size="md" loading={busy}>
            {t("login.submit")}
          </Button>
          <Button variant="subtle" onClick={switchKind}>
            {recovery ? t("code.useApp") : t("code.useRecovery")}
          </Button>
          <Button variant="subtle" color="gray" onClick={() => void abandonSignIn().then(giveUp)}>
            {t("code.otherAccount")}
          </Button>
        </Stack>
      </form>
    </>
  );
}
