import { ActionIcon, Badge, Button, Group, Menu, Skeleton, Title } from "@mantine/core";
import { IconArrowLeft, IconCheck, IconDotsVertical, IconInfoCircle, IconUserCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { PersonAvatar, PersonName, PhoneNumber } from "@/components/ui";
import { useAtLeast, useMe } from "@/lib/session";
import type { Conversation } from "../api/types";
import { useActs } from "../hooks/useActs";
import { useMembers } from "../hooks/useThread";
import inbox from "./Inbox.module.css";
import classes from "./Thread.module.css";

interface Props {
  conversation: Conversation | undefined;
  onBack: () => void;
  onDetails: () => void;
}

export function ThreadHead({ conversation, onBack, onDetails }: Props) {
  const { t } = useTranslation("inbox");
  return (
    <header className={classes.head}>
      <ActionIcon className={inbox.phoneOnly} variant="subtle" color="gray" size="lg" aria-label={t("thread.back")} onClick={onBack}>
        <IconArrowLeft size={20} aria-hidden className={inbox.arrow} />
      </ActionIcon>
      {conversation ? <Who conversation={conversation} /> : <Skeleton height={36} width={180} />}
      {conversation && <Acts conversation={conversation} onBack={onBack} />}
      <ActionIcon className={inbox.narrowOnly} variant="subtle" color="gray" size="lg" aria-label={t("details.open")} onClick={onDetails}>
        <IconInfoCircle size={22} aria-hidden />
      </ActionIcon>
    </header>
  );
}

function Who({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("inbox");
  const { contact } = conversation;
  return (
    <>
      <PersonAvatar person={contact} size={38} />
      <div className={classes.who}>
        <Title order={2} className={classes.name} dir="auto">
          <PersonName person={contact} />
        </Title>
        <div className={classes.sub}>
          {contact.name && contact.address && <PhoneNumber number={contact.address} />}
          {conversation.status === "closed" && (
            <Badge size="xs" variant="light" color="gray" mis={6}>
              {t("thread.closed")}
            </Badge>
          )}
        </div>
      </div>
    </>
  );
}

function Acts({ conversation, onBack }: { conversation: Conversation; onBack: () => void }) {
  const { t } = useTranslation("inbox");
  const acts = useActs();
  if (!useAtLeast("agent")) return null;
  const closed = conversation.status === "closed";
  const label = closed ? t("acts.reopen") : t("acts.close");
  return (
    <>
      <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon className={inbox.phoneOnly} variant="subtle" color="gray" size="lg" aria-label={t("acts.more")}>
            <IconDotsVertical size={22} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void acts.toggleClosed(conversation)}>{label}</Menu.Item>
          <Menu.Item onClick={() => (onBack(), void acts.unread(conversation))}>{t("acts.unread")}</Menu.Item>
          <Menu.Divider />
          <Assignees conversation={conversation} />
        </Menu.Dropdown>
      </Menu>
      <Group gap={4} visibleFrom="sm" wrap="nowrap">
        <Assign conversation={conversation} />
        <Button variant="default" size="sm" leftSection={<IconCheck size={17} aria-hidden />} onClick={() => void acts.toggleClosed(conversation)}>
          {label}
        </Button>
      </Group>
    </>
  );
}

function Assign({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("inbox");
  const current = conversation.assignee;
  const label = current ? t("assign.to", { name: current.name }) : t("assign.nobody");
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${t("assign.label")}: ${label}`} title={label}>
          {current ? <PersonAvatar person={current} size={26} /> : <IconUserCircle size={24} stroke={1.6} aria-hidden />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Assignees conversation={conversation} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Whom a conversation can be given to, as lines of a menu. */
function Assignees({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("inbox");
  const acts = useActs();
  const me = useMe().user;
  const others = useMembers().filter((member) => member.user_id !== me.id);
  const give = (assignee: Conversation["assignee"]) => () => void acts.assign(conversation, assignee);
  return (
    <>
      <Menu.Label>{t("assign.label")}</Menu.Label>
      <Menu.Item onClick={give({ id: me.id, name: me.name })}>{t("assign.me")}</Menu.Item>
      {others.map((member) => (
        <Menu.Item key={member.user_id} onClick={give({ id: member.user_id, name: member.name })}>
          <bdi>{member.name}</bdi>
        </Menu.Item>
      ))}
      {conversation.assignee && (
        <>
          <Menu.Divider />
          <Menu.Item onClick={give(null)}>{t("assign.remove")}</Menu.Item>
        </>
      )}
    </>
  );
}
