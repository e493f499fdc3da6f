import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { noGuard } from '../../src/core/guard/guard-view'
import { podKeyOf } from '../../src/core/pods/pod'
import type { QueuePod } from '../../src/core/queue/schedule/schedule'
import { createFakeClock } from '../../test/harness/base/fake-clock'
import { createFakePodHost, type HostFault } from '../../test/harness/queue/fake-pod-host'
import { idleActivity, pod, stoppedPod } from '../../test/harness/samples/pods'
import { jobSpec } from '../../test/harness/samples/job-spec'
import { ACCOUNT, noPodSources, queuePod } from '../../test/harness/queue/queue-fixture'
import { createKillableQueue } from './killable-queue'
import { createSeededRandom, type SeededRandom } from '../seeded-random'
import { isActive, MAX_JOBS } from '../../src/core/queue/jobs/job-phase'

/** What became of one life of a queue. */
export interface QueueStory {
  readonly violations: readonly string[]
  readonly starts: number
  readonly kills: number
  readonly jobs: number
}

const STEPS = 60
/** Long enough for every job, retry and reading. */
const CALM_STEPS = 220
/** Nothing may be started automatically on these. */
const forbiddenPods: readonly (Partial<QueuePod> & { readonly id: string })[] = [
  { id: 'busy', activity: { kind: 'busy', by: 'gpu', partlyIdle: null } },
  { id: 'unknown', activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: null } },
  { id: 'restless', activity: idleActivity({ quietForMs: 0 }) },
  { id: 'unobserved', isObserved: false },
  { id: 'elsewhere', isShownElsewhere: true },
  { id: 'kept', guard: { ...noGuard, keepOn: { sinceMs: 0, untilMs: null } } },
  { id: 'locked', pod: pod({ id: 'locked', isLocked: true }) },
  { id: 'lock-unknown', pod: pod({ id: 'lock-unknown', isLocked: null }) },
  { id: 'cluster', pod: pod({ id: 'cluster', clusterId: 'c' }) },
  { id: 'acting', hasOpenAction: true },
  {
    id: 'stops-soon',
    guard: { ...noGuard, autoStop: { kind: 'planned', cause: 'max-hours', action: 'stop', atMs: 0 } },
  },
]

/**
 * Jobs on three pods, with a program that is killed anywhere, requests that are dropped, repeated and late, pods that
 * restart, stop and vanish, clocks that are set and a disk that is full; and then a calm time in which every end has to
 * be seen.
 */
export async function runQueueStory(seed: number): Promise<QueueStory> {
  const random = createSeededRandom(seed)
  const world = createWorld(random)
  for (let step = 0; step < STEPS; step += 1) {
    await world.disturb()
    await world.pass(random.pick([5, 20, 60, 200]) * SECOND_MS)
  }
  world.calmDown()
  for (let step = 0; step < CALM_STEPS; step += 1) {
    world.releaseHeld()
    await world.pass(MINUTE_MS)
  }
  return world.judge()
}

function createWorld(random: SeededRandom) {
  const clock = createFakeClock()
  const violations: string[] = []
  const added = new Set<string>()
  const restartedAtMs = new Map<string, number>()
  const stopped = new Set<string>()
  const gone = new Set<string>()
  let isChaos = true
  let isDiskFull = false
  /** It isn't known since when `d` runs. */
  const names = ['a', 'b', 'c', 'd']

  const fault = (): HostFault =>
    !isChaos || random.bool(0.6)
      ? { kind: 'none' }
      : random.pick<HostFault>([
          { kind: 'refused' },
          { kind: 'lost-request' },
          { kind: 'lost-reply' },
          { kind: 'late', afterMs: random.integer(1, 1_200) * SECOND_MS },
        ])
  const host = createFakePodHost({
    fault,
    isInterrupted: () => isChaos && random.bool(0.1),
    latency: () => new Promise((resolve) => void clock.schedule(random.integer(0, 8) * SECOND_MS, resolve)),
  })

  const quietPod = (id: string): QueuePod => {
    const startedAtMs = id === 'd' ? null : (restartedAtMs.get(id) ?? 1_000)
    const isStopped = stopped.has(id)
    return queuePod({ id, pod: isStopped ? stoppedPod({ id, startedAtMs }) : pod({ id, startedAtMs }) })
  }
  const pods = (): readonly QueuePod[] => [
    ...names.filter((id) => !gone.has(id)).map(quietPod),
    ...forbiddenPods.map(({ id, ...given }) => queuePod({ pod: pod({ id }), ...given, id })),
  ]

  const program = createKillableQueue({
    clock,
    host,
    idPrefix: 'job',
    parts: () => ({
      pods,
      podSources: noPodSources,
      isGone: (key) => gone.has(key.slice(key.indexOf('/') + 1)),
      refreshPod: async () => !isChaos || random.bool(0.8),
    }),
    isDiskFull: () => isDiskFull,
    onUnreadable: (line) => void violations.push(`a line that can't be read: ${line}`),
  })
  const requests = () => program.queue()?.requests

  /** Two runs of one job must never be alive at once. */
  function check(): void {
    const jobs = host.aliveRuns().map((runId) => runId.replace(/-\d+$/, ''))
    if (new Set(jobs).size < jobs.length)
      violations.push(`two runs of a job at once: ${host.aliveRuns().join(', ')}`)
    const wrong = host.launches.filter(({ podId }) => !names.includes(podId))
    if (wrong.length > 0) violations.push(`started on ${wrong[0]?.podId}`)
  }

  async function add(): Promise<void> {
    const dependsOn = added.size > 0 && random.bool(0.2) ? [random.pick([...added] as [string])] : []
    const result = await requests()?.addJob(
      jobSpec({
        command: `${random.integer(5, 900)} ${random.pick([0, 0, 1])}`,
        retries: random.integer(0, 2),
        priority: random.pick(['critical', 'high', 'normal', 'low']),
        afterSuccess: random.pick(['keep', 'next']),
        dependsOn,
      }),
      {},
      { isHeld: false, isFromCommandLine: false },
    )
    if (result?.ok === true) added.add(result.value)
  }

  program.revive()
  const setRules = (): void =>
    void requests()?.setSchedule({ podKeys: [], accountIds: [ACCOUNT], isPaused: false })
  setRules()

  return {
    async disturb() {
      program.revive()
      const id = random.pick(['a', 'b', 'd'])
      const choice = random.integer(0, 13)
      if (choice <= 3) await add()
      else if (choice === 4) program.killAfter(() => random.integer(1, 12))
      else if (choice === 5 && !stopped.has(id)) {
        host.restart(id, random.bool(0.7))
        restartedAtMs.set(id, clock.now().wallMs)
      } else if (choice === 6) {
        // What runs in a container ends with it.
        if (!stopped.has(id)) host.restart(id, true)
        stopped.add(id)
        host.setStopped(id, true)
      } else if (choice === 7 && stopped.delete(id)) {
        restartedAtMs.set(id, clock.now().wallMs)
        host.setStopped(id, false)
      } else if (choice === 8) isDiskFull = !isDiskFull
      else if (choice === 9) host.setDiskFull(id, random.bool(0.5))
      else if (choice === 10) clock.shiftWallClock(random.integer(-7_200, 7_200) * SECOND_MS)
      else if (choice === 11 && random.bool(0.1)) vanish('c')
      else if (added.size > 0) await request(random.pick([...added] as [string]))
    },
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 5 * SECOND_MS) {
        host.advance(Math.min(left, 5 * SECOND_MS))
        await clock.advanceAsync(Math.min(left, 5 * SECOND_MS))
        check()
        program.revive()
      }
    },
    calmDown() {
      isChaos = false
      isDiskFull = false
      for (const id of names) host.setDiskFull(id, false)
      for (const id of stopped) {
        restartedAtMs.set(id, clock.now().wallMs)
        host.setStopped(id, false)
      }
      stopped.clear()
      program.spare()
      program.killAfter(() => 0)
      program.revive()
      setRules()
    },
    releaseHeld() {
      for (const { id, state } of program.queue()?.view().jobs ?? [])
        if (state === 'held') void requests()?.changeJob(id, 'release')
    },
    judge(): QueueStory {
      const jobs = [
        ...(program.queue()?.view().jobs ?? []),
        ...(program.queue()?.doneJobs('', MAX_JOBS).jobs ?? []),
      ]
      const byId = new Map(jobs.map((job) => [job.id, job]))
      for (const id of added) {
        const job = byId.get(id)
        if (job === undefined) violations.push(`${id} is lost`)
        else if (!['passed', 'failed', 'canceled', 'blocked'].includes(job.state))
          violations.push(`${id} is still ${job.state}: ${job.statusText}`)
      }
      for (const runId of host.startedRuns())
        if (host.starts(runId) !== 1) violations.push(`${runId} was started ${host.starts(runId)} times`)
      for (const record of program.records()) {
        if (record.kind !== 'job' || record.job.phase !== 'passed' || record.job.run === null) continue
        if (host.exitCodeOf(record.job.run.id) !== 0)
          violations.push(`${record.id} passed, and its command did not`)
      }
      if (program.records().some((record) => record.kind === 'job' && isActive(record.job)))
        violations.push('a job is still active')
      program.queue()?.dispose()
      return { violations, starts: host.startedRuns().length, kills: program.kills(), jobs: added.size }
    },
  }

  function vanish(id: string): void {
    host.restart(id, false)
    gone.add(id)
  }

  async function request(jobId: string): Promise<void> {
    if (random.bool(0.3))
      await requests()?.runJob(jobId, podKeyOf(ACCOUNT, random.pick(['a', 'b', 'c', 'd'])))
    else await requests()?.changeJob(jobId, random.pick(['cancel', 'retry', 'hold', 'release']))
  }
}
