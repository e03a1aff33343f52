import { render } from "preact";
import plotStyle from "uplot/dist/uPlot.min.css?inline";
import { STYLE } from "../../report/components/style.js";
import { adoptSheet } from "./adopt-styles.js";
import { App } from "./app.js";
import { Live } from "./live.js";
import style from "./style.css?inline";

// The token has let this page in; from here on the cookie does. It need not stay in the history.
if (location.search !== "") history.replaceState(null, "", location.pathname + location.hash);

// Later sheets win: what the live page has of its own comes last.
for (const text of [STYLE, plotStyle, style]) adoptSheet(text);

const live = new Live();
live.start();
const page = document.getElementById("page");
if (page !== null) render(<App live={live} />, page);
