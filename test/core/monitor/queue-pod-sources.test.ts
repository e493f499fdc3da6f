import { afterEach, describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { CreateIntent } from '../../../src/core/creation/create-intent'
import type { PodForm } from '../../../src/core/creation/form/pod-form'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { PodConfiguration } from '../../../src/core/pods/pod-request'
import { createPodSources, type StoredPreset } from '../../../src/core/monitor/queue-pod-sources'
import { jobSpec } from '../../harness/samples/job-spec'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { gpuOffer, podForm } from '../../harness/samples/pod-forms'
import { failure } from '../../harness/monitor/scripted-provider'
import { pod, stoppedPod } from '../../harness/samples/pods'
import { flushPromises } from '../../harness/base/fake-clock'

const ACCOUNT = 'account-1'
const DIGEST = 'a'.repeat(64)
const rule = { accountId: ACCOUNT, presetName: 'h100', digest: DIGEST, maxPerHourUsd: 3 }
const offers = [gpuOffer('H100 SXM'), gpuOffer('H200 SXM', { priceUsd: { SECURE: 4, COMMUNITY: null } })]

let fixture: MonitorFixture | null = null
afterEach(() => fixture?.monitor.dispose())

const configuration: PodConfiguration = {
  name: 'trainer',
  gpu: { typeId: 'NVIDIA H100 SXM', count: 2 },
  cpu: null,
  cloud: 'SECURE',
  dataCenterId: null,
  image: 'example/image',
  args: null,
  containerDiskGb: 50,
  storage: { kind: 'persistent', sizeGb: 94, path: '/workspace' },
  ports: [],
  registryId: null,
  isRegistryKnown: true,
  hasGlobalNetworking: null,
  environment: {},
}

async function started(form: Partial<PodForm> = {}, preset: Partial<StoredPreset> | null = {}) {
  const creates: CreateIntent[] = []
  const created = createMonitorFixture({
    pods: [pod(), stoppedPod({ id: 'off' })],
    creates: { journal: { record: (create) => (creates.push(create), ok(undefined)) }, earlier: [] },
  })
  fixture = created
  const { monitor, provider } = created
  const requests: unknown[] = []
  let read = configuration
  Object.assign(provider, {
    listGpus: async () => ok(offers),
    createPod: (request: unknown) => (requests.push(request), new Promise(() => {})),
    readPodConfiguration: async () => ok(read),
  })
  monitor.start()
  await flushPromises()
  const stored: StoredPreset | null =
    preset === null
      ? null
      : { form: podForm({ name: '', ...form }), neededVariables: [], digest: DIGEST, ...preset }
  const account = {
    accountId: ACCOUNT,
    monitor,
    isUnclear: false,
    addedAtMs: null as number | null,
    provider,
  }
  const state = { accounts: [account] as readonly (typeof account & { labAutoSchedule?: null })[] }
  const asked: unknown[] = []
  const sources = createPodSources(
    () => state.accounts,
    () => stored,
    (_accountId, { id }, publishesSsh) => {
      asked.push([id, publishesSsh])
      return 'may-change'
    },
  )
  return {
    sources,
    asked,
    account,
    state,
    creates,
    requests,
    provider,
    clock: created.clock,
    setRead: (next: PodConfiguration) => (read = next),
  }
}

const jobOf = (overrides?: Parameters<typeof jobSpec>[0]) => ({
  spec: jobSpec(overrides),
  createdAtMs: 1_000,
})

describe('a pod of a preset', () => {
  test('is planned at its price with disks, named for the job, and created by a request that it can be found by', async () => {
    const { sources, creates, requests } = await started()
    expect(sources.createProblem(rule, jobOf())).toBeNull()
    const planned = await sources.planPod(rule, jobSpec({ name: 'Night train' }))
    if (!planned.ok) throw new Error(planned.error)
    expect(planned.value.perHourUsd).toBeCloseTo(2 + (0.1 * 50) / 720)
    expect(sources.createState(ACCOUNT, 'request-1')).toEqual({ kind: 'missing' })
    expect(planned.value.create('request-1')).toEqual(ok(undefined))
    expect(creates[0]).toMatchObject({
      plan: { name: 'night-train', jobRequestId: 'request-1', waitsForMs: null },
    })
    expect(sources.createState(ACCOUNT, 'request-1')).toEqual({ kind: 'under-way' })
    expect(sources.createState('elsewhere', 'request-1')).toEqual({ kind: 'not-watched' })
    await flushPromises()
    await fixture?.clock.advanceAsync(MINUTE_MS)
    expect(requests).toHaveLength(1)
  })

  test('is one at a time, whatever becomes of the job that it was created for, and one that was undone is none', async () => {
    const { sources, creates, account, provider, clock } = await started()
    const planned = await sources.planPod(rule, jobSpec())
    if (!planned.ok) throw new Error(planned.error)
    planned.value.create('request-1')
    expect(sources.createProblem(rule, jobOf())).toBe('There is a pod of the preset h100 already.')
    expect(sources.createProblem({ ...rule, presetName: 'other' }, jobOf())).toBeNull()
    expect(account.monitor.undoCreate(creates[0]?.id ?? '')).toEqual(ok(undefined))
    expect(sources.createProblem(rule, jobOf())).toBeNull()
    expect(sources.createState(ACCOUNT, 'request-1')).toEqual({ kind: 'failed', message: 'It was undone.' })
    const again = await sources.planPod(rule, jobSpec())
    if (!again.ok) throw new Error(again.error)
    let made = pod({ id: 'made', name: 'train-1' })
    Object.assign(provider, { createPod: async () => ok(made) })
    again.value.create('request-2')
    await flushPromises()
    const listPods = async () => ok({ pods: [pod(), made], isComplete: true })
    Object.assign(provider, { listPods, getPod: async () => ok(made) })
    await clock.advanceAsync(3 * MINUTE_MS)
    expect(sources.createState(ACCOUNT, 'request-2')).toEqual({
      kind: 'pod',
      podKey: podKeyOf(ACCOUNT, 'made'),
    })
    expect(sources.createProblem(rule, jobOf())).toBe('There is a pod of the preset h100 already.')
    made = stoppedPod({ id: 'made', name: 'train-1' })
    await clock.advanceAsync(3 * MINUTE_MS)
    expect(sources.createProblem(rule, jobOf())).toBeNull()
  })

  test('has only choices that the job fits and that cost no more than was allowed', async () => {
    const { sources, creates } = await started({ gpuTypeIds: ['NVIDIA H200 SXM', 'NVIDIA H100 SXM'] })
    const planned = await sources.planPod(rule, jobSpec())
    if (!planned.ok) throw new Error(planned.error)
    planned.value.create('request-1')
    expect(creates[0]?.plan.candidates.map(({ label }) => label)).toEqual(['H100 SXM'])
    expect(await sources.planPod(rule, jobSpec({ needs: { ...jobSpec().needs, gpuType: 'H200' } }))).toEqual({
      ok: false,
      error: 'A pod of h100 costs $4.01/hr now, and you allowed $3.00/hr.',
    })
    expect(
      await sources.planPod(rule, jobSpec({ needs: { ...jobSpec().needs, gpuType: 'B200' } })),
    ).toMatchObject({
      error: expect.stringContaining('no B200'),
    })
  })

  test('of which no price is known is not planned', async () => {
    const { sources, provider } = await started()
    Object.assign(provider, {
      listGpus: async () => ok([gpuOffer('H100 SXM', { priceUsd: { SECURE: null, COMMUNITY: null } })]),
    })
    expect(await sources.planPod(rule, jobSpec())).toMatchObject({ ok: false })
  })

  test.each([
    ['changed', {}, { digest: 'b'.repeat(64) }, 'The preset h100 changed since you allowed it.'],
    ['is gone', {}, null, 'The preset h100 is gone.'],
    ['needs values', {}, { neededVariables: ['TOKEN'] }, 'The preset h100 needs values of TOKEN.'],
    ['has no SSH', { hasSsh: false }, {}, expect.stringContaining('over SSH')],
    ['makes a key of its own', { hasOwnKey: true }, {}, expect.stringContaining('over SSH')],
  ] as const)('is not created where it %s', async (_what, form, preset, why) => {
    const { sources } = await started(form, preset)
    expect(sources.createProblem(rule, jobOf())).toEqual(why)
    expect(await sources.planPod(rule, jobSpec())).toEqual({ ok: false, error: why })
  })

  test('is not created where its account is unclear, a lab, or not observed, or the job needs another', async () => {
    const { sources, state, account } = await started()
    const problemIn = (accounts: typeof state.accounts): string | null => {
      state.accounts = accounts
      return sources.createProblem(rule, jobOf())
    }
    expect(problemIn([])).toBe('Its account is not watched.')
    expect(problemIn([{ ...account, isUnclear: true }])).toBe('Its account is not watched.')
    expect(problemIn([{ ...account, labAutoSchedule: null }])).toContain('can’t be created')
    expect(problemIn([account])).toBeNull()
    const needs = { ...jobSpec().needs, accountId: 'other' }
    expect(sources.createProblem(rule, jobOf({ needs }))).toContain('another account')
    expect(
      sources.createProblem(rule, jobOf({ needs: { ...needs, accountId: null, gpuCount: 8 } })),
    ).toContain('8 GPUs')
    expect(problemIn([{ ...account, addedAtMs: 999 }])).toBeNull()
    expect(problemIn([{ ...account, addedAtMs: 1_000 }])).toContain('added after the job')
    account.monitor.dispose()
    expect(problemIn([account])).toContain('not observed')
  })
})

test('the host key of a stopped pod is asked for by what the pod publishes, once that was read', async () => {
  const { sources, asked, setRead } = await started()
  expect(sources.keyOutlook(podKeyOf(ACCOUNT, 'none'))).toBe('unknown')
  const key = podKeyOf(ACCOUNT, 'off')
  expect(sources.keyOutlook(key)).toBe('may-change')
  for (const ports of [[], ['22/tcp', '80/http']]) {
    setRead({ ...configuration, ports })
    await sources.readStartPrice(key)
    sources.keyOutlook(key)
  }
  expect(asked).toEqual([
    ['off', null],
    ['off', false],
    ['off', true],
  ])
})

describe('the price of a stopped pod', () => {
  const key = podKeyOf(ACCOUNT, 'off')

  test('is that of its hardware now, with disks', async () => {
    const { sources } = await started()
    const price = await sources.readStartPrice(key)
    expect(price.ok && price.value).toBeCloseTo(4 + (0.1 * 144) / 720)
  })

  test.each([
    ['its cloud isn’t known', { cloud: null }],
    ['its mounts aren’t known', { storage: null }],
    ['its disk isn’t known', { containerDiskGb: null }],
    ['its GPU type isn’t offered', { gpu: { typeId: 'NVIDIA X', count: 1 } }],
    ['its hardware isn’t known', { gpu: null }],
  ] as const)('is unknown where %s', async (_what, more) => {
    const { sources, setRead } = await started()
    setRead({ ...configuration, ...more })
    expect(await sources.readStartPrice(key)).toEqual({
      ok: false,
      error: 'What the pod costs while it runs isn’t known.',
    })
  })

  test('a start goes by an action that is on disk first', async () => {
    const { sources } = await started()
    expect(sources.startPod(key, 'request-1')).toEqual(ok(undefined))
    expect(sources.startPod(podKeyOf('elsewhere', 'off'), 'request-1')).toMatchObject({ ok: false })
    expect(fixture?.log.some((line) => line.includes('start'))).toBe(true)
  })

  test.each([
    ['is taken back with its request', 'request-1', 1],
    ['stays where another request is taken back', 'request-2', 2],
  ])('a start that Runpod postponed %s', async (_, canceled, sent) => {
    const { sources, provider, clock } = await started()
    let sends = 0
    provider.act = async () => {
      sends += 1
      return failure('rate-limited', { retryAfterMs: 40_000 })
    }
    sources.startPod(key, 'request-1')
    await clock.advanceAsync(1_000)
    expect(sends).toBe(1)
    sources.cancelRequest(ACCOUNT, canceled)
    sources.cancelRequest(ACCOUNT, canceled)
    await clock.advanceAsync(MINUTE_MS)
    expect(sends).toBe(sent)
  })
})
