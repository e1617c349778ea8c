/* What has to happen in the browser itself on every page: drawing suggestions, opening and
   closing, and the keys that do the same everywhere. It never decides what is shown; it asks
   the server. */
(function () {
  "use strict";

  const MARK = "\u203b"; // begins the value of a suggestion; see components/search.py
  const WIDE = window.matchMedia("(min-width: 68.75em)");

  const dmc = (window.dashMantineFunctions = window.dashMantineFunctions || {});
  dmc.segue = {
    // The server has chosen and ordered the suggestions; filtering them again by
    // letters would throw away those found in spite of a typing error.
    everyOption: ({ options }) => options,

    // Names with words that begin as those typed do.
    byWords: ({ options, search }) => {
      const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
      const words = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
      const typed = words(search || "");
      const fits = ({ label }) => {
        const own = words(label);
        return typed.every((part) => own.some((word) => word.startsWith(part)));
      };
      return options.filter(fits).slice(0, 8);
    },

    option: ({ option }, { tracks }) => {
      const h = window.React.createElement;
      const track = tracks[option.value];
      if (!track) return null;
      return h(
        "div",
        { className: "suggestion" },
        h(
          "div",
          { className: "suggestion-name" },
          h("span", { className: "track-artist" }, track.artist),
          " – ",
          h("span", { className: "track-title" }, track.title),
          track.version
            ? h("span", { className: "track-version" }, " (" + track.version + ")")
            : null
        ),
        h("div", { className: "suggestion-note" }, track.note)
      );
    },
  };

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.segue = {
    // A chosen suggestion puts its value into the box: take it out and ask for it.
    take: (value, data) => {
      const keep = clientside.no_update;
      if (!value || !value.startsWith(MARK) || !(data || []).includes(value)) {
        return [keep, keep];
      }
      return [{ id: Number(value.slice(MARK.length)), at: Date.now() }, ""];
    },

    markCrated: (ids) => {
      const crate = new Set(ids || []);
      return clientside.callback_context.outputs_list.map((output) =>
        String(crate.has(output.id.key))
      );
    },

    // Write the view into the controls, which stay where they are; only what differs, because
    // what is written reports back.
    showValues: (values, switches, checked, others, shown) => {
      if (!values) return true;
      const write = (ids, now, prop) =>
        ids.forEach((id, i) => {
          const value = values[id.key];
          if (JSON.stringify(value) !== JSON.stringify(now[i] ?? "")) {
            clientside.set_props(id, { [prop]: value });
          }
        });
      write(switches, checked, "checked");
      write(others, shown, "value");
      return false;
    },

    openHelp: (presses) => (presses ? true : clientside.no_update),
  };

  // Dash only writes to the console when the server is gone; say it on the page.
  const send = window.fetch;
  window.fetch = async (...request) => {
    const lost = (gone) => {
      const line = document.getElementById("lost");
      if (line) line.hidden = !gone;
    };
    try {
      const response = await send(...request);
      lost(false);
      return response;
    } catch (error) {
      lost(error.name !== "AbortError");
      throw error;
    }
  };

  const searchBox = () => document.getElementById("dig-search");
  const isTyping = (element) =>
    element.matches("input:not([type=checkbox]), textarea, select, [contenteditable=true]");
  const helpIsOpen = () => document.querySelector("[role=dialog]") !== null;

  /* The crate is beside the list on a wide screen and over it on a narrow one. */
  function openCrate(open) {
    document.documentElement.toggleAttribute("data-crate-open", open);
    const toggle = document.getElementById("crate-toggle");
    if (toggle) toggle.setAttribute("aria-expanded", String(open));
    const main = document.getElementById("_pages_content");
    if (main) main.inert = open && !WIDE.matches;
    const target = document.getElementById(open ? "crate-title" : "crate-toggle");
    if (target) target.focus({ preventScroll: true });
  }
  const crateIsOpen = () => document.documentElement.hasAttribute("data-crate-open");
  WIDE.addEventListener("change", () => crateIsOpen() && openCrate(false));

  document.addEventListener("click", (event) => {
    if (event.target.closest("#crate-toggle")) openCrate(!crateIsOpen());
    else if (event.target.closest("#crate-close")) openCrate(false);
    else if (event.target.closest(".brand") && crateIsOpen()) openCrate(false);
    // A button that removes itself would leave the keyboard nowhere (detail 0: a key pressed it).
    else if (event.detail === 0 && event.target.closest(".chip-remove")) searchBox().focus();
    else if (event.detail === 0 && event.target.closest(".crate .remove")) {
      document.getElementById("crate-title").focus();
    }
  });

  /* For the scripts of single pages. */
  window.segue = { searchBox, isTyping, helpIsOpen, openCrate, crateIsOpen };

  document.addEventListener(
    "keydown",
    (event) => {
      const target = event.target;
      if (event.isComposing || !(target instanceof Element) || helpIsOpen()) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(target)) return;
      if (event.key === "Escape" && crateIsOpen()) {
        event.preventDefault(); // the player, which may be open too, stays
        return openCrate(false);
      }
      if (event.key === "?") {
        event.preventDefault();
        return clientside.set_props("help", { opened: true });
      }
      if (event.key === "/") {
        event.preventDefault();
        if (crateIsOpen()) openCrate(false);
        return searchBox()?.focus();
      }
    },
    true
  );
})();
