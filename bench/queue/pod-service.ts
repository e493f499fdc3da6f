import { fail, ok } from '../../src/core/base/result'
import { MINUTE_MS } from '../../src/core/base/time/time'
import { parsePodKey, type Pod, type PodId, podKeyOf, type PodKey } from '../../src/core/pods/pod'
import type { HostKeyAcceptance } from '../../src/core/terminal/seen-host-key'
import type { ScheduleRules } from '../../src/core/queue/jobs/job-codec'
import type { CreateState, PodSources } from '../../src/core/queue/queue-ports'
import type { QueuePod } from '../../src/core/queue/schedule/schedule'
import { gpus, idleActivity, pod, stoppedPod, telemetry } from '../../test/harness/samples/pods'
import type { FakePodHost } from '../../test/harness/queue/fake-pod-host'
import { ACCOUNT, queuePod } from '../../test/harness/queue/queue-fixture'
import type { SeededRandom } from '../seeded-random'

/** The most that a person allowed, USD per hour. */
export const MAX_USD = 3
/** The pod that is stopped and may be started. */
export const OFF = podKeyOf(ACCOUNT, 'off')
const AGAIN_MS = 30 * MINUTE_MS
const FAR_TOO_DEAR_USD = 9

/** A create as its journal and the service have it. `unclear`: it may have made a pod. */
interface TrueCreate {
  state: 'written' | 'made' | 'failed' | 'unclear'
  podId: PodId | null
}

/** A pod as it truly is. */
interface QueuePodTruth {
  isStopped: boolean
  startedAtMs: number
  readonly createdAtMs: number
  readonly usd: number
  /** The queue requested its present start. */
  isRequested: boolean
  /** The host key that was accepted since. */
  acceptedKey: string | null
}

interface PodServiceOptions {
  readonly random: SeededRandom
  readonly host: FakePodHost
  readonly nowMs: () => number
  /** What the queue may do when it requests something. */
  readonly rules: () => ScheduleRules | null
  /** Called with what it may never do. */
  readonly onViolation: (what: string) => void
}

/** A service that starts and creates pods, as late and as badly as it can, and judges each request. */
export function createPodService({ random, host, nowMs, rules, onViolation }: PodServiceOptions) {
  const creates = new Map<string, TrueCreate>()
  const truePods = new Map<PodId, QueuePodTruth>()
  truePods.set('off', {
    isStopped: true,
    startedAtMs: 1_000,
    createdAtMs: 1_000,
    usd: 2,
    isRequested: false,
    acceptedKey: null,
  })
  const counts = { creates: 0, podStarts: 0, podStops: 0, acceptedKeys: 0 }
  let isChaos = true
  /** What it says that a pod costs; null: nothing. */
  let usd: number | null = 2
  let startedOffAtMs = -Infinity

  const forbid = (is: boolean, what: string): void => {
    if (is) onViolation(what)
  }

  function runPod(id: PodId, perHourUsd: number, isRequested: boolean): void {
    const createdAtMs = truePods.get(id)?.createdAtMs ?? nowMs()
    truePods.set(id, {
      isStopped: false,
      startedAtMs: nowMs(),
      createdAtMs,
      usd: perHourUsd,
      isRequested,
      acceptedKey: null,
    })
    host.setStopped(id, false)
  }

  function stop(id: PodId, one: QueuePodTruth): void {
    one.isStopped = true
    host.restart(id, true)
    host.setStopped(id, true)
  }

  const mayMakePod = ({ state, podId }: TrueCreate): boolean =>
    state === 'written' || state === 'unclear' || truePods.get(podId ?? '')?.isStopped === false

  function judge(what: string, readUsd: number): void {
    const now = rules()
    forbid(readUsd > MAX_USD, `${what} at ${readUsd}`)
    forbid(now?.isPaused !== false || now.accountIds.length === 0, `${what} while that is off`)
  }

  /** What becomes of a create, however late. */
  function answer(create: TrueCreate): void {
    const choice = create.state === 'unclear' ? random.integer(0, 9) : random.integer(0, 3)
    if (choice === 0) create.state = 'failed'
    else if (choice === 1) {
      create.state = 'made'
      create.podId = `new-${creates.size}`
      runPod(create.podId, random.pick([2, 2, MAX_USD, FAR_TOO_DEAR_USD]), true)
    } else if (choice === 2) create.state = 'unclear'
  }

  return {
    counts,
    pods(): readonly QueuePod[] {
      return [...truePods].map(([id, { isStopped, startedAtMs, createdAtMs, usd: costPerHourUsd }]) => {
        if (isStopped)
          return queuePod({
            id,
            pod: stoppedPod({ id, startedAtMs }),
            activity: {
              kind: 'unknown',
              reason: 'not-running',
              sinceMs: null,
            },
          })
        const ageMs = nowMs() - startedAtMs
        const isBlind = isChaos && random.bool(0.1)
        const figures = isBlind ? null : telemetry({ gpus: gpus(ageMs < 3 * MINUTE_MS ? 90 : 0) })
        return queuePod({
          id,
          pod: pod({ id, startedAtMs, createdAtMs, costPerHourUsd, telemetry: figures }),
          activity:
            ageMs < 10 * MINUTE_MS
              ? { kind: 'unknown', reason: 'booting', sinceMs: null }
              : idleActivity({ quietForMs: ageMs - 5 * MINUTE_MS }),
        })
      })
    },
    /** `survives`: counts a step of the program, and says whether it lives on. */
    sourcesOf(survives: () => boolean): PodSources {
      const readUsd = () => (usd === null ? fail('No price is known.') : ok(usd))
      return {
        createProblem: () => null,
        keyOutlook: () => 'may-change',
        readStartPrice: async () => readUsd(),
        startPod(key) {
          if (!survives()) return fail('the program was killed')
          const off = truePods.get(parsePodKey(key).podId)
          judge('a pod was started', usd ?? Infinity)
          forbid(off?.isStopped !== true, 'a pod was started that runs')
          forbid(nowMs() - startedOffAtMs < AGAIN_MS, 'a pod was started again too early')
          startedOffAtMs = nowMs()
          counts.podStarts += 1
          if (off !== undefined && random.bool(0.7)) runPod('off', off.usd, true)
          return survives() ? ok(undefined) : fail('the program was killed')
        },
        async planPod() {
          const price = readUsd()
          if (!price.ok) return price
          return ok({
            perHourUsd: price.value,
            create(requestId: string) {
              if (!survives()) return fail('the program was killed')
              judge('a pod was created', price.value)
              forbid(creates.has(requestId), 'a request made two creates')
              forbid([...creates.values()].some(mayMakePod), 'a pod was created beside another one')
              creates.set(requestId, { state: 'written', podId: null })
              counts.creates += 1
              return survives() ? ok(undefined) : fail('the program was killed')
            },
          })
        },
        cancelRequest(_accountId, requestId) {
          const create = creates.get(requestId)
          if (create?.state === 'written' && random.bool(0.5)) create.state = 'failed'
        },
        createState(_accountId, requestId): CreateState {
          const create = creates.get(requestId)
          if (create === undefined) return { kind: 'missing' }
          if (create.podId !== null) return { kind: 'pod', podKey: podKeyOf(ACCOUNT, create.podId) }
          if (create.state === 'written') return { kind: 'under-way' }
          return {
            kind: create.state === 'unclear' ? 'unclear' : 'failed',
            message: 'It was not made.',
          }
        },
      }
    },
    /** What runs there is ended by it, so nothing may run, and only a start that was requested may be ended. */
    stopPod(key: PodKey) {
      const { podId } = parsePodKey(key)
      const one = truePods.get(podId)
      if (one === undefined || one.isStopped) return fail('it is stopped')
      const isAlive = (runId: string): boolean =>
        host.launches.some(({ podId: on, launch }) => on === podId && launch.id === runId)
      forbid(host.aliveRuns().some(isAlive), 'a pod was stopped under a job')
      forbid(!one.isRequested, 'a pod was stopped after a start that was not requested')
      counts.podStops += 1
      if (random.bool(0.2)) return fail('it was refused')
      if (random.bool(0.8)) stop(podId, one)
      return ok(undefined)
    },
    /** The pods that run since a start that the queue requested. */
    requestedPods: (): readonly PodKey[] =>
      [...truePods].flatMap(([id, { isStopped, isRequested }]) =>
        isRequested && !isStopped ? [podKeyOf(ACCOUNT, id)] : [],
      ),
    changePrice: () => void (usd = random.pick([2, 2, 2, MAX_USD, 3.01, FAR_TOO_DEAR_USD, null])),
    stopSomePods() {
      for (const [id, one] of truePods) if (!one.isStopped && random.bool(0.3)) stop(id, one)
    },
    /** By a person, with host keys of their own. */
    restartSomePods() {
      for (const [id, one] of truePods)
        if (!one.isStopped && random.bool(0.3)) {
          host.restart(id, true)
          runPod(id, one.usd, false)
        }
    },
    /** Whether the pod's server is trusted. Now and then another one answers in its place. */
    trustsKey({ id, startedAtMs }: Pod, acceptance: HostKeyAcceptance | null): boolean {
      const truePod = truePods.get(id)
      const name = isChaos && random.bool(0.2) ? 'impostor' : id
      const key = {
        algorithm: 'ssh-ed25519',
        fingerprint: `SHA256:${name}-${startedAtMs}`,
      }
      if (acceptance === null || truePod === undefined) return name === id
      if (!acceptance.mayAccept(key)) return name === id && truePod.acceptedKey === null
      forbid(!truePod.isRequested, 'a host key was accepted after a start that was not requested')
      forbid(truePod.startedAtMs !== startedAtMs, 'a host key was accepted after an earlier start')
      forbid(
        (truePod.acceptedKey ?? key.fingerprint) !== key.fingerprint,
        'two host keys were accepted after one start',
      )
      if (!acceptance.record(key)) return false
      if (truePod.acceptedKey === null) counts.acceptedKeys += 1
      truePod.acceptedKey = key.fingerprint
      return true
    },
    answerSomeCreates() {
      for (const create of creates.values())
        if ((create.state === 'written' || create.state === 'unclear') && random.bool(0.1)) answer(create)
    },
    /** A pod that is free remains, so that every job ends. */
    calmDown() {
      isChaos = false
      usd = 2
      for (const [id, one] of truePods) if (one.isStopped) runPod(id, one.usd, false)
      runPod('plain', 1, false)
    },
  }
}
