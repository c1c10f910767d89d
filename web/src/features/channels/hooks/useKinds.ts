import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fetchKinds, kindsKey } from "../api/kinds";

/** The kinds of channel there are, in the language on screen. */
export function useKinds() {
  const { i18n } = useTranslation();
  return useQuery({ queryKey: kindsKey(i18n.language), queryFn: ({ signal }) => fetchKinds(signal), staleTime: Infinity });
}
