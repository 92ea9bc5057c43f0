// Makes the report template: node tools/bundle.js [OUTPUT]   (default dist/report.html)
// One HTML file with style and script inside. The program puts the document where @REPORT@ stands.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { notices } from "./notices.js";

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const output = process.argv[2] ?? path.join(web, "dist", "report.html");

async function bundle(entry) {
  const result = await build({
    entryPoints: [path.join(web, "src", entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: ["es2020"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

// Inside <script>, these two sequences would change how HTML is read; in JavaScript a backslash there changes nothing.
const { text, inputs } = await bundle("main.ts");
const script = text.replace(/<(\/script|!--)/gi, "<\\$1");
const parts = {
  STYLE: (await bundle("style/page.css")).text,
  SCRIPT: script,
  NOTICES: await notices(web, inputs),
  SCRIPT_HASH: `sha256-${createHash("sha256").update(script, "utf8").digest("base64")}`,
};
const template = await readFile(path.join(web, "src", "report.html"), "utf8");
const page = template.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
if (page.split("@REPORT@").length !== 2) {
  throw new Error("the template must hold @REPORT@ exactly once");
}
await mkdir(path.dirname(output), { recursive: true });
await writeFile(output, page);
