/** Marks the step that is being read in the table of contents. */

const lines = new Map([...document.querySelectorAll(".contents a")].map((line) => [line.hash.slice(1), line]));
const narrow = matchMedia("(max-width: 56rem)");
const visible = new Set();

if (narrow.matches) document.querySelector(".contents > details").open = false;

const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) visible.add(entry.target);
      else visible.delete(entry.target);
    }
    const first = [...document.querySelectorAll(".step")].find((step) => visible.has(step));
    if (!first) return;
    for (const [id, line] of lines) {
      if (id !== first.id) line.removeAttribute("aria-current");
      else {
        line.setAttribute("aria-current", "step");
        if (!narrow.matches) keepInView(line);
      }
    }
  },
  { rootMargin: "-100px 0px -45% 0px" },
);

function keepInView(line) {
  const box = line.closest(".contents");
  const top = line.offsetTop - box.offsetTop;
  if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 60) box.scrollTop = top - box.clientHeight / 2;
}

for (const step of document.querySelectorAll(".step")) observer.observe(step);
