// Bundles a TypeScript module so that Node can run it.
import { build } from "esbuild";

export async function bundleForNode(entryPoints, outdir) {
  await build({ entryPoints, outdir, bundle: true, platform: "node", format: "esm", outExtension: { ".js": ".mjs" }, sourcemap: "inline", logLevel: "warning" });
}
