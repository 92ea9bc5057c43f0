/** Making elements. Text always becomes text nodes, so nothing in a document can turn into markup. */

export type Child = Node | string | null | undefined | false;

interface Options {
  class?: string;
  attributes?: Record<string, string | number | boolean | undefined>;
  on?: Record<string, (event: Event) => void>;
}

/** A boolean attribute stands there when true; an undefined one is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: Options | string = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { class: classes, attributes = {}, on = {} } = typeof options === "string" ? { class: options } : options;
  if (classes) element.className = classes;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [type, listener] of Object.entries(on)) element.addEventListener(type, listener);
  append(element, children);
  return element;
}

export function append(parent: Node, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
}

/** `label` is what it is called for those who do not see it: it begins with its text. */
export function button(text: string, label: string, press: () => void): HTMLButtonElement {
  return el("button", { class: "quiet", attributes: { type: "button", title: label, "aria-label": label }, on: { click: press } }, text);
}
