/* The Set page: reports what is done with the running order by mouse, button and
   keyboard, one thing after the other. The server does it and draws the page anew. */
(function () {
  "use strict";

  const MARK = "\u203b"; // begins the value of a suggestion; see components/search.py
  const PATIENCE = 8000; // ms to wait for an answer before the next thing is asked
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const keep = () => clientside.no_update;
  const page = () => document.documentElement.dataset.page;
  const items = () => Array.from(document.querySelectorAll("#set-rows > .set-item"));
  const byId = (id) => document.querySelector('#set-rows > [data-row="' + id + '"]');

  /* Asking. Every edit names the state it was made on, so the next one waits for the new state. */

  const waiting = [];
  let busy = 0; // timer of the edit that is under way
  let settle = null; // where the keyboard goes once the page is drawn anew

  function ask(what, then) {
    waiting.push({ what, then });
    if (!busy) next();
  }
  function next() {
    clearTimeout(busy);
    busy = 0;
    const first = waiting.shift();
    if (!first) return;
    busy = setTimeout(next, PATIENCE);
    settle = first.then ? { from: document.activeElement, to: first.then } : null;
    clientside.set_props("set-asked", { data: { ...first.what, at: Date.now() } });
  }

  /* Which tracks are selected; the boxes are drawn by the server and marked here. */

  const picked = new Set();
  function markPicked() {
    const boxes = document.querySelectorAll("#set-rows [data-pick]");
    const there = new Set();
    for (const box of boxes) {
      there.add(box.dataset.pick);
      box.setAttribute("aria-checked", String(picked.has(box.dataset.pick)));
    }
    for (const id of picked) if (!there.has(id)) picked.delete(id);
    const bar = document.getElementById("set-picked");
    if (!bar) return;
    bar.hidden = picked.size === 0;
    const words = picked.size + (picked.size === 1 ? " track selected" : " tracks selected");
    document.getElementById("set-picked-count").textContent = words;
  }
  let lastPicked = null;
  function pick(box, range) {
    const id = box.dataset.pick;
    const on = !picked.has(id);
    let ids = [id];
    if (range && lastPicked) {
      const all = items().map((item) => item.dataset.row);
      const ends = [all.indexOf(lastPicked), all.indexOf(id)].sort((a, b) => a - b);
      if (ends[0] >= 0) ids = all.slice(ends[0], ends[1] + 1);
    }
    for (const one of ids) on ? picked.add(one) : picked.delete(one);
    lastPicked = id;
    markPicked();
  }

  function put(id, markup) {
    const box = document.getElementById(id);
    if (!box || box.drawnFrom === (markup || "")) return;
    box.innerHTML = box.drawnFrom = markup || "";
  }

  clientside.segueSet = {
    // A chosen suggestion puts its value into the box: take it out and add the track.
    take: (value, data) => {
      if (!value || !value.startsWith(MARK) || !(data || []).includes(value)) return keep();
      ask({ do: "add", id: Number(value.slice(MARK.length)) });
      return "";
    },

    // Write the view into the controls, which stay where they are; only what differs, because
    // what is written reports back.
    showValues: (shown, ids, now) => {
      if (!shown) return keep();
      ids.forEach((id, i) => {
        const props = {};
        const value = shown.values[id.key];
        if (["first", "last", "start", "end"].includes(id.key)) props.data = shown.tracks;
        if (JSON.stringify(value) !== JSON.stringify(now[i] ?? null)) props.value = value;
        if (Object.keys(props).length) clientside.set_props(id, props);
      });
      return keep();
    },

    // A point of a chart leads to its track, unless the chart is of a proposal.
    toPoint: (clicked) => {
      const point = (clicked || []).find(Boolean)?.points?.[0];
      const item = point && !document.querySelector(".set-preview") && items()[point.x - 1];
      item?.focus({ preventScroll: true });
      item?.scrollIntoView({ block: "nearest" });
      return keep();
    },

    // What the server escaped and sent as HTML (components/markup.py) is put in its place; a part
    // that is as it was keeps its focus.
    drawn: (_state, rows, preview) => {
      const row = document.activeElement?.closest("#set-rows > .set-item")?.dataset.row;
      put("set-preview", preview);
      put("set-rows-box", rows);
      // At once, so that a key pressed before the next frame is not lost; also what was undone
      // from here, or changed in another window, leaves the keyboard where it was.
      const again = row && document.activeElement === document.body ? byId(row) : null;
      again?.focus({ preventScroll: true });
      if (again && settle) settle.from = again;
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          markPicked();
          const then = settle;
          settle = null;
          // Unless the person has gone somewhere else meanwhile.
          const here = document.activeElement;
          if (then && [then.from, document.body, null].includes(here)) {
            const target = then.to();
            target?.focus({ preventScroll: true });
            target?.scrollIntoView({ block: "nearest" });
          }
          next();
        })
      );
      return keep();
    },
  };

  /* What is pressed */

  const at = (id, selector) => () => {
    const item = byId(id);
    return (selector && item?.querySelector(selector + ":not(:disabled)")) || item;
  };
  const beside = (id) => {
    const all = items();
    const place = all.findIndex((item) => item.dataset.row === String(id));
    const other = all[place + 1] || all[place - 1];
    const its = other?.dataset.row;
    return () => (its && byId(its)) || document.getElementById("set-search");
  };
  const preview = () =>
    document.getElementById("set-preview-title") || document.getElementById("set-title");

  function act(button) {
    if (button.getAttribute("aria-disabled") === "true") return;
    const { set, id, slot, other, by, tool } = button.dataset;
    const ident = Number(id);
    const plain = () => ask({ do: set, id: ident });
    const actions = {
      jump: () => {
        document.getElementById("set-tools").scrollIntoView();
        document.querySelector("#set-tools button, #set-tools input")?.focus({ preventScroll: true });
      },
      move: () =>
        ask({ do: "move", id: ident, by: Number(by) }, at(id, by < 0 ? ".set-up" : ".set-down")),
      lock: () => {
        const onRow = document.activeElement === byId(id); // L on a row leaves the keyboard there
        const then = at(id, onRow ? "" : "[data-set=lock]");
        ask({ do: "lock", id: ident, slot: Number(slot) }, then);
      },
      others: () => ask({ do: "others", id: ident, slot: Number(slot) }, at(id, ".set-swap")),
      remove: () => ask({ do: "remove", id: ident }, beside(id)),
      replace: () => ask({ do: "replace", id: ident, other: Number(other) }, at(other)),
      tool: () => ask({ do: "tool", tool }, preview),
      "remove-picked": () =>
        ask({ do: "remove", ids: Array.from(picked, Number) }, () => items()[0]),
      "pick-none": () => {
        picked.clear();
        markPicked();
      },
      dig: () => ask({ do: "hand", id: ident }, () => document.getElementById("nav-dig")?.click()),
      undo: () => ask({ do: "undo" }),
      redo: () => ask({ do: "redo" }),
      use: () => ask({ do: "use" }, () => document.getElementById("set-title")),
      "insert-path": () =>
        ask({ do: "insert-path" }, () => document.getElementById("set-title")),
      "path-crate": () => ask({ do: "path-crate" }, () => document.getElementById("set-title")),
      "close-tool": () => ask({ do: "close-tool" }, () => document.getElementById("set-title")),
    };
    (actions[set] || plain)();
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest("[data-set]");
    if (button) return act(button);
    const box = event.target.closest("[data-pick]");
    if (box) pick(box, event.shiftKey);
  });

  /* Dragging, by the handle at the number */

  let dragged = null;
  const over = (event) => {
    const item = event.target instanceof Element && event.target.closest("#set-rows > .set-item");
    if (!item) return null;
    const track = item.querySelector(".set-track").getBoundingClientRect();
    return { item, below: event.clientY > track.top + track.height / 2 };
  };
  function unmark() {
    for (const item of items()) item.classList.remove("drop-above", "drop-below", "dragged");
  }
  document.addEventListener("dragstart", (event) => {
    const grip = event.target instanceof Element && event.target.closest(".set-grip");
    if (!grip) return;
    dragged = grip.closest(".set-item");
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.getAttribute("aria-label"));
    event.dataTransfer.setDragImage(dragged.querySelector(".set-track"), 24, 24);
  });
  document.addEventListener("dragover", (event) => {
    const place = dragged && over(event);
    if (!place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    for (const item of items()) item.classList.remove("drop-above", "drop-below");
    place.item.classList.add(place.below ? "drop-below" : "drop-above");
  });
  document.addEventListener("drop", (event) => {
    const place = dragged && over(event);
    if (!place) return;
    event.preventDefault();
    const id = dragged.dataset.row;
    const others = items().filter((item) => item !== dragged);
    const index = others.indexOf(place.item);
    if (index < 0) return;
    ask({ do: "move", id: Number(id), to: index + 1 + (place.below ? 1 : 0) }, at(id));
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    unmark();
  });

  /* The keyboard */

  const isTyping = (element) =>
    element.matches("input:not([type=checkbox]), textarea, select, [contenteditable=true]");

  function onItem(event, item) {
    const id = item.dataset.row;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && event.altKey) return ask({ do: "move", id: Number(id), by: step }, at(id)) ?? true;
    if (event.altKey) return false;
    if (step) {
      const all = items();
      const other = all[all.indexOf(item) + step];
      other?.focus({ preventScroll: true });
      other?.scrollIntoView({ block: "nearest" });
      return true;
    }
    if (event.target !== item) return false;
    const press = {
      Delete: "[data-set=remove]",
      Backspace: "[data-set=remove]",
      l: "[data-set=lock]",
      x: ".set-pick",
      " ": ".play:not(.set-listen)",
      t: ".set-listen",
    }[event.key];
    if (!press) return false;
    if (!event.repeat) item.querySelector(press)?.click();
    return true;
  }

  // Before anything else on the page, which may have keys of the same name.
  window.addEventListener(
    "keydown",
    (event) => {
      const target = event.target;
      if (event.isComposing || !(target instanceof Element)) return;
      if (isTyping(target) || document.querySelector("[role=dialog]")) return;
      if (page() !== "set" || event.ctrlKey || event.metaKey) return;
      let done = false;
      const item = target.closest("#set-rows > .set-item");
      if (event.key === "/" && !event.altKey) {
        document.getElementById("set-search")?.focus();
        done = true;
      } else if (item) done = onItem(event, item);
      if (!done) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true
  );
})();
