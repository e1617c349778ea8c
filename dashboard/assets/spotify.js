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
  function remember({ name, choices, target }) {
    const others = remembered().filter((entry) => entry.name !== name);
    const kept = [{ name, choices, target }, ...others].slice(0, MOST_KEPT);
    try {
      localStorage.setItem(KEPT, JSON.stringify(kept));
    } catch (e) {
      /* A browser that keeps nothing: the choices last until it is reloaded. */
    }
  }
  const recalled = (name) => remembered().find((entry) => entry.name === name) || {};

  let drawn = { name: "", crate: null, choices: {}, target: null };
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

  /* Where the tracks go is remembered with what was chosen. What was set for one crate does not
     hold for another: its playlist would be replaced by the wrong tracks. */
  function aim(before) {
    const other = before.crate !== null && before.crate !== drawn.crate;
    const target = drawn.target || (other ? { mode: "new", playlist: null } : null);
    if (!target || before.name === drawn.name) return;
    if (target.title) clientside.set_props("spotify-name", { value: target.title });
    clientside.set_props("spotify-playlist", { value: target.playlist });
    clientside.set_props("spotify-mode", { value: target.mode });
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
      const before = drawn;
      const { choices = {}, target = null } = recalled(sent?.name);
      drawn = { name: sent?.name || "", crate: sent?.crate ?? before.crate, choices, target };
      for (const field of fields()) {
        const value = drawn.choices[field.dataset.choice];
        if (value !== undefined) choose(field, value);
      }
      count();
      if (sent?.name) aim(before);
      return keep();
    },

    // What comes with another list is told before that is drawn, and is nobody's choice.
    target: (mode, title, playlist, sent) => {
      if (!sent?.name || sent.name !== drawn.name) return keep();
      drawn.target = { mode, playlist, title: title === sent.title ? "" : title };
      remember(drawn);
      return keep();
    },

    label: (counted, mode, blocked) => {
      const taken = counted?.taken || 0;
      const tracks = taken === 1 ? "1 track" : taken.toLocaleString("en") + " tracks";
      const words = { replace: "Replace it with ", append: "Add " }[mode] || "Push ";
      return [words + tracks, Boolean(blocked) || !taken];
    },

    // A playlist that somebody put together is not replaced at one press.
    ask: (_go, _replace, _keep, sent, mode, name, playlist, offered) => {
      const pressed = clientside.callback_context.triggered_id;
      if (!pressed || !sent?.job) return [keep(), keep(), keep()];
      if (pressed === "spotify-keep") return [keep(), false, keep()];
      const held = (offered || []).find((one) => one.value === playlist);
      if (pressed === "spotify-go" && mode === "replace") {
        const words = (held ? "“" + held.label + "”" : "The playlist") + " is emptied, and these tracks take its place.";
        return [keep(), true, words];
      }
      const asked = { at: Date.now(), job: sent.job, choices: drawn.choices, mode, name, playlist };
      return [asked, false, keep()];
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
    if (target.closest(".spotify-jump")) {
      const head = document.getElementById("spotify-target");
      head.focus({ preventScroll: true });
      head.parentElement.scrollIntoView({ block: "start" });
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

  /* Whoever waited for a match or a push is led to what came of it; whoever opens its address is
     not. A push that goes on is the same as before, and ends once more. */
  function leading(kind, id, block, again) {
    const asked = () => new URLSearchParams(window.location.search).get(kind);
    let told = { job: onPage() ? asked() : null, head: null };
    return () => {
      const head = onPage() && document.getElementById(id);
      if (!head || told.head === head) return;
      const known = told.job === asked() && (told.head === null || !again);
      told = { job: asked(), head };
      if (known || !told.job) return;
      head.focus({ preventScroll: true });
      head.scrollIntoView({ block });
    };
  }
  const leads = [
    leading("match", "spotify-what-it-has", "start", false),
    leading("push", "spotify-done", "center", true),
  ];
  new MutationObserver(() => {
    for (const lead of leads) lead();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
