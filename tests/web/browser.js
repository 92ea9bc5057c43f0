// Debian's Chromium, driven by Playwright.
import { chromium } from "playwright-core";

const kProgram = process.env.CHROMIUM ?? "/usr/bin/chromium";
// No sandbox: tests run as root in containers. The rest keeps the browser from looking for networks that it does not need.
const kFlags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export async function launch() {
  return chromium.launch({ executablePath: kProgram, args: kFlags });
}
