export { PhonesPage } from "./components/PhonesPage";
