/* What has to happen in the browser itself: drawing suggestions, the keyboard,
   and opening and closing. It never decides what is shown; it asks the server. */
(function () {
  "use strict";

  const MARK = "\u203b"; // begins the value of a suggestion; see components/search.py
  const WIDE = window.matchMedia("(min-width: 68.75em)");

  const dmc = (window.dashMantineFunctions = window.dashMantineFunctions || {});
  dmc.segue = {
    // The server has chosen and ordered the suggestions; filtering them again by
    // letters would throw away those found in spite of a typing error.
    everyOption: ({ options }) => options,

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

    unfold: (presses, expanded) => {
      if (!presses) return [clientside.no_update, clientside.no_update];
      const open = expanded !== "true";
      return [String(open), !open];
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

    // A list drawn anew would leave the keyboard nowhere.
    settle: () => {
      const then = settle;
      settle = null;
      if (then) requestAnimationFrame(() => requestAnimationFrame(() => comeTo(then)));
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

  let settle = null; // where the keyboard goes once the list has been drawn anew
  const ask = (data) =>
    clientside.set_props("dig-asked", { data: { ...data, at: Date.now() } });

  /* What the DJ says of a row. The list is drawn anew for it. */
  function judge(recording, verdict, button) {
    const place = '.row[data-recording="' + recording + '"]';
    const row = document.querySelector(place);
    const open = row?.querySelector(".expand").getAttribute("aria-expanded") === "true";
    clientside.set_props("dig-judge", {
      data: { id: Number(recording), verdict, open: Boolean(open), at: Date.now() },
    });
    // The row may stand elsewhere then, or be gone: the keyboard goes with it.
    const target = () => {
      const now = document.querySelector(place);
      const same = button && row && now?.querySelector('[data-judge="' + verdict + '"]');
      return same || now || document.querySelector(".taken-off button") || rows()[0];
    };
    settle = { from: document.activeElement, target };
  }
  /* Unless the person has gone somewhere else meanwhile. */
  function comeTo({ from, target }) {
    if (![from, document.body, null].includes(document.activeElement)) return;
    target()?.focus({ preventScroll: true });
    target()?.scrollIntoView({ block: "nearest" });
  }

  function toTop() {
    document.activeElement?.blur();
    window.scrollTo({ top: 0 });
  }
  const searchBox = () => document.getElementById("dig-search");
  const rows = () => Array.from(document.querySelectorAll(".row"));
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
    else if (event.target.closest(".seed-only")) toTop();
    else if (event.target.closest("[data-judge]")) {
      const button = event.target.closest("[data-judge]");
      judge(button.dataset.recording, button.dataset.judge, button);
    } else if (event.target.closest(".versions-open")) {
      unfold(event.target.closest(".row"), true);
    }
    // A button that removes itself would leave the keyboard nowhere (detail 0: a key pressed it).
    else if (event.detail === 0 && event.target.closest(".chip-remove")) searchBox().focus();
    else if (event.detail === 0 && event.target.closest(".hidden-line button")) {
      const target = () => document.querySelector(".hidden-line button") || rows()[0];
      settle = { from: document.activeElement, target };
    } else if (event.detail === 0 && event.target.closest(".crate .remove")) {
      document.getElementById("crate-title").focus();
    }
  });

  function move(row, step) {
    const all = rows();
    if (!all.length) return false;
    const next = row ? all[all.indexOf(row) + step] : all[0];
    if (next) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    } else if (step < 0) searchBox().focus();
    return true;
  }

  function unfold(row, open) {
    const button = row.querySelector(".expand");
    if ((button.getAttribute("aria-expanded") === "true") !== open) button.click();
  }

  function inSearch(event) {
    const box = event.target;
    const chosen = document.querySelector("[data-combobox-option][data-combobox-selected]");
    if (event.key === "Enter" && !chosen && box.value.trim()) {
      event.preventDefault();
      ask({ text: box.value.trim() });
      clientside.set_props("dig-search", { value: "" });
    } else if (event.key === "ArrowDown" && !box.value && move(null, 1)) {
      event.preventDefault();
    }
  }

  function onRow(event, row) {
    const self = event.target === row;
    const actions = {
      ArrowDown: () => move(row, 1),
      ArrowUp: () => move(row, -1),
      ArrowRight: () => unfold(row, true),
      ArrowLeft: () => unfold(row, false),
      Escape: () => unfold(row, false),
    };
    if (self) {
      // Enter only ever adds: pressing it twice must not take the track out again.
      actions.Enter = () => row.querySelector(".crate-add[aria-pressed=false]")?.click();
      actions.s = () => {
        ask({ only: Number(row.dataset.recording) });
        toTop();
      };
      actions.w = () => event.repeat || judge(row.dataset.recording, "works");
      actions.c = () => event.repeat || judge(row.dataset.recording, "clashes");
    }
    const action = actions[event.key];
    const folded = row.querySelector(".expand").getAttribute("aria-expanded") !== "true";
    if (!action || (event.key === "Escape" && folded)) return;
    event.preventDefault();
    action();
  }

  document.addEventListener(
    "keydown",
    (event) => {
      const target = event.target;
      if (event.isComposing || !(target instanceof Element) || helpIsOpen()) return;
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isTyping(target)) {
        document.querySelector("#crate-undo-line button")?.click();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.id === "dig-search") return inSearch(event);
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
      const row = target.closest(".row");
      if (row) onRow(event, row);
      else if (event.key === "ArrowDown" && target === document.body && move(null, 1)) {
        event.preventDefault();
      }
    },
    true
  );
})();
