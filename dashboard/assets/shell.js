/* The frame: which page is open, and drawing it again. */
(function () {
  "use strict";

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const NAMES = { "/": "dig", "/map": "map", "/set": "set", "/library": "library", "/models": "models", "/spotify": "spotify" };

  clientside.shell = {
    // What is shown depends on it (the crate beside Dig and Map); the link says it to everybody.
    markPage: (pathname) => {
      const page = NAMES[pathname] || "";
      document.documentElement.dataset.page = page;
      document.documentElement.removeAttribute("data-crate-open");
      for (const link of document.querySelectorAll(".nav-link")) {
        if (link.id === "nav-" + page) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    },

    reload: (asked) => {
      if (asked) window.location.reload();
    },
  };
})();
