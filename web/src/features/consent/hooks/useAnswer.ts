import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { explain, showUndo } from "@/components/ui";
import { answerSuspect, SUSPECTS_KEY, undoSuspect, type Answer, type Suspect, type SuspectPage } from "../api/suspects";

/** Answers at once and offers to take it back; a refusal puts the text back into the queue. */
export function useAnswer() {
  const { t } = useTranslation("consent");
  const queries = useQueryClient();
  const refresh = async () => {
    await Promise.all([queries.invalidateQueries({ queryKey: SUSPECTS_KEY }), queries.invalidateQueries({ queryKey: ["contacts"] }), queries.invalidateQueries({ queryKey: ["conversations"] })]);
  };
  const failed = (error: unknown) => {
    notifications.show({ color: "red", withBorder: true, title: t("common:errors.title"), message: explain(error, t as never) });
    void refresh();
  };
  const takeBack = (suspect: Suspect) => void undoSuspect(suspect.id).then(refresh, failed);
  return (suspect: Suspect, decision: Answer): void => {
    queries.setQueryData<SuspectPage>(SUSPECTS_KEY, (known) => known && { ...known, total: known.total - 1, items: known.items.filter(({ id }) => id !== suspect.id) });
    const name = suspect.contact?.name || suspect.contact?.address || "";
    answerSuspect(suspect.id, decision).then(
      () => {
        showUndo({ message: t(decision === "stop" ? "review.stopped" : "review.ordinary", { name }), undo: () => takeBack(suspect) });
        void refresh();
      },
      failed,
    );
  };
}
