import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { ok } from '../../src/core/base/result'
import { type Pod, type PodId, podKeyOf } from '../../src/core/pods/pod'
import { createQueue, type Queue } from '../../src/core/queue/queue'
import { createQueuePods } from '../../src/core/monitor/queue-pods'
import { createFakeClock, START_MS } from '../../test/harness/base/fake-clock'
import { createFakePodHost } from '../../test/harness/queue/fake-pod-host'
import { jobSpec } from '../../test/harness/samples/job-spec'
import { createMonitorFixture } from '../../test/harness/monitor/monitor-fixture'
import { gpus, pod, stoppedPod, telemetry } from '../../test/harness/samples/pods'
import { failure } from '../../test/harness/monitor/scripted-provider'
import {
  createMemoryQueueJournal,
  memoryResultFiles,
  noPodSources,
} from '../../test/harness/queue/queue-fixture'
import { createSeededRandom, type SeededRandom } from '../seeded-random'

/** What became of the pods and jobs of one seed. */
export interface GuardedStory {
  readonly violations: readonly string[]
  /** Jobs that were started automatically. */
  readonly autoStarts: number
  readonly guardStops: number
  /** Pods that reached their maximum hours, most of them with a job. */
  readonly maxHourStops: number
}

const ACCOUNT = 'account-1'
const STEP_MS = 10 * SECOND_MS
const LENGTH_MS = 8 * HOUR_MS
const AUTO_STOP_MIN = 90
/** What a start needs by docs/product-rules.md#152-where-jobs-start. */
const QUIET_MS = 5 * MINUTE_MS
const STOP_SOON_MS = 30 * MINUTE_MS
const NOT_OBSERVED_MS = 5 * MINUTE_MS
/** Both warnings, and what polls, refusals and undo windows may take. */
const STOP_LATE_MS = 40 * MINUTE_MS

type Kind = 'idle' | 'phases' | 'locked' | 'lock-unknown' | 'cluster' | 'kept' | 'max-hours' | 'blind'
const kinds: readonly Kind[] = [
  'idle',
  'phases',
  'phases',
  'locked',
  'lock-unknown',
  'cluster',
  'kept',
  'max-hours',
  'max-hours',
  'blind',
]

/** A pod as it truly is. */
interface StoryPod {
  readonly id: PodId
  readonly kind: Kind
  /** When its owner's work is to begin and end, Unix ms, without that of jobs. */
  readonly work: readonly { readonly fromMs: number; readonly toMs: number }[]
  readonly maxHours: number | null
  startedAtMs: number
  isStopped: boolean
  keptUntilMs: number
  /** Since when none of its GPUs works, nor did. */
  restSinceMs: number
}

/**
 * The real guard over a simulated account, and a queue that starts jobs on its pods. Judged by what the pods truly do:
 * the guard stops no pod with a job except by its maximum hours, which no job holds, and no job starts automatically
 * where it may not.
 */
export async function runGuardedStory(seed: number, lengthMs = LENGTH_MS): Promise<GuardedStory> {
  const random = createSeededRandom(seed)
  const clock = createFakeClock()
  const violations: string[] = []
  const nowMs = (): number => clock.now().wallMs
  const host = createFakePodHost()
  const truePods = Array.from({ length: 6 }, (_, index) => writePod(`pod-${index + 1}`, random))
  const byId = new Map(truePods.map((one) => [one.id, one]))
  const outages = Array.from({ length: random.integer(0, 3) }, () => span(random, 60, 3_600))
  let listedAtMs = START_MS
  const counts = { autoStarts: 0, guardStops: 0, maxHourStops: 0 }

  const runsOnPod = (id: PodId): readonly string[] => {
    const alive = new Set(host.aliveRuns())
    return host.launches.flatMap(({ podId, launch }) =>
      podId === id && alive.has(launch.id) ? [launch.id] : [],
    )
  }
  const hasJob = (id: PodId): boolean => runsOnPod(id).length > 0
  const worksItself = ({ work, isStopped }: StoryPod): boolean =>
    !isStopped && work.some(({ fromMs, toMs }) => fromMs <= nowMs() && nowMs() < toMs)
  /** Every other job leaves the GPUs alone, so that nothing but the queue knows of it. */
  const usesGpus = (one: StoryPod): boolean =>
    worksItself(one) || runsOnPod(one.id).some((runId) => /[02468]-\d+$/.test(runId))

  function toPod(one: StoryPod): Pod {
    const { id, kind, startedAtMs, isStopped } = one
    const common = { id, name: id, startedAtMs }
    if (isStopped) return stoppedPod(common)
    // Replies without figures, most of them of one pod.
    const isBlind = random.bool(kind === 'blind' ? 0.7 : 0.02)
    return pod({
      ...common,
      isLocked: kind === 'locked' ? true : kind === 'lock-unknown' ? null : false,
      clusterId: kind === 'cluster' ? 'c' : null,
      telemetry: isBlind
        ? null
        : telemetry({
            gpus: gpus(usesGpus(one) ? 90 : 0),
            uptimeS: Math.floor((nowMs() - startedAtMs) / 1_000),
          }),
    })
  }

  let queue: Queue | null = null
  const fixture = createMonitorFixture({
    clock,
    settings: { autoStopAfterMin: AUTO_STOP_MIN },
    guard: {
      autoStop: 'all',
      pods: Object.fromEntries(
        truePods.flatMap(({ id, maxHours }) => (maxHours === null ? [] : [[id, { maxHours }]])),
      ),
    },
    jobs: {
      useOf: (podId) => queue?.useOf(podKeyOf(ACCOUNT, podId)) ?? { hasRunningJob: false },
      waitingJobNames: (podId) => queue?.waitingJobNames(podKeyOf(ACCOUNT, podId)) ?? [],
      maxHours: () => queue?.maxHours(ACCOUNT) ?? new Map(),
      stopAfterJob: (podId) => queue?.stopAfterJob(podKeyOf(ACCOUNT, podId)) ?? null,
    },
  })
  const { monitor, provider } = fixture
  const isOut = (): boolean => outages.some(({ fromMs, toMs }) => fromMs <= nowMs() && nowMs() < toMs)
  provider.listPods = async () => {
    if (isOut()) return failure('unreachable')
    listedAtMs = nowMs()
    return ok({ pods: truePods.map(toPod), isComplete: true })
  }
  provider.getPod = async (id) => {
    const one = byId.get(id)
    return isOut() || one === undefined ? failure('unreachable') : ok(toPod(one))
  }
  provider.act = async (id, action) => {
    const one = byId.get(id)
    if (isOut() || one === undefined) return failure('unreachable')
    if (action === 'stop') judgeStop(one)
    return ok(null)
  }

  const maxHoursAtMs = ({ startedAtMs, maxHours }: StoryPod): number =>
    maxHours === null ? Infinity : startedAtMs + maxHours * HOUR_MS

  function judgeStop(one: StoryPod): void {
    counts.guardStops += 1
    const isByMaxHours = nowMs() >= maxHoursAtMs(one) - MINUTE_MS
    if (isByMaxHours) counts.maxHourStops += 1
    else if (hasJob(one.id)) violations.push(`${one.id} was stopped with a job`)
    host.restart(one.id, true)
    host.setStopped(one.id, true)
    one.isStopped = true
  }

  /** A launch is judged when it arrives, at most a few seconds after it was decided. */
  function judgeStart(podId: PodId): void {
    const one = byId.get(podId)
    if (one === undefined) return
    counts.autoStarts += 1
    const forbid = (is: boolean, why: string): void => {
      if (is) violations.push(`a job started on ${podId} (${one.kind}), ${why}`)
    }
    forbid(['locked', 'lock-unknown', 'cluster'].includes(one.kind), 'which is never used')
    forbid(nowMs() < one.keptUntilMs, 'which is kept running')
    forbid(one.isStopped, 'which is stopped')
    forbid(nowMs() - listedAtMs > NOT_OBSERVED_MS, 'which was not observed')
    forbid(nowMs() - one.restSinceMs < QUIET_MS - STEP_MS, 'which had not been at rest for 5 min')
    forbid(maxHoursAtMs(one) - nowMs() < STOP_SOON_MS - MINUTE_MS, 'which is about to be stopped')
  }

  const queuePods = createQueuePods(() => [
    { accountId: ACCOUNT, monitor, isUnclear: false, addedAtMs: null, provider: null },
  ])
  const started = { count: 0 }
  let ids = 0
  queue = createQueue({
    clock,
    newId: () => `job-${(ids += 1)}`,
    journal: createMemoryQueueJournal(),
    hostOf: () => ({
      ...host,
      start(target, launch) {
        const job = queue?.requests.job(launch.id.replace(/-\d+$/, ''))
        if (job?.run?.startedBy === 'schedule') judgeStart(target.id)
        return host.start(target, launch)
      },
    }),
    secrets: { save: async () => ok(undefined), load: async () => ok({}), remove: () => {} },
    resultFiles: memoryResultFiles,
    decodeText: () => '',
    pods: () => queuePods.pods(),
    experiments: () => [],
    podSources: noPodSources,
    isGone: (key) => queuePods.isGone(key),
    refreshPod: (key) => queuePods.refreshPod(key),
    wantLook: () => {},
    costOf: () => null,
    stopPod: () => ok(undefined),
    announce: () => {},
    record: () => {},
    mayAct: () => true,
    readOnlyReason: () => null,
    readElsewhere: () => [],
    report: (what, cause) => violations.push(`${what}: ${String(cause)}`),
  })
  queue.start()
  queue.requests.setSchedule({ podKeys: [], accountIds: [ACCOUNT], isPaused: false })
  monitor.start()

  async function step(): Promise<void> {
    for (const one of truePods) if (worksItself(one) || hasJob(one.id)) one.restSinceMs = nowMs() + STEP_MS
    host.advance(STEP_MS)
    await clock.advanceAsync(STEP_MS)
    for (const one of truePods) {
      const lateMs = nowMs() - maxHoursAtMs(one)
      const mayStop = !['locked', 'lock-unknown', 'cluster'].includes(one.kind) && nowMs() >= one.keptUntilMs
      if (lateMs > STOP_LATE_MS && !one.isStopped && mayStop && outages.length === 0) {
        violations.push(`${one.id} runs ${Math.round(lateMs / MINUTE_MS)} min longer than its maximum hours`)
        one.keptUntilMs = Infinity
      }
    }
  }

  async function disturb(): Promise<void> {
    const one = random.pick(truePods as [StoryPod, ...StoryPod[]])
    const choice = random.integer(0, 9)
    if (choice <= 5 && started.count < 40) {
      started.count += 1
      await queue?.requests.addJob(
        jobSpec({
          command: `${random.integer(60, 7_200)} ${random.pick([0, 0, 1])}`,
          retries: random.integer(0, 1),
        }),
        {},
        { isHeld: false, isFromCommandLine: false },
      )
    } else if (choice === 6 && one.isStopped) {
      Object.assign(one, { isStopped: false, startedAtMs: nowMs(), restSinceMs: nowMs() })
      host.setStopped(one.id, false)
    } else if (choice === 7 && one.kind === 'kept' && nowMs() >= one.keptUntilMs) {
      if (monitor.keepOn(one.id, '1-hour').ok) one.keptUntilMs = nowMs() + HOUR_MS
    } else if (choice === 8)
      await queue?.requests.runJob(`job-${random.integer(1, ids + 1)}`, podKeyOf(ACCOUNT, one.id))
  }

  for (let leftMs = lengthMs; leftMs > 0; leftMs -= STEP_MS) {
    if (random.bool(0.02)) await disturb()
    await step()
  }
  queue.dispose()
  monitor.dispose()
  return { violations: [...new Set(violations)], ...counts }
}

function span(
  random: SeededRandom,
  fromS: number,
  toS: number,
): { readonly fromMs: number; readonly toMs: number } {
  const fromMs = START_MS + random.integer(0, LENGTH_MS)
  return { fromMs, toMs: fromMs + random.integer(fromS, toS) * SECOND_MS }
}

function writePod(id: PodId, random: SeededRandom): StoryPod {
  const kind = random.pick(kinds as [Kind, ...Kind[]])
  const hasWork = kind === 'phases' || random.bool(0.3)
  const startedAtMs = START_MS - random.integer(0, 60) * MINUTE_MS
  return {
    id,
    kind,
    work: hasWork ? Array.from({ length: random.integer(1, 12) }, () => span(random, 30, 5_400)) : [],
    maxHours: kind === 'max-hours' ? random.integer(2, 6) : null,
    startedAtMs,
    isStopped: false,
    keptUntilMs: -Infinity,
    restSinceMs: startedAtMs,
  }
}
