/* Jobs in the browser: a log that follows what is written, and the job that an address names. */
(function () {
  "use strict";

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.jobs = {
    // To another page, as Dash's own links go.
    go: (href) => {
      if (!href) return;
      window.history.pushState({}, "", href);
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      window.scrollTo({ top: 0 });
    },
  };

  /* A log that is open shows its end, unless the person has scrolled up in it. */
  const ENOUGH = 24; // pixels above the end that still count as the end
  const up = new WeakSet();
  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (!(target instanceof Element) || !target.classList.contains("job-log")) return;
      const left = target.scrollHeight - target.scrollTop - target.clientHeight;
      if (left < ENOUGH) up.delete(target);
      else up.add(target);
    },
    true
  );

  /* A list that is drawn anew takes the button away that was pressed: the keyboard stays there. */
  const STARTS = "[id*='\"folder-start\"'], [id*='\"models-start\"']";
  let pressed = null;
  document.addEventListener(
    "click",
    ({ target }) => {
      const button = target.closest(".job-list button, " + STARTS);
      pressed = button && { id: button.id, job: button.closest("li")?.id };
    },
    true
  );
  document.addEventListener("focusin", ({ target }) => {
    if (!target.closest(".jobs")) pressed = null;
  });
  function stay() {
    if (!pressed || document.activeElement !== document.body) return;
    const again = document.getElementById(pressed.id);
    const its = document.getElementById(pressed.job) || document.querySelector(".job-list > li");
    const target = again && !again.disabled ? again : its?.querySelector("[aria-expanded]");
    target?.focus({ preventScroll: true });
  }

  /* Whoever opens an address with a job in it came for that job. */
  let named = new URLSearchParams(window.location.search).get("job");

  function settle() {
    stay();
    for (const log of document.querySelectorAll(".job-log")) {
      if (!up.has(log)) log.scrollTop = log.scrollHeight;
    }
    const card = named && document.querySelector("#job-" + CSS.escape(named) + " .job-detail");
    if (!card) return;
    named = null;
    card.closest("li").scrollIntoView({ block: "center" });
  }
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      settle();
    });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
