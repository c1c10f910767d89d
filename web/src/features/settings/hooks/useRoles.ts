import { useTranslation } from "react-i18next";
import { useMe, type Role } from "@/lib/session";

const ALL: readonly Role[] = ["owner", "admin", "agent", "viewer"];

/** The roles as choices with their meaning. Only owners make owners. */
export function useRoles(): { value: Role; label: string; what: string; mayGive: boolean }[] {
  const { t } = useTranslation("settings");
  const { role: mine } = useMe();
  const what: Record<Role, string> = {
    owner: t("roles.ownerWhat"),
    admin: t("roles.adminWhat"),
    agent: t("roles.agentWhat"),
    viewer: t("roles.viewerWhat"),
  };
  return ALL.map((role) => ({ value: role, label: t(`common:roles.${role}`), what: what[role], mayGive: role !== "owner" || mine === "owner" }));
}
