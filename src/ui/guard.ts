import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 403 | 405;
  readonly message: string;
}

/** Names of this machine that cannot be another's: a foreign name may point here (DNS rebinding). */
const OWN_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Lets in whoever knows the token, and nobody else. */
export class Guard {
  /** 256 random bits; in the URL that the command prints. */
  readonly token = randomBytes(32).toString("base64url");
  /** What the browser keeps in the token's place: it goes to other ports of this machine, too. */
  readonly #session = randomBytes(32).toString("base64url");
  #cookie = "fovea_ui";

  /** Pages on several ports of one machine share their cookies, but not the names of them. */
  set port(port: number) {
    this.#cookie = `fovea_ui_${port}`;
  }

  /** Value of `Set-Cookie`: scripts cannot read it, and no other site's requests carry it. */
  get cookie(): string {
    return `${this.#cookie}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** @returns `null` where the request may be answered */
  refusal(request: IncomingMessage, query: URLSearchParams): Refusal | null {
    if (!isOwnHost(request)) {
      return { status: 403, message: "this page is for localhost alone" };
    }
    if (!this.#isKnown(request, query)) {
      return {
        status: 403,
        message: "the token is missing or wrong: open the URL that `fovea ui` printed",
      };
    }
    if (request.method !== "GET") return { status: 405, message: "only GET is answered" };
    return null;
  }

  #isKnown({ headers }: IncomingMessage, query: URLSearchParams): boolean {
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (isEqual(query.get("token") ?? bearer, this.token)) return true;
    return !isForeignPage(headers) && isEqual(this.#sessionOf(headers.cookie), this.#session);
  }

  #sessionOf(cookies = ""): string | undefined {
    const start = `${this.#cookie}=`;
    const found = cookies.split(/; ?/).find((cookie) => cookie.startsWith(start));
    return found?.slice(start.length);
  }
}

/** Any port: the page may be reached through a tunnel. Two Host headers are none. */
function isOwnHost({ rawHeaders, headers }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host");
  const [, name = ""] = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(headers.host ?? "") ?? [];
  return hosts.length === 1 && OWN_NAMES.has(name.toLowerCase());
}

/** Browsers say who asks: pages of other ports count as the same site, and send the cookie along. */
function isForeignPage(headers: IncomingMessage["headers"]): boolean {
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return false;
  return headers["sec-fetch-mode"] !== "navigate";
}

/** In the same time whatever differs: digests are of one length. */
function isEqual(given: string | undefined, secret: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(secret));
}
