export { PolicyPage } from "./components/PolicyPage";
export { RulePackPage } from "./components/RulePackPage";
export { RulePacksPage } from "./components/RulePacksPage";
export { WhyDialog } from "./components/WhyDialog";
export { WouldWe } from "./components/WouldWe";
