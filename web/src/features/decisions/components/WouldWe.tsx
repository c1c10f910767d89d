import { NativeSelect, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Loading, Problem, Section } from "@/components/ui";
import { PURPOSES, type Purpose } from "../api/policy";
import { fetchContactWhy } from "../api/why";
import { WhyView } from "./WhyView";

/** Would we text this person now? Asked of the same function that decides when something is sent. */
export function WouldWe({ contact }: { contact: string }) {
  const { t } = useTranslation("decisions");
  const [purpose, setPurpose] = useState<Purpose>("promotion");
  const { data: why, error, refetch } = useQuery({ queryKey: ["contacts", "one", contact, "why", purpose], queryFn: ({ signal }) => fetchContactWhy(contact, purpose, signal), staleTime: 0 });
  return (
    <Section title={t("wouldWe.title")} description={t("wouldWe.description")} order={3}>
      <Stack>
        <NativeSelect label={t("wouldWe.purpose")} value={purpose} onChange={(event) => setPurpose(event.currentTarget.value as Purpose)} data={PURPOSES.map((value) => ({ value, label: t(`purposes.${value}`) }))} />
        <Problem error={error} retry={() => void refetch()} />
        <div role="status" aria-busy={!why && !error}>
          {!why && !error && <Loading rows={2} />}
          {why && <WhyView why={why} />}
        </div>
      </Stack>
    </Section>
  );
}
