import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { showUndo } from "@/components/ui";
import { fetchPolicy, POLICY_KEY, savePolicy, type Policy, type Settings } from "../api/policy";

export const usePolicy = () => useQuery({ queryKey: POLICY_KEY, queryFn: ({ signal }) => fetchPolicy(signal) });

/** Saves a part of the settings at once and offers to take it back. */
export function useChange(policy: Policy) {
  const { t } = useTranslation("decisions");
  const queries = useQueryClient();
  const keep = (saved: Policy) => {
    queries.setQueryData(POLICY_KEY, saved);
    void queries.invalidateQueries({ queryKey: ["policy-preview"] });
  };
  const save = useMutation({ mutationFn: savePolicy, onSuccess: keep });
  const change = async <K extends keyof Settings>(part: K, value: Settings[K]): Promise<void> => {
    const before = policy[part];
    await save.mutateAsync({ [part]: value });
    showUndo({ message: t(`saved.${part}`), undo: () => save.mutate({ [part]: before }) });
  };
  /** For controls that act at once: what went wrong is shown, not thrown. */
  const changeNow = <K extends keyof Settings>(part: K, value: Settings[K]): void => void change(part, value).catch(() => undefined);
  return { change, changeNow, error: save.error, busy: save.isPending };
}
