// Before the first paint: dark when the person chose it, or when the computer is dark and nobody chose.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("has-js");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.bsTheme = root.dataset.themeWish || (dark.matches ? "dark" : "light");
  };
  apply();
  if (dark.addEventListener) dark.addEventListener("change", apply);
})();
