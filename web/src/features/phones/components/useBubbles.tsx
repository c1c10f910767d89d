import { useTranslation } from "react-i18next";
import { StatusTick, type Bubble, type Shown } from "@/components/ui";
import { formatTime } from "@/lib/i18n";
import type { PhoneText, TextState } from "../api/types";

const TICKS: Record<TextState, Shown> = { on_its_way: "waiting", delivered: "delivered", failed: "not_delivered", lost: "not_delivered", typed: "waiting", sent: "sent", refused: "not_sent" };

/** Fine when it went well; a word when it did not. */
const WORTH_A_WORD: readonly TextState[] = ["on_its_way", "failed", "lost", "refused"];

/** A phone's texts as its screen shows them; what never arrived is shown as such, for the one who turned the knob. */
export function useBubbles(texts: readonly PhoneText[]): Bubble[] {
  const { t } = useTranslation("phones");
  return texts.map((text) => ({
    id: text.id,
    side: text.from_phone ? "out" : "in",
    text: text.text ?? t("binary"),
    note: (
      <>
        <time dateTime={new Date(text.at * 1000).toISOString()}>{formatTime(new Date(text.at * 1000))}</time>
        <StatusTick shown={TICKS[text.state]} reason={t(`states.${text.state}`)} />
        {WORTH_A_WORD.includes(text.state) && <span>{t(`states.${text.state}`)}</span>}
      </>
    ),
  }));
}
