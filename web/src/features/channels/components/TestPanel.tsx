import { Alert, Button, Group, Text } from "@mantine/core";
import { IconCircleCheck, IconPlugConnectedX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/components/ui";
import { showFieldErrors } from "@/lib/forms";
import type { Channel } from "../api/channels";
import type { Kind } from "../api/kinds";
import { testChannel, type Tested } from "../api/test";
import { draft } from "../hooks/draft";
import type { ChannelFormApi } from "./KindFields";

/** Logs in at the carrier with what the form says, and shows why it was let in or refused. */
export function TestPanel({ kind, channel, form }: { kind: Kind; channel: Channel | null; form: ChannelFormApi }) {
  const { t } = useTranslation("channels");
  const [left, setLeft] = useState<unknown>(null);
  const test = useMutation({
    mutationFn: () => {
      const { config, secrets } = draft(form.values);
      return testChannel({ ...(channel ? { channel_id: channel.id } : { kind: kind.kind }), config, secrets });
    },
    onMutate: () => form.clearErrors(),
    onError: (error) => setLeft(showFieldErrors(form, error)),
    onSuccess: () => setLeft(null),
  });
  return (
    <>
      <Group>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {t("test.run")}
        </Button>
        <Text size="sm" c="dimmed" flex="1 1 14rem">
          {t("test.what")}
        </Text>
      </Group>
      <Problem error={left} title={t("test.notRun")} />
      {test.data && <Result tested={test.data} />}
    </>
  );
}

/** Codes of a carrier that never got to say no. */
const NOT_REACHED = new Set(["unreachable", "no_answer", "tls_failed"]);

function Result({ tested }: { tested: Tested }) {
  const { t } = useTranslation("channels");
  return (
    <Alert
      role="status"
      variant="light"
      color={tested.ok ? "green" : "red"}
      icon={tested.ok ? <IconCircleCheck aria-hidden /> : <IconPlugConnectedX aria-hidden />}
      title={tested.ok ? t("test.ok") : NOT_REACHED.has(tested.code) ? t("test.unreachable") : t("test.failed")}
    >
      <span dir="auto">{tested.detail}</span>
    </Alert>
  );
}
