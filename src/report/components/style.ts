import { colorSheet } from "./colors.js";

/** The style sheet of reports and of the live page. */
export const STYLE = `${colorSheet(":root")}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 76rem; font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; color: var(--ink); background: var(--page); overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0 0 .35rem; font-size: 1.9rem; letter-spacing: -.015em; }
h2 { margin: 0 0 .75rem; font-size: 1.4rem; letter-spacing: -.01em; }
h3 { margin: 2rem 0 .75rem; font-size: 1.1rem; }
h4 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
p { margin: .5rem 0; max-width: 70ch; }
a { color: var(--link); text-underline-offset: .15em; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .88em; }
section { margin-top: 3rem; padding-top: 2rem; border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.soft, footer, figcaption { color: var(--soft); font-size: .875rem; }
.wide { margin: 1rem 0; overflow-x: auto; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .9rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap; font-weight: 400; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: 500; vertical-align: bottom; border-bottom-color: var(--soft); }
tbody tr:hover { background: var(--raised); }
.number { text-align: right; }
.best { font-weight: 700; } .spread { color: var(--soft); font-weight: 400; }
.status { white-space: nowrap; } .status.completed { color: var(--good); } .status.running, .status.queued { color: var(--link); }
.status.failed, .status.lost, .status.diverged, .status.out_of_memory { color: var(--bad); } .status.cancelled, .status.missing { color: var(--warn); }
.metrics { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 1rem 0; }
.metrics dt { color: var(--soft); font-size: .875rem; } .metrics dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.facts { margin: .75rem 0; font-size: .875rem; } .facts div { display: grid; grid-template-columns: minmax(8rem, 16rem) 1fr; gap: 0 1.5rem; padding: .25rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); } .facts dd { margin: 0; } .facts dt, .facts dd { min-width: 0; overflow-wrap: anywhere; }
.warnings { margin: 1rem 0; padding: .75rem 1rem .75rem 2rem; border-left: 3px solid var(--warn); background: var(--raised); } .warnings li::marker { content: "!  "; color: var(--warn); font-weight: 700; }
.methods, .remarks { padding-left: 1.1rem; } .methods .fallback, .check.warning { color: var(--bad); }
details { margin: .75rem 0; } summary { cursor: pointer; color: var(--link); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1.5rem 2rem; margin: 1rem 0; }
.grids { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1.5rem; margin: 1.5rem 0; }
figure { margin: 0; min-width: 0; } figure svg, figure img { display: block; width: 100%; height: auto; } figcaption { margin-top: .5rem; }
.key { display: inline-block; margin-right: 1rem; overflow-wrap: anywhere; } .key i { display: inline-block; width: .75em; height: .75em; margin-right: .4em; border-radius: 2px; }
@media (max-width: 40rem) { body { padding: 1.25rem 1rem 3rem; } h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; } .facts div { grid-template-columns: 1fr; } .metrics { gap: .5rem 1.75rem; } }
@media print { body { max-width: none; padding: 0; } details > * { display: block; } section { break-inside: avoid-page; } }
`;
