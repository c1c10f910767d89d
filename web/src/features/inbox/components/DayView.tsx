import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconAlertCircle, IconInfoCircle } from "@tabler/icons-react";
import { memo, use, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, StatusTick } from "@/components/ui";
import { formatDate, formatDateTime, formatTime } from "@/lib/i18n";
import { formattingLocale } from "@/lib/languages";
import { useMe } from "@/lib/session";
import type { Message } from "../api/types";
import { AskWhy } from "../hooks/askWhy";
import { useCampaignName, useMembers } from "../hooks/useThread";
import { dateOf, daysBetween, type Day, type Run } from "../rules/timeline";
import { SafeText } from "./SafeText";
import classes from "./Thread.module.css";

export function DayView({ day }: { day: Day }) {
  return (
    <>
      <time className={classes.day} dateTime={day.date}>
        <DayWords day={day} />
      </time>
      {day.runs.map((run) => (
        <RunView key={run.id} run={run} />
      ))}
    </>
  );
}

function DayWords({ day }: { day: Day }) {
  const { t, i18n } = useTranslation("inbox");
  const ago = daysBetween(day.date, dateOf(new Date()));
  if (ago === 0) return t("thread.today");
  if (ago === 1) return t("thread.yesterday");
  if (ago < 7) return day.at.toLocaleDateString(formattingLocale(i18n.language), { weekday: "long" });
  return formatDate(day.at);
}

function RunView({ run }: { run: Run }) {
  return (
    <div className={classes.run} data-side={run.direction}>
      <By run={run} />
      {run.messages.map((message) => (
        <BubbleView key={message.id} message={message} />
      ))}
    </div>
  );
}

/** Whose words, where it is neither the customer nor the reader: a colleague or a campaign. */
function By({ run }: { run: Run }) {
  const { t } = useTranslation("inbox");
  const me = useMe().user.id;
  const author = useMembers().find((member) => member.user_id === run.author_id);
  const campaign = useCampaignName(run.campaign_id);
  if (run.direction === "in") return null;
  if (run.campaign_id) {
    return (
      <div className={classes.by}>
        <Anchor to={"/campaigns/$campaignId" as never} params={{ campaignId: run.campaign_id } as never} inherit c="dimmed" underline="always">
          {campaign ? t("thread.campaign", { name: campaign }) : t("thread.someCampaign")}
        </Anchor>
      </div>
    );
  }
  if (!author || author.user_id === me) return null;
  return <div className={classes.by}><bdi>{author.name}</bdi></div>;
}

const BAD = ["not_delivered", "not_sent"];

const BubbleView = memo(function BubbleView({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const at = new Date(message.created_at);
  const bad = BAD.includes(message.shown);
  return (
    <>
      <div className={classes.bubble} data-bad={bad || undefined} data-message={message.id}>
        <VisuallyHidden>{message.direction === "in" ? t("thread.theySaid") : t("thread.weSaid")}</VisuallyHidden>
        <SafeText text={message.text} />
        <div className={classes.meta}>
          {message.direction === "out" && <Ask message={message} />}
          <time dateTime={message.created_at} title={formatDateTime(at)}>
            {formatTime(at)}
          </time>
          {message.direction === "out" && <StatusTick shown={message.shown} reason={message.reason?.message} />}
        </div>
      </div>
      {bad && <Why icon={<IconAlertCircle size={15} aria-hidden />}>{t(`common:status.${message.shown}`)}{message.reason ? `: ${message.reason.message}` : ""}</Why>}
      {message.flags.includes("part_missing") && <Why quiet icon={<IconInfoCircle size={15} aria-hidden />}>{t("flags.partMissing")}</Why>}
      {message.flags.includes("possible_duplicate") && <Why quiet icon={<IconInfoCircle size={15} aria-hidden />}>{t("flags.possibleDuplicate")}</Why>}
      {message.flags.includes("replaced") && <Why quiet icon={<IconInfoCircle size={15} aria-hidden />}>{t("flags.replaced")}</Why>}
    </>
  );
});

function Ask({ message }: { message: Message }) {
  const { t } = useTranslation("inbox");
  const ask = use(AskWhy);
  if (!ask) return null;
  return (
    <UnstyledButton className={classes.ask} onClick={() => ask(message.id)} title={t("acts.why")}>
      {t("thread.why")}
    </UnstyledButton>
  );
}

export function Why({ icon, quiet = false, children }: { icon: ReactNode; quiet?: boolean; children: ReactNode }) {
  return (
    <div className={quiet ? `${classes.why} ${classes.note}` : classes.why}>
      {icon}
      <span>{children}</span>
    </div>
  );
}
