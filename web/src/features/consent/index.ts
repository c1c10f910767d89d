export { ConsentLine } from "./components/ConsentLine";
export { ConsentTab } from "./components/ConsentTab";
export { HeldNotice } from "./components/HeldNotice";
export { SuspectsPage } from "./components/SuspectsPage";
