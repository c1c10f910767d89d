import { Button, Code, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CopyButton, Loading, Problem } from "@/components/ui";
import { ApiError } from "@/lib/http";
import { useSubmit } from "@/lib/forms";
import { useMe } from "@/lib/session";
import { activateTotp, fetchTotpSecret, sendVerification, type TotpSecret } from "../api/security";
import { QrCode } from "./QrCode";

interface Props {
  onDone: () => void;
  onClose: () => void;
}

/** Puts a new secret into an authenticator app and proves that it works. */
export function TotpDialog({ onDone, onClose }: Props) {
  const { t } = useTranslation("settings");
  const secret = useQuery({ queryKey: ["totp-secret"], queryFn: fetchTotpSecret, staleTime: Infinity, gcTime: 0, retry: false });
  const unverified = secret.error instanceof ApiError && secret.error.status === 409;
  return (
    <Modal opened onClose={onClose} title={t("totp.title")} size="md" closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      {secret.isPending && <Loading rows={3} />}
      {secret.error && (unverified ? <VerifyFirst /> : <Problem error={secret.error} retry={() => void secret.refetch()} />)}
      {secret.data && <Steps secret={secret.data} onDone={onDone} />}
    </Modal>
  );
}

function Steps({ secret, onDone }: { secret: TotpSecret; onDone: () => void }) {
  const { t } = useTranslation("settings");
  const form = useForm({ initialValues: { code: "" } });
  const { error, busy, submit } = useSubmit(form, async ({ code }) => {
    await activateTotp(code);
    onDone();
  });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack>
        <List type="ordered" spacing="xs">
          <List.Item>{t("totp.install")}</List.Item>
          <List.Item>{t("totp.scan")}</List.Item>
          <List.Item>{t("totp.enter")}</List.Item>
        </List>
        <QrCode text={secret.url} label={t("totp.picture")} />
        <Text size="sm" c="dimmed">
          {t("totp.byHand")}
        </Text>
        <Group>
          <Code dir="ltr">{inFours(secret.secret)}</Code>
          <CopyButton value={secret.secret} />
        </Group>
        <TextInput label={t("totp.code")} inputMode="numeric" autoComplete="one-time-code" dir="ltr" required data-autofocus {...form.getInputProps("code")} />
        <Problem error={error} />
        <Button type="submit" loading={busy}>
          {t("twoSteps.turnOn")}
        </Button>
      </Stack>
    </form>
  );
}

const inFours = (secret: string): string => secret.replaceAll(/(.{4})(?=.)/g, "$1 ");

/** allauth takes no second step for an address that was never confirmed: losing it would lock the account for good. */
function VerifyFirst() {
  const { t } = useTranslation("settings");
  const { user } = useMe();
  const send = useMutation({ mutationFn: () => sendVerification(user.email) });
  return (
    <Stack>
      <Text>{t("totp.verifyFirst")}</Text>
      <Problem error={send.error} />
      {send.isSuccess ? (
        <Text role="status">{t("totp.verifySent", { email: user.email })}</Text>
      ) : (
        <Button loading={send.isPending} onClick={() => send.mutate()}>
          {t("totp.verifySend")}
        </Button>
      )}
    </Stack>
  );
}
