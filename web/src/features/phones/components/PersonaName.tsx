import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fetchKnobs } from "../api/phones";
import type { Phone } from "../api/types";
import { knobsKey } from "../hooks/keys";

/** What its owner is like, while the owners answer by themselves. */
export function PersonaName({ persona, channel }: { persona: NonNullable<Phone["persona"]>; channel: string }) {
  const { t } = useTranslation("phones");
  const { data: knobs } = useQuery({ queryKey: knobsKey(channel), queryFn: ({ signal }) => fetchKnobs(channel, signal), staleTime: 60_000 });
  if (!knobs?.personas) return null;
  return <span>{t(`tempers.${persona.temper}`)}</span>;
}
