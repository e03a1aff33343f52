import { describe, expect, test } from "vitest";
import { failureLine, readWorkerLog } from "../../src/launch/worker-log.js";

/** What torchrun of torch 2.15 prints, from a training whose rank 1 raised (its paths are cut). */
const RAISED = `[rank1]: Traceback (most recent call last):
[rank1]:   File "/x/train.py", line 15, in <module>
[rank1]:     raise RuntimeError("the sky fell")
[rank1]:           ^^^^^^^^^^^^
[rank1]: RuntimeError: the sky fell
Traceback (most recent call last):
  File "/x/train.py", line 12, in <module>
    dist.all_reduce(t)
RuntimeError: [/g/pair.cc:561] Connection closed by peer [127.0.0.1]:19846. This is typically caused by a remote worker crashing.
W1125 02:49:36.690000 18206 /v/torch/distributed/elastic/multiprocessing/api.py:1028] Sending process 18227 closing signal SIGTERM
E1125 02:49:36.754000 18206 /v/torch/distributed/elastic/multiprocessing/api.py:1002] failed (exitcode: 1) local_rank: 1 (pid: 18228) of binary: python
Traceback (most recent call last):
  File "/v/torch/distributed/run.py", line 1142, in <module>
    main()
  File "/v/torch/distributed/launcher/api.py", line 386, in launch_agent
    raise ChildFailedError(
torch.distributed.elastic.multiprocessing.errors.ChildFailedError: 
============================================================
toyrt.train FAILED
------------------------------------------------------------
Failures:
[1]:
  time      : 2026-11-25_02:49:36
  host      : localhost
  rank      : 0 (local_rank: 0)
  exitcode  : -15 (pid: 18227)  (SIGTERM)
  error_file: <N/A>
  traceback : Signal 15 (SIGTERM) received by PID 18227
------------------------------------------------------------
Root Cause (first observed failure):
[0]:
  time      : 2026-11-25_02:49:36
  host      : localhost
  rank      : 1 (local_rank: 1)
  exitcode  : 1 (pid: 18228) 
  error_file: <N/A>
  traceback : To enable traceback see: https://pytorch.org/docs/stable/elastic/errors.html
============================================================`.split("\n");

describe("torchrun's own words are parted from the training's", () => {
  test("an error: the first failure's rank, and the error that is no echo", () => {
    const { lines, failure, stopped } = readWorkerLog(RAISED);
    expect(failure).toEqual({ rank: 1, signal: null, exitCode: 1 });
    expect(stopped).toBeNull();
    expect(lines).toEqual(RAISED.slice(0, 9));
    expect(failureLine(lines)).toBe("RuntimeError: the sky fell");
  });

  test("a signal", () => {
    const killed = RAISED.map((line) =>
      line.replace("exitcode  : 1 (pid: 18228) ", "exitcode  : -9 (pid: 18228)  (SIGKILL)"),
    );
    expect(readWorkerLog(killed).failure).toEqual({ rank: 1, signal: "SIGKILL", exitCode: null });
  });

  test("a signal that torchrun itself got", () => {
    const log = [
      "step 1",
      "W1125 02:50:27.000000 18794 /v/torch/distributed/elastic/agent/server/api.py:752] Received 2 death signal, shutting down workers",
      "Traceback (most recent call last):",
      '  File "/v/torch/distributed/run.py", line 1142, in <module>',
      "torch.distributed.elastic.multiprocessing.api.SignalException: Process 18794 got signal: 2",
    ];
    expect(readWorkerLog(log)).toEqual({ lines: ["step 1"], failure: null, stopped: 2 });
  });

  test("what comes after the table is kept, and a log without torchrun comes back as it is", () => {
    expect(readWorkerLog([...RAISED, "goodbye"]).lines.at(-1)).toBe("goodbye");
    const plain = ["Traceback (most recent call last):", "  File x", "ValueError: no", "bye"];
    expect(readWorkerLog(plain)).toEqual({ lines: plain, failure: null, stopped: null });
  });
});

describe("the line that says what failed", () => {
  test("of echoes alone, the last", () => {
    const echo = "RuntimeError: Connection reset by peer";
    expect(failureLine(["Traceback (most recent call last):", "  File x", echo])).toBe(echo);
  });
  test("without an error, the last line", () => {
    expect(failureLine(["one", "two: 2"])).toBe("two: 2");
    expect(failureLine([])).toBeNull();
  });
});
