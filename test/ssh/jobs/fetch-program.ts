import { createJobHost } from '../../../src/ssh/jobs/job-host'
import { createSsh } from '../../../src/ssh/create-ssh'
import type { Pod } from '../../../src/core/pods/pod'
import type { ResultFile } from '../../../src/core/queue/host/job-host'

/** What the program is given, as JSON. */
export interface FetchOrder {
  readonly home: string
  readonly hostKeyFile: string
  readonly unlockWorkerPath: string
  readonly pod: Pod
  readonly runId: string
  readonly file: ResultFile
  readonly folder: string
}

/* Fetches one result of a job and prints how many bytes of it are here. */
const order = JSON.parse(process.argv[2] ?? '') as FetchOrder
const ssh = createSsh({
  hostKeyFile: order.hostKeyFile,
  home: order.home,
  env: {},
  platform: process.platform,
  nowMs: () => Date.now(),
  isKnownProxy: () => false,
  chosenKeyFile: () => null,
  unlockWorkerPath: order.unlockWorkerPath,
  onProblem: (words) => console.error(words),
})
const { pod, runId, file, folder } = order
void createJobHost('a', ssh).fetchResult(pod, runId, file, folder, (bytes) => console.log(bytes))
