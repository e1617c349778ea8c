/* The Models page: which part is open, and "/" for the search for a track. */
(function () {
  "use strict";

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.models = {
    mark: (view) => {
      const page = document.querySelector(".models");
      if (page) page.dataset.view = view;
      for (const link of document.querySelectorAll(".part-link")) {
        if (link.id === "models-to-" + view) {
          link.setAttribute("aria-current", "page");
          link.scrollIntoView({ block: "nearest", inline: "nearest" });
        } else {
          link.removeAttribute("aria-current");
        }
      }
    },
  };

  // A link that Dash follows draws the whole page anew; within this page only a part changes.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.within-models");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    clientside.set_props("url", { search: new URL(link.href).search });
  });

  document.addEventListener(
    "keydown",
    (event) => {
      if (document.documentElement.dataset.page !== "models" || event.key !== "/") return;
      const { isTyping, helpIsOpen } = window.segue;
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!(event.target instanceof Element) || isTyping(event.target) || helpIsOpen()) return;
      event.preventDefault();
      const box = () => document.getElementById("models-search");
      if (box() && box().offsetParent === null) {
        document.getElementById("models-to-track")?.click();
      }
      // The part with the box is shown by the server's answer.
      const focus = (left) => {
        box()?.focus();
        if (document.activeElement !== box() && left) setTimeout(() => focus(left - 1), 50);
      };
      focus(200);
    },
    true
  );
})();
