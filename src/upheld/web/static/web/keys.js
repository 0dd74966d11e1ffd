// Keys for people who work lists: / searches, j and k move, x chooses, Enter opens, a letter presses the button that names it, ? shows them all.
"use strict";
(() => {
  const rows = () => [...document.querySelectorAll("main tbody tr, main .rows > .row, main .plain > li")].filter((each) => each.querySelector("a, input[type=checkbox]"));
  let at = -1;

  function show(place) {
    const all = rows();
    if (!all.length) return;
    at = Math.max(0, Math.min(all.length - 1, place));
    all.forEach((each, number) => each.classList.toggle("chosen", number === at));
    all[at].scrollIntoView({ block: "nearest" });
    (all[at].querySelector("a") || all[at].querySelector("input")).focus({ preventScroll: true });
  }

  function help() {
    const box = document.getElementById("keys");
    if (!box) return;
    if (box.open) box.close(); else box.showModal();
  }

  const plain = {
    "/": () => document.getElementById("find")?.focus(),
    "?": help,
    j: () => show(at + 1),
    k: () => show(at - 1),
    x: () => rows()[at]?.querySelector("input[type=checkbox]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const does = plain[event.key] || (() => {
      const button = document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`);
      if (button) button.click();
      return !!button;
    });
    if (does() !== false) event.preventDefault();
  });
})();
