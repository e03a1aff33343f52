import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as command from "../../src/cli/commands/ui.js";
import { readAssets } from "../../src/ui/assets.js";
import { servePage } from "../../src/ui/serve.js";
import { runCommand } from "../support/command.js";
import { startFovea, until } from "../support/harness.js";
import { request } from "../support/page-server.js";
import { writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const ui = (...words: string[]) => runCommand(command, ["ui", ...words]);

function home(): string {
  const folder = temporaryFolder();
  vi.stubEnv("FOVEA_HOME", folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return folder;
}

describe("fovea ui", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "prints one document, serves the page, and ends with 130 after %s",
    async (signal) => {
      const { id } = writeRun(home());
      const { child, ended } = startFovea(["ui", "--json", "--port", "0"]);
      let printed = "";
      child.stdout?.on("data", (bytes: Buffer) => {
        printed += bytes.toString();
      });
      const { url, port, pid } = await until(() => JSON.parse(printed));
      expect(pid).toBe(child.pid);
      expect(new URL(url)).toMatchObject({ hostname: "127.0.0.1", port: `${port}` });
      const headers = { Authorization: `Bearer ${new URL(url).searchParams.get("token")}` };
      const { body } = await request(port, "/api/runs", { headers });
      expect(JSON.parse(body).runs).toMatchObject([{ run: id }]);
      // A page that is open keeps nothing from ending.
      void request(port, "/api/changes", { headers }).catch(() => {});
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect(code).toBe(130);
      expect(JSON.parse(stdout)).toEqual({ url, port, pid });
      expect(stderr).toContain("Ctrl-C");
    },
  );

  test("a port that is taken: exit 2, which one, and what to do", async () => {
    home();
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => {
      other.close();
    });
    await until(() => other.listening);
    const { port } = other.address() as AddressInfo;
    const { exit, stdout, stderr } = await ui("--port", `${port}`, "--json");
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "FOV0160", value: port } });
    expect(stderr).toContain(`port ${port}`);
    expect(stderr).toContain("leave --port out");
  });

  test.each(["x", "-1", "65536", "1.5", "", "0x10"])("--port %j is no port", async (port) => {
    home();
    const { exit, stderr } = await ui(`--port=${port}`);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("--port")]);
  });

  test("without a port, two pages stand on two", async () => {
    const folder = home();
    const serveOne = () => servePage({ home: folder, onFailure: () => {} });
    const pages = [await serveOne(), await serveOne()];
    expect(new Set(pages.map(({ port }) => port)).size).toBe(2);
    expect(new Set(pages.map(({ url }) => new URL(url).search)).size).toBe(2);
    await Promise.all(pages.map((page) => page.close()));
  });

  test("a page that is not built is told, with what builds it", () => {
    const folder = join(temporaryFolder(), "client");
    expect(() => readAssets(folder)).toThrow(
      expect.objectContaining({
        code: "FOV0161",
        details: expect.objectContaining({ fix: expect.stringContaining("npm run build") }),
      }),
    );
  });
});
