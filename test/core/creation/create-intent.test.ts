import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { ok } from '../../../src/core/base/result'
import {
  type CreateIntent,
  defaultCreateRules as rules,
  markCreateSent,
  scheduleCreate,
} from '../../../src/core/creation/create-intent'
import { withListedPods } from '../../../src/core/creation/create-observation'
import { withCreateReply } from '../../../src/core/creation/create-reply'
import { plannedVariables, secretNameIn } from '../../../src/core/creation/create-plan'
import type { LateCheck } from '../../../src/core/creation/late-check'
import { createEntry } from '../../../src/core/creation/create-text'
import type { Pod } from '../../../src/core/pods/pod'
import { RUN_ID_VARIABLE } from '../../../src/core/pods/pod-request'
import { createPlan, createWorld, findViolations } from '../../harness/monitor/create-world'
import { instant, pod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

const labels = ({ requests }: ReturnType<typeof createWorld>) =>
  requests.map(({ request }) => (request.compute.kind === 'gpu' ? request.compute.typeId : ''))

function started(options: Parameters<typeof createWorld>[0]) {
  const world = createWorld(options)
  world.start()
  return world
}

describe('the choices', () => {
  test('are tried in order, each told, until one is free', async () => {
    const world = started({ replies: ['400-capacity', '403', '201'] })
    world.runner().create(createPlan(['H100', 'A100', 'L40S']), {}, false)
    await world.watch(MINUTE_MS)
    expect(labels(world)).toEqual(['NVIDIA H100', 'NVIDIA A100', 'NVIDIA L40S'])
    expect(world.onDisk()[0]?.tries).toMatchObject([
      { label: 'H100', outcome: 'no-capacity' },
      { label: 'A100', outcome: 'not-allowed' },
    ])
    const messages = world.changes.map(({ message }) => message)
    expect(messages).toContain('H100 is sold out. Next: A100.')
  })

  test('are not tried after an answer that leaves open whether there is a pod', async () => {
    const world = started({ replies: ['500', '201'] })
    world.runner().create(createPlan(['H100', 'A100'], { waitsForMs: 8 * HOUR_MS }), {}, false)
    await world.watch(9 * HOUR_MS)
    expect(labels(world)).toEqual(['NVIDIA H100'])
    expect(world.onDisk()[0]).toMatchObject({ phase: 'did-not-happen', isUnclear: true })
  })

  test('that are all taken fail with each of them, and waiting can be offered', async () => {
    const world = started({ replies: ['400-capacity'] })
    world.runner().create(createPlan(['H100', 'A100']), {}, false)
    await world.watch(MINUTE_MS)
    expect(world.onDisk()[0]).toMatchObject({
      phase: 'failed',
      lacksCapacity: true,
      message: 'H100 is sold out. A100 is sold out.',
    })
  })

  test('that are all forbidden fail as such, and waiting is not offered', async () => {
    const world = started({ replies: ['403'] })
    world.runner().create(createPlan(['H100', 'A100'], { waitsForMs: HOUR_MS }), {}, false)
    await world.watch(MINUTE_MS)
    expect(world.onDisk()[0]).toMatchObject({ phase: 'failed', refusal: 'forbidden', lacksCapacity: false })
  })
})

describe('a create when one is free', () => {
  const waiting = createPlan(['H100'], { waitsForMs: 2 * HOUR_MS })

  test('tries again, ever more slowly, until one is', async () => {
    const world = started({ replies: [...Array<'400-capacity'>(5).fill('400-capacity'), '201'] })
    world.runner().create(waiting, {}, false)
    await world.watch(MINUTE_MS / 2)
    expect(world.onDisk()[0]).toMatchObject({ phase: 'waiting', waitMs: MINUTE_MS })
    await world.watch(20 * MINUTE_MS)
    expect(world.requests).toHaveLength(6)
    expect(findViolations(world)).toEqual([])
  })

  test('is given up after its time, with nothing made', async () => {
    const world = started({ replies: ['400-capacity'] })
    world.runner().create(waiting, {}, false)
    await world.watch(3 * HOUR_MS)
    const sent = world.requests.length
    await world.watch(HOUR_MS)
    expect(world.requests).toHaveLength(sent)
    expect(world.onDisk()[0]).toMatchObject({
      phase: 'did-not-happen',
      isUnclear: false,
      message: 'Nothing was free for 2 h, so night-train was not created.',
    })
  })

  test.each<[LateCheck, string]>([
    [{ kind: 'too-expensive', message: 'It costs more now.' }, 'waiting'],
    [{ kind: 'refused', message: 'Your monthly budget is used up.' }, 'failed'],
    [{ kind: 'postponed', waitMs: null }, 'waiting'],
  ])('is not sent while price and money say %o', async (check, phase) => {
    const world = started({ replies: ['400-capacity', '201'], checkLate: () => check })
    world.runner().create(waiting, {}, false)
    await world.watch(HOUR_MS)
    expect([world.requests.length, world.onDisk()[0]?.phase]).toEqual([1, phase])
  })

  test('that is put off until the service answers again is not checked at each reading of the account', async () => {
    let checks = 0
    const checkLate = (): LateCheck => {
      checks += 1
      return { kind: 'postponed', waitMs: 10 * MINUTE_MS }
    }
    const world = started({ replies: ['400-capacity'], checkLate })
    world.runner().create(waiting, {}, false)
    await world.watch(9 * MINUTE_MS)
    expect(checks).toBe(1)
    await world.watch(5 * MINUTE_MS)
    expect(checks).toBe(2)
  })

  test('continues after a restart, unless it has values that are not stored', async () => {
    for (const [environment, sent] of [
      [{}, 2],
      [{ TOKEN: '{{ RUNPOD_SECRET_hf }}' }, 2],
      [{ TOKEN: 'hunter2' }, 1],
    ] as const) {
      const world = started({ replies: ['400-capacity', '201'] })
      const variables = plannedVariables(environment)
      world.runner().create({ ...waiting, variables }, environment, false)
      await world.watch(MINUTE_MS / 2)
      world.start()
      await world.watch(10 * MINUTE_MS)
      expect(world.requests).toHaveLength(sent)
      if (sent === 2) expect(world.requests[1]?.request.environment).toMatchObject(environment)
      else expect(world.onDisk()[0]?.message).toContain('doesn’t store the values of variables (TOKEN)')
    }
  })

  test('needs a confirmed maximum, a known price and maximum hours', () => {
    const world = started({ replies: ['201'] })
    for (const more of [
      { maxPerHourUsd: null },
      { rules: {} },
      { candidates: waiting.candidates.map((candidate) => ({ ...candidate, perHourUsd: null })) },
      { maxPerHourUsd: 1.99 },
    ])
      expect(world.runner().create({ ...waiting, ...more }, {}, false).ok).toBe(false)
    expect(world.journalLines).toEqual([])
  })
})

test.each([
  [null, 1, 'cancelled'],
  [3, 2, 'observed'],
])(
  'one that Runpod put off before a sleep is asked for again, unless it was confirmed up to a price (%s)',
  async (maxPerHourUsd, requests, phase) => {
    const world = started({ replies: ['429', '201'] })
    const plan = createPlan(['H100'], { waitsForMs: null, maxPerHourUsd })
    expect(world.runner().create(plan, {}, false).ok).toBe(true)
    await world.clock.advanceAsync(1)
    expect([world.requests.length, world.onDisk()[0]?.phase]).toEqual([1, 'scheduled'])
    world.clock.shiftWallClock(8 * HOUR_MS)
    await world.watch(5 * MINUTE_MS)
    expect([world.requests.length, world.onDisk()[0]?.phase]).toEqual([requests, phase])
  },
)

describe('taking it back', () => {
  test('works while it waits, and then nothing more is sent', async () => {
    const world = started({ replies: ['400-capacity', '201'] })
    world.runner().create(createPlan(['H100'], { waitsForMs: HOUR_MS }), {}, false)
    await world.watch(MINUTE_MS / 2)
    expect(world.runner().undo(world.onDisk()[0]?.id ?? '').ok).toBe(true)
    await world.watch(HOUR_MS)
    expect([world.requests.length, world.onDisk()[0]?.phase]).toEqual([1, 'cancelled'])
  })

  test('while a request is on its way ends the tries after it', async () => {
    const world = started({ replies: ['400-capacity', '201'] })
    const created = world.runner().create(createPlan(['H100', 'A100']), {}, false)
    const id = created.ok ? created.value.id : ''
    // Until the request is sent, and before its answer.
    await world.clock.advanceAsync(0)
    const sent = markCreateSent(world.onDisk()[0] as CreateIntent, world.clock.now())
    expect(sent.id).toBe(id)
    const calledOff = { ...sent, isCalledOff: true }
    const after = withCreateReply(calledOff, failure('no-capacity'), world.clock.now(), rules)
    expect(after).toMatchObject({ phase: 'cancelled' })
  })

  test('is too late once it is not known whether there is a pod', async () => {
    const world = started({ replies: ['500'] })
    world.runner().create(createPlan(['H100', 'A100']), {}, false)
    await world.watch(MINUTE_MS)
    expect(world.runner().undo(world.onDisk()[0]?.id ?? '')).toEqual({
      ok: false,
      error: 'Too late to undo: it was already sent.',
    })
  })
})

describe('the pod', () => {
  test('is adopted however late it appears, and gets its rules then', async () => {
    const world = started({ replies: ['reset-after'], listedAfterMs: 3 * HOUR_MS })
    world.runner().create(createPlan(['H100']), {}, false)
    await world.watch(HOUR_MS)
    expect([world.onDisk()[0]?.phase, world.rulesOf.size]).toEqual(['did-not-happen', 0])
    world.start()
    await world.watch(3 * HOUR_MS)
    expect(world.onDisk()[0]).toMatchObject({
      phase: 'observed',
      podId: 'made-1',
      message: 'night-train was created after all, and appeared late.',
    })
    expect(world.rulesOf.get('made-1')).toEqual({ maxHours: 8 })
  })

  test('that appears although its request was refused ends the tries', async () => {
    const world = started({ replies: ['400-capacity'] })
    world.runner().create(createPlan(['H100'], { waitsForMs: HOUR_MS }), {}, false)
    await world.watch(MINUTE_MS / 2)
    const { runId } = world.onDisk()[0] as CreateIntent
    world.pods.push({ pod: pod({ id: 'surprise', runId }), listedAtMs: 0 })
    await world.watch(HOUR_MS)
    expect([world.onDisk()[0]?.podId, world.requests.length]).toEqual(['surprise', 1])
  })

  test('of someone else is never adopted, whatever its name', async () => {
    const world = started({ replies: ['500'] })
    world.runner().create(createPlan(['H100']), {}, false)
    await world.watch(5_000)
    for (const other of [{ id: 'same-name' }, { id: 'other-run', runId: 'somebody-elses' }])
      world.pods.push({
        pod: pod({ name: 'night-train', createdAtMs: world.clock.now().wallMs, ...other }),
        listedAtMs: 0,
      })
    await world.watch(HOUR_MS)
    expect(world.onDisk()[0]).toMatchObject({ phase: 'did-not-happen', podId: null })
  })

  test('is found by its unique name where environments are hidden, and not if there are two', async () => {
    for (const others of [0, 1]) {
      const world = started({ replies: ['reset-after'], areEnvironmentsHidden: true })
      world.runner().create(createPlan(['H100']), {}, false)
      const twin = pod({
        id: 'twin',
        name: 'night-train',
        createdAtMs: world.clock.now().wallMs,
        isEnvironmentHidden: true,
      })
      await world.clock.advanceAsync(0)
      if (others === 1) world.pods.push({ pod: twin, listedAtMs: 0 })
      await world.watch(HOUR_MS)
      expect(world.onDisk()[0]?.podId).toBe(others === 0 ? 'made-1' : null)
    }
  })

  test('with a second one of the same request is told', async () => {
    const world = started({ replies: ['201'] })
    world.runner().create(createPlan(['H100']), {}, false)
    await world.watch(MINUTE_MS)
    const { runId } = world.onDisk()[0] as CreateIntent
    world.pods.push({ pod: pod({ id: 'second', runId }), listedAtMs: 0 })
    await world.watch(MINUTE_MS)
    expect(world.onDisk()[0]).toMatchObject({ podId: 'made-1', extraPodId: 'second' })
  })

  test('has a name that no other pod and no other request has', async () => {
    const world = started({ replies: ['500'] })
    world.pods.push({ pod: pod({ name: 'taken' }), listedAtMs: 0 })
    expect(world.runner().create(createPlan(['H100'], { name: 'taken' }), {}, false).ok).toBe(false)
    expect(world.runner().create(createPlan(['H100']), {}, false).ok).toBe(true)
    expect(world.runner().create(createPlan(['H100']), {}, false).ok).toBe(false)
    expect(world.runner().create(createPlan(['H100'], { name: 'another' }), {}, false).ok).toBe(true)
  })

  test('of a lab, which names no request, is inferred if only one new pod can be it, and gets no rules', () => {
    const plan = createPlan(['H100'], {
      candidates: [
        {
          label: 'H100',
          perHourUsd: null,
          pod: { kind: 'lab', gpuType: 'H100', gpuCount: 1, maxHours: null, image: 'i', volumeGb: 50 },
        },
      ],
      maxPerHourUsd: null,
    })
    const request = { id: 'i', accountId: 'a', runId: 'run-12345', plan, isFromCommandLine: false }
    const sent = markCreateSent(scheduleCreate({ ...request, listedPodIds: ['old'] }, instant(0)), instant(0))
    const unclear = withCreateReply(sent, failure('unreachable'), instant(100), rules)
    const lab = (id: string, more: Partial<Pod> = {}): Pod =>
      pod({
        id,
        gpu: { name: 'H100 SXM', count: 1 },
        createdAtMs: instant(50).wallMs,
        isEnvironmentHidden: true,
        ...more,
      })
    const seen = (pods: readonly Pod[]) =>
      withListedPods(unclear, { pods, isComplete: true, at: instant(5_000) }, instant(5_000), rules).podId
    expect(seen([lab('old'), lab('new')])).toBe('new')
    expect(seen([lab('old')])).toBe(null)
    expect(seen([lab('new'), lab('newer')])).toBe(null)
    expect(seen([lab('new', { gpu: { name: 'H200', count: 1 } })])).toBe(null)
    expect(seen([lab('new', { createdAtMs: instant(-HOUR_MS).wallMs })])).toBe(null)
    expect(seen([lab('new', { createdAtMs: null })])).toBe(null)
  })
})

describe('values of variables', () => {
  test('are sent, and are neither in the journal nor in what is shown or logged', async () => {
    const world = started({ replies: ['400-capacity', '201'] })
    const environment = { TOKEN: 'hunter2-canary', HF: '{{ RUNPOD_SECRET_hf }}' }
    const plan = createPlan(['H100', 'A100'], { variables: plannedVariables(environment) })
    world.runner().create(plan, environment, false)
    await world.watch(MINUTE_MS)
    expect(world.requests.map(({ request }) => request.environment)).toEqual(
      Array(2).fill({ ...environment, [RUN_ID_VARIABLE]: world.onDisk()[0]?.runId }),
    )
    const written = JSON.stringify([
      world.journalLines,
      world.changes,
      world.changes.map((create) => createEntry(create, 0)),
    ])
    expect(written).not.toContain('hunter2')
    expect(written).toContain('TOKEN')
  })

  test.each([
    ['{{ RUNPOD_SECRET_hf }}', 'hf'],
    ['{{RUNPOD_SECRET_a.b-c}}', 'a.b-c'],
    ['{{ RUNPOD_SECRET_team/hf }}', 'team/hf'],
    [`{{ RUNPOD_SECRET_${'n'.repeat(191)} }}`, 'n'.repeat(191)],
    [`{{ RUNPOD_SECRET_${'n'.repeat(192)} }}`, null],
    ['{{ RUNPOD_SECRET_/hf }}', null],
    ['x{{ RUNPOD_SECRET_hf }}', null],
    ['{{ RUNPOD_SECRET_hf }} {{ RUNPOD_SECRET_x }}', null],
    ['{{ OTHER }}', null],
  ])('that are %j refer to the secret %j', (value, name) => expect(secretNameIn(value)).toBe(name))
})

test('after any order of replies and lists, a create has a pod exactly if it says that it was created', () => {
  const replies = fc.constantFrom(
    ok(pod({ id: 'made' })),
    ok(null),
    ...(['no-capacity', 'unreachable', 'unreadable', 'rate-limited', 'forbidden', 'invalid'] as const).map(
      (kind) => failure(kind, { retryAfterMs: 1_000 }),
    ),
  )
  const lists = fc.record({
    has: fc.boolean(),
    isComplete: fc.boolean(),
    afterMs: fc.integer({ min: 0, max: 20 * MINUTE_MS }),
  })
  fc.assert(
    fc.property(fc.array(fc.oneof(replies, lists), { maxLength: 12 }), fc.boolean(), (events, isWaiting) => {
      let ms = 0
      const plan = createPlan(['H100', 'A100'], isWaiting ? { waitsForMs: HOUR_MS } : {})
      const request = { id: 'i', accountId: 'a', runId: 'run-12345', plan, isFromCommandLine: false }
      let create = scheduleCreate({ ...request, listedPodIds: [] }, instant(0))
      for (const event of events) {
        const before = create
        if ('has' in event) {
          ms += event.afterMs
          const pods = event.has ? [pod({ id: 'made', runId: 'run-12345' })] : []
          create = withListedPods(
            create,
            { pods, isComplete: event.isComplete, at: instant(ms) },
            instant(ms),
            rules,
          )
        } else {
          create = markCreateSent(create, instant(ms))
          create = withCreateReply(create, event, instant(ms), rules)
        }
        if (create.phase === 'observed') expect(create.podId).toBe('made')
        // Once a pod is known it is never forgotten, unless a complete list after the deadline lacks it.
        if (before.phase === 'observed') expect(create.podId).toBe(before.podId)
        // What is unclear is never tried again.
        if (before.isUnclear && before.podId === null)
          expect(['scheduled', 'waiting', 'failed']).not.toContain(create.phase)
      }
    }),
  )
})

test('a key for the pod alone is sent with the request that it is for, also after a restart', async () => {
  const ownKey = { runId: 'run-of-key-1234', publicKey: `ssh-ed25519 ${'A'.repeat(68)} podkeeper` }
  const world = createWorld({ replies: ['400-capacity', '201'] })
  world.start()
  world.runner().create(createPlan(['H100 SXM', 'A100 SXM'], { ownKey, waitsForMs: 60_000 }), {}, false)
  world.start()
  await world.watch(MINUTE_MS)
  const environments = world.requests.map(({ request }) => request.environment)
  expect(environments.length).toBeGreaterThan(0)
  for (const environment of environments)
    expect(environment).toEqual({ PUBLIC_KEY: ownKey.publicKey, PODKEEPER_RUN_ID: ownKey.runId })
  expect(world.onDisk()[0]?.podId).toBe('made-1')
})
