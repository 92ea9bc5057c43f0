// Debian's Chromium, driven by Playwright, and a report opened in it.
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const kProgram = process.env.CHROMIUM ?? "/usr/bin/chromium";
// No sandbox: tests run as root in containers. The rest keeps the browser from looking for networks that it does not need.
const kFlags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const kDesk = { width: 1280, height: 900 };

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const kArtefacts = process.env.ARTEFACTS ?? path.join(root, "build", "web-test");

export async function launch() {
  await mkdir(kArtefacts, { recursive: true });
  return chromium.launch({ executablePath: kProgram, args: kFlags });
}

/** Opens FILE and waits until every chart is drawn. `problems` collects what the page complains about and what it tries to load. */
export async function open(browser, file, { hash = "", viewport = kDesk, colorScheme = "light" } = {}) {
  const page = await browser.newPage({ viewport, colorScheme });
  const problems = [];
  page.on("console", (message) => { if (message.type() === "error") problems.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => { if (/^(https?|wss?|ftp):/.test(request.url())) problems.push(`request: ${request.url()}`); });
  await page.goto(pathToFileURL(file).href + hash);
  await drawn(page);
  return { page, problems };
}

export async function drawn(page) {
  await page.waitForFunction(() => document.documentElement.dataset.charts === "drawn", null, { timeout: 60_000 });
}

/** Changes the state by `action` and waits until the charts show it. */
export async function after(page, action) {
  await action();
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); }));
  await drawn(page);
}

/** The document that the page shows. */
export function documentOf(page) {
  return page.evaluate(() => JSON.parse(document.getElementById("report-document").textContent));
}

/** What a chart shows: how many marks, its labels, and a digest of everything in it (shapes, places, labels), in whatever order. */
export async function drawing(page, id) {
  const { all, ...rest } = await page.evaluate((chart) => {
    const place = document.getElementById(`chart-${chart}`).querySelector(".drawing");
    const shapes = [...place.querySelectorAll("svg .role-mark path, svg .role-mark line, svg .role-mark rect, svg .role-mark text")];
    const seen = shapes.filter((shape) => shape.tagName !== "path" || (shape.getAttribute("d") ?? "") !== "");
    const text = [...place.querySelectorAll("svg text")].map((label) => label.textContent);
    const parts = seen.map((shape) => [...shape.attributes].map((attribute) => attribute.value).join(" "));
    return { state: place.dataset.state, marks: seen.length, text, all: [...parts, ...text].sort().join("\n") };
  }, id);
  return { ...rest, shown: createHash("sha256").update(all).digest("hex") };
}

export const chartsOf = (report) => report.sections.flatMap((section) => section.blocks).filter((block) => block.kind === "chart");
