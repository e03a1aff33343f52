import { expect, test } from "vitest";
import { escapeHtml, html, htmlTable, Markup } from "../../src/report/html.js";

test("everything is escaped but what is markup already", () => {
  const evil = `<script>"x" & 'y'</script>`;
  expect(html`<p title="${evil}">${[evil, new Markup("<b>"), 7, null]}</p>`.text).toBe(
    '<p title="&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;">&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;<b>7</p>',
  );
  expect(htmlTable([evil], [[evil, evil]]).text).not.toContain("<script>");
});

test("control characters are shown, line feeds stay", () => {
  expect(escapeHtml("a\u001b[31m\nb\u0000")).toBe("a\\x1b[31m\nb\\x00");
});
