// Shows mistakes while one types, and progress without reloading. Every form works without it.
"use strict";

(() => {
  const form = document.querySelector("form.edit");
  if (form) edit(form);
  const effects = document.getElementById("effects");
  if (effects) follow();
  const here = document.querySelector(".sheet.whole .here");
  if (here) here.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });

  function edit(form) {
    const found = document.getElementById("found");
    const area = form.querySelector("textarea.yaml");
    let changed = false;
    let timer = 0;
    let asked = 0;

    form.addEventListener("input", () => {
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(look, 500);
    });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
    found.addEventListener("click", (event) => {
      const place = event.target.closest("[data-line]");
      if (place && area) select(Number(place.dataset.line) - Number(area.dataset.first), Number(place.dataset.column) - 1);
    });
    wake();
    const line = Number(new URLSearchParams(location.search).get("line"));
    if (line && area) select(line - Number(area.dataset.first), 0);

    async function look() {
      const number = ++asked;
      try {
        const answer = await fetch(form.dataset.live, { method: "POST", body: new FormData(form) });
        const html = answer.ok ? await answer.text() : "";
        if (number !== asked || !html) return;
        found.innerHTML = html;
        wake();
      } catch {
        // The next key press tries again; without an answer the page stays as it is.
      }
    }

    function wake() {
      for (const place of found.querySelectorAll("[data-line]")) place.classList.toggle("can", Boolean(area));
      for (const told of form.querySelectorAll(".told")) told.remove();
      for (const problem of found.querySelectorAll(".problem[data-field]")) {
        const input = problem.dataset.field && document.getElementById(problem.dataset.field);
        if (!input) continue;
        const told = document.createElement("p");
        told.className = "told";
        told.textContent = problem.querySelector("p").textContent;
        input.after(told);
      }
    }

    function select(row, column) {
      const lines = area.value.split("\n");
      const start = lines.slice(0, row).reduce((sum, one) => sum + one.length + 1, 0);
      area.focus();
      area.setSelectionRange(start + column, start + (lines[row] || "").length);
      area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, row - 4);
    }
  }

  async function follow() {
    let shown = document.getElementById("effects");
    while (shown.dataset.done !== "yes" || shown.querySelector("progress")) {
      await new Promise((resolve) => { setTimeout(resolve, 700); });
      try {
        const answer = await fetch(`${location.pathname.replace(/\/ask$/, "")}/effects`);
        if (!answer.ok) return;
        const holder = document.createElement("div");
        holder.innerHTML = await answer.text();
        const fresh = holder.querySelector("#effects");
        shown.replaceWith(fresh);
        shown = fresh;
      } catch {
        return;
      }
    }
  }
})();
