import { expect, test } from "vitest";
import { createProgram } from "../../src/cli/main.js";

const names = async (name?: string) =>
  (await createProgram(name)).commands.map((command) => command.name());

test("only the command that is called is loaded", async () => {
  expect(await names("grid")).toEqual(["grid"]);
  expect((await names()).length).toBeGreaterThan(5);
});

test.each(["toString", "constructor", "__proto__", "nothing"])(
  "%s is no command, and loads all for the message",
  async (word) => {
    expect(await names(word)).toEqual(await names());
  },
);
