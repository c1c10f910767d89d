import { notifications } from "@mantine/notifications";
import { i18n } from "@/lib/i18n";
import { explain } from "./Problem";

/** Long enough for any browser to have taken the file over. */
const KEPT_MS = 60_000;

/** Fetches a file and hands it to the browser's downloads, saying meanwhile that it is being made. */
export async function saveFile(fetching: Promise<File>): Promise<void> {
  const id = notifications.show({ loading: true, autoClose: false, withBorder: true, message: i18n.t("texting:file.making") });
  try {
    const file = await fetching;
    offer(file);
    notifications.update({ id, loading: false, autoClose: 4000, withBorder: true, message: i18n.t("texting:file.saved", { name: `\u2068${file.name}\u2069` }) });
  } catch (error) {
    notifications.update({ id, loading: false, color: "red", autoClose: 8000, withBorder: true, message: explain(error, i18n.t as never) });
  }
}

function offer(file: File): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
