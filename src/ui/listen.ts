import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { FoveaError } from "../ir/error.js";

/** Tried first where no port is named, so that a tunnel can be set up once. */
const USUAL_PORT = 4747;
const TRIES = 20;

/**
 * Listens on this machine's own address alone.
 *
 * @param port - 0 for any free one; without it the usual one or one of the next
 * @returns the port
 * @throws FoveaError FOV0160 where none can be had
 */
export async function listen(server: Server, port: number | undefined): Promise<number> {
  if (port !== undefined) return await listenOn(server, port);
  for (let tried = USUAL_PORT; tried < USUAL_PORT + TRIES; tried += 1) {
    try {
      return await listenOn(server, tried);
    } catch {
      // Taken, most likely by another page: the next one.
    }
  }
  return await listenOn(server, 0);
}

async function listenOn(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new FoveaError({
      code: "FOV0160",
      message: `the page cannot listen on port ${port}: ${WHY[code] ?? code}`,
      path: "--port",
      value: port,
      allowed: "a port that is free, from 1024 on; 0 for any",
      fix: "name another one, or leave --port out: then a free one is taken",
    });
  }
  return (server.address() as AddressInfo).port;
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there (EADDRINUSE)",
  EACCES: "the system keeps it for itself (EACCES)",
};
