import { execa } from "execa";
import { z } from "zod";
import { PeerCard } from "../ir/peer-card.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";
import { type Asked, lastDocument, peerMistake, pythonFailure } from "./peer-answer.js";

const Cards = z.object({ peers: z.array(PeerCard) });

/**
 * Counts models of timm: all trainable parameters, and the multiply-adds of one image as torch's
 * FlopCounterMode counts them, halved. Nothing is trained or downloaded; it takes seconds, most of
 * them for importing torch.
 *
 * @returns a card a peer, in their order
 * @throws FoveaError FOV0062 where timm has no such model or cannot build it so, FOV0060 where
 *   Python or timm is missing
 */
export async function countPeers(python: Python, asked: Asked): Promise<readonly PeerCard[]> {
  const { peers, size } = asked;
  if (peers.length === 0) return [];
  const words = peers.flatMap((peer) => ["--peer", JSON.stringify(peer)]);
  if (size !== undefined) words.push("--size", size.join("x"));
  const { stdout, stderr } = await execa(python.command, ["-m", "fovea_runtime.count", ...words], {
    env: pythonEnvironment(),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
  const document = lastDocument(stdout);
  const cards = Cards.safeParse(document);
  if (cards.success) return cards.data.peers;
  throw (
    peerMistake(document, asked) ??
    (await pythonFailure(python, "counting a model of timm", stderr ?? ""))
  );
}
