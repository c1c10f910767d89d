import { Radio, Stack } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, Loading, Page, PageHeader, Problem, Section, showDone } from "@/components/ui";
import { createChannel } from "../api/channels";
import type { Kind } from "../api/kinds";
import { useKinds } from "../hooks/useKinds";
import { ChannelForm } from "./ChannelForm";

export function NewChannelPage() {
  const { t } = useTranslation("channels");
  const kinds = useKinds();
  return (
    <Page width="narrow">
      <PageHeader title={t("new.title")} description={t("new.description")} back={<Anchor to="/channels" size="sm">{t("title")}</Anchor>} />
      {kinds.isPending && <Loading shape="form" rows={4} />}
      <Problem error={kinds.error} retry={() => void kinds.refetch()} />
      {kinds.data && <Choose kinds={kinds.data} />}
    </Page>
  );
}

function Choose({ kinds }: { kinds: readonly Kind[] }) {
  const { t } = useTranslation("channels");
  const navigate = useNavigate();
  const [name, setName] = useState(kinds.find(({ kind }) => kind !== "simulator")?.kind ?? kinds[0]?.kind ?? "");
  const kind = kinds.find((one) => one.kind === name);
  return (
    <Stack gap="lg">
      <Section title={t("new.kind")}>
        <Radio.Group value={name} onChange={setName} aria-label={t("new.kind")}>
          <Stack>
            {kinds.map((one) => (
              <Radio key={one.kind} value={one.kind} label={one.label} description={one.help} />
            ))}
          </Stack>
        </Radio.Group>
      </Section>
      {kind && (
        <ChannelForm
          key={kind.kind}
          kind={kind}
          channel={null}
          save={async (draft) => {
            const channel = await createChannel(kind.kind, draft);
            showDone(t("new.done", { name: channel.name }));
            await navigate({ to: "/channels" });
          }}
        />
      )}
    </Stack>
  );
}
