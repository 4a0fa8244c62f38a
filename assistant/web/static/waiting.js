// Asks every second whether the chat is there, and then opens it.
(() => {
  const status = document.getElementById("status");
  const patience = 5;
  let failures = 0;

  async function ask() {
    try {
      const answer = await fetch(status.dataset.ready, { cache: "no-store" });
      failures = 0;
      if (answer.ok) return location.reload();
    } catch {
      failures += 1;
      if (failures === patience) status.textContent = status.dataset.unreachable;
    }
    setTimeout(ask, 1000);
  }

  setTimeout(ask, 1000);
})();
