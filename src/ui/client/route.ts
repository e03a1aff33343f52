import { useEffect, useState } from "preact/hooks";

/** What the page shows; it stands behind the `#` of the address. */
export type Route =
  | { readonly view: "list" }
  | { readonly view: "run"; readonly id: string }
  | { readonly view: "compare"; readonly ids: readonly string[] };

export function hrefOf(route: Route): string {
  if (route.view === "run") return `#/run/${route.id}`;
  if (route.view === "compare") return `#/compare/${route.ids.join(",")}`;
  return "#/";
}

/** Anything that is no address of ours is the list. */
function readRoute(hash: string): Route {
  const [, view, name = ""] = /^#\/(run|compare)\/([a-z0-9_,-]+)$/.exec(hash) ?? [];
  if (view === "run") return { view, id: name };
  if (view === "compare") return { view, ids: [...new Set(name.split(",").filter(Boolean))] };
  return { view: "list" };
}

/** The route of now, and of whatever the address becomes. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return readRoute(hash);
}
