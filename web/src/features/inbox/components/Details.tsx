import { ActionIcon } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Loading } from "@/components/ui";
import classes from "./Inbox.module.css";

/** The frame of the contact panel: a way back where it covers the thread. */
export function Details({ onBack, children }: { onBack: () => void; children: ReactNode }) {
  const { t } = useTranslation("inbox");
  return (
    <>
      <div className={classes.narrowOnly} style={{ padding: 12 }}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("details.back")} onClick={onBack}>
          <IconArrowLeft size={20} aria-hidden className={classes.arrow} />
        </ActionIcon>
      </div>
      {children ?? <Loading rows={4} />}
    </>
  );
}
