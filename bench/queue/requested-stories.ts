import { fail } from '../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { parsePodKey, type PodKey, podKeyOf } from '../../src/core/pods/pod'
import type { ScheduleRules } from '../../src/core/queue/jobs/job-codec'
import { createFakeClock } from '../../test/harness/base/fake-clock'
import { createFakePodHost } from '../../test/harness/queue/fake-pod-host'
import { jobSpec } from '../../test/harness/samples/job-spec'
import { ACCOUNT } from '../../test/harness/queue/queue-fixture'
import { createSeededRandom, type SeededRandom } from '../seeded-random'
import { createKillableQueue } from './killable-queue'
import { createPodService, MAX_USD, OFF } from './pod-service'
import { isDone } from '../../src/core/queue/jobs/job-phase'

/** What became of the pods that one queue asked for. */
export interface RequestedStory {
  readonly violations: readonly string[]
  readonly creates: number
  readonly podStarts: number
  readonly podStops: number
  readonly acceptedKeys: number
  readonly kills: number
}

const STEPS = 80
/** Long enough for every pod to be stopped that was requested for a job of which nothing came. */
const OWNED_MS = 2 * HOUR_MS
/** Long enough for all jobs and retries on one pod. */
const CALM_STEPS = 2_000
const PRESET = 'h100'
const allowed: ScheduleRules = {
  podKeys: [],
  accountIds: [ACCOUNT],
  isPaused: false,
  starts: [{ podKey: OFF, maxPerHourUsd: MAX_USD, acceptsNewKey: true }],
  creates: [
    {
      accountId: ACCOUNT,
      presetName: PRESET,
      digest: 'a'.repeat(64),
      maxPerHourUsd: MAX_USD,
      acceptsNewKey: true,
    },
  ],
}
/** The same, and a person has to accept each host key. */
const withoutKeys: ScheduleRules = {
  ...allowed,
  starts: [{ podKey: OFF, maxPerHourUsd: MAX_USD }],
  creates: [],
}

/**
 * One queue that may start a pod and create others, of a program that is killed before and after everything that it
 * writes down or requests. Judged by what arrives: one pod at a time, nothing at a price that is higher, unknown or not
 * allowed, and one host key at most after each start that was requested, and none after others. No pod is stopped under a
 * job, or after a start that was not requested; and each that runs in the end has maximum hours or was alerted.
 */
export async function runRequestedStory(seed: number): Promise<RequestedStory> {
  const world = createWorld(createSeededRandom(seed))
  for (let step = 0; step < STEPS; step += 1) {
    await world.disturb()
    await world.pass(world.randomMs())
  }
  world.calmDown()
  for (let step = 0; step < CALM_STEPS && !world.isOver(); step += 1) {
    await world.release()
    await world.pass(2 * MINUTE_MS)
  }
  await world.pass(OWNED_MS)
  return world.judge()
}

function createWorld(random: SeededRandom) {
  const clock = createFakeClock()
  const host = createFakePodHost({ trustsKey: (...args) => service.trustsKey(...args) })
  const violations = new Set<string>()
  const announced = new Set<PodKey>()
  let isChaos = true
  const service = createPodService({
    random,
    host,
    nowMs: () => clock.now().wallMs,
    rules: () => program.queue()?.view().rules ?? null,
    onViolation: (what) => void violations.add(what),
  })

  const program = createKillableQueue({
    clock,
    host,
    idPrefix: 'id',
    parts: (survives) => ({
      pods: () => service.pods(),
      podSources: service.sourcesOf(survives),
      isGone: () => false,
      refreshPod: async () => !isChaos || random.bool(0.8),
      announce: (accountId, { key: { kind, podId } }) =>
        void (kind === 'job-pod' && podId !== null && announced.add(podKeyOf(accountId, podId))),
      stopPod: (key) => (survives() ? service.stopPod(key) : fail('the program was killed')),
    }),
  })

  function revive(): void {
    const isFirst = program.queue() === null
    program.revive()
    if (isFirst) requests()?.setSchedule(allowed)
  }

  const requests = () => program.queue()?.requests
  const jobs = () => program.queue()?.view().jobs ?? []

  return {
    randomMs: () => random.integer(1, 20) * MINUTE_MS,
    async disturb() {
      revive()
      const choice = random.integer(0, 9)
      const job = jobs()[random.integer(0, 3)]
      if (choice <= 2)
        await requests()?.addJob(
          jobSpec({
            command: `${random.integer(30, 4_500)} ${random.pick([0, 0, 1])}`,
            retries: random.integer(0, 2),
          }),
          {},
          { isHeld: false, isFromCommandLine: false },
        )
      else if (choice <= 4) program.killAfter(() => random.integer(1, 8))
      else if (choice === 5) service.changePrice()
      else if (choice === 6)
        requests()?.setSchedule(
          random.pick([
            allowed,
            allowed,
            withoutKeys,
            { ...allowed, isPaused: true },
            { ...allowed, accountIds: [] },
          ]),
        )
      else if (choice === 7 && job !== undefined)
        await requests()?.changeJob(job.id, random.pick(['hold', 'release', 'cancel', 'retry', 'remove']))
      else if (choice === 8) requests()?.skipStart(random.pick([OFF, podKeyOf(ACCOUNT, '')]))
      else if (random.bool(0.5)) service.stopSomePods()
      else service.restartSomePods()
    },
    async pass(ms: number) {
      for (let leftMs = ms; leftMs > 0; leftMs -= 15 * SECOND_MS) {
        service.answerSomeCreates()
        host.advance(15 * SECOND_MS)
        await clock.advanceAsync(15 * SECOND_MS)
        const alive = host.aliveRuns().map((runId) => runId.replace(/-\d+$/, ''))
        if (new Set(alive).size < alive.length) violations.add('two runs of a job at once')
      }
    },
    calmDown() {
      revive()
      program.spare()
      isChaos = false
      service.calmDown()
      requests()?.setSchedule(allowed)
    },
    async release() {
      revive()
      for (const { id, state } of jobs()) if (state === 'held') await requests()?.changeJob(id, 'release')
    },
    isOver: () => jobs().every(({ state }) => ['passed', 'failed', 'canceled'].includes(state)),
    judge(): RequestedStory {
      for (const record of program.records())
        if (record.kind === 'job' && !isDone(record.job))
          violations.add(`${record.id} never ended: ${record.job.phase}, ${record.job.message}`)
      for (const key of service.requestedPods())
        if (program.queue()?.maxHours(ACCOUNT).has(parsePodKey(key).podId) !== true && !announced.has(key))
          violations.add(`${key} runs, and nothing stops it`)
      program.queue()?.dispose()
      return { violations: [...violations], ...service.counts, kills: program.kills() }
    },
  }
}
