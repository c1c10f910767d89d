import { Alert, Badge, Button, Group, NumberInput, PasswordInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Loading, PageHeader, Problem, Section, showDone } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { useMe } from "@/lib/session";
import { fetchMail, MAIL_KEY, saveMail, testMail, type MailSettings } from "../api/mail";
import { SaveBar } from "./SaveBar";

export function MailPage() {
  const { t } = useTranslation("settings");
  const mail = useQuery({ queryKey: MAIL_KEY, queryFn: ({ signal }) => fetchMail(signal) });
  return (
    <>
      <PageHeader title={t("mail.title")} description={t("mail.description")} />
      {mail.isPending && <Loading shape="form" rows={4} />}
      <Problem error={mail.error} retry={() => void mail.refetch()} />
      {mail.data && (
        <Stack gap="lg">
          <Server settings={mail.data} />
          <Test configured={mail.data.configured} />
        </Stack>
      )}
    </>
  );
}

function Server({ settings }: { settings: MailSettings }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const { configured, has_password, ...stored } = settings;
  const form = useForm({ initialValues: { ...stored, password: "" } });
  const { error, busy, submit } = useSubmit(form, async ({ password, ...values }) => {
    queries.setQueryData(MAIL_KEY, await saveMail(password ? { ...values, password } : values));
    form.setFieldValue("password", "");
    showDone(t("common:actions.saved"));
  });
  return (
    <Section
      title={t("mail.server")}
      description={configured ? undefined : t("mail.notConfigured")}
      actions={<Badge variant="light" color={configured ? "green" : "yellow"}>{configured ? t("mail.isOn") : t("mail.isOff")}</Badge>}
    >
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <Group align="flex-start">
            <TextInput label={t("mail.host")} description={t("mail.hostWhat")} placeholder="smtp.example.com" dir="ltr" flex="2 1 14rem" {...form.getInputProps("host")} />
            <NumberInput label={t("mail.port")} description={t("mail.portWhat")} min={1} max={65535} allowDecimal={false} required flex="1 1 6rem" {...form.getInputProps("port")} />
          </Group>
          <Select
            label={t("mail.security")}
            allowDeselect={false}
            data={[
              { value: "starttls", label: t("mail.starttls") },
              { value: "tls", label: t("mail.tls") },
              { value: "none", label: t("mail.none") },
            ]}
            {...form.getInputProps("security")}
          />
          <TextInput label={t("mail.username")} autoComplete="off" dir="ltr" {...form.getInputProps("username")} />
          <PasswordInput label={t("mail.password")} description={has_password ? t("mail.passwordKept") : t("mail.passwordWhat")} autoComplete="off" {...form.getInputProps("password")} />
          <TextInput label={t("mail.from")} description={t("mail.fromWhat")} placeholder="Corner Bakery <texts@example.com>" dir="ltr" {...form.getInputProps("from_address")} />
          <SaveBar error={error} busy={busy} />
        </Stack>
      </form>
    </Section>
  );
}

function Test({ configured }: { configured: boolean }) {
  const { t } = useTranslation("settings");
  const { user } = useMe();
  const [to, setTo] = useState(user.email);
  const test = useMutation({ mutationFn: () => testMail(to) });
  return (
    <Section title={t("mail.test")} description={configured ? t("mail.testWhat") : t("mail.testNotYet")}>
      <Stack>
        <Group align="flex-end">
          <TextInput label={t("mail.testTo")} type="email" dir="ltr" value={to} onChange={(event) => setTo(event.currentTarget.value)} flex="1 1 14rem" />
          <Button variant="default" loading={test.isPending} disabled={to === "" || !configured} onClick={() => test.mutate()}>
            {t("mail.testSend")}
          </Button>
        </Group>
        <Problem error={test.error} />
        {test.data && <TestResult {...test.data} />}
      </Stack>
    </Section>
  );
}

function TestResult({ ok, detail }: { ok: boolean; detail: string }) {
  const { t } = useTranslation("settings");
  return (
    <Alert color={ok ? "green" : "red"} variant="light" role="status" title={ok ? t("mail.testOk") : t("mail.testFailed")}>
      <Text size="sm" dir="auto">
        {detail}
      </Text>
    </Alert>
  );
}
