// Writes the sample reports as pages: node tools/write_samples.js [TEMPLATE] [FOLDER]   (default dist/report.html, dist/samples)
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleForNode } from "./bundle_node.js";

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const template = await readFile(process.argv[2] ?? path.join(web, "dist", "report.html"), "utf8");
const folder = process.argv[3] ?? path.join(web, "dist", "samples");

const samples = path.join(web, "test", "samples");
await bundleForNode([path.join(samples, "sample_document.ts"), path.join(samples, "pack.ts")], folder);
const load = (name) => import(pathToFileURL(path.join(folder, name)).href);
const { kSamples } = await load("sample_document.mjs");
const { packed } = await load("pack.mjs");
await mkdir(folder, { recursive: true });
for (const [name, make] of Object.entries(kSamples)) {
  const json = JSON.stringify(packed(make())).replaceAll("<", "\\u003c");
  await writeFile(path.join(folder, `${name}.html`), template.replace("@REPORT@", () => json));
}
