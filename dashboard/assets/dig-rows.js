/* The keyboard and the buttons of the list on the Dig page. */
(function () {
  "use strict";

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const list = () => window.segueList;
  const ask = (data) =>
    clientside.set_props("dig-asked", { data: { ...data, at: Date.now() } });
  const rows = () => Array.from(document.querySelectorAll(".list .row"));
  const rowOf = (id) => document.querySelector('.list .row[row-id="' + id + '"]');
  const idOf = (row) => row.getAttribute("row-id");
  /* The row that an element stands in, or under. */
  const rowAt = (element) =>
    element.closest(".list .row") ||
    rowOf(element.closest(".list .behind")?.querySelector(".evidence")?.dataset.of);

  let settle = null; // where the keyboard goes once the list has been drawn anew

  clientside.rows = {
    // A list drawn anew would leave the keyboard nowhere.
    settle: () => {
      const then = settle;
      settle = null;
      if (then) requestAnimationFrame(() => requestAnimationFrame(() => comeTo(then)));
    },
  };

  /* Unless the person has gone somewhere else meanwhile. */
  function comeTo({ from, target }) {
    if (from !== document.activeElement && ![document.body, null].includes(document.activeElement)) {
      return;
    }
    const element = target();
    if (element) focus(element);
  }

  function focus(element) {
    if (element.matches(".row")) {
      for (const row of rows()) row.tabIndex = row === element ? 0 : -1;
    }
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  /* What opens below a row at the foot of the window would not be seen. */
  function open(id) {
    list().unfold(id, true);
    const { top, bottom } = rowOf(id)?.getBoundingClientRect() ?? { bottom: 0 };
    if (bottom > 0.7 * window.innerHeight) window.scrollBy({ top: top - 0.3 * window.innerHeight });
  }

  /* What the DJ says of a row. The list is drawn anew for it. */
  function judge(id, verdict, button) {
    const inside = button?.closest(".behind") !== null && button?.closest(".behind") !== undefined;
    clientside.set_props("dig-judge", {
      data: { id: Number(id), verdict, open: list().isOpen(id), at: Date.now() },
    });
    // The row may stand elsewhere then, or be gone: the keyboard goes with it.
    const target = () => {
      const now = rowOf(id);
      const same =
        inside && now && document.querySelector('.verdict[data-judge="' + verdict + '"][data-recording="' + id + '"]');
      return same || now || document.querySelector(".taken-off button") || rows()[0];
    };
    settle = { from: document.activeElement, target };
  }

  function toTop() {
    document.activeElement?.blur();
    window.scrollTo({ top: 0 });
  }

  /* The mark is set at once; the crate says what is really in it a moment later. */
  function toggleCrate(button) {
    const pressed = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!pressed));
    clientside.set_props("dig-crate", {
      data: { id: Number(button.dataset.crate), at: Date.now() },
    });
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (document.documentElement.dataset.page !== "dig") return;
    if (on("[data-judge]")) {
      const button = on("[data-judge]");
      judge(button.dataset.recording, button.dataset.judge, button);
    } else if (on("[data-ask]")) {
      const { ask: control, recording } = on("[data-ask]").dataset;
      ask(control === "seed-only" ? { only: Number(recording) } : { id: Number(recording) });
      toTop();
    } else if (on(".list .crate-add")) toggleCrate(on(".list .crate-add"));
    else if (on(".list .expand")) {
      const id = on(".list .expand").dataset.recording;
      if (list().isOpen(id)) list().unfold(id, false);
      else open(id);
    } else if (on(".versions-open")) open(idOf(on(".row")));
    else if (event.detail === 0 && on(".hidden-line button")) {
      // A button that removes itself would leave the keyboard nowhere.
      const target = () => document.querySelector(".hidden-line button") || rows()[0];
      settle = { from: document.activeElement, target };
    } else if (on(".list .row") && !on("button, a") && !String(window.getSelection())) {
      focus(on(".list .row"));
    }
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element && event.target.closest(".list .row");
    if (!row || row.tabIndex === 0) return;
    for (const other of rows()) other.tabIndex = other === row ? 0 : -1;
  });

  function move(row, step) {
    const all = rows();
    if (!all.length) return false;
    const next = row ? all[all.indexOf(row) + step] : all[0];
    if (next) focus(next);
    else if (step < 0) window.segue.searchBox().focus();
    return true;
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
    const id = idOf(row);
    const close = () => {
      const inside = event.target.closest(".behind");
      list().unfold(id, false);
      if (inside) focus(row);
    };
    const actions = {
      ArrowDown: () => move(row, 1),
      ArrowUp: () => move(row, -1),
      ArrowRight: () => list().isOpen(id) || open(id),
      ArrowLeft: close,
      Escape: close,
    };
    if (event.target === row) {
      // Enter only ever adds: pressing it twice must not take the track out again.
      actions.Enter = () => row.querySelector(".crate-add[aria-pressed=false]")?.click();
      actions.s = () => {
        ask({ only: Number(id) });
        toTop();
      };
      for (const verdict of ["works", "clashes", "like", "dislike"]) {
        actions[verdict[0]] = () => event.repeat || judge(id, verdict);
      }
    }
    const action = actions[event.key];
    if (!action || (event.key === "Escape" && !list().isOpen(id))) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  document.addEventListener(
    "keydown",
    (event) => {
      const { target } = event;
      if (document.documentElement.dataset.page !== "dig" || !(target instanceof Element)) return;
      if (event.isComposing || window.segue.helpIsOpen() || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.id === "dig-search") return inSearch(event);
      if (window.segue.isTyping(target)) return;
      if (event.key === "Escape" && window.segue.crateIsOpen()) return;
      const row = rowAt(target);
      // From a header the grid looks for a cell to go to, and here none takes the keyboard.
      if (event.key === "Tab" && !event.shiftKey && target.matches(".list .ag-header-cell")) {
        const current = document.querySelector('.list .row[tabindex="0"]');
        if (!current) return;
        event.preventDefault();
        event.stopPropagation();
        return focus(current);
      }
      if (row) onRow(event, row);
      else if (event.key === "ArrowDown" && target.matches("body, .list .ag-header-cell")) {
        if (!move(null, 1)) return;
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true
  );
})();
