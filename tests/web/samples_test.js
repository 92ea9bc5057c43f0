// What is tried on the sample reports alone: node tests/web/samples_test.js FOLDER
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after as afterAll, before, test } from "node:test";
import { after, drawing, drawn, kArtefacts, launch, open } from "./browser.js";

const folder = process.argv[2];
if (folder === undefined) throw new Error("where are the samples? node tests/web/samples_test.js FOLDER");
const sample = (name) => path.join(folder, `${name}.html`);

let browser;
before(async () => { browser = await launch(); });
afterAll(async () => { await browser.close(); });

test("hostile text does nothing", async () => {
  const { page, problems } = await open(browser, sample("hostile"));
  assert.equal(await page.evaluate(() => globalThis.harmed), undefined);
  assert.match(await page.locator("h1").innerText(), /^<\/script><img src=x onerror="window\.harmed=1"><b>bold<\/b> & .* @REPORT@$/);
  assert.deepEqual(problems, []);
  await page.close();
});

test("the address restores every choice", async () => {
  const hash = "#theme=dark&hide=0&training-loss.x=seconds&training-loss.log=y&training-loss.smooth=0.8&survival.at=0.95";
  const { page } = await open(browser, sample("two_arms"), { hash });
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.deepEqual(await page.locator(".chip").evaluateAll((chips) => chips.map((chip) => chip.getAttribute("aria-pressed"))), ["false", "true"]);
  const loss = page.locator("#chart-training-loss");
  assert.equal(await loss.locator("input[type=radio]:checked").getAttribute("value"), "seconds");
  assert.equal(await loss.getByLabel("log y").isChecked(), true);
  assert.equal(await loss.getByLabel("log x").isChecked(), false);
  assert.equal(await loss.getByLabel("Smoothing").inputValue(), "0.8");
  assert.ok((await drawing(page, "training-loss")).text.includes("seconds of training"));
  assert.equal(await page.locator("#chart-survival output").innerText(), "95 %");
  assert.equal(new URL(page.url()).hash, hash);
  await page.getByRole("button", { name: "Reset all switches and sliders" }).click();
  await drawn(page);
  assert.equal(new URL(page.url()).hash, "");
  await page.close();
});

test("a changed address changes the page that is open", async () => {
  const { page } = await open(browser, sample("two_arms"));
  const before = await drawing(page, "survival");
  await after(page, () => page.evaluate(() => { location.hash = "survival.at=0.85"; }));
  assert.notEqual((await drawing(page, "survival")).shown, before.shown);
  await page.close();
});

test("charts take the colours of the theme without being drawn again", async () => {
  const { page } = await open(browser, sample("two_arms"));
  const line = page.locator("#chart-survival svg .mark-line path").first();
  const colour = () => line.evaluate((element) => getComputedStyle(element).stroke);
  await line.evaluate((element) => { element.dataset.same = "yes"; });
  const light = await colour();
  await page.getByRole("button", { name: "Dark theme" }).click();
  assert.notEqual(await colour(), light);
  assert.equal(await line.getAttribute("data-same"), "yes");
  await page.close();
});

test("the pointer reads off all arms", async () => {
  const { page } = await open(browser, sample("two_arms"));
  for (const [id, title] of [["training-loss", /^step [\d,]+/], ["survival", /^step [\d,]+/]]) {
    const chart = page.locator(`#chart-${id} .drawing`);
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.locator(".tooltip").waitFor();
    assert.match(await page.locator(".tooltip p").innerText(), title);
    const lines = await page.locator(".tooltip tr").allInnerTexts();
    assert.equal(lines.length, 2, id);
    assert.match(lines[0], /^norm=none\s+[\d.]+/);
    assert.match(lines[1], /^norm=batch\s+[\d.]+/);
    await page.mouse.move(5, 5);
    await page.locator(".tooltip").waitFor({ state: "hidden" });
  }
  await page.close();
});

test("small multiples are read off cell by cell", async () => {
  const { page } = await open(browser, sample("grid"));
  const chart = page.locator("#chart-validation-accuracy-by-group .drawing");
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  await page.mouse.move(box.x + box.width * 0.55, box.y + 100);
  await page.locator(".tooltip").waitFor();
  const lines = await page.locator(".tooltip tr").allInnerTexts();
  assert.deepEqual(lines.map((line) => line.split("\t")[0]), ["norm=none, batch=64", "norm=batch, batch=64"]);
  await page.close();
});

test("one arm alone", async () => {
  const { page } = await open(browser, sample("grid"));
  await after(page, () => page.getByRole("button", { name: "Only norm=batch, batch=64" }).click({ force: true }));
  assert.equal(await page.locator(".chip[aria-pressed=true]").innerText(), "norm=batch, batch=64\nn = 5");
  await page.close();
});

test("the contents lead to sections and leave the address alone", async () => {
  const { page } = await open(browser, sample("two_arms"), { hash: "#hide=0" });
  await page.getByRole("link", { name: "Appendix" }).click();
  await page.waitForFunction(() => document.getElementById("section-appendix-title").getBoundingClientRect().top < innerHeight);
  assert.equal(new URL(page.url()).hash, "#hide=0");
  assert.equal(await page.evaluate(() => document.activeElement.id), "section-appendix-title");
  await page.close();
});

test("images are drawn from their bytes", async () => {
  const { page } = await open(browser, sample("two_arms"));
  const pixels = await page.locator(".images canvas").last().evaluate((canvas) => [...canvas.getContext("2d").getImageData(0, 0, 2, 2).data]);
  assert.deepEqual(pixels, [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 0, 255]);
  await page.close();
});

test("a page without a document says so", async () => {
  const file = path.join(kArtefacts, "empty.html");
  const text = await readFile(sample("single"), "utf8");
  await writeFile(file, text.replace(/(id="report-document">).*?(<\/script>)/s, "$1$2"));
  const page = await browser.newPage();
  await page.goto(`file://${file}`);
  assert.match(await page.getByRole("alert").innerText(), /holds no report/);
  await page.close();
});
