/* The Spotify page in the browser: where a sign-in begins, and what is chosen in a match list. */
(function () {
  "use strict";

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  const keep = () => clientside.no_update;
  const KEPT = "segue-spotify-choices";
  const MOST_KEPT = 12; // matches whose choices are remembered
  const onPage = () => window.location.pathname === "/spotify";
  const list = () => document.getElementById("spotify-list");

  /* What was chosen is kept in this browser under the name of the match, so that a reload loses
     none of it. */
  function remembered() {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) || [];
    } catch (e) {
      return [];
    }
  }
  function remember({ name, choices }) {
    const others = remembered().filter((entry) => entry.name !== name);
    const kept = [{ name, choices }, ...others].slice(0, MOST_KEPT);
    try {
      localStorage.setItem(KEPT, JSON.stringify(kept));
    } catch (e) {
      /* A browser that keeps nothing: the choices last until it is reloaded. */
    }
  }
  const recalled = (name) => remembered().find((entry) => entry.name === name)?.choices || {};

  let drawn = { name: "", choices: {} };
  const fields = () => Array.from(list()?.querySelectorAll(".match-choices") || []);
  const picked = (field) => field.querySelector("input:checked")?.value ?? field.dataset.default;

  function count() {
    const all = fields();
    const taken = all.filter((field) => picked(field)).length;
    clientside.set_props("spotify-count", { data: { taken, all: all.length } });
    for (const field of all) {
      const row = field.closest(".match-row");
      row.classList.toggle("match-stays-out", !picked(field));
      if (row.closest(".match-matched")) said(row, field);
    }
  }

  /* A matched track that was changed says so where its match is told. */
  function said(row, field) {
    const found = row.querySelector(".match-pair > .match-found");
    const link = row.querySelector(".match-pair > a");
    const chosen = field.querySelector("input:checked").closest(".match-choice");
    found.asMatched = found.asMatched || [found.innerHTML, link?.href];
    const as = picked(field) === field.dataset.default ? found.asMatched : null;
    const words = chosen.querySelector(".match-found");
    found.innerHTML = as ? as[0] : words ? words.innerHTML : "Left out";
    if (!link) return;
    const to = as ? as[1] : chosen.querySelector("a")?.href;
    link.hidden = !to;
    if (to) link.href = to;
  }

  function choose(field, value) {
    const box = Array.from(field.querySelectorAll("input")).find((input) => input.value === value);
    if (box) box.checked = true;
  }

  clientside.spotify = {
    // The cookie of a sign-in belongs to the host that Spotify sends people back to.
    move: (origin) => {
      const here = window.location;
      if (!origin || here.origin === origin || here.hostname !== "localhost") return keep();
      if (new URL(origin).port === here.port) here.replace(origin + here.pathname + here.search);
      return keep();
    },

    // What the server escaped and sent as HTML (components/markup.py) is put in its place.
    draw: (sent) => {
      const box = list();
      if (!box) return keep();
      box.innerHTML = sent?.html || "";
      drawn = { name: sent?.name || "", choices: recalled(sent?.name) };
      for (const field of fields()) {
        const value = drawn.choices[field.dataset.choice];
        if (value !== undefined) choose(field, value);
      }
      count();
      return keep();
    },

    label: (counted, mode, blocked) => {
      const taken = counted?.taken || 0;
      const tracks = taken === 1 ? "1 track" : taken.toLocaleString("en") + " tracks";
      const words = { replace: "Replace it with ", append: "Add " }[mode] || "Push ";
      return [words + tracks, Boolean(blocked) || !taken];
    },

    ask: (presses, sent, mode, name, playlist) => {
      if (!presses || !sent?.job) return keep();
      return { at: Date.now(), job: sent.job, choices: drawn.choices, mode, name, playlist };
    },
  };

  document.addEventListener("change", ({ target }) => {
    const field = target instanceof Element ? target.closest(".match-choices") : null;
    if (!field) return;
    drawn.choices[field.dataset.choice] = picked(field);
    remember(drawn);
    count();
  });

  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    if (target.closest("[data-spotify-first]")) {
      for (const field of list().querySelectorAll(".match-doubtful .match-choices")) {
        field.querySelector("input").checked = true;
        drawn.choices[field.dataset.choice] = picked(field);
      }
      remember(drawn);
      count();
    }
    const copy = target.closest("[data-copy]");
    if (copy) take(copy);
    // The dialog has done its work when its link is followed, also where that leads nowhere new.
    if (target.closest("#settings-spotify a")) clientside.set_props("settings", { opened: false });
  });

  /* A browser that may not write to the clipboard selects the text instead. */
  async function take(button) {
    const from = document.getElementById(button.dataset.copy);
    const word = button.firstChild;
    try {
      await navigator.clipboard.writeText(from.textContent);
      word.textContent = "Copied";
      setTimeout(() => (word.textContent = "Copy"), 2000);
    } catch (e) {
      window.getSelection().selectAllChildren(from);
    }
  }

  /* A sign-in that begins at another address would end without its cookie. */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-sign-in]");
    const card = form?.closest(".spotify-card");
    const origin = card?.querySelector("[data-origin]")?.dataset.origin;
    if (!origin || origin === window.location.origin) return;
    event.preventDefault();
    card.querySelector(".spotify-elsewhere").hidden = false;
  });

  /* Whoever waited for a push is led to what came of it; whoever opens its address is not. */
  const asked = () => new URLSearchParams(window.location.search).get("push");
  let told = { job: onPage() ? asked() : null, head: null };
  new MutationObserver(() => {
    const head = onPage() && document.getElementById("spotify-done");
    if (!head || told.head === head) return;
    const first = told.head === null && told.job === asked();
    told = { job: asked(), head };
    if (first || !told.job) return;
    head.focus({ preventScroll: true });
    head.scrollIntoView({ block: "center" });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
