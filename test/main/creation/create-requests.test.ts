import { expect, test } from 'vitest'
import type { Ask } from '../../../src/core/confirmation/question-queue'
import type { CreatePlan } from '../../../src/core/creation/create-plan'
import type { CreateView } from '../../../src/core/creation/create-view'
import { fail, ok, type Result } from '../../../src/core/base/result'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import type { Environment, PodConfiguration } from '../../../src/core/pods/pod-request'
import type { Provider, ProviderError } from '../../../src/core/pods/provider'
import { emptySnapshot } from '../../../src/core/view/snapshot'
import { createPodCreateRequests } from '../../../src/main/creation/create-requests'
import { createFakeClock } from '../../harness/base/fake-clock'
import { formContext, podForm } from '../../harness/samples/pod-forms'
import { createView } from '../../harness/samples/pod-views'
import { failure } from '../../harness/monitor/scripted-provider'

const DRAFT = 'draft-0001'
const PUBLIC_KEY = `ssh-ed25519 ${'A'.repeat(68)} podkeeper`
const OLD = { podKey: 'a/old', isTakenOver: true } as const
const { gpus, cpus, dataCenters, volumes, templates } = formContext()

const configuration: PodConfiguration = {
  name: 'trainer',
  gpu: { typeId: 'NVIDIA H100 SXM', count: 1 },
  cpu: null,
  cloud: 'SECURE',
  dataCenterId: 'EU-RO-1',
  image: 'example/pytorch:2.8',
  args: '',
  containerDiskGb: 40,
  storage: { kind: 'network', volumeId: 'vol', path: '/w' },
  ports: ['22/tcp'],
  registryId: null,
  isRegistryKnown: true,
  hasGlobalNetworking: false,
  environment: { TOKEN: 'canary-value', PUBLIC_KEY: 'ssh-ed25519 x' },
}

/** Two accounts, and a person who answers with `answer`. `meanwhile` runs while they are asked. */
function accounts(answer: Awaited<ReturnType<Ask>> = ok(''), meanwhile = (): void => {}) {
  const created: { plan: CreatePlan; environment: Environment }[] = []
  const questions: string[] = []
  const reads: string[] = []
  const keys: string[] = []
  let read: Result<PodConfiguration, ProviderError> = ok(configuration)
  const monitor = {
    snapshot: () => ({
      ...emptySnapshot(0, []),
      balance: { kind: 'known', usd: 100, spendPerHourUsd: null, atMs: 0 },
      pods: [
        { name: 'taken' },
        { key: 'a/old', name: 'old-one', guard: { rules: { autoStopAfterMin: 120, mayLoseData: true } } },
      ],
      creates: state.creates,
    }),
    accountPods: () => ({ accountId: 'a', pods: [{ name: 'taken' }, { name: 'trainer' }] }),
    createPod(plan: CreatePlan, environment: Environment) {
      if (state.refusal !== null) return fail(state.refusal)
      created.push({ plan, environment })
      return ok('create-1')
    },
    createPlan: (id: string) => created.map(({ plan }) => plan)[Number(id)] ?? null,
    undoCreate: (id: string) =>
      id === 'create-1' ? ok(undefined) : fail('That request is no longer known.'),
  } as unknown as Monitor
  const provider = {
    createPod: () => Promise.resolve(fail('unused')),
    listGpus: async ({ cloud, count }: { cloud: 'SECURE' | 'COMMUNITY'; count: number }) => {
      reads.push(`${cloud} ${count}`)
      if (state.isDown) return failure('unreachable')
      const priceUsd = { SECURE: state.priceUsd, COMMUNITY: null }
      return ok((gpus[cloud] ?? []).map((offer) => ({ ...offer, priceUsd })))
    },
    listCpus: async () => ok(cpus ?? []),
    listDataCenters: async () => ok(dataCenters ?? []),
    listNetworkVolumes: async () => ok(volumes ?? []),
    listTemplates: async (source: string) => ok(source === 'own' ? templates : []),
    listSecretNames: async () => ok(['hf']),
    readSshKeys: async () => ok(['ssh-ed25519 one']),
    readAccountLimits: async () => ok({ spendPerHourUsd: null }),
    readPodConfiguration: async () => read,
  } as unknown as Provider
  const state = {
    monitor: monitor as Monitor | null,
    creates: [] as CreateView[],
    priceUsd: 2,
    isDown: false,
    keyProblem: null as string | null,
    refusal: null as string | null,
  }
  const clock = createFakeClock()
  let id = 0
  const requests = createPodCreateRequests({
    clock,
    provider: (accountId) => (accountId === 'a' || accountId === 'b' ? provider : null),
    monitor: (accountId) => (accountId === 'a' || accountId === 'b' ? state.monitor : null),
    nameOf: () => 'Lab',
    ask(question) {
      questions.push([question.text.title, ...question.text.lines.map(({ text }) => text)].join('\n'))
      meanwhile()
      return Promise.resolve(answer)
    },
    tabNames: (podKey) => (podKey === 'a/old' ? ['train', null] : []),
    ssh: {
      getKeysView: () => Promise.reject(new Error('unused')),
      async generatePodKey(runId) {
        keys.push(`made ${runId}`)
        return state.keyProblem === null ? ok(PUBLIC_KEY) : fail(state.keyProblem)
      },
      async removePodKey(runId) {
        keys.push(`removed ${runId}`)
      },
    },
    newId: () => `id-${++id}`,
  })
  return {
    clock,
    created,
    keys,
    questions,
    reads,
    requests,
    state,
    setRead: (next: typeof read) => {
      read = next
    },
  }
}

test('a pod is created once it was confirmed, by what main evaluated', async () => {
  const { created, questions, requests } = accounts()
  const form = podForm({ environment: 'A=canary\nB={{ RUNPOD_SECRET_hf }}', maxHours: '8' })
  expect(await requests.createPod('a', form, null, OLD, DRAFT)).toEqual(
    ok({ kind: 'created', createId: 'create-1' }),
  )
  expect(questions).toHaveLength(1)
  expect(questions[0]).toMatch(/^Create night-train\?\nIn your account Lab\nH100 SXM, \$2\.01\/hr/)
  expect(questions[0]).not.toContain('canary')
  expect(created).toMatchObject([
    {
      plan: {
        name: 'night-train',
        maxPerHourUsd: expect.closeTo(2.007, 2),
        replacesPodId: 'old',
        draftId: DRAFT,
        rules: { maxHours: 8 },
      },
      environment: { A: 'canary', B: '{{ RUNPOD_SECRET_hf }}' },
    },
  ])
  expect(JSON.stringify(created[0]?.plan)).not.toContain('canary')
})

test('nothing is created by a no, by a question that cannot be asked, or where the account changed meanwhile', async () => {
  const declined = accounts(ok(null))
  expect(await declined.requests.createPod('a', podForm(), null, null, DRAFT)).toEqual(
    ok({ kind: 'declined' }),
  )
  const refused = accounts(fail('Answer the open questions first.'))
  expect(await refused.requests.createPod('a', podForm(), null, null, DRAFT)).toEqual(
    fail('Answer the open questions first.'),
  )
  for (const changed of [null, {} as Monitor]) {
    const other = accounts(ok(''), () => {
      other.state.monitor = changed
    })
    expect(await other.requests.createPod('a', podForm(), null, null, DRAFT)).toMatchObject({ ok: false })
    expect(other.created).toEqual([])
  }
  expect([declined.created, refused.created]).toEqual([[], []])
})

test('what is wrong is answered field by field, and nobody is asked', async () => {
  const { created, questions, requests } = accounts()
  expect(
    await requests.createPod('a', podForm({ name: 'taken', ports: '1/x' }), null, null, DRAFT),
  ).toMatchObject({
    value: { kind: 'refused', problems: [{ field: 'name' }, { field: 'ports', line: 1 }] },
  })
  for (const [accountId, copiedId, replaces] of [
    ['none', null, null],
    ['a', 'no-such-copy', null],
    ['a', null, { podKey: 'b/pod', isTakenOver: true }],
    // Its rules are not known any more.
    ['a', null, { podKey: 'a/not-listed', isTakenOver: true }],
  ] as const)
    expect(await requests.createPod(accountId, podForm(), copiedId, replaces, DRAFT)).toMatchObject({
      ok: false,
    })
  expect([created, questions]).toEqual([[], []])
})

test('variables of a pod are copied without their values reaching a window, for that account only', async () => {
  const { created, requests, setRead } = accounts()
  const prefilled = await requests.prefilledForm({ kind: 'pod', podKey: 'a/pod' })
  expect(JSON.stringify(prefilled)).not.toContain('canary')
  expect(prefilled).toMatchObject({
    value: {
      form: { name: 'trainer-2', storage: { kind: 'network', volumeId: 'vol' } },
      copied: { id: 'id-1', names: ['TOKEN'] },
      configuration: { name: 'trainer' },
      environmentProblem: null,
    },
  })
  const form = podForm({ environment: 'TOKEN=own' })
  expect(await requests.createPod('b', podForm(), 'id-1', null, DRAFT)).toMatchObject({ ok: false })
  await requests.createPod('a', podForm(), 'id-1', null, DRAFT)
  await requests.createPod('a', form, 'id-1', null, DRAFT)
  expect(created.map(({ environment }) => environment)).toEqual([{ TOKEN: 'canary-value' }, { TOKEN: 'own' }])

  setRead(ok({ ...configuration, environment: null }))
  expect(await requests.prefilledForm({ kind: 'pod', podKey: 'a/pod' })).toMatchObject({
    value: { copied: null, environmentProblem: expect.stringContaining('can’t read the variables') },
  })
  setRead(failure('not-found'))
  expect(await requests.prefilledForm({ kind: 'pod', podKey: 'a/pod' })).toMatchObject({ ok: false })
})

test('the form of a create that ended is filled in again, and one that is unknown is reported as such', async () => {
  const { requests } = accounts()
  await requests.createPod('a', podForm({ environment: 'A=canary' }), null, null, DRAFT)
  const again = await requests.prefilledForm({ kind: 'create', accountId: 'a', createId: '0' })
  expect(again).toMatchObject({ value: { form: { name: 'night-train', environment: 'A=' }, copied: null } })
  expect(again).not.toHaveProperty('value.replaces')
  await requests.createPod('a', podForm(), null, { podKey: 'a/old', isTakenOver: true }, DRAFT)
  expect(await requests.prefilledForm({ kind: 'create', accountId: 'a', createId: '1' })).toMatchObject({
    value: { replaces: { podKey: 'a/old', isTakenOver: true } },
  })
  expect(await requests.prefilledForm({ kind: 'create', accountId: 'a', createId: '7' })).toMatchObject({
    ok: false,
  })
  expect(requests.cancelCreate('a', 'create-1')).toEqual(ok(undefined))
  expect(requests.cancelCreate('none', 'create-1')).toMatchObject({ ok: false })
})

test('the catalog is read once a minute, unless it is asked for anew', async () => {
  const { reads, requests } = accounts()
  const query = { clouds: ['SECURE'], gpuCount: 2, vcpuCount: null, hasTemplates: true } as const
  const first = await requests.podCatalog('a', query, false)
  await requests.podCatalog('a', query, false)
  expect(reads).toEqual(['SECURE 2'])
  await requests.podCatalog('a', query, true)
  expect(reads).toEqual(['SECURE 2', 'SECURE 2'])
  expect(first).toMatchObject({
    value: { unread: [], catalog: { templates: [{ id: 'tpl' }], sshKeyCount: 1 } },
  })
  expect(await requests.podCatalog('none', query, false)).toMatchObject({ ok: false })
})

test('a copy does not get the name of a pod that is being created', async () => {
  const { requests, state } = accounts()
  state.creates = [createView({ name: 'trainer-2' }), createView({ name: 'trainer-3', phase: 'failed' })]
  expect(await requests.prefilledForm({ kind: 'pod', podKey: 'a/pod' })).toMatchObject({
    value: { form: { name: 'trainer-3' } },
  })
})

test('a question that is answered long after it was asked is no yes to another price', async () => {
  for (const [afterMs, priceUsd, isCreated] of [
    [60_000, 9, true],
    [60 * 60_000, 2, true],
    [60 * 60_000, 9, false],
  ] as const) {
    const late = accounts(ok(''), () => {
      late.clock.advance(afterMs)
      late.state.priceUsd = priceUsd
    })
    const answer = await late.requests.createPod('a', podForm(), null, null, DRAFT)
    expect([answer.ok, late.created.length]).toEqual([isCreated, isCreated ? 1 : 0])
  }
})

test('the question says that prices are old, and what money needs only once', async () => {
  const { clock, questions, requests, state } = accounts()
  const form = podForm({ maxHours: '6', whenFree: { maxPerHourUsd: '3', waitHours: '8' } })
  await requests.createPod('a', form, null, null, DRAFT)
  state.isDown = true
  clock.advance(20 * 60_000)
  await requests.createPod('a', form, null, null, DRAFT)
  expect(questions[0]?.match(/keeps trying for 8 h/g)).toHaveLength(1)
  expect(questions[0]).not.toContain('were read')
  expect(questions[1]).toContain('Prices and stock were read 20 min ago.')
})

test('a pod that is rebuilt hands over its rules and tabs if that is wished, which is reported, and nothing otherwise', async () => {
  const taken = accounts()
  await taken.requests.createPod('a', podForm(), null, OLD, DRAFT)
  expect(taken.created[0]?.plan).toMatchObject({
    replacesPodId: 'old',
    rules: { autoStopAfterMin: 120 },
    terminalTabs: ['train', null],
  })
  expect(taken.created[0]?.plan.rules.mayLoseData).toBeUndefined()
  expect(taken.questions[0]).toContain('Auto-stop acts after 2 h of quiet.')
  expect(taken.questions[0]).toContain('old-one stays as it is and keeps costing money')
  expect(taken.questions[0]).toContain('Terminal tabs of old-one move to the new pod')
  const left = accounts()
  await left.requests.createPod('a', podForm(), null, { ...OLD, isTakenOver: false }, DRAFT)
  expect(left.created[0]?.plan.rules).toEqual({})
  expect(left.created[0]?.plan.terminalTabs).toBeUndefined()
  expect(left.questions[0]).toContain('old-one stays as it is and keeps costing money')
  expect(left.questions[0]).not.toContain('Terminal tabs')
})

test('a key for the pod alone is made once that was confirmed, and removed where no pod is', async () => {
  const own = podForm({ hasOwnKey: true })
  const made = accounts()
  await made.requests.createPod('a', own, null, null, DRAFT)
  expect(made.questions[0]).toContain('SSH: a new key is created for this pod alone.')
  expect(made.created[0]?.plan.ownKey).toEqual({ runId: 'id-1', publicKey: PUBLIC_KEY })
  expect(made.keys).toEqual(['made id-1'])
  for (const form of [podForm(), podForm({ hasSsh: false, hasOwnKey: true })]) {
    const without = accounts()
    await without.requests.createPod('a', form, null, null, DRAFT)
    expect([without.keys, without.created[0]?.plan.ownKey]).toEqual([[], undefined])
  }
  const declined = accounts(ok(null))
  await declined.requests.createPod('a', own, null, null, DRAFT)
  expect(declined.keys).toEqual([])
  const refused = accounts()
  refused.state.refusal = 'No.'
  await refused.requests.createPod('a', own, null, null, DRAFT)
  expect(refused.keys).toEqual(['made id-1', 'removed id-1'])
  const full = accounts()
  full.state.keyProblem = 'The disk is full.'
  expect(await full.requests.createPod('a', own, null, null, DRAFT)).toEqual(
    fail('The disk is full. Nothing was created.'),
  )
  expect(full.created).toEqual([])
})
