import type { DataImpact } from '../../../../src/core/pods/data-impact'
import type { IntentView } from '../../../../src/core/intents/intent-view'
import type { PodView } from '../../../../src/core/view/snapshot'
import { podKeyOf } from '../../../../src/core/pods/pod'
import type { PodHistory } from '../../../../src/core/polling/fleet'
import type { KeyedPodHistory } from '../../../../src/shared/ipc'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { noGuard } from '../../../../src/core/guard/guard-view'
import { guardViewWith, idleFor, NOW_MS, podView } from '../../samples/pod-views'

/* The pods of the crafted snapshots: one of each kind, with fixed times. */

const containerDisk: DataImpact = {
  impact: 'lost',
  storage: 'container-disk',
  sizeGb: 40,
  path: null,
  stoppedCostPerDayUsd: null,
}

/** The impact of a terminate and a stop on a pod's data. */
function data(kept: 'volume' | 'network' | 'nothing'): Pick<PodView, 'stopImpact' | 'terminateImpact'> {
  if (kept === 'nothing') return { stopImpact: [containerDisk], terminateImpact: [containerDisk] }
  const volume: DataImpact = {
    impact: 'kept',
    storage: kept === 'network' ? 'network-volume' : 'volume',
    sizeGb: kept === 'network' ? null : 100,
    path: '/workspace',
    stoppedCostPerDayUsd: kept === 'network' ? null : 0.67,
  }
  const terminated: DataImpact =
    kept === 'network' ? volume : { ...volume, impact: 'lost', stoppedCostPerDayUsd: null }
  return { stopImpact: [volume, containerDisk], terminateImpact: [terminated, containerDisk] }
}

function intent(podId: string, over: Partial<IntentView>): IntentView {
  return {
    id: `intent-${podId}`,
    podId,
    action: 'stop',
    phase: 'scheduled',
    origin: 'person',
    requester: 'person',
    waitsForGpu: false,
    nextTryAtMs: null,
    canWaitForGpu: false,
    undoUntilMs: null,
    message: null,
    atMs: NOW_MS - 2 * SECOND_MS,
    ...over,
  }
}

const gpus = (...percents: readonly (number | null)[]): PodView['gpus'] =>
  percents.map((utilPercent) => ({ utilPercent, memoryUtilPercent: utilPercent === null ? null : 71 }))

const busy = podView({
  id: 'busy',
  name: 'llama-70b-sft',
  gpus: gpus(93, 91, 94, 90),
  ...data('network'),
})
const idle = podView({
  id: 'idle',
  name: 'mcmc-planck',
  hardware: '1 × H200 SXM',
  gpuCount: 1,
  gpus: gpus(0),
  utilPercent: 0,
  costPerHourUsd: 3.99,
  costSinceStartUsd: 10.64,
  dataCenterId: 'EU-RO-1',
  startedAtMs: NOW_MS - 160 * MINUTE_MS,
  activity: idleFor(12),
  idleCostUsd: 0.8,
  ...data('volume'),
})
const idleLong = podView({
  id: 'idle-long',
  name: 'comfy-scratch',
  hardware: '1 × RTX 4090',
  gpuCount: 1,
  gpus: gpus(1),
  utilPercent: 1,
  costPerHourUsd: 0.69,
  costSinceStartUsd: 6.24,
  dataCenterId: 'US-TX-3',
  startedAtMs: NOW_MS - 9 * HOUR_MS,
  activity: idleFor(54),
  idleCostUsd: 0.62,
  ...data('nothing'),
})
const partly = podView({
  id: 'partly',
  name: 'voice-scratch-007',
  hardware: '8 × H100 SXM',
  gpuCount: 8,
  gpus: gpus(89, 2, 2, 1, 0, 1, null, 2),
  utilPercent: 89,
  costPerHourUsd: 21.52,
  costSinceStartUsd: 311.72,
  activity: {
    kind: 'busy',
    by: 'gpu',
    partlyIdle: { idleGpus: 7, gpus: 8, sinceMs: 0, idleForMs: 40 * MINUTE_MS },
  },
  ...data('network'),
})
const notRunning = {
  sshRoute: null,
  utilPercent: null,
  gpus: [],
  cpuUtilPercent: null,
  memoryUtilPercent: null,
  uptimeS: null,
  activity: { kind: 'unknown', reason: 'not-running', sinceMs: null },
} as const
const creating = podView({
  ...notRunning,
  id: 'creating',
  name: 'eval-sweep-b',
  phase: 'creating',
  rawStatus: 'PROVISIONING',
  hardware: '2 × A100 PCIe',
  costPerHourUsd: 2.78,
  createdAtMs: NOW_MS - 16 * MINUTE_MS,
  creating: { sinceMs: NOW_MS - 16 * MINUTE_MS, isAtLeast: false },
  startedAtMs: null,
  costSinceStartUsd: null,
  ...data('volume'),
})
const stopped = podView({
  ...notRunning,
  id: 'stopped',
  name: 'anomaly-v3',
  phase: 'stopped',
  rawStatus: 'EXITED',
  actions: ['start'],
  hardware: '1 × A100 SXM',
  costPerHourUsd: 0,
  stoppedDiskPerHourUsd: 0.028,
  costSinceStartUsd: null,
  startedAtMs: NOW_MS - 3 * DAY_MS,
  ...data('volume'),
})
const error = podView({
  ...notRunning,
  id: 'error',
  name: 'qwen-sft-019',
  phase: 'error',
  rawStatus: 'ERROR',
  statusReason: 'The image example/pytorch:2.9 was not found.',
  actions: ['start'],
  costPerHourUsd: 5.96,
  ...data('network'),
})
const unknown = podView({
  ...notRunning,
  id: 'unknown',
  name: 'odd-one',
  phase: 'unknown',
  rawStatus: 'HIBERNATING',
  actions: [],
  costPerHourUsd: null,
  costSinceStartUsd: null,
})
const unsure = podView({
  id: 'unsure',
  name: 'llama-render-013',
  gpus: [],
  utilPercent: null,
  activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: NOW_MS - 3 * MINUTE_MS },
  ...data('volume'),
})
const booting = podView({
  id: 'booting',
  name: 'sdxl-serve-4',
  startedAtMs: NOW_MS - 4 * MINUTE_MS,
  costSinceStartUsd: 0.72,
  gpus: gpus(0, 0, 0, 0),
  utilPercent: 0,
  activity: { kind: 'unknown', reason: 'booting', sinceMs: NOW_MS - 4 * MINUTE_MS },
  ...data('volume'),
})
const priceless = podView({
  id: 'priceless',
  name: 'free-for-all',
  costPerHourUsd: null,
  costSinceStartUsd: null,
})
const locked = podView({
  id: 'locked',
  name: 'production-do-not-touch',
  isLocked: true,
  actions: [],
  ...data('network'),
})
const cpuOnly = podView({
  id: 'cpu',
  name: 'sweeper',
  hardware: '8 vCPU',
  gpuCount: 0,
  gpus: [],
  utilPercent: 44,
  costPerHourUsd: 0.24,
  costSinceStartUsd: 1.1,
  ...data('volume'),
})
const clustered = (id: string): PodView =>
  podView({
    id,
    name: `rank-${id}`,
    clusterId: 'cluster0',
    actions: [],
    gpus: gpus(97, 96, 95, 97),
    ...data('network'),
  })
const longName = podView({
  id: 'long',
  name: 'protein-folding-ablation-without-templates-seed-17-retry-003',
  costPerHourUsd: 1.5,
  ...data('volume'),
})
const unbroken = podView({
  id: 'unbroken',
  name: 'W'.repeat(60),
  dataCenterId: 'X'.repeat(60),
  costPerHourUsd: 1.4,
})
const markup = podView({ id: 'markup', name: '<img src=x onerror="document.title=1">', costPerHourUsd: 1.3 })
/** The name as it would be if bidi overrides were not removed when names are parsed. */
const override = podView({ id: 'override', name: 'safe\u202Egpj.exe', costPerHourUsd: 1.2 })
const arabic = podView({ id: 'arabic', name: 'نموذج-اللغة (2)', costPerHourUsd: 1.1 })

/** The guard's status of a pod, one of each kind. */
const watched: PodView = {
  ...idleLong,
  id: 'watched',
  name: 'mcmc-planck',
  ...data('volume'),
  guard: guardViewWith({ kind: 'watching', dueAtMs: NOW_MS + 306 * MINUTE_MS }),
}
const planned: PodView = {
  ...watched,
  id: 'planned',
  name: 'sdxl-serve-4',
  activity: idleFor(356),
  idleCostUsd: 4.09,
  guard: guardViewWith({ kind: 'planned', cause: 'quiet', action: 'stop', atMs: NOW_MS + 4 * MINUTE_MS }),
}
const held: PodView = {
  ...idleLong,
  id: 'held',
  activity: idleFor(362),
  idleCostUsd: 4.16,
  guard: guardViewWith({
    kind: 'blocked',
    cause: 'quiet',
    conditions: ['data-survives'],
    text: 'Not stopped: no volume, stopping would lose the container disk.',
  }),
}
/** Nobody can carry the rule out: here no warning can be shown, and the guard in the second one takes over. */
const unable: PodView = {
  ...held,
  id: 'unable',
  ...data('volume'),
  guard: guardViewWith({
    kind: 'blocked',
    cause: 'quiet',
    conditions: [],
    text: 'Not stopped, since no warning could be shown to you.',
  }),
}
const handedOver: PodView = {
  ...unable,
  id: 'handed-over',
  name: 'flux-train',
  guard: guardViewWith({
    kind: 'blocked',
    cause: 'quiet',
    conditions: [],
    text: 'Not stopped, since no warning could be shown to you. The guard in the pod can stop it.',
  }),
}
const ending: PodView = {
  ...busy,
  id: 'ending',
  name: 'nightly-eval',
  guard: guardViewWith({
    kind: 'planned',
    cause: 'max-hours',
    action: 'terminate',
    atMs: NOW_MS + 25 * MINUTE_MS,
  }),
}
const kept: PodView = {
  ...idle,
  id: 'kept',
  name: 'whisper-batch',
  actions: ['stop', 'restart', 'terminate'],
  guard: {
    ...noGuard,
    keepOn: { sinceMs: NOW_MS - HOUR_MS, untilMs: NOW_MS + 19 * HOUR_MS - 5 * MINUTE_MS },
    heldStops: [
      { cause: 'quiet', dueAtMs: NOW_MS + 2 * HOUR_MS },
      { cause: 'max-hours', dueAtMs: NOW_MS - HOUR_MS },
    ],
  },
}
/** What is shown of a plan that moved, or that something holds long before its first warning. */
const missing = 'telemetry was missing for 9 min'
const movedDue: PodView = {
  ...watched,
  id: 'moved-due',
  name: 'rl-sweep-2',
  guard: guardViewWith({
    kind: 'watching',
    dueAtMs: NOW_MS + 306 * MINUTE_MS,
    cause: 'quiet',
    moved: { fromAtMs: NOW_MS + 297 * MINUTE_MS, why: missing },
  }),
}
const movedPlan: PodView = {
  ...planned,
  id: 'moved-plan',
  name: 'rl-sweep-3',
  guard: guardViewWith({
    kind: 'planned',
    cause: 'quiet',
    action: 'stop',
    atMs: NOW_MS + 24 * MINUTE_MS,
    moved: { fromAtMs: NOW_MS + 15 * MINUTE_MS, why: missing },
  }),
}
const heldEarly: PodView = {
  ...idleLong,
  id: 'held-early',
  name: 'scratch-7',
  guard: guardViewWith({
    kind: 'watching',
    dueAtMs: null,
    held: { cause: 'quiet', why: 'it has no volume and stopping would lose the container disk' },
  }),
}
const heldRule: PodView = {
  ...busy,
  id: 'held-rule',
  name: 'nightly-eval-2',
  isLocked: true,
  guard: guardViewWith({
    kind: 'watching',
    dueAtMs: null,
    held: { cause: 'max-hours', why: 'it is locked' },
  }),
}
const unticked: PodView = { ...idleLong, id: 'unticked', name: 'somebody-elses', ...data('volume') }

/** One pod of each kind. */
export const statePods = {
  busy,
  idle,
  idleLong,
  partly,
  creating,
  stopped,
  error,
  unknown,
  unsure,
  booting,
  priceless,
  locked,
  cpuOnly,
  clusterA: clustered('a'),
  clusterB: clustered('b'),
  longName,
  unbroken,
  markup,
  override,
  arabic,
  watched,
  planned,
  held,
  unable,
  handedOver,
  ending,
  kept,
  movedDue,
  movedPlan,
  heldEarly,
  heldRule,
  unticked,
  undoable: {
    ...idle,
    id: 'undoable',
    intent: intent('undoable', { undoUntilMs: NOW_MS + 4 * SECOND_MS }),
  },
  slow: {
    ...busy,
    id: 'slow',
    name: 'slow-to-stop',
    intent: intent('slow', { phase: 'sent', atMs: NOW_MS - 12 * SECOND_MS }),
  },
  failed: {
    ...stopped,
    id: 'failed',
    name: 'no-gpu-for-it',
    intent: intent('failed', {
      action: 'start',
      phase: 'failed',
      message: 'There are not enough free GPUs on the host machine to start this pod.',
    }),
  },
} as const satisfies Readonly<Record<string, PodView>>

/** A fictional last hour of each running pod: busy until it became idle. */
export function historiesOf(pods: readonly PodView[]): readonly KeyedPodHistory[] {
  return pods
    .filter(({ phase }) => phase === 'running')
    .map((pod) => ({ key: podKeyOf(pod.accountId, pod.id), podId: pod.id, points: pointsOf(pod) }))
}

/** The last six hours, or since the pod started. */
function pointsOf({ activity, utilPercent, startedAtMs }: PodView): PodHistory['points'] {
  const idleSinceMs = activity.kind === 'idle' ? activity.sinceMs : Number.POSITIVE_INFINITY
  return Array.from({ length: 121 }, (_, step) => ({ step, atMs: NOW_MS - (120 - step) * 3 * MINUTE_MS }))
    .filter(({ atMs }) => atMs >= (startedAtMs ?? 0))
    .map(({ step, atMs }) => {
      const isIdle = atMs >= idleSinceMs
      const wave = 88 + 7 * Math.sin(step / 1.7) + 4 * Math.sin(step * 2.3)
      return {
        atMs,
        isIdle,
        utilPercent: utilPercent === null ? null : isIdle ? utilPercent : Math.round(wave),
      }
    })
}
