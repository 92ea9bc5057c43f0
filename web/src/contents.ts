import type { ReportDocument } from "./document.js";
import { el } from "./dom.js";
import { sectionId } from "./sections.js";

/** The hash holds the page's state, so a link into the page scrolls by itself and leaves the hash alone. */
function goTo(event: Event, id: string): void {
  const target = document.getElementById(`${id}-title`);
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
}

/** Marks in the list the section that is being read. */
function followReading(links: Map<string, HTMLElement>): void {
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const [id, link] of links) {
          if (id === entry.target.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      }
    },
    { rootMargin: "-20% 0px -75% 0px" },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watch.observe(section);
  }
}

export function contents({ sections }: ReportDocument): HTMLElement {
  const links = new Map<string, HTMLElement>();
  for (const section of sections) {
    const id = sectionId(section);
    links.set(id, el("a", { attributes: { href: `#${id}` }, on: { click: (event) => { goTo(event, id); } } }, section.title));
  }
  requestAnimationFrame(() => { followReading(links); });
  return el("nav", { class: "contents", attributes: { "aria-label": "Contents" } }, el("ol", {}, ...[...links.values()].map((link) => el("li", {}, link))));
}
