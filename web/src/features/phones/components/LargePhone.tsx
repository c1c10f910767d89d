import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PhoneFrame, PhoneNumber, Problem } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import type { Channel } from "../api/types";
import { usePhone } from "../hooks/usePhones";
import { PersonaName } from "./PersonaName";
import { PhoneComposer } from "./PhoneComposer";
import { withPlus } from "./Tile";
import { useBubbles } from "./useBubbles";
import classes from "./Wall.module.css";

export function LargePhone({ channel, address, onClose }: { channel: Channel; address: string; onClose: () => void }) {
  const { t } = useTranslation("phones");
  const mayType = useAtLeast("agent");
  const { data, error, refetch } = usePhone(channel.id, address);
  const bubbles = useBubbles(data?.texts ?? []);
  const number = `+${address}`;
  return (
    <Modal opened onClose={onClose} size="auto" title={<PhoneNumber number={number} />} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <div className={classes.large}>
        <Problem error={error} retry={() => void refetch()} />
        <PhoneFrame
          width={360}
          title={<PhoneNumber number={withPlus(data?.sender || channel.address)} />}
          label={t("largePhoneOf", { number })}
          bubbles={bubbles}
          placeholder={t("writeFirst")}
          footer={mayType && <PhoneComposer channel={channel.id} address={address} autoFocus />}
        />
        {data?.persona && (
          <div className={classes.under}>
            <PersonaName persona={data.persona} channel={channel.id} />
          </div>
        )}
      </div>
    </Modal>
  );
}
