import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Trans, useTranslation } from "react-i18next";
import { LinkButton, Loading, Problem } from "@/components/ui";
import { ApiError } from "@/lib/http";
import { useSubmit } from "@/lib/forms";
import { acceptInvitation, fetchInvitation, type Invitation } from "../api/invitation";
import { useEnter } from "../hooks/useEnter";
import { PublicHeading } from "./PublicHeading";

/** Where an invitation's link leads. */
export function InvitationPage() {
  const { token } = useParams({ from: "/public/invite/$token" });
  const invitation = useQuery({ queryKey: ["invitation", token], queryFn: ({ signal }) => fetchInvitation(token, signal), retry: false });
  if (invitation.isPending) return <Loading rows={3} shape="form" />;
  if (invitation.error) return <NotOpen error={invitation.error} />;
  return <Join token={token} invitation={invitation.data} />;
}

function NotOpen({ error }: { error: Error }) {
  const { t } = useTranslation("accounts");
  const gone = error instanceof ApiError && [404, 410].includes(error.status);
  if (!gone) return <Problem error={error} />;
  return (
    <>
      <PublicHeading title={t("invite.goneTitle")}>{t("invite.goneText")}</PublicHeading>
      <LinkButton to="/login" variant="default">
        {t("backToLogin")}
      </LinkButton>
    </>
  );
}

function Join({ token, invitation }: { token: string; invitation: Invitation }) {
  const { t } = useTranslation("accounts");
  const enter = useEnter();
  const form = useForm({ initialValues: { name: "", password: "" } });
  const { error, busy, submit } = useSubmit(form, async (answer) => {
    const { signed_in } = await acceptInvitation(token, answer);
    enter(signed_in ? "/" : "/login");
  });
  const known = invitation.has_account;
  return (
    <>
      <PublicHeading title={t("invite.title", { workspace: invitation.workspace_name })}>
        <Trans t={t} i18nKey="invite.text" values={{ email: invitation.email, role: t(`common:roles.${invitation.role}`) }} components={{ address: <bdi dir="ltr" />, b: <b /> }} />
      </PublicHeading>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          {!known && <TextInput label={t("yourName")} autoComplete="name" required autoFocus {...form.getInputProps("name")} />}
          <PasswordInput
            label={known ? t("invite.knownPassword") : t("password")}
            description={known ? undefined : t("passwordHint")}
            autoComplete={known ? "current-password" : "new-password"}
            required
            {...form.getInputProps("password")}
          />
          <Problem error={error} />
          <Button type="submit" size="md" loading={busy}>
            {t("invite.submit")}
          </Button>
        </Stack>
      </form>
    </>
  );
}
