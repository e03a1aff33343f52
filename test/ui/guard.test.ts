import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { request, sendRaw, serve } from "../support/page-server.js";
import { writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const PATHS = ["/", "/index.html", "/api/runs", "/api/runs/demo-1", "/api/changes", "/nothing"];
const KEEP = { Connection: "close" };

describe("who is let in", () => {
  test.each(PATHS)("nobody without the token: %s", async (path) => {
    const { port, token } = await serve(temporaryFolder());
    const wrong = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    expect(await request(port, path)).toMatchObject({ status: 403 });
    for (const given of ["", wrong, `${token}x`, token.toLowerCase()]) {
      expect(await request(port, `${path}?token=${given}`)).toMatchObject({ status: 403 });
      const headers = { Authorization: `Bearer ${given}` };
      expect(await request(port, path, { headers })).toMatchObject({ status: 403 });
      expect(
        await request(port, path, { headers: { Cookie: `fovea_ui_${port}=${given}` } }),
      ).toMatchObject({
        status: 403,
      });
    }
  });

  test("the token by URL or header; afterwards the cookie that the page set", async () => {
    const { port, token } = await serve(temporaryFolder());
    const page = await request(port, `/?token=${token}`);
    expect(page).toMatchObject({ status: 200 });
    expect(page.body).toContain("<!doctype html>");
    expect(page.body).not.toContain(token);
    const [, cookie = ""] =
      /^set-cookie: ([^;]+); Path=\/; HttpOnly; SameSite=Strict$/im.exec(page.head) ?? [];
    expect(cookie).not.toContain(token);
    expect(cookie).toContain(`${port}`);
    const headers = { Cookie: `other=1; ${cookie}` };
    for (const path of ["/", "/api/runs"]) {
      expect(await request(port, path, { headers })).toMatchObject({ status: 200 });
    }
    const bearer = { Authorization: `Bearer ${token}` };
    expect(await request(port, "/api/runs", { headers: bearer })).toMatchObject({ status: 200 });
    // A page of another port is of the same site, and the browser sends it along.
    for (const site of ["same-site", "cross-site"]) {
      const foreign = { ...headers, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors" };
      expect(await request(port, "/api/runs", { headers: foreign })).toMatchObject({ status: 403 });
    }
  });

  test.each([
    ["evil.example", 403],
    ["evil.example:4747", 403],
    ["127.0.0.1.evil.example", 403],
    ["localhost.evil.example:80", 403],
    ["127.0.0.1@evil.example", 403],
    ["0.0.0.0:4747", 403],
    ["192.168.1.2", 403],
    ["", 403],
    ["localhost", 200],
    ["LOCALHOST:9999", 200],
    ["127.0.0.1:9999", 200],
    ["[::1]:9999", 200],
  ])("asked for as %j: %i", async (host, status) => {
    const { port, token } = await serve(temporaryFolder());
    const answer = await request(port, `/?token=${token}`, { headers: { Host: host, ...KEEP } });
    expect(answer.status).toBe(status);
  });

  test("without a Host header, or with two, nobody", async () => {
    const { port, token } = await serve(temporaryFolder());
    const old = await sendRaw(port, `GET /?token=${token} HTTP/1.0\r\n\r\n`);
    expect(old.status).toBe(403);
    const two = await sendRaw(
      port,
      `GET /?token=${token} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    );
    expect([400, 403]).toContain(two.status);
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"])(
    "%s is refused",
    async (method) => {
      const { port, token } = await serve(temporaryFolder());
      const answer = await request(port, `/api/runs?token=${token}`, { method });
      expect(answer.status).toBe(405);
      expect(answer.head).toMatch(/^allow: GET$/im);
      expect(await request(port, "/api/runs", { method })).toMatchObject({ status: 403 });
    },
  );

  test("every answer forbids what a page might be misused for", async () => {
    const { port, token } = await serve(temporaryFolder());
    for (const path of [...PATHS, ...PATHS.map((each) => `${each}?token=${token}`)]) {
      if (path.startsWith("/api/changes?")) continue;
      const { head } = await request(port, path);
      expect(head).toMatch(/^referrer-policy: no-referrer$/im);
      expect(head).toMatch(/^x-content-type-options: nosniff$/im);
      expect(head).toMatch(
        /^content-security-policy: default-src 'none'; .*frame-ancestors 'none'/im,
      );
      expect(head).not.toMatch(/^access-control-/im);
      expect(head).not.toMatch(/unsafe/i);
    }
  });
});

describe("nothing but runs and the page is read", () => {
  const SECRET = "this is nobody's business";
  const CLIMBS = [
    "/../secret.txt",
    "/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/%252e%252e/secret.txt",
    "/assets/../../secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/.../secret.txt",
    "//etc/passwd",
    "/etc/passwd",
    "/file:///etc/passwd",
    "/api/runs/..",
    "/api/runs/../secret.txt",
    "/api/runs/%2e%2e",
    "/api/runs/..%2f..%2fsecret.txt",
    "/api/runs/%2e%2e%2fsecret.txt/log",
    "/api/runs/../../runs/outside-1/log",
    "/api/runs/outside-1%00",
    "/api/runs/outside-1%2f..%2foutside-1",
    "/api/runs/outside-1/../outside-1/log",
    "/api/runs/outside-1\u0000/log",
    "/api/runs/.removed-outside-1",
    "/api/runs/OUTSIDE-1",
    "/api/runs/",
    "/api/runs//log",
    "/api/runs/outside-1/log/",
    "/api/runs/outside-1/stdout.log",
    "/api/runs/outside-1/log/../../../secret.txt",
    "/api/changes/../runs/..",
  ];

  test.each(CLIMBS)("%j", async (path) => {
    const outer = temporaryFolder();
    const home = join(outer, "home");
    writeFileSync(join(outer, "secret.txt"), SECRET);
    const { directory } = writeRun(home);
    writeFileSync(join(home, "secret.txt"), SECRET);
    writeFileSync(join(home, "runs", "secret.txt"), SECRET);
    writeFileSync(join(directory, "stdout.log"), "said\n");
    const { port, token } = await serve(home);
    const { status, body } = await request(port, `${path}?token=${token}`);
    expect([400, 404]).toContain(status);
    expect(body).not.toContain(SECRET);
    expect(body).not.toContain("root:");
  });

  test.each(["http://evil.example/api/runs", "evil.example:80", "*"])(
    "a request that names another place: %s",
    async (target) => {
      const { port, token } = await serve(temporaryFolder());
      const headers = { Authorization: `Bearer ${token}` };
      expect([400, 404]).toContain((await request(port, target, { headers })).status);
    },
  );

  test("a run of events is asked for by its id alone", async () => {
    const { port, token } = await serve(temporaryFolder());
    const { status } = await request(port, `/api/changes?run=..%2F..&token=${token}`);
    expect(status).toBe(404);
  });

  test("a log that leads elsewhere is none", async () => {
    const home = temporaryFolder();
    const { id, directory } = writeRun(home);
    const secret = join(temporaryFolder(), "secret.txt");
    writeFileSync(secret, SECRET);
    symlinkSync(secret, join(directory, "stdout.log"));
    writeFileSync(join(directory, "stderr.log"), "careful \u001b[31mred\n");
    const { port, token } = await serve(home);
    const { status, body } = await request(port, `/api/runs/${id}/log?token=${token}`);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ stdout: null, stderr: ["careful \\x1b[31mred"] });
  });
});
