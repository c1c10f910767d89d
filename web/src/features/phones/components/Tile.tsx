import { ActionIcon } from "@mantine/core";
import { IconArrowsMaximize } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { PhoneFrame, PhoneNumber } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import type { Channel, Phone } from "../api/types";
import { usePhone } from "../hooks/usePhones";
import { PersonaName } from "./PersonaName";
import { PhoneComposer } from "./PhoneComposer";
import { useBubbles } from "./useBubbles";
import classes from "./Wall.module.css";

/** One phone of the wall, small but complete: one can read and type on it. */
export function Tile({ channel, phone, onOpen }: { channel: Channel; phone: Phone; onOpen: () => void }) {
  const { t } = useTranslation("phones");
  const mayType = useAtLeast("agent");
  const { data } = usePhone(channel.id, phone.address);
  const number = `+${phone.address}`;
  const bubbles = useBubbles(data?.texts ?? (phone.last ? [phone.last] : []));
  return (
    <li className={classes.tile}>
      <PhoneFrame
        width={250}
        title={<PhoneNumber number={withPlus(data?.sender || phone.sender || channel.address)} />}
        label={t("phoneOf", { number })}
        bubbles={bubbles}
        placeholder={t("nothingYet")}
        footer={mayType && <PhoneComposer channel={channel.id} address={phone.address} />}
      />
      <div className={classes.under}>
        <PhoneNumber number={number} />
        {phone.persona && <PersonaName persona={phone.persona} channel={channel.id} />}
        <ActionIcon variant="subtle" color="gray" aria-label={t("enlarge", { number })} title={t("enlarge", { number })} onClick={onOpen}>
          <IconArrowsMaximize size={17} aria-hidden />
        </ActionIcon>
      </div>
    </li>
  );
}

/** Numbers without a plus are international here; names of senders stay as they are. */
export const withPlus = (sender: string): string => (/^\d{7,}$/.test(sender) ? `+${sender}` : sender);
