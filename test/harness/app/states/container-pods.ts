import type { PodProgress } from '../../../../src/core/logs/pod-progress'
import { MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import type { PodView } from '../../../../src/core/view/snapshot'
import { NOW_MS, podView } from '../../samples/pod-views'

/* Running pods whose container is not simply up: each is paid for. */

const started = (minutes: number, over: Partial<PodView>): PodView =>
  podView({
    hardware: '1 × RTX 4090',
    gpuCount: 1,
    gpuName: 'RTX 4090',
    costPerHourUsd: 0.69,
    costSinceStartUsd: (0.69 * minutes) / 60,
    createdAtMs: NOW_MS - minutes * MINUTE_MS,
    startedAtMs: NOW_MS - minutes * MINUTE_MS,
    gpus: [],
    utilPercent: null,
    cpuUtilPercent: null,
    memoryUtilPercent: null,
    uptimeS: null,
    sshRoute: null,
    activity: { kind: 'unknown', reason: 'starting', sinceMs: null },
    hasLogs: true,
    ...over,
  })

const pulling: PodProgress = {
  steps: { machine: 'done', image: 'now', container: 'next', ssh: 'next' },
  pull: { percent: 71, pulledLayers: 3, layers: 5 },
  problem: null,
  lines: [],
  logProblem: null,
}

const failedWords =
  'error creating container: image pull: example/trainer:nightly: manifest for example/trainer:nightly not found: manifest unknown'
const failed: PodProgress = {
  ...pulling,
  steps: { ...pulling.steps, image: 'failed' },
  pull: null,
  problem: { kind: 'pull-failed', words: failedWords },
  lines: [
    { atMs: NOW_MS - 40 * SECOND_MS, text: 'create container: still fetching image example/trainer:nightly' },
    { atMs: NOW_MS - 35 * SECOND_MS, text: failedWords },
  ],
}

export const containerPods: readonly PodView[] = [
  started(4, {
    id: 'starts',
    name: 'flux-lora',
    container: { kind: 'starting', sinceMs: NOW_MS - 4 * MINUTE_MS, isOverdue: false },
    progress: { ...pulling, pull: { percent: 22, pulledLayers: 1, layers: 5 } },
  }),
  started(20, {
    id: 'pulls',
    name: 'llama-70b-sft',
    container: { kind: 'starting', sinceMs: NOW_MS - 20 * MINUTE_MS, isOverdue: true },
    progress: pulling,
  }),
  started(2, {
    id: 'fails',
    name: 'nightly-train',
    container: { kind: 'starting', sinceMs: NOW_MS - 2 * MINUTE_MS, isOverdue: false },
    progress: failed,
  }),
  started(95, {
    id: 'died',
    name: 'comfy-scratch',
    container: { kind: 'died', why: 'restarts', sinceMs: NOW_MS - 6 * MINUTE_MS },
    activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: NOW_MS - 6 * MINUTE_MS },
  }),
  started(31, {
    id: 'unsure',
    name: 'whisper-batch',
    container: { kind: 'unknown' },
    activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: null },
  }),
  started(3, {
    id: 'bare',
    name: 'mcmc-planck',
    hardware: '0 × RTX 4090',
    gpuCount: 0,
    sshRoute: 'direct',
    cpuUtilPercent: 1,
    memoryUtilPercent: 2,
    uptimeS: 150,
    container: { kind: 'gpus-missing', gpus: 0, expected: 1 },
    activity: { kind: 'unknown', reason: 'booting', sinceMs: null },
  }),
]
