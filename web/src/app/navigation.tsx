import { IconAddressBook, IconDeviceMobile, IconInbox, IconMessageQuestion, IconPlugConnected, IconSettings, IconSpeakerphone } from "@tabler/icons-react";
import type { TFunction } from "i18next";

/** The places of the console, in order. Phones show the first four as tabs, the rest under “More”. */
export const places = (t: TFunction<"common">) =>
  [
    { to: "/inbox", label: t("nav.inbox"), Icon: IconInbox, keys: "g i" },
    { to: "/contacts", label: t("nav.contacts"), Icon: IconAddressBook, keys: "g c" },
    { to: "/campaigns", label: t("nav.campaigns"), Icon: IconSpeakerphone, keys: "g m" },
    { to: "/channels", label: t("nav.channels"), Icon: IconPlugConnected, keys: "g h" },
    { to: "/review", label: t("nav.review"), Icon: IconMessageQuestion, keys: "g o" },
    { to: "/phones", label: t("nav.phones"), Icon: IconDeviceMobile, keys: "g p" },
    { to: "/settings", label: t("nav.settings"), Icon: IconSettings, keys: "g s" },
  ] as const;

export type Place = ReturnType<typeof places>[number];
