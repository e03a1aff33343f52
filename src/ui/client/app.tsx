import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ComparePage } from "./compare-page.js";
import icon from "./icon.svg";
import { ListPage } from "./list-page.js";
import type { Connection, Live } from "./live.js";
import { hrefOf, type Route, useRoute } from "./route.js";
import { RunPage } from "./run-page.js";
import { useLive } from "./use-live.js";

/** The whole page: its head, and what the address names. */
export function App({ live }: { readonly live: Live }): JSX.Element {
  const route = useRoute();
  useLive(live);
  useEffect(() => {
    document.title = titleOf(route);
    scrollTo(0, 0);
  }, [titleOf(route)]);
  return (
    <>
      <header class="bar">
        <a class="home" href={hrefOf({ view: "list" })}>
          <img src={icon} alt="" width="22" height="22" /> fovea
        </a>
        <span class="folder" title={live.home}>
          {live.home}
        </span>
        <ConnectionMark connection={live.connection} />
      </header>
      {live.connection === "refused" ? (
        <main>
          <p class="notice" role="alert">
            This page is not let in any more: <code>fovea ui</code> was started again. Open the
            address that it printed.
          </p>
        </main>
      ) : (
        <main>{pageOf(route, live)}</main>
      )}
    </>
  );
}

function pageOf(route: Route, live: Live): JSX.Element {
  if (route.view === "run") return <RunPage key={route.id} live={live} id={route.id} />;
  if (route.view === "compare") {
    return <ComparePage key={route.ids.join()} live={live} ids={route.ids} />;
  }
  return <ListPage live={live} />;
}

function titleOf(route: Route): string {
  if (route.view === "run") return `${route.id} – fovea`;
  if (route.view === "compare") return `${route.ids.length} runs – fovea`;
  return "Runs – fovea";
}

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: "connecting",
  live: "live",
  lost: "connection lost, trying again",
  refused: "not let in",
};

function ConnectionMark({ connection }: { readonly connection: Connection }): JSX.Element {
  return (
    <span class={`connection ${connection}`} role="status">
      {WORDS[connection]}
    </span>
  );
}
