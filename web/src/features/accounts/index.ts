export { ForgotPasswordPage } from "./components/ForgotPasswordPage";
export { InvitationPage } from "./components/InvitationPage";
export { LoginPage } from "./components/LoginPage";
export { PublicLayout } from "./components/PublicLayout";
export { ResetPasswordPage } from "./components/ResetPasswordPage";
export { SetupPage } from "./components/SetupPage";
export { VerifyEmailPage } from "./components/VerifyEmailPage";
