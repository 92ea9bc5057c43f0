// Bundles TypeScript modules so that Node can run them, with the packages as the page has them: those for browsers.
import { build } from "esbuild";

export async function bundleForNode(entryPoints, outdir) {
  await build({
    entryPoints, outdir, bundle: true, platform: "browser", external: ["node:*"], format: "esm", outExtension: { ".js": ".mjs" }, sourcemap: "inline",
    logLevel: "warning",
  });
}
