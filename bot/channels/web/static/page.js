// Makes the page smoother; without it every form works as it stands.
// Forms are sent with fetch, the turn that comes back is added to the conversation, and the focus
// moves to its heading. What a citizen typed is shown only as the server sends it back: without secrets.
"use strict";

(() => {
  const log = document.getElementById("log");
  const ask = document.getElementById("ask");
  if (!log || !ask || !window.fetch || !window.AbortController) return;

  const text = ask.elements.namedItem("text");
  const trouble = ask.querySelector(".trouble");
  const turns = log.getElementsByClassName("turn");
  let busy = false;

  log.setAttribute("role", "log");
  log.setAttribute("aria-relevant", "additions");
  history.replaceState({ turn: turns.length - 1 }, "");
  wake(log);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form !== ask && !form.classList.contains("buttons")) return;
    event.preventDefault();
    if (!busy) send(form, event.submitter);
  });

  // Enter sends, as in a chat; Shift+Enter and the Enter that ends a kana conversion do not.
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (window.matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    ask.requestSubmit();
  });

  log.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("print")) window.print();
    if (button.classList.contains("copy")) {
      navigator.clipboard.writeText(button.dataset.copy).then(() => {
        button.textContent = button.dataset.copied;
      }, () => {});
    }
    if (button.classList.contains("share")) navigator.share({ url: button.dataset.address }).catch(() => {});
  });

  log.addEventListener("change", (event) => {
    const list = event.target.closest(".checklist");
    if (list) count(list);
  });

  window.addEventListener("popstate", (event) => {
    const turn = event.state && turns[event.state.turn];
    if (turn) look(turn);
  });

  async function send(form, button) {
    busy = true;
    form.classList.add("busy");
    trouble.textContent = "";
    const fields = new FormData(form);
    if (button && button.name) fields.set(button.name, button.value);
    const waited = new AbortController();
    const alarm = setTimeout(() => waited.abort(), 20000);
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: fields, headers: { "X-Part": "turn" }, signal: waited.signal,
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const turn = page.querySelector(".turn");
      if (!answer.ok || !turn) throw new Error(problem(page));
      if (turn.dataset.language !== ask.dataset.language) return whole(form, button);
      if (form === ask) form.reset();
      add(document.importNode(turn, true), form, button);
    } catch (error) {
      trouble.textContent = error.message.startsWith("＊")
        ? error.message.slice(1)
        : ask.dataset.failed;
      trouble.scrollIntoView({ block: "center" });
    } finally {
      clearTimeout(alarm);
      form.classList.remove("busy");
      busy = false;
    }
  }

  // In another language the page around the conversation changes too, so all of it is loaded.
  function whole(form, button) {
    if (button && button.name) {
      const chosen = document.createElement("input");
      Object.assign(chosen, { type: "hidden", name: button.name, value: button.value });
      form.append(chosen);
    }
    form.submit();
  }

  function problem(page) {
    const box = page.querySelector(".error");
    return box ? "＊" + box.querySelector("h2").textContent + "\n" + box.querySelector("p").textContent : "";
  }

  function add(turn, form, button) {
    ask.elements.namedItem("token").value = turn.dataset.token;
    for (const input of document.querySelectorAll(".languages input")) input.value = turn.dataset.token;
    wake(turn);
    const old = form.closest(".reply");
    if (form.getAttribute("action") === "/delete") log.replaceChildren();
    if (button && button.classList.contains("toggle") && swap(old, turn, button)) return;
    if (button && form !== ask) {
      if (old) settle(old, form, button);
      const said = document.createElement("p");
      said.className = "said";
      said.textContent = button.querySelector(".label")?.textContent ?? button.textContent;
      turn.prepend(said);
    }
    log.append(turn);
    log.after(ask);
    ask.querySelector("label").textContent = ask.dataset.later;
    history.pushState({ turn: turns.length - 1 }, "");
    look(turn);
  }

  // A switched choice changes the buttons where they stand, unannounced; the focus stays on the same one.
  function swap(old, turn, button) {
    const fresh = turn.querySelector(".reply");
    if (turn.querySelectorAll(".reply").length !== 1 || fresh.dataset.question !== old.dataset.question) return false;
    const place = [...old.querySelectorAll(".toggle")].indexOf(button);
    old.querySelector(".buttons").replaceWith(fresh.querySelector(".buttons"));
    old.querySelectorAll(".toggle")[place]?.focus();
    return true;
  }

  // An answered question keeps its choices, folded away: what is open now is the last turn.
  function settle(reply, form, button) {
    for (const other of reply.querySelectorAll(".picked")) other.classList.remove("picked");
    if (button.classList.contains("choice")) button.classList.add("picked");
    if (!reply.dataset.question) return;
    const past = form.closest(".past") || document.createElement("details");
    if (!past.isConnected) {
      past.className = "past";
      past.append(document.createElement("summary"));
      past.firstChild.textContent = ask.dataset.again;
      form.replaceWith(past);
      past.append(form);
    }
    past.open = false;
  }

  function look(turn) {
    turn.querySelector("h2")?.focus({ preventScroll: true });
    turn.scrollIntoView({ block: "start" });
  }

  function wake(part) {
    for (const buttons of part.querySelectorAll(".buttons")) buttons.setAttribute("aria-live", "off");
    for (const button of part.querySelectorAll(".print")) button.hidden = false;
    if (navigator.share) for (const button of part.querySelectorAll(".share")) button.hidden = false;
    if (navigator.clipboard) for (const button of part.querySelectorAll(".copy")) button.hidden = false;
  }

  function count(list) {
    const left = list.querySelectorAll("input:not(:checked)").length;
    const line = list.querySelector(".left");
    if (line) line.textContent = left ? (left === 1 ? line.dataset.one : line.dataset.left.replace("{count}", left)) : line.dataset.done;
  }
})();
