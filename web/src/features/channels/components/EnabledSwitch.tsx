import { Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem, showUndo } from "@/components/ui";
import { ME_KEY } from "@/lib/session";
import { changeChannel, CHANNELS_KEY, type Channel } from "../api/channels";

/** Turns a channel on and off, at once; the toast takes it back. */
export function EnabledSwitch({ channel }: { channel: Channel }) {
  const { t } = useTranslation("channels");
  const queries = useQueryClient();
  const turn = useMutation({
    mutationFn: (enabled: boolean) => changeChannel(channel.id, { enabled }),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: CHANNELS_KEY });
      await queries.invalidateQueries({ queryKey: ME_KEY }); // `live` depends on it
    },
  });
  const choose = (enabled: boolean) =>
    turn.mutate(enabled, {
      onSuccess: () =>
        showUndo({ message: enabled ? t("turnedOn", { name: channel.name }) : t("turnedOff", { name: channel.name }), undo: () => turn.mutate(!enabled) }),
    });
  return (
    <>
      <Switch
        aria-label={t("enabledOf", { name: channel.name })}
        size="md"
        checked={turn.isPending ? turn.variables : channel.enabled}
        onChange={(event) => choose(event.currentTarget.checked)}
      />
      <Problem error={turn.error} />
    </>
  );
}
