import { Group, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton, Loading, Problem } from "@/components/ui";
import { fetchMessageWhy } from "../api/why";
import { WhyView } from "./WhyView";

interface Props {
  message: string;
  onClose: () => void;
  consent?: ((entry: string) => ReactNode) | undefined;
}

/** Why a message was sent, waits, or was not sent; always asked afresh, for what waits may have been decided again. */
export function WhyDialog({ message, onClose, consent }: Props) {
  const { t } = useTranslation("decisions");
  const { data: why, error, refetch } = useQuery({ queryKey: ["why", "message", message], queryFn: ({ signal }) => fetchMessageWhy(message, signal), staleTime: 0 });
  return (
    <Modal opened onClose={onClose} title={t(why ? `why.titles.${why.later.at(-1)?.verdict ?? why.verdict}` : "why.title")} size="lg">
      <Problem error={error} retry={() => void refetch()} />
      {!why && !error && <Loading rows={4} />}
      {why && (
        <>
          <WhyView why={why} consent={consent} />
          <Group justify="flex-end" mt="md">
            <CopyButton value={JSON.stringify(why, null, 2)} label={t("why.copy")} />
          </Group>
        </>
      )}
    </Modal>
  );
}
