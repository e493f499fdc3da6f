import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test, vi } from 'vitest'
import { createAccountBackend } from '../../../src/node/pods-api/accounts/account-backend'
import { createApiAccess } from '../../../src/node/pods-api/accounts/api-access'
import { createPendingConfirmations } from '../../../src/node/pods-api/accounts/pending-confirmations'
import type { ReadAccount, ServedAccount } from '../../../src/node/pods-api/accounts/served-account'
import { fail, ok } from '../../../src/core/base/result'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { ApiListItem } from '../../../src/core/pods-api/api-types'
import { experimentProblem, newExperimentSchema } from '../../../src/core/pods-api/api-schemas'
import type { PodView } from '../../../src/core/view/snapshot'
import type { ControlHandlers } from '../../../src/node/control/control-requests'
import type { ControlledQueueView } from '../../../src/node/control/queue-control'
import { ApiUnavailable } from '../../../src/node/pods-api/api-server'
import { flushPromises } from '../../harness/base/fake-clock'
import { jobSpec } from '../../harness/samples/job-spec'
import { NOW_MS } from '../../harness/samples/pod-views'
import { jobRun, jobView } from '../../harness/samples/queue-views'
import {
  createFakeHolder,
  detailsOf,
  queueOf,
  servedAccount,
} from '../../harness/data-folder/served-accounts'
import type { LabSettings, Provider } from '../../../src/core/pods/provider'
import { jobSpecSchema } from '../../../src/core/queue/jobs/job-spec'

/* What is served of accounts, over a program that watches them and fails as the test says. */

interface Options {
  readonly accounts?: readonly ServedAccount[]
  /** Of the caller. */
  readonly accountIds?: readonly string[] | null
  /** Of every pod. */
  readonly pod?: Partial<PodView>
  readonly pods?: Readonly<Record<string, readonly string[]>>
  /** Of every account. */
  readonly details?: Partial<ReadAccount['details']>
  readonly queue?: ControlledQueueView | null
  readonly requests?: Partial<ControlHandlers>
  readonly reads?: Parameters<typeof createFakeHolder>[1]
}

/** Once it is asked to do something, nothing can be read any more. */
function backendOf(options: Options) {
  const {
    accounts = [servedAccount('a')],
    accountIds = null,
    pods = { a: ['p'] },
    requests = {},
    pod = {},
  } = options
  const confirmations = createPendingConfirmations(() => 'conf_1')
  const { holder, asked } = createFakeHolder(requests, options.reads)
  const read = accounts.flatMap((each) => {
    const ids = pods[each.id]
    return ids === undefined
      ? []
      : [
          {
            account: each,
            details: { ...detailsOf(...ids.map((podId) => ({ id: podId, ...pod }))), ...options.details },
          },
        ]
  })
  const backend = createAccountBackend({
    folder: '/nowhere',
    holder,
    caller: {
      id: 'tok',
      name: 'ci',
      scopes: ['pods:write'],
      accountIds,
      maxHourlyUsd: null,
      podNames: null,
    },
    accounts,
    read,
    queue: options.queue ?? null,
    confirmations,
    nowMs: () => NOW_MS,
    requireRead({ id }) {
      const found = read.find((each) => each.account.id === id)
      if (found === undefined) throw new ApiUnavailable('unread')
      return found
    },
  })
  return {
    backend,
    asks: asked,
    asked: () => asked.map(({ name }) => name),
    texts: () => asked.flatMap(({ args }) => args),
  }
}

describe('a pod', () => {
  test('is found by either id, and not where two are called the same', () => {
    const accounts = [servedAccount('a'), servedAccount('lab', { hubifyLabId: 'lab1' })]
    const alone = backendOf({
      accounts,
      pods: { a: ['x'], lab: ['pod_y'] },
    }).backend
    expect(['pod_x', 'x', 'pod_y'].map((id) => alone.findPod(id)?.labId)).toEqual(['a', 'a', 'lab'])
    const { backend } = backendOf({
      accounts,
      pods: { a: ['x', 'y'], lab: ['pod_x'] },
    })
    expect(backend.findPod('pod_x')).toBeNull()
    expect(backend.findPod('pod_y')?.labId).toBe('a')
  })

  test('that is not found where an account is unread may be there', () => {
    const { backend } = backendOf({
      accounts: [servedAccount('a'), servedAccount('b')],
      pods: { a: ['x'] },
    })
    expect(backend.findPod('x')).not.toBeNull()
    expect(() => backend.findPod('y')).toThrow(ApiUnavailable)
  })

  test('that was stopped is replied also where nothing can be read after it', async () => {
    const { backend, asked } = backendOf({
      requests: { actForToken: () => Promise.resolve(ok(undefined)) },
    })
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      const stopped = Promise.resolve(backend.act(backend.findPod('p')!, 'stop'))
      expect(await stopped).toMatchObject({
        ok: true,
        status: 202,
        value: { _id: 'pod_p' },
      })
    } finally {
      vi.useRealTimers()
    }
    expect(asked()).toEqual(['actForToken'])
  })
})

test('an account that a token is not for is not in the way of one that is called the same', () => {
  const accounts = [servedAccount('a', { slug: 'lab' }), servedAccount('b', { name: 'Lab', slug: 'lab-2' })]
  expect(backendOf({ accounts }).backend.findLab('lab')?.id).toBe('a')
  const { backend } = backendOf({
    accounts,
    accountIds: ['b'],
    pods: { b: [] },
  })
  expect([backend.findLab('lab')?.id, backend.findLabBySlug('lab')?.id]).toEqual(['b', 'b'])
  expect(backend.findLab('a')).toBeNull()
  expect(backend.labs().map(({ id }) => id)).toEqual(['b'])
})

describe('a terminate that a token asks for', () => {
  const terminate = ({ backend }: ReturnType<typeof backendOf>) =>
    Promise.resolve(backend.act(backend.findPod('p')!, 'terminate'))

  test('is asked and written down once, however often the token asks', async () => {
    const opened = backendOf({
      requests: { askInWindow: () => Promise.resolve(ok(false)) },
    })
    for (let times = 0; times < 3; times += 1)
      expect(await terminate(opened)).toMatchObject({ ok: true, status: 202 })
    expect(opened.asked()).toEqual(['recordRequest', 'askInWindow'])
  })

  test('is asked again where it could not be written down, or nobody could be asked', async () => {
    const results = [
      fail({ code: 'lost', message: 'x' } as const),
      fail({ code: 'failed', message: 'The disk is full' } as const),
    ]
    const windows = [fail({ code: 'lost', message: 'x' } as const)]
    const opened = backendOf({
      requests: {
        recordRequest: () => Promise.resolve(results.shift() ?? ok(undefined)),
        askInWindow: () => Promise.resolve(windows.shift() ?? ok(true)),
      },
    })
    const replies = []
    for (let times = 0; times < 4; times += 1) replies.push(await terminate(opened))
    expect(replies.map((reply) => (reply.ok ? reply.status : reply.refusal.status))).toEqual([
      503, 409, 503, 202,
    ])
  })

  test('of a pod with any name is written down, and its command is one to paste', async () => {
    const name = `'; reboot; '\n${'x'.repeat(1_000)}`
    const { backend, texts } = backendOf({ pods: { a: ['p'] }, pod: { name } })
    const asked = await backend.act(backend.findPod('p')!, 'terminate')
    expect(texts().filter((text) => String(text).length > 500)).toEqual([])
    const { confirmation } = (asked.ok ? asked.value : {}) as {
      confirmation: { message: string }
    }
    expect(confirmation.message).toContain(String.raw`podkeeper terminate ''\''; reboot; '\'' xxx`)
    expect(confirmation.message).toMatch(/x' --account a$/)
  })

  test('can be confirmed on the command line where another question is open', async () => {
    const { backend } = backendOf({
      requests: {
        askInWindow: () => Promise.resolve(fail({ code: 'failed', message: 'Another question' })),
      },
    })
    const asked = await backend.act(backend.findPod('p')!, 'terminate')
    expect(asked).toMatchObject({
      status: 202,
      value: { confirmation: { status: 'pending' } },
    })
  })
})

describe('the jobs of the queue', () => {
  const specOf = (accountId: string | null) => {
    const spec = jobSpec()
    return { ...spec, needs: { ...spec.needs, accountId } }
  }
  const jobs = [
    jobView({ id: 'of-a', spec: specOf('a') }),
    jobView({ id: 'of-b', spec: specOf('b') }),
    jobView({ id: 'of-any', spec: specOf(null) }),
    jobView({
      id: 'any-on-a',
      spec: specOf(null),
      run: jobRun({ podKey: podKeyOf('a', 'p') }),
      state: 'running',
    }),
  ]
  const accounts = [servedAccount('a'), servedAccount('b')]
  const listed = (accountIds: readonly string[] | null, lab: string) => {
    const { backend } = backendOf({
      accounts,
      accountIds,
      queue: queueOf(...jobs),
    })
    return (backend.experiments({ id: lab, slug: lab }) as readonly ApiListItem[]).map(({ id }) => id)
  }

  test('are listed with those for whichever account only for a token for all', () => {
    expect(listed(null, 'a')).toEqual(['of-a', 'of-any', 'any-on-a'])
    expect(listed(null, 'b')).toEqual(['of-b', 'of-any'])
    expect(listed(['a'], 'a')).toEqual(['of-a', 'any-on-a'])
  })

  test('are counted as they are listed, and not at all where they could not be read', () => {
    const countIn = (queue: ControlledQueueView | null) =>
      accounts.map(
        (lab) =>
          (
            backendOf({ accounts, queue }).backend.labBody(lab) as {
              experiment_count?: number
            }
          ).experiment_count,
      )
    expect(countIn(queueOf(...jobs))).toEqual([3, 2])
    expect(countIn(null)).toEqual([undefined, undefined])
  })

  test('are canceled only by a token for their account', async () => {
    const { backend, asked } = backendOf({
      accounts,
      accountIds: ['a'],
      queue: queueOf(...jobs),
    })
    for (const id of ['of-b', 'of-any', 'none'])
      expect(await backend.cancelExperiment?.(id)).toMatchObject({
        ok: false,
        refusal: { status: 404 },
      })
    expect(asked()).toEqual([])
    // Also where the queue can't be read after it.
    expect(await backend.cancelExperiment?.('of-a')).toMatchObject({
      ok: true,
      value: { _id: 'of-a' },
    })
    expect(asked()).toEqual(['recordRequest', 'changeJob'])
  })

  test('that were added are replied also where the queue cannot be read after it', async () => {
    const { backend } = backendOf({
      requests: { addJob: () => Promise.resolve(ok('job-9')) },
    })
    const request = {
      labId: 'a',
      title: 'x',
      command: 'true',
      computeMode: 'CPU',
      priority: 'normal',
      estimatedSeconds: undefined,
    } as const
    expect(await backend.addExperiment?.({ id: 'a', slug: 'a' }, request)).toMatchObject({
      ok: true,
      status: 201,
      value: { _id: 'job-9', status: 'queued' },
    })
  })

  const unit = fc.constantFrom('a', ' ', '\n', '\0', '\u2028', '\ud800', '🎉', 'é', '\u202e', "'")
  const experiments = fc.record({
    labId: fc.constant('a'),
    title: fc
      .string({ unit, maxLength: 4 })
      .chain((end) => fc.integer({ min: 0, max: 110 }).map((count) => 'x'.repeat(count) + end)),
    command: fc.string({ unit, maxLength: 4 }),
    estimatedSeconds: fc.option(fc.integer({ min: 0, max: 32_000_000 }), { nil: undefined }),
  })

  test('that are accepted are jobs that the program that watches understands', () =>
    fc.assert(
      fc.asyncProperty(experiments, async (body) => {
        const read = v.safeParse(newExperimentSchema, body)
        fc.pre(read.success && experimentProblem(read.output) === null)
        const { backend, asks } = backendOf({ requests: { addJob: () => Promise.resolve(ok('job-9')) } })
        await backend.addExperiment?.({ id: 'a', slug: 'a' }, v.parse(newExperimentSchema, body))
        const [spec] = asks.find(({ name }) => name === 'addJob')?.args ?? []
        expect(v.is(jobSpecSchema, spec)).toBe(true)
      }),
      { numRuns: 300 },
    ))

  test('are not called none where they could not be read', async () => {
    const { backend } = backendOf({ queue: null })
    expect(() => backend.experiments({ id: 'a', slug: 'a' })).toThrow(ApiUnavailable)
    await expect(async () => backend.cancelExperiment?.('of-a')).rejects.toThrow(ApiUnavailable)
  })
})

test('costs are one total: what was counted, or what a lab’s provider reports of the month where that is more', async () => {
  const month = { month: '2026-11', spentUsd: 3, todayUsd: 1, idleUsd: 0, isAtLeast: true }
  const totals = async (labSpending: ReadAccount['details']['labSpending']) => {
    const { backend } = backendOf({ details: { month, labSpending } })
    const lab = { id: 'a', slug: 'a' }
    const [{ summary }, ofMonth] = [
      (await backend.costs(lab)) as any,
      await backend.monthCosts(lab, 'current'),
    ]
    expect(ofMonth).toMatchObject({ totalUsd: summary.totalUsd, isAtLeast: summary.isAtLeast })
    return [summary.totalUsd, summary.isAtLeast]
  }
  expect(await totals(null)).toEqual([3, true])
  expect(await totals({ totalUsd: 5, isOfMonth: true, runningUsd: null })).toEqual([5, false])
  expect(await totals({ totalUsd: 2, isOfMonth: true, runningUsd: null })).toEqual([3, true])
  // Nobody says since when it counts.
  expect(await totals({ totalUsd: 5, isOfMonth: false, runningUsd: null })).toEqual([3, true])
})

test('costs that are not known are absent', async () => {
  const { backend } = backendOf({ pods: { a: ['p', 'q'] }, pod: { costSinceStartUsd: null } })
  const lab = { id: 'a', slug: 'a' }
  expect(await backend.costs(lab)).toMatchObject({ summary: { liveRunning: { podCount: 2 } } })
  const text = JSON.stringify([await backend.costs(lab), await backend.monthCosts(lab, 'current')])
  expect(text).not.toMatch(/totalUsd|costUsd/i)
})

test('the settings of a lab are changed at its provider, and Podkeeper’s own for all accounts are not', async () => {
  const sent: unknown[] = []
  const lab = servedAccount('a', {
    hubifyLabId: 'lab-a',
    provider: {
      changeLabSettings: async (changes: LabSettings) => {
        sent.push(changes)
        return ok({ idleAlertMinutes: 20 })
      },
    } as Provider,
  })
  const { backend, asks } = backendOf({ accounts: [lab, servedAccount('b')], accountIds: ['a'] })
  const reply = await backend.changeSettings({ id: 'a', slug: 'a' }, { idleAlertMinutes: 20 })
  expect(reply).toMatchObject({ ok: true, value: { labId: 'lab-a', idleAlertMinutes: 20 } })
  expect(sent).toEqual([{ idleAlertMinutes: 20 }])
  expect(asks.map(({ name }) => name)).toEqual(['recordRequest'])
})

test('the experiments of a lab’s own queue are counted', () => {
  const { backend } = backendOf({ details: { queuedExperiments: 3 }, queue: queueOf(jobView()) })
  expect(backend.labBody({ id: 'a', slug: 'a' })).toMatchObject({ experiment_count: 4 })
})

test('a change of settings leaves what a person changed in the meantime', async () => {
  const asRead = queueOf()
  const rules = {
    ...asRead.rules,
    isPaused: true,
    podKeys: [podKeyOf('b', 'x')],
  }
  const { backend, asked, texts } = backendOf({
    queue: asRead,
    reads: { queue: () => Promise.resolve({ ...asRead, rules }) },
    requests: { settings: () => Promise.resolve(ok({})) },
  })
  const changed = await backend.changeSettings({ id: 'a', slug: 'a' }, { autoScheduleEnabled: true })
  expect(changed.ok).toBe(true)
  expect(asked()).toEqual(['recordRequest', 'setSchedule', 'settings'])
  expect(texts()).toContainEqual({ ...rules, accountIds: ['a'] })
})

test('auto-schedule that a token turns on brings no pods to start or create back', async () => {
  const create = { presetName: 'h100', digest: 'a'.repeat(64), maxPerHourUsd: 3 }
  const rules = {
    ...queueOf().rules,
    accountIds: ['b'],
    starts: [{ podKey: podKeyOf('a', 'x'), maxPerHourUsd: 3 }],
    creates: [
      { ...create, accountId: 'a' },
      { ...create, accountId: 'b' },
    ],
  }
  const { backend, texts } = backendOf({
    queue: { ...queueOf(), rules },
    reads: { queue: () => Promise.resolve({ ...queueOf(), rules }) },
    requests: { settings: () => Promise.resolve(ok({})) },
  })
  await backend.changeSettings({ id: 'a', slug: 'a' }, { autoScheduleEnabled: true })
  expect(texts()).toContainEqual({
    ...rules,
    accountIds: ['b', 'a'],
    starts: [],
    creates: [rules.creates[1]],
  })
})

test('accounts are read in their order, whichever replies first', async () => {
  const replies: (() => void)[] = []
  const details = () =>
    new Promise<ReturnType<typeof detailsOf>>((resolve) => replies.push(() => resolve(detailsOf())))
  const { holder } = createFakeHolder({}, { details })
  const accounts = () => [servedAccount('a'), servedAccount('b')]
  const { readAll } = createApiAccess({ folder: '/nowhere', holder, accounts, nowMs: () => NOW_MS })
  const reading = readAll({
    id: 't',
    name: 'ci',
    scopes: [],
    accountIds: null,
    maxHourlyUsd: null,
    podNames: null,
  })
  for (const reply of replies.reverse()) {
    reply()
    await flushPromises()
  }
  expect((await reading).read.map(({ account }) => account.id)).toEqual(['a', 'b'])
})

test('a token for some pods finds none but these, whatever their ids are, nor what became of requests about others', async () => {
  const details = () => Promise.resolve(detailsOf({ id: 'a', name: 'alice-1' }, { id: 'b', name: 'bob-1' }))
  const { holder } = createFakeHolder(
    {
      recordRequest: () => Promise.resolve(ok(undefined)),
      askInWindow: () => Promise.resolve(ok(true)),
    },
    { details },
  )
  const accounts = () => [servedAccount('x')]
  const { backendFor } = createApiAccess({ folder: '/nowhere', holder, accounts, nowMs: () => NOW_MS })
  const caller = {
    id: 't',
    name: 'ci',
    scopes: ['pods:terminate'],
    accountIds: null,
    maxHourlyUsd: null,
  } as const
  const all = await backendFor({ ...caller, podNames: null })
  const alice = await backendFor({ ...caller, podNames: ['alice-*'] })
  expect(['pod_a', 'a', 'pod_b', 'b'].map((id) => alice.findPod(id)?.id)).toEqual([
    'pod_a',
    'pod_a',
    undefined,
    undefined,
  ])
  expect(alice.pods({ id: 'x', slug: 'x' }).map(({ id }) => id)).toEqual(['pod_a'])
  const idOf = async (podId: string): Promise<string> => {
    const pod = all.findPod(podId)
    const asked = pod && (await all.act(pod, 'terminate'))
    return asked?.ok === true ? (asked.value as { confirmation: { id: string } }).confirmation.id : ''
  }
  const [own, other] = [await idOf('a'), await idOf('b')]
  expect(await alice.confirmation?.(own)).toMatchObject({ ok: true, value: { status: 'pending' } })
  expect(await alice.confirmation?.(other)).toMatchObject({ ok: false, refusal: { status: 404 } })
  expect(await all.confirmation?.(other)).toMatchObject({ ok: true })
})
