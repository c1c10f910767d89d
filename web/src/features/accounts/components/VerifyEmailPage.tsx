import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LinkButton, Problem } from "@/components/ui";
import { verifyEmail } from "../api/email";
import { useEnter } from "../hooks/useEnter";
import { PublicHeading } from "./PublicHeading";

/** Where the mail's link leads. Opening it confirms nothing yet: mail scanners follow links, people press buttons. */
export function VerifyEmailPage() {
  const { t } = useTranslation("accounts");
  const { key } = useParams({ from: "/public/account/verify-email/$key" });
  const enter = useEnter();
  const navigate = useNavigate();
  const confirm = useMutation({
    mutationFn: () => verifyEmail(key),
    onSuccess: ({ signedIn }) => (signedIn ? enter() : navigate({ to: "/login" })),
  });
  return (
    <>
      <PublicHeading title={t("verify.title")}>{t("verify.text")}</PublicHeading>
      <Problem error={confirm.error} title={t("verify.failed")} />
      <Button mt="md" size="md" fullWidth loading={confirm.isPending} onClick={() => confirm.mutate()}>
        {t("verify.submit")}
      </Button>
      <LinkButton to="/login" variant="subtle" fullWidth mt="xs">
        {t("backToLogin")}
      </LinkButton>
    </>
  );
}
