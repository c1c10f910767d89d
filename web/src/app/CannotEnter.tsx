import { Button } from "@mantine/core";
import { IconDoorExit } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EmptyState, Failure } from "@/components/ui";
import { ApiError } from "@/lib/http";
import { useSignOut } from "./useSignOut";

/** In place of the console when it cannot be entered: the person belongs nowhere any more, or the server has a fault. */
export function CannotEnter({ error, reset }: { error: unknown; reset: () => void }) {
  const belongsNowhere = error instanceof ApiError && [403, 404].includes(error.status);
  return <main>{belongsNowhere ? <NoWorkspace /> : <Failure error={error} retry={reset} />}</main>;
}

function NoWorkspace() {
  const { t } = useTranslation("common");
  const signOut = useSignOut();
  return (
    <EmptyState
      headingOrder={1}
      icon={<IconDoorExit size={34} />}
      title={t("noWorkspace.title")}
      actions={<Button onClick={() => void signOut()}>{t("menu.signOut")}</Button>}
    >
      {t("noWorkspace.text")}
    </EmptyState>
  );
}
