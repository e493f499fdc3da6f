import { fail, ok, type Result } from '../../../src/core/base/result'
import { type CreateIntent, defaultCreateRules, parseCreate } from '../../../src/core/creation/create-intent'
import type { CreatePlan } from '../../../src/core/creation/create-plan'
import { createCreateRunner } from '../../../src/core/creation/create-runner'
import type { CreateRunner } from '../../../src/core/creation/create-runner-types'
import type { LateCheck } from '../../../src/core/creation/late-check'
import type { Pod } from '../../../src/core/pods/pod'
import { type CloudPodRequest, RUN_ID_VARIABLE } from '../../../src/core/pods/pod-request'
import type { ProviderError, ProviderErrorKind } from '../../../src/core/pods/provider'
import { createFakeClock, type FakeClock, flushPromises } from '../base/fake-clock'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { pod } from '../samples/pods'
import { providerError } from './scripted-provider'
import { podRequest } from '../samples/pod-request'

/** How the cloud handles one create. */
export const cloudReplies = [
  '201',
  '400-capacity',
  '400',
  '402',
  '403',
  '408',
  '422',
  '429',
  '500',
  '500-made',
  'hang',
  'hang-made',
  'reset-before',
  'reset-after',
  'half-body',
] as const
export type CloudReply = (typeof cloudReplies)[number]

const makesPod: readonly CloudReply[] = ['201', '500-made', 'hang-made', 'reset-after', 'half-body']

const errorKinds: Readonly<Record<Exclude<CloudReply, '201' | 'hang' | 'hang-made'>, ProviderErrorKind>> = {
  '400-capacity': 'no-capacity',
  '400': 'invalid',
  '402': 'no-balance',
  '403': 'forbidden',
  '408': 'unreachable',
  '422': 'invalid',
  '429': 'rate-limited',
  '500': 'unreachable',
  '500-made': 'unreachable',
  'reset-before': 'unreachable',
  'reset-after': 'unreachable',
  'half-body': 'unreadable',
}

/** Where the program is killed. */
export const killSteps = [
  'before-write',
  'after-write',
  'before-request',
  'after-request',
  'before-reply',
] as const

export interface Kill {
  /** Counted from the first such moment of the run. */
  readonly step: (typeof killSteps)[number]
  readonly count: number
}

export interface CreateWorldOptions {
  /** For each request in order; the last one repeats. */
  readonly replies: readonly CloudReply[]
  /** How long after it was made a pod is listed, ms. */
  readonly listedAfterMs?: number
  /** Whether a list fails or misses pods. By the number of the list. */
  readonly listFault?: (list: number) => 'none' | 'failed' | 'partial'
  /** Lists hide the environments of pods. */
  readonly areEnvironmentsHidden?: boolean
  readonly checkLate?: () => LateCheck
}

/** A cloud that makes pods, and a program that can be killed at any step and started again on its journal. */
export interface CreateWorld {
  readonly clock: FakeClock
  /** The pods that exist, listed or not. */
  readonly pods: { readonly pod: Pod; readonly listedAtMs: number }[]
  readonly requests: { readonly request: CloudPodRequest; readonly reply: CloudReply }[]
  /** The lines of the journal, as they are on disk. */
  readonly journalLines: string[]
  readonly rulesOf: Map<string, unknown>
  readonly changes: CreateIntent[]
  runner(): CreateRunner
  /** Starts the program. It is killed at `kill`. */
  start(kill?: Kill | null): void
  isKilled(): boolean
  /** Reads the account for so long: every 5 s, and every 30 s after a minute. */
  watch(ms: number): Promise<void>
  /** The latest state of each create on disk. */
  onDisk(): readonly CreateIntent[]
}

const EVERY_MS = 5_000

export function createWorld(options: CreateWorldOptions): CreateWorld {
  const clock = createFakeClock()
  const pods: CreateWorld['pods'] = []
  const requests: CreateWorld['requests'] = []
  const journalLines: string[] = []
  const rulesOf = new Map<string, unknown>()
  const changes: CreateIntent[] = []
  const { replies, listedAfterMs = 0, listFault = () => 'none' } = options
  let runs = 0
  let ids = 0
  let lists = 0
  let order = 0
  let isAlive = false
  let runner: CreateRunner | null = null
  let kill: Kill | null = null
  let counts = new Map<string, number>()

  /** Whether the program lives on after this moment. */
  function reach(step: Kill['step']): boolean {
    const count = (counts.get(step) ?? 0) + 1
    counts.set(step, count)
    if (kill?.step === step && kill.count === count) {
      isAlive = false
      runner?.dispose()
    }
    return isAlive
  }

  const forever = (): Promise<never> => new Promise(() => {})
  const listed = (): readonly Pod[] =>
    pods.filter(({ listedAtMs }) => listedAtMs <= clock.now().wallMs).map((entry) => entry.pod)

  async function answer(request: CloudPodRequest): Promise<Result<Pod | null, ProviderError>> {
    const reply = replies[Math.min(requests.length, replies.length - 1)] ?? '201'
    requests.push({ request, reply })
    const made = makesPod.includes(reply) ? make(request) : null
    if (!reach('after-request')) return forever()
    if (reply === 'hang' || reply === 'hang-made') {
      await new Promise<void>((resolve) => void clock.schedule(60_000, resolve))
      return fail(providerError('unreachable'))
    }
    await flushPromises()
    if (!reach('before-reply')) return forever()
    if (reply === '201') return ok(made)
    const retryAfterMs = reply === '429' ? 2_000 : null
    return fail(providerError(errorKinds[reply], { retryAfterMs }))
  }

  function make(request: CloudPodRequest): Pod {
    const { [RUN_ID_VARIABLE]: runId } = request.environment
    const made = pod({
      id: `made-${pods.length + 1}`,
      name: request.name,
      phase: 'creating',
      createdAtMs: clock.now().wallMs,
      ...(options.areEnvironmentsHidden === true
        ? { isEnvironmentHidden: true }
        : runId !== undefined && { runId }),
    })
    pods.push({ pod: made, listedAtMs: clock.now().wallMs + listedAfterMs })
    return made
  }

  const onDisk = (): readonly CreateIntent[] => {
    const last = new Map<string, CreateIntent>()
    for (const line of journalLines) {
      const create = parseCreate(JSON.parse(line))
      if (create === null) throw new Error(`The journal has a line that cannot be read: ${line}`)
      last.set(create.id, create)
    }
    return [...last.values()]
  }

  function start(killAt: Kill | null = null): void {
    runs += 1
    kill = killAt
    counts = new Map()
    isAlive = true
    if (runs > 1) clock.restart(`run-${runs}`)
    const context = {
      accountId: 'account-1',
      provider: {
        async createPod(request: CloudPodRequest) {
          if (!isAlive || runner !== run || !reach('before-request')) return forever()
          return answer(request)
        },
      },
      clock,
      newId: () => `id-${runs}-${(ids += 1)}-abcdef`,
      random: () => 0,
    }
    const journal = {
      record(create: CreateIntent) {
        if (!isAlive || runner !== run || !reach('before-write')) return fail('the program was killed')
        journalLines.push(JSON.stringify(create))
        reach('after-write')
        return ok(undefined)
      },
    }
    const run = createCreateRunner(
      context,
      { journal, earlier: onDisk() },
      {
        rules: () => defaultCreateRules,
        listedPods: listed,
        spendingProblem: () => null,
        checkLate: async () => options.checkLate?.() ?? { kind: 'ok' },
        requestPoll: () => list(),
        setRules(podId, rules) {
          rulesOf.set(podId, rules)
          return ok(undefined)
        },
        stampRequest: (at) => ({ order: (order += 1), at }),
        onReply: () => {},
        onChange: (create) => void changes.push(create),
      },
    )
    runner = run
    run.start()
  }

  function list(): void {
    if (!isAlive) return
    lists += 1
    const fault = listFault(lists)
    if (fault === 'failed') return
    const found = fault === 'partial' ? listed().slice(1) : listed()
    runner?.observe({ pods: found, isComplete: fault === 'none', at: clock.now() })
  }

  return {
    clock,
    pods,
    requests,
    journalLines,
    rulesOf,
    changes,
    runner() {
      if (runner === null) throw new Error('The program was not started.')
      return runner
    },
    start,
    isKilled: () => !isAlive,
    async watch(ms) {
      for (let passedMs = 0, everyMs = EVERY_MS; passedMs < ms; passedMs += everyMs) {
        everyMs = passedMs < MINUTE_MS ? EVERY_MS : 6 * EVERY_MS
        await clock.advanceAsync(everyMs)
        list()
        await flushPromises()
      }
    },
    onDisk,
  }
}

function cloudPod(typeId: string, name: string): CreatePlan['candidates'][number]['pod'] {
  const compute = { kind: 'gpu', typeId, count: 1, allowedCudaVersions: [], minCudaVersion: null } as const
  const { environment: _, ...spec } = podRequest({ name, compute })
  return { kind: 'cloud', ...spec }
}

/** A plan with these GPU types to try. */
export function createPlan(types: readonly string[], more: Partial<CreatePlan> = {}): CreatePlan {
  const { name = 'night-train' } = more
  return {
    name,
    candidates: types.map((type) => ({ label: type, perHourUsd: 2, pod: cloudPod(`NVIDIA ${type}`, name) })),
    variables: [],
    rules: { maxHours: 8 },
    maxPerHourUsd: 3,
    waitsForMs: null,
    mayExceedBudget: false,
    ...more,
  }
}

/** What is wrong with the outcome of one request: two pods, a pod that is not known, or an open end. */
export function findViolations(world: CreateWorld): readonly string[] {
  const creates = world.onDisk()
  const known = creates.flatMap(({ podId }) => (podId === null ? [] : [podId]))
  const made = world.pods.map((entry) => entry.pod.id)
  const clear = world.requests.slice(0, -1).map(({ reply }) => reply)
  const open = creates.filter(({ phase }) => ['scheduled', 'sent', 'accepted'].includes(phase))
  const check = (isWrong: boolean, text: string): string[] => (isWrong ? [text] : [])
  return [
    ...check(made.length > 1, `${made.length} pods`),
    ...check(JSON.stringify(known) !== JSON.stringify(made), `knows ${known.join()} of ${made.join()}`),
    ...check(
      creates.some(({ podId, phase }) => (podId !== null) !== (phase === 'observed')),
      'the end is not what is true',
    ),
    ...check(
      clear.some((reply) => reply !== '429' && reply !== '400-capacity' && reply !== '403'),
      `sent again after ${clear.join()}`,
    ),
    ...check(world.requests.length > 0 && creates.length === 0, 'sent and not written down'),
    ...check(open.length > 0, `still ${open.map(({ phase }) => phase).join()}`),
    ...check(made.length === 1 && !world.rulesOf.has(made[0] ?? ''), 'the rules do not hold'),
  ]
}
