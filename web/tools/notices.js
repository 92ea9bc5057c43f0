// The licences of what is bundled ask that their notices go with it: they do, as a comment in the page.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const kModules = "node_modules/";

function packagesOf(inputs) {
  const names = inputs.filter((file) => file.includes(kModules)).map((file) => {
    const parts = file.slice(file.lastIndexOf(kModules) + kModules.length).split("/");
    return parts.slice(0, parts[0].startsWith("@") ? 2 : 1).join("/");
  });
  return [...new Set(names)].sort();
}

async function licenceOf(folder, licence) {
  const file = (await readdir(folder)).find((name) => /^(licen[sc]e|copying)(\.|$)/i.test(name));
  return file === undefined ? `License: ${licence}` : (await readFile(path.join(folder, file), "utf8")).trim();
}

/** Every licence text once, with the packages that are under it. `inputs` are the bundled files. */
export async function notices(web, inputs) {
  const texts = new Map();
  for (const name of packagesOf(inputs)) {
    const folder = path.join(web, kModules, name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const text = await licenceOf(folder, license);
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
  }
  const parts = [...texts].map(([text, names]) => `${names.join(", ")}\n\n${text}`);
  return `This page is made with:\n\n${parts.join("\n\n* * *\n\n")}`.replace(/--+/g, "-");
}
