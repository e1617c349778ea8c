/* Crates on every page: naming one, downloading one, undo and redo by keyboard. */
(function () {
  "use strict";

  const clientside = (window.dash_clientside = window.dash_clientside || {});

  let naming = null; // the crate that is renamed, null for a new one

  function askName(title, name, crate) {
    naming = crate;
    clientside.set_props("crate-name", { value: name, error: "" });
    clientside.set_props("crate-naming", { opened: true, title });
  }
  function saveName() {
    const name = document.getElementById("crate-name").value;
    clientside.set_props("crate-named", { data: { name, crate: naming, at: Date.now() } });
  }

  document.addEventListener("click", (event) => {
    const button =
      event.target instanceof Element &&
      event.target.closest("[data-new-crate], [data-rename-crate], [data-export], #crate-name-save");
    if (!button) return;
    const { newCrate, renameCrate, name, crate, missing } = button.dataset;
    if (button.id === "crate-name-save") saveName();
    else if (newCrate) askName("New crate", "", null);
    else if (renameCrate) askName("Rename the crate", name, Number(renameCrate));
    else {
      const data = {
        crate: Number(crate),
        format: button.dataset.export,
        missing: Boolean(missing),
        at: Date.now(),
      };
      clientside.set_props("crate-export", { data });
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.target instanceof Element && event.target.matches(".menu-button")) {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      return event.target.click();
    }
    if (event.target.id !== "crate-name" || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    saveName();
  });

  // A name that is there already is there to be typed over.
  document.addEventListener("focusin", (event) => {
    if (event.target.id === "crate-name") event.target.select();
  });

  // Another window may have changed crates while this one was out of sight.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && document.getElementById("crate-panel")) {
      clientside.set_props("crate-changed", { data: Date.now() });
    }
  });

  const isTyping = (element) =>
    element.matches("input:not([type=checkbox]), textarea, select, [contenteditable=true]");

  /* Undo and redo: on the Set page its own, elsewhere those of the crate beside the page.
     Before anything else on the page, which may have keys of the same name. */
  window.addEventListener(
    "keydown",
    (event) => {
      const target = event.target;
      if (!(event.ctrlKey || event.metaKey) || event.altKey || !(target instanceof Element)) return;
      if (isTyping(target) || document.querySelector("[role=dialog]")) return;
      const key = event.key.toLowerCase();
      const again = key === "y" || (key === "z" && event.shiftKey);
      if (!again && key !== "z") return;
      const where = document.documentElement.dataset.page === "set" ? ".set-head" : "#crate-undo-line";
      const step = again ? "redo" : "undo";
      const button = document.querySelector(where + ' [data-step="' + step + '"]');
      if (button && button.getAttribute("aria-disabled") !== "true") button.click();
      event.preventDefault();
      event.stopPropagation();
    },
    true
  );
})();
