/** What the editor refuses of peers; see mixers.test-d.ts. */
import { digits, experiment, type Network, type Peer, pelk, timm } from "fovea";

declare const model: string;

timm("swin_tiny_patch4_window7_224");
timm(model, {});
timm("resnet50.a1_in1k", { name: "resnet", classes: 10, dropPath: 0.1 });
timm("convnext_tiny", { input: { size: [64, 96] } });
timm("convnext_tiny", { input: { channels: 1, size: null } });
const peer: Peer = timm("convnext_tiny");
timm("convnext_tiny", { ...peer, dropPath: 0.2 });
experiment({ name: "a", network: peer, data: digits() });

// An experiment knows what it trains.
const trained: Peer = experiment({ name: "a", network: peer, data: digits() }).network;
const ours: Network = experiment({ name: "a", network: pelk("tiny"), data: digits() }).network;
void [trained, ours];
// @ts-expect-error
experiment({ name: "a", network: peer, data: digits() }).network.mixers;

// @ts-expect-error
timm();
// @ts-expect-error
timm(50);
// @ts-expect-error
timm("convnext_tiny", { pretrained: true });
// @ts-expect-error
timm("convnext_tiny", { classes: "10" });
// @ts-expect-error
timm("convnext_tiny", { head: { type: "classifier", classes: 10 } });
// @ts-expect-error
timm("convnext_tiny", { input: 224 });
// @ts-expect-error
timm("convnext_tiny", { input: { size: [1, 2, 3] } });
// @ts-expect-error
experiment({ name: "a", network: "convnext_tiny", data: digits() });
