export { PhonesPage, type PhonesSearch } from "./components/PhonesPage";
