/* The list beside the map: the keys that walk through it, and the ring that shows a row's point. */
(function () {
  "use strict";

  const map = (window.segueMap = window.segueMap || {});
  const rows = () => Array.from(document.querySelectorAll(".near-row"));

  function go(row, step) {
    const all = rows();
    const next = all[all.indexOf(row) + step];
    if (!next) return;
    row.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  /* A ring on the map says which point a row of the list is. */
  function ring(row) {
    const mark = document.getElementById("map-ring");
    if (!mark) return;
    const at = row && map.placeOf(Number(row.dataset.recording));
    const axes = map.plot()?._fullLayout;
    mark.hidden = !at || !axes?.xaxis;
    if (mark.hidden) return;
    const { xaxis, yaxis } = axes;
    mark.style.left = xaxis._offset + xaxis.l2p(at[0]) + "px";
    mark.style.top = yaxis._offset + yaxis.l2p(at[1]) + "px";
  }
  for (const [enter, leave] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(enter, (event) => {
      const row = event.target.closest?.(".near-row");
      if (row) ring(row);
    });
    document.addEventListener(leave, (event) => {
      if (event.target.closest?.(".near-row")) ring(null);
    });
  }

  const isTyping = (element) =>
    element.matches("input:not([type=checkbox], [type=radio]), textarea, [contenteditable=true]");

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (document.documentElement.dataset.page !== "map" || !(target instanceof Element)) return;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("[role=dialog]")) return;
    if (event.key === "/" && !isTyping(target)) {
      event.preventDefault();
      document.getElementById("map-search")?.focus();
      return;
    }
    const row = target.closest(".near-row");
    if (!row || target !== row) return;
    const actions = {
      ArrowDown: () => go(row, 1),
      ArrowUp: () => go(row, -1),
      // Enter only ever adds: pressing it twice must not take the track out again, also before
      // the server has said that it is in.
      Enter: () => {
        const add = row.querySelector(".crate-add[aria-pressed=false]");
        add?.click();
        add?.setAttribute("aria-pressed", "true");
      },
      " ": () => row.querySelector(".play")?.click(),
      c: () => row.querySelector(".near-centre").click(),
      s: () => row.querySelector(".near-dig").click(),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
})();
