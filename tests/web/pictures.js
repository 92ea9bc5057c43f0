// Screenshots of a report for the documents: node tests/web/pictures.js FILE.html FOLDER writes FOLDER/report-SECTION.png.
import path from "node:path";
import { launch, open } from "./browser.js";

const kSections = ["curves", "inside", "mistakes"];
const [file, folder] = process.argv.slice(2);

const browser = await launch();
const { page, problems } = await open(browser, path.resolve(file), { viewport: { width: 1100, height: 1000 } });
if (problems.length > 0) throw new Error(problems.join("\n"));
await page.screenshot({ path: path.join(folder, "report-head.png") });
for (const id of kSections) {
  await page.evaluate((section) => document.getElementById(`section-${section}`).scrollIntoView({ behavior: "instant" }), id);
  await page.screenshot({ path: path.join(folder, `report-${id}.png`) });
}
await browser.close();
