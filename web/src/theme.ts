import { button } from "./dom.js";
import { kColours, kKinds } from "./palette.js";
import type { Theme } from "./state.js";
import type { Store } from "./store.js";

const kDarkSystem = window.matchMedia("(prefers-color-scheme: dark)");

function shown(store: Store): Theme {
  return store.state.theme ?? (kDarkSystem.matches ? "dark" : "light");
}

/** Sets data-theme and the arms' colours on the root element, whenever the system or the reader changes the theme. */
export function followTheme(store: Store): void {
  const root = document.documentElement;
  const apply = (): void => {
    root.dataset.theme = shown(store);
  };
  const rules = (theme: Theme): string =>
    [...kColours[theme].map((colour, index) => `--arm-${index}:${colour}`), ...kKinds[theme].map((colour, index) => `--kind-${index}:${colour}`)].join(";");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:root{${rules("light")}} @media screen{:root[data-theme=dark]{${rules("dark")}}}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  kDarkSystem.addEventListener("change", apply);
  store.follow(apply);
}

export function themeButton(store: Store): HTMLButtonElement {
  const press = (): void => {
    store.change({ theme: shown(store) === "dark" ? "light" : "dark" });
  };
  const made = button("", "", press);
  store.follow(() => {
    const text = shown(store) === "dark" ? "Light" : "Dark";
    made.textContent = text;
    made.title = `${text} theme`;
    made.setAttribute("aria-label", made.title);
  });
  return made;
}
