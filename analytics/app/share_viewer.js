// The page of a link. It opens the link, shows one slide, and follows the presenter by asking the server what is new:
// an answer comes when something is. A phone that slept asks again at once when it wakes.
"use strict";
(() => {
  const words = JSON.parse(document.body.dataset.words);
  const at = (id) => document.getElementById(id);
  const here = location.pathname.split("/").pop();
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const pause = (ms) => new Promise((go) => setTimeout(go, ms));
  const LONGEST_MS = 40000, SLOWEST_MS = 8000;

  let payload = null, tag = "", first = null, replaced = [], serverNotices = [];
  let seq = 0, led = null, present = 1, isAway = false, isOver = false, lost = false;
  let shown = { cohort: 0, slide: 0, part: null };
  let asking = null, wake = null, isWoken = false;

  // --- asking the server ---------------------------------------------------------------------------

  async function ask(path, options = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), LONGEST_MS);
    if (options.isFollow) asking = stop;
    try {
      const answer = await fetch(`${here}/${path}`, { credentials: "same-origin", cache: "no-store", ...options,
        signal: stop.signal });
      if (answer.status >= 500) throw new Error("server");
      return await answer.json();
    } finally {
      clearTimeout(timer);
      if (asking === stop) asking = null;
    }
  }

  const send = (what) => ask("open", { method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify(what) });

  async function insisting(question) {
    for (let ms = 500; ; ms = Math.min(ms * 2, SLOWEST_MS)) {
      try {
        const answer = await question();
        if (!answer.again) { found(); return answer; }
        ms = Math.max(ms, answer.again * 1000);
      } catch {
        if (isWoken) { isWoken = false; ms = 250; continue; }
        missed();
      }
      const woken = new Promise((go) => { wake = go; });
      await Promise.race([pause(ms * (0.75 + Math.random() / 2)), woken]);
    }
  }

  function missed() {
    if (payload && !lost) at("spoken").textContent = words.lost;
    lost = true;
    if (payload) status(); else say(words.not_reached);
  }

  function found() {
    if (!lost) return;
    lost = false;
    if (payload) status();
  }

  // --- the door ------------------------------------------------------------------------------------

  function say(text) {
    at("share").hidden = true;
    at("door").hidden = false;
    at("ask").hidden = true;
    at("said").hidden = false;
    at("said").classList.remove("unscripted");
    at("said").textContent = text;
  }

  function over(answer) {
    isOver = true;
    payload = null;
    at("slide").replaceChildren();
    say(words.refused[answer.refused] || words.refused.unknown);
  }

  function askPassphrase(token) {
    say("");
    at("said").hidden = true;
    at("ask").hidden = false;
    at("passphrase").focus();
    return new Promise((go) => {
      at("ask").onsubmit = async (event) => {
        event.preventDefault();
        const button = at("ask").querySelector("button");
        button.disabled = true;
        at("wrong").textContent = "";
        let answer;
        try {
          answer = await send({ token, passphrase: at("passphrase").value });
        } catch {
          answer = { refused: "not_reached" };
        }
        button.disabled = false;
        if (["passphrase", "slow_down", "not_reached"].includes(answer.refused)) {
          at("wrong").textContent = answer.says || words.refused[answer.refused];
          at("passphrase").select();
        } else {
          at("passphrase").value = "";
          go(answer);
        }
      };
    });
  }

  async function open() {
    say(words.opening);
    const token = location.hash.slice(1);
    if (token) {
      let answer = await insisting(() => send({ token }));
      if (answer.needs === "passphrase") answer = await askPassphrase(token);
      if (answer.refused) { over(answer); return; }
      // The token goes out of the address bar, which a projector would show; the cookie keeps the link open.
      history.replaceState(null, "", location.pathname);
    }
    if (await load()) follow();
  }

  async function load() {
    const answer = await insisting(() => ask("payload"));
    if (answer.refused) { over(answer); return false; }
    if (answer.empty) { over({ refused: "nothing" }); return false; }
    const before = payload;
    ({ payload, tag, notices: serverNotices } = answer);
    if (!before && !first) first = { at: new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) };
    if (before && before.made_at !== payload.made_at) {
      const how = before.definition !== payload.definition ? words.recounted : words.replaced;
      replaced = [filled(how, first)];
    }
    take(answer);
    at("door").hidden = true;
    at("share").hidden = false;
    document.title = payload.title || words.page;
    at("title").textContent = payload.title;
    at("audience").textContent = words[payload.audience] || "";
    at("cohort").replaceChildren(...payload.cohorts.map((one, place) => new Option(one.name, place)));
    at("cohorts").hidden = payload.cohorts.length < 2;
    notices();
    go(isAway || !led ? shown : led, { isQuiet: !before });
    return true;
  }

  function notices() {
    const texts = [...new Set([...replaced, ...serverNotices, ...(payload.notices || [])])];
    if (texts.join("\n") === [...at("notices").children].map((one) => one.textContent).join("\n")) return;
    at("notices").replaceChildren(...texts.map((text) => Object.assign(document.createElement("p"),
      { textContent: text })));
  }

  // --- following -----------------------------------------------------------------------------------

  function take(answer) {
    if (typeof answer.present === "number") present = Math.max(answer.present, 1);
    if (answer.position && answer.seq !== seq) led = answer.position;
    if (typeof answer.seq === "number") seq = answer.seq;
  }

  async function follow() {
    while (!isOver) {
      const before = seq;
      // Who lost the connection knows no tag, so that the first answer comes at once and says that it is back.
      const answer = await insisting(() => ask(
        `follow?after=${seq}&tag=${encodeURIComponent(lost ? "" : tag)}&present=${present}`, { isFollow: true }));
      if (isOver) return;
      if (answer.refused) { over(answer); return; }
      take(answer);
      if (answer.tag !== tag) { if (!(await load())) return; }
      else if (seq !== before && !isAway && led) go(led);
      status();
    }
  }

  // A phone that slept, a network that came back: what was being asked is dead, whatever it says.
  function awake() {
    if (document.hidden || isOver) return;
    if (asking) { isWoken = true; asking.abort(); }
    if (wake) wake();
  }
  document.addEventListener("visibilitychange", awake);
  addEventListener("online", awake);
  addEventListener("pageshow", (event) => { if (event.persisted) awake(); });
  addEventListener("hashchange", () => location.reload());

  // --- one slide -----------------------------------------------------------------------------------

  function go(to, { isQuiet = false } = {}) {
    const cohort = Math.min(Math.max(to.cohort || 0, 0), payload.cohorts.length - 1);
    const slides = payload.cohorts[cohort].slides;
    const place = Math.min(Math.max(to.slide || 0, 0), slides.length - 1);
    const slide = slides[place];
    const hasMoved = at("slide").dataset.at !== `${tag} ${cohort} ${place}`;
    shown = { cohort, slide: place, part: to.part ?? null };
    if (hasMoved) {
      at("slide").innerHTML = slide ? slide.html : "";
      at("slide").dataset.at = `${tag} ${cohort} ${place}`;
    }
    mark(shown.part);
    at("cohort").value = String(cohort);
    at("place").textContent = filled(words.place, { place: place + 1, n: slides.length });
    at("back").disabled = place <= 0;
    at("on").disabled = place + 1 >= slides.length;
    const said = slide && hasMoved ? [filled(words.spoken, { place: place + 1, n: slides.length, title: slide.title })] : [];
    if (slide && shown.part !== null && slide.parts && slide.parts[shown.part] !== undefined) {
      said.push(filled(words.marked, { part: slide.parts[shown.part] }));
    }
    if (said.length && !isQuiet) at("spoken").textContent = said.join(". ");
    status();
  }

  function mark(part) {
    const stage = at("slide").querySelector(".stage");
    if (!stage) return;
    const marked = part === null ? [] : [...stage.querySelectorAll("[data-part]")].filter(
      (one) => one.dataset.part === String(part));
    stage.querySelectorAll(".is-marked").forEach((one) => one.classList.remove("is-marked"));
    marked.forEach((one) => one.classList.add("is-marked"));
    if (marked.length) marked[0].scrollIntoView({ block: "nearest" });
  }

  function status() {
    const people = present === 1 ? words.one_here : filled(words.many_here, { n: present });
    const how = !led ? words.not_begun : isAway ? words.looking : words.following;
    put("following", lost ? words.lost : `${how}, ${people}`);
    at("following").classList.toggle("lost", lost);
    at("away").hidden = !led;
    put("away", isAway ? words.return : words.away);
    at("away").classList.toggle("loud", isAway);
  }

  function put(id, text) {
    if (at(id).textContent !== text) at(id).textContent = text;
  }

  function step(change) {
    if (!payload || isOver) return;
    if (led) isAway = true;
    go({ cohort: shown.cohort, slide: shown.slide, part: null, ...change });
  }

  function back() {
    isAway = false;
    if (led) go(led);
  }

  at("back").onclick = () => step({ slide: shown.slide - 1 });
  at("on").onclick = () => step({ slide: shown.slide + 1 });
  at("cohort").onchange = () => step({ cohort: Number(at("cohort").value) });
  at("away").onclick = () => { if (isAway) back(); else { isAway = true; status(); } };

  const KEYS = {
    ArrowLeft: () => step({ slide: shown.slide - 1 }), PageUp: () => step({ slide: shown.slide - 1 }),
    ArrowRight: () => step({ slide: shown.slide + 1 }), PageDown: () => step({ slide: shown.slide + 1 }),
    Home: () => step({ slide: 0 }), End: () => step({ slide: Infinity }), Escape: back,
  };
  addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches("select, input");
    if (!payload || isTyping || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  open();
})();
