// Runs before the first paint, as a file because the content security policy forbids inline scripts:
// the theme and the reading direction are right from the first frame.
(function () {
  var stored = function (key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is blocked: the defaults do
    }
  };
  var scheme = stored("textfirst.scheme");
  var dark = scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  var language = stored("textfirst.language") || navigator.language || "en";
  var root = document.documentElement;
  root.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  root.lang = language.split("-")[0];
  root.dir = root.lang === "ar" ? "rtl" : "ltr";
})();
