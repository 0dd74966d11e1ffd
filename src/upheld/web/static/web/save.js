// Saves the answers whenever one changed. Without this script the button does.
"use strict";
(() => {
  const form = document.getElementById("answers"), told = document.getElementById("saved");
  let waiting = Promise.resolve();
  const save = async () => {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.append("quiet", "1");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body, credentials: "same-origin", keepalive: true });
      told.textContent = answer.status === 204 ? form.dataset.saved : form.dataset.failed;
    } catch {
      told.textContent = form.dataset.failed;
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target.type === "file" || event.target.name === "name") return;
    told.textContent = "";
    waiting = waiting.then(save);
  });
})();
