import { Button } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EmptyState, Kbd, LinkButton } from "@/components/ui";
import { useAtLeast, useMe } from "@/lib/session";

/** The middle of the inbox while no conversation is open: how to start one, and how to move about. */
export function NothingChosen({ onCompose }: { onCompose: () => void }) {
  const { t } = useTranslation("inbox");
  const mayTalk = useAtLeast("agent");
  const live = useMe().live;
  return (
    <EmptyState
      icon={<IconMessages size={34} />}
      title={t("thread.none.title")}
      actions={
        <>
          {mayTalk && <Button onClick={onCompose}>{t("compose.title")}</Button>}
          {!live && (
            <LinkButton to="/phones" variant="default">
              {t("thread.none.phones")}
            </LinkButton>
          )}
        </>
      }
    >
      {live ? t("thread.none.text") : t("thread.none.simulated")}
      <div style={{ marginBlockStart: 12 }}>
        <Kbd keys="j" /> <Kbd keys="k" /> {t("thread.none.walk")} · <Kbd keys="n" /> {t("thread.none.new")} · <Kbd keys="?" /> {t("thread.none.all")}
      </div>
    </EmptyState>
  );
}
