// Asks how far a job is, more seldom as it drags on, and stops when it is over.
const left = (words, seconds) => {
  if (seconds == null) return "";
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? words.wordMinutes.replace("{n}", minutes) : words.wordSeconds.replace("{n}", Math.max(1, Math.round(seconds)));
};

function show(box, job) {
  const bar = box.querySelector("progress");
  const total = job.total ?? 100;
  const done = job.done ?? job.percent ?? 0;
  bar.max = total || 1;
  bar.value = done;
  box.querySelector("[data-job-count]").textContent = `${done} / ${total}`;
  box.querySelector("[data-job-message]").textContent = job.message || "";
  box.querySelector("[data-job-left]").textContent = left(box.dataset, job.left);
}

export async function watch(box) {
  let pause = 700;
  for (;;) {
    await new Promise((wake) => setTimeout(wake, pause));
    let job;
    try {
      const response = await fetch(box.dataset.job, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      job = await response.json();
    } catch (lost) {
      pause = Math.min(pause * 2, 15000);
      continue;
    }
    show(box, job);
    if (job.state === "done" || job.state === "failed") {
      box.dispatchEvent(new CustomEvent("job-over", { bubbles: true, detail: job }));
      if (job.next) location.assign(job.next);
      return;
    }
    pause = Math.min(pause * 1.15, 5000);
  }
}

export function start(page) {
  for (const box of page.querySelectorAll("[data-job]")) watch(box);
}
