// Runs test/*_test.ts: bundles them for Node, then hands them to Node's own test runner.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./bundle_node.js";

const tests = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), "test");
const folder = await mkdtemp(path.join(os.tmpdir(), "normlab-web-"));
try {
  const sources = (await readdir(tests)).filter((name) => name.endsWith("_test.ts"));
  await bundleForNode(sources.map((name) => path.join(tests, name)), folder);
  const files = sources.map((name) => path.join(folder, name.replace(/\.ts$/, ".mjs")));
  process.exitCode = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  await rm(folder, { recursive: true });
}
