export { ConsentLine } from "./components/ConsentLine";
export { ConsentTab } from "./components/ConsentTab";
export { HeldNotice } from "./components/HeldNotice";
export { JoiningPage } from "./components/JoiningPage";
export { SuspectsPage } from "./components/SuspectsPage";
