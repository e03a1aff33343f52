import type { Picture } from "../../report/components/view.js";

const adopted = new Set<string>();

/**
 * Takes the style sheet out of a drawing and makes it one of the page's: the page lets no style in
 * that stands in its markup (Content-Security-Policy).
 */
export function adoptStyles(picture: Picture): Picture {
  const svg = picture.svg.replace(/<style>([^<]*)<\/style>/g, (_, text: string) => {
    if (!adopted.has(text)) {
      adopted.add(text);
      adoptSheet(text);
    }
    return "";
  });
  return { ...picture, svg };
}

/** Later sheets win over earlier ones. */
export function adoptSheet(text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
