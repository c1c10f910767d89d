export { KeysPage } from "./components/KeysPage";
export { LabelsPage } from "./components/LabelsPage";
export { MailPage } from "./components/MailPage";
export { ProfilePage } from "./components/ProfilePage";
export { SecurityPage } from "./components/SecurityPage";
export { SettingsLayout } from "./components/SettingsLayout";
export { TeamPage } from "./components/TeamPage";
export { WorkspacePage } from "./components/WorkspacePage";
