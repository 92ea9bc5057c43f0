// What must hold for every report: node tests/web/report_test.js FILE.html...   Screenshots go to build/web-test (or $ARTEFACTS).
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after as afterAll, before, describe, test } from "node:test";
import { after, chartsOf, documentOf, drawing, kArtefacts, launch, open } from "./browser.js";

const files = process.argv.slice(2);
if (files.length === 0) throw new Error("which reports? node tests/web/report_test.js FILE.html...");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kPhone = { width: 400, height: 800 };

let browser;
before(async () => { browser = await launch(); });
afterAll(async () => { await browser.close(); });

const picture = (file, name) => path.join(kArtefacts, `${path.basename(file, ".html")}-${name}`);

async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
}

/** In the page: pairs of upright labels on axes of one chart that overlap, or stand side by side without the room of a letter. */
function labelsThatTouch() {
  const kLetter = 4;
  const touching = [];
  for (const svg of document.querySelectorAll(".drawing svg")) {
    const labels = [...svg.querySelectorAll(".role-axis-label text")]
      .filter((label) => label.textContent !== "" && label.getAttribute("opacity") !== "0" && !/rotate\((?!0\))/.test(label.getAttribute("transform") ?? ""))
      .map((label) => ({ text: label.textContent, box: label.getBoundingClientRect() }));
    labels.forEach((one, i) => {
      for (const other of labels.slice(i + 1)) {
        const apartX = Math.max(one.box.left, other.box.left) - Math.min(one.box.right, other.box.right);
        const apartY = Math.max(one.box.top, other.box.top) - Math.min(one.box.bottom, other.box.bottom);
        if (apartX < kLetter && apartY < -2) touching.push(`${svg.closest(".chart").id}: "${one.text}" and "${other.text}"`);
      }
    });
  }
  return touching;
}

async function downloadBy(page, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

for (const file of files) {
  describe(path.basename(file), { concurrency: 2 }, () => {
    test("opens without a complaint, loads nothing, draws every chart", async (t) => {
      const { page, problems } = await open(browser, file);
      const report = await documentOf(page);
      for (const { id } of chartsOf(report)) {
        const { state, marks } = await drawing(page, id);
        assert.equal(state, "drawn", id);
        assert.ok(marks > 0, `${id} has no marks`);
      }
      assert.deepEqual(problems, []);
      const [timing] = await page.evaluate(() => performance.getEntriesByType("navigation").map((entry) => entry.domInteractive));
      t.diagnostic(`interactive after ${Math.round(timing)} ms`);
      await page.close();
    });

    test("shows its texts as text, and every section", async () => {
      const { page } = await open(browser, file);
      const report = await documentOf(page);
      const plain = (text) => text.replace(/[\u2028\u2029]/g, " ");
      assert.equal(await page.title(), plain(report.title).replace(/\s+/g, " ").trim());
      assert.equal(await page.locator("h1").evaluate((element) => element.textContent), plain(report.title));
      const headings = await page.locator("main section h2").evaluateAll((elements) => elements.map((element) => element.textContent));
      assert.deepEqual(headings.slice(0, report.sections.length), report.sections.map((section) => plain(section.title)));
      const sentences = await page.locator(".head .sentence").evaluateAll((elements) => elements.map((element) => element.textContent));
      assert.deepEqual(sentences, report.answer.map((statement) => plain(statement.text)));
      assert.equal(await page.locator("main img, main script, main iframe, main b, main i").count(), 0);
      await page.close();
    });

    test("switches change what is drawn, and the address brings it back", async () => {
      const { page, problems } = await open(browser, file);
      const report = await documentOf(page);
      for (const { id, controls = {} } of chartsOf(report)) {
        const inputs = page.locator(`[id="chart-${id}"] .controls input`);
        for (let index = 0; index < (await inputs.count()); ++index) {
          const input = inputs.nth(index);
          if (await input.isChecked().catch(() => false)) continue;
          const earlier = await drawing(page, id);
          const press = (key) =>
            after(page, async () => {
              await input.focus();
              return page.keyboard.press(key);
            });
          const isRange = (await input.getAttribute("type")) === "range";
          if (isRange) {
            await press(Number(await input.inputValue()) < Number(await input.getAttribute("max")) ? "End" : "Home");
          } else {
            await after(page, () => input.check({ force: true }));
          }
          const later = await drawing(page, id);
          assert.equal(later.state, "drawn", id);
          assert.notEqual(later.shown, earlier.shown, `${id}: control ${index} changes nothing`);
        }
        if (Object.keys(controls).length === 0) continue;
        assert.ok(new URL(page.url()).hash.includes(encodeURIComponent(id).replaceAll("%20", "+")), `${id} is not in ${page.url()}`);
      }
      const shown = async (where) => Promise.all(chartsOf(report).map(async ({ id }) => (await drawing(where, id)).shown));
      const again = await open(browser, file, { hash: new URL(page.url()).hash });
      assert.deepEqual(await shown(again.page), await shown(page));
      assert.deepEqual([...problems, ...again.problems], []);
      await again.page.close();
      await page.close();
    });

    test("an arm is hidden in all charts, and shown again", async () => {
      const { page } = await open(browser, file);
      const report = await documentOf(page);
      const ids = chartsOf(report).map(({ id }) => id);
      const marks = async () => Promise.all(ids.map(async (id) => (await drawing(page, id)).marks));
      const all = await marks();
      if (report.arms.length > 1) {
        const chip = page.locator(".arms .chip").first();
        await after(page, async () => { await chip.focus(); await page.keyboard.press("Enter"); });
        assert.equal(await chip.getAttribute("aria-pressed"), "false");
        const fewer = await marks();
        assert.ok(fewer.some((count, index) => count < all[index]), "no chart has fewer marks");
        assert.ok(fewer.every((count, index) => count <= all[index]));
        await after(page, () => page.getByRole("button", { name: "Show all arms" }).click());
      }
      assert.deepEqual(await marks(), all);
      await page.close();
    });

    for (const colorScheme of ["light", "dark"]) {
      test(`no serious barrier, ${colorScheme}`, async () => {
        const { page } = await open(browser, file, { colorScheme });
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
        await page.locator("details").evaluateAll((all) => { for (const one of all) one.open = true; });
        assert.deepEqual(await violations(page), []);
        await page.screenshot({ path: picture(file, `${colorScheme}.png`), fullPage: true });
        await page.close();
      });
    }

    test("fits a phone", async () => {
      const { page } = await open(browser, file, { viewport: kPhone });
      const { page: width, window: room } = await page.evaluate(() => ({ page: document.documentElement.scrollWidth, window: document.documentElement.clientWidth }));
      assert.ok(width <= room, `the page is ${width} wide in ${room}`);
      await page.screenshot({ path: picture(file, "phone.png"), fullPage: true });
      await page.close();
    });

    test("runs nothing but its own script", async () => {
      const { page } = await open(browser, file);
      const ran = await page.evaluate(async () => {
        // In a callback of the page's own: what the test itself calls, the browser lets pass.
        const attempt = (run) => new Promise((resolve) => {
          setTimeout(() => { try { resolve(run()); } catch { resolve("refused"); } });
        });
        const inline = document.createElement("script");
        inline.textContent = "globalThis.inlineRan = true";
        document.body.append(inline);
        return {
          eval: await attempt(() => (0, eval)("'ran'")),
          function: await attempt(() => new Function("return 'ran'")()),
          inline: globalThis.inlineRan === true,
          fetch: await fetch("https://example.invalid/").then(() => "ran", () => "refused"),
        };
      });
      assert.deepEqual(ran, { eval: "refused", function: "refused", inline: false, fetch: "refused" });
      await page.close();
    });

    test("saves charts and files", async () => {
      const { page } = await open(browser, file);
      const report = await documentOf(page);
      const [first] = chartsOf(report);
      const save = (name) => downloadBy(page, () => page.locator(`[id="chart-${first.id}"] .save button`, { hasText: name }).click());
      const svg = (await save("SVG")).bytes.toString("utf8");
      assert.ok(svg.startsWith("<svg") && svg.includes("mark-") && !svg.includes("var(--"), svg.slice(0, 200));
      assert.deepEqual([...(await save("PNG")).bytes.subarray(1, 4)], [...Buffer.from("PNG")]);
      const spec = JSON.parse((await save("JSON")).bytes.toString("utf8"));
      for (const name of first.datasets) assert.equal(spec.datasets[name].length > 0, report.datasets[name].rows.length > 0, name);
      for (const { file: name, text } of report.downloads) {
        const saved = await downloadBy(page, () => page.getByRole("link", { name, exact: true }).click());
        assert.equal(saved.bytes.toString("utf8"), text, name);
      }
      await page.close();
    });

    // "4,000" at the end of one small picture and "0" at the start of the next read as one number.
    for (const viewport of [{ width: 1280, height: 900 }, kPhone]) {
      test(`labels of axes stand apart, ${viewport.width} pixels wide`, async () => {
        const { page } = await open(browser, file, { viewport });
        assert.deepEqual(await page.evaluate(labelsThatTouch), []);
        await page.close();
      });
    }

    test("prints light, with every chart whole", async () => {
      const { page } = await open(browser, file, { colorScheme: "dark" });
      const pdf = await page.pdf({ path: picture(file, "print.pdf"), preferCSSPageSize: true });
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
      await page.setViewportSize({ width: 680, height: 1000 });
      await page.emulateMedia({ media: "print" });
      const { ground, wide, controls } = await page.evaluate(() => ({
        ground: getComputedStyle(document.documentElement).backgroundColor,
        wide: [...document.querySelectorAll(".drawing svg")].filter((svg) => svg.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length,
        controls: [...document.querySelectorAll(".controls, .save, .aside")].filter((one) => one.checkVisibility()).length,
      }));
      assert.deepEqual({ ground, wide, controls }, { ground: "rgb(253, 252, 250)", wide: 0, controls: 0 });
      await page.close();
    });
  });
}
