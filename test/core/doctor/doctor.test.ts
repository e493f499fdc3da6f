import { describe, expect, test } from 'vitest'
import { LONGEST_CADENCE_MS } from '../../../src/core/doctor/cadence-check'
import type { DoctorCheckId, DoctorLine } from '../../../src/core/doctor/doctor-line'
import type { DoctorOptions } from '../../../src/core/doctor/doctor-options'
import { createReportedPods, missingFields, unknownFields } from '../../../src/core/doctor/reported-fields'
import { runDoctor } from '../../../src/core/doctor/run-doctor'
import { fail, ok } from '../../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { ObservedReply, Provider } from '../../../src/core/pods/provider'
import { createFakeClock } from '../../harness/base/fake-clock'
import { createScriptedProvider, failure, providerError } from '../../harness/monitor/scripted-provider'
import { pod, stoppedPod, telemetry } from '../../harness/samples/pods'

const rawPod = (uptime: number | null): Record<string, unknown> => ({
  id: 'pod-1',
  gpu: { id: 'A100', count: 1 },
  runtime: {
    ...(uptime !== null && { uptime }),
    gpus: [{ util: 0 }],
    cpu: { util: 1 },
    memory: { util: 1 },
  },
})

interface World {
  /** Seconds between two refreshes of the uptime; null: it never changes. */
  readonly refreshS?: number | null
  /** Without it, only the single pod has an uptime. */
  readonly listHasUptime?: boolean
  readonly pods?: readonly ReturnType<typeof pod>[]
  readonly provider?: Partial<Provider>
  readonly options?: Partial<DoctorOptions>
}

/** A doctor of an account with one running pod, by a clock that the test moves. */
function start({ refreshS = 30, listHasUptime = true, pods = [pod()], provider: more, options }: World = {}) {
  const clock = createFakeClock()
  const startMs = clock.now().monotonicMs
  const scripted = createScriptedProvider(pods)
  let observer: (reply: ObservedReply) => void = () => {}
  const uptimeS = (): number => {
    const passedS = (clock.now().monotonicMs - startMs) / 1_000
    return refreshS === null ? 3_600 : 3_600 + Math.floor(passedS / refreshS) * refreshS
  }
  const reply = (path: string, body: unknown): void =>
    observer({ method: 'GET', path, query: {}, status: 200, headers: {}, body: JSON.stringify(body) })
  const withUptime = (has: boolean) => (one: ReturnType<typeof pod>) =>
    one.telemetry === null ? one : { ...one, telemetry: telemetry({ uptimeS: has ? uptimeS() : null }) }
  const provider: Provider = {
    ...scripted,
    async listPods() {
      const list = await scripted.listPods()
      reply('/pods', { pods: pods.map(() => rawPod(listHasUptime ? uptimeS() : null)) })
      return list.ok ? ok({ ...list.value, pods: list.value.pods.map(withUptime(listHasUptime)) }) : list
    },
    async getPod(id) {
      const read = await scripted.getPod(id)
      reply(`/pods/${id}`, rawPod(uptimeS()))
      return read.ok ? ok(withUptime(true)(read.value)) : read
    },
    observeReplies(listener) {
      observer = listener
      return () => (observer = () => {})
    },
    ...more,
  }
  const progress: (string | null)[] = []
  const lines: DoctorLine[] = []
  const running = runDoctor({
    provider,
    providerName: 'Runpod',
    clock,
    isQuick: false,
    compareKeys: async () => ({ usable: 1, matching: 1, cantTell: 0 }),
    computerChecks: [],
    onLine: (line) => lines.push(line),
    onProgress: (text) => progress.push(text),
    ...options,
  })
  const line = (id: DoctorCheckId) => lines.find((each) => each.id === id)
  return { clock, calls: scripted.calls, script: scripted.script, running, lines, line, progress }
}

describe('how often figures change', () => {
  test.each([
    [30, 'ok', 'Every 30 s.'],
    [90, 'warning', /^Every 90 s\. .*a stop needs a look from inside or the guard/],
    [310, 'problem', /^Every 5 min, which is too rarely/],
    [15, 'ok', /^New at each reading, every 15 s or more often/],
  ])('is measured by three refreshes, as every %d s', async (refreshS, verdict, text) => {
    const { clock, running, line, progress } = start({ refreshS })
    await clock.advanceAsync(LONGEST_CADENCE_MS)
    await running.done
    expect(line('cadence')).toMatchObject({
      verdict,
      text: typeof text === 'string' ? text : (expect.stringMatching(text) as string),
    })
    expect(progress[0]).toBe('Measuring how often figures change: 0 of 3 refreshes, 16 min left at most')
    expect(progress.at(-1)).toBeNull()
  })

  test('takes no longer than it must', async () => {
    const { clock, running, line } = start({ refreshS: 90 })
    await clock.advanceAsync(3 * 90 * SECOND_MS + 30 * SECOND_MS)
    expect(line('cadence')).toBeDefined()
    await running.done
  })

  test('is a problem if they never change, and ends after 16 minutes', async () => {
    const { clock, running, line, calls } = start({ refreshS: null })
    await clock.advanceAsync(LONGEST_CADENCE_MS - MINUTE_MS)
    expect(line('cadence')).toBeUndefined()
    await clock.advanceAsync(2 * MINUTE_MS)
    await running.done
    expect(line('cadence')).toMatchObject({
      verdict: 'problem',
      text: expect.stringMatching(/16 min/) as string,
    })
    expect(calls.length).toBeLessThan(70)
  })

  test('is measured by the single pod if the list has no uptime, and by the list otherwise', async () => {
    const single = start({ listHasUptime: false })
    await single.clock.advanceAsync(5 * MINUTE_MS)
    await single.running.done
    expect(single.line('cadence')).toMatchObject({ verdict: 'ok', text: 'Every 30 s.' })
    expect(single.calls.filter((call) => call === 'list')).toHaveLength(1)
    const list = start()
    await list.clock.advanceAsync(5 * MINUTE_MS)
    expect(list.calls.filter((call) => call === 'get pod-1')).toHaveLength(1)
    await list.running.done
  })

  test('is asked for no more often than the quota allows', async () => {
    const { clock, calls, running, line } = start({ provider: { minPollIntervalMs: () => 2 * MINUTE_MS } })
    await clock.advanceAsync(10 * MINUTE_MS)
    expect(calls.filter((call) => call === 'list').length).toBeLessThanOrEqual(7)
    await clock.advanceAsync(10 * MINUTE_MS)
    await running.done
    expect(line('cadence')?.verdict).toMatch(/ok|warning/)
  })

  test('ends when it is canceled, at once and with what was seen', async () => {
    const { clock, running, line, calls } = start({ refreshS: 60 })
    await clock.advanceAsync(70 * SECOND_MS)
    running.cancel()
    await running.done
    expect(line('cadence')).toEqual({
      id: 'cadence',
      verdict: 'not-checked',
      text: 'Stopped early, after 1 of 3 refreshes.',
    })
    const asked = calls.length
    await clock.advanceAsync(LONGEST_CADENCE_MS)
    expect(calls).toHaveLength(asked)
    expect(clock.pendingDelaysMs()).toEqual([])
  })

  test('is left out in a quick check, and without a running pod', async () => {
    const quick = start({ options: { isQuick: true } })
    await quick.running.done
    expect(quick.line('cadence')).toMatchObject({ verdict: 'not-checked', text: 'Skipped in a quick check.' })
    const none = start({ pods: [stoppedPod()] })
    await none.running.done
    expect(none.line('cadence')).toMatchObject({ verdict: 'not-checked', text: 'No pod is running.' })
  })
})

describe('a check', () => {
  test('only reads, and asks once for each question', async () => {
    const asked: string[] = []
    const once =
      <T>(name: string, value: T) =>
      async () => {
        asked.push(name)
        return ok(value)
      }
    const { running, calls } = start({
      options: { isQuick: true },
      provider: {
        readBalance: once('balance', { balanceUsd: 1, spendPerHourUsd: 1 }),
        readBills: once('bills', { rows: [], unreadableCount: 0 }),
        listGpus: once('gpus', []),
        readAccountLimits: once('limits', { spendPerHourUsd: 80 }),
        readSshKeys: once('ssh-keys', ['ssh-ed25519 AAAA']),
        streamLogs: (_id, _query, { onOpen, onLines }) => {
          asked.push('logs')
          onOpen()
          void onLines([], 1)
          return { ended: Promise.resolve(ok('closed' as const)), close: () => {} }
        },
      },
    })
    await running.done
    expect(calls).toEqual(['list', 'get pod-1'])
    expect(asked).toEqual(['balance', 'bills', 'gpus', 'limits', 'logs', 'ssh-keys'])
  })

  test('of a key that is refused asks nothing more, but checks the computer', async () => {
    const { running, calls, lines } = start({
      provider: { listPods: async () => failure('unauthorized') },
      options: { computerChecks: [async () => ({ id: 'data-folder', verdict: 'ok', text: 'Here.' })] },
    })
    await running.done
    expect(calls).toEqual([])
    expect(lines).toEqual([
      { id: 'key', verdict: 'problem', text: 'Runpod doesn’t accept the key (401). Add a new one.' },
      { id: 'data-folder', verdict: 'ok', text: 'Here.' },
    ])
  })

  test('tells a key without pods from one that is refused, and still asks what it may read', async () => {
    const { running, line } = start({
      provider: {
        listPods: async () => failure('forbidden', { status: 403 }),
        readBalance: async () => ok({ balanceUsd: 1, spendPerHourUsd: 2 }),
      },
    })
    await running.done
    expect(line('key')?.verdict).toBe('ok')
    expect(line('pods')).toMatchObject({ verdict: 'problem', text: expect.stringContaining('403') as string })
    expect(line('balance')?.verdict).toBe('ok')
    expect(line('cadence')?.verdict).toBe('not-checked')
  })

  test.each([
    [{ spendPerHourUsd: 2 }, 'ok', /^The balance can be read\.$/],
    [{ spendPerHourUsd: null }, 'warning', /but not the rest\. The account’s own rate is missing/],
    [{ spendPerHourUsd: null, problem: 'No permission.' }, 'warning', /but not the rest\. No permission\.$/],
  ] as const)('says what came of the balance: %o', async (balance, verdict, text) => {
    const { running, line } = start({
      options: { isQuick: true },
      provider: { readBalance: async () => ok({ balanceUsd: 1, ...balance }) },
    })
    await running.done
    expect(line('balance')).toMatchObject({ verdict, text: expect.stringMatching(text) as string })
  })

  test('looks at the pod that has run longest, where none reports figures', async () => {
    const { running, calls } = start({
      options: { isQuick: true },
      listHasUptime: false,
      pods: [
        pod({ id: 'new', startedAtMs: 2_000, telemetry: null }),
        pod({ id: 'old', startedAtMs: 1_000, telemetry: null }),
      ],
    })
    await running.done
    expect(calls).toEqual(['list', 'get old'])
  })

  test('asks nothing that the quota holds back, and says so', async () => {
    const { running, line } = start({
      options: { isQuick: true },
      provider: { readBalance: async () => fail(providerError('rate-limited', { retryAfterMs: 1 })) },
    })
    await running.done
    expect(line('balance')).toMatchObject({ verdict: 'not-checked' })
  })

  test.each([
    [2_000, 'ok'],
    [-90_000, 'warning'],
    [900_000, 'problem'],
  ])('of a clock that is %d ms behind says "%s"', async (byMs, verdict) => {
    const { running, line } = start({
      options: { isQuick: true },
      provider: {
        serverTime: () => ({
          atMs: 1e12 + byMs,
          receivedAt: { wallMs: 1e12, monotonicMs: 0, runId: 'run-1' },
        }),
      },
    })
    await running.done
    expect(line('clock')?.verdict).toBe(verdict)
  })

  test.each([
    [{ usable: 2, matching: 1, cantTell: 0 }, 'ok', /1 of them on this computer/],
    [{ usable: 2, matching: 0, cantTell: 0 }, 'warning', /none of them on this computer/],
    [{ usable: 1, matching: 0, cantTell: 1 }, 'not-checked', /passphrase/],
    [{ usable: 0, matching: 0, cantTell: 0 }, 'warning', /has no SSH key/],
  ] as const)('compares SSH keys: %o', async (keys, verdict, text) => {
    const { running, line } = start({
      options: { isQuick: true, compareKeys: async () => keys },
      provider: { readSshKeys: async () => ok(['ssh-ed25519 AAAA', '']) },
    })
    await running.done
    expect(line('ssh-keys')).toMatchObject({ verdict, text: expect.stringMatching(text) as string })
  })

  test('of a log that does not open within 15 s ends there, and leaves no timer', async () => {
    const end: { ended: (value: ReturnType<typeof ok<'closed'>>) => void } = { ended: () => {} }
    const { clock, running, line } = start({
      options: { isQuick: true },
      provider: {
        streamLogs: () => ({
          ended: new Promise((resolve) => (end.ended = resolve)),
          close: () => end.ended(ok('closed')),
        }),
      },
    })
    await clock.advanceAsync(14 * SECOND_MS)
    expect(line('logs')).toBeUndefined()
    await clock.advanceAsync(SECOND_MS)
    await running.done
    expect(line('logs')).toMatchObject({
      verdict: 'problem',
      text: expect.stringContaining('15 s') as string,
    })
    expect(clock.pendingDelaysMs()).toEqual([])
  })
})

test('a list of several pages is looked at as a whole, and the next list anew', () => {
  const reported = createReportedPods()
  const page = (id: string, cursor?: string) =>
    reported.add({
      path: '/pods',
      query: cursor === undefined ? {} : { cursor },
      status: 200,
      body: JSON.stringify({ pods: [{ id }] }),
    })
  page('a')
  page('b', 'next')
  expect(reported.inList()).toEqual([{ id: 'a' }, { id: 'b' }])
  page('c')
  expect(reported.inList()).toEqual([{ id: 'c' }])
})

test('fields that the document does not have are named by their paths, without values', () => {
  const known = { id: 'p', gpu: { id: 'g', count: 1 }, runtime: { uptime: 1, gpus: [{ util: 1 }] } }
  expect(unknownFields([known])).toEqual([])
  expect(
    unknownFields([
      { ...known, runtime: { disk: { util: 1 }, gpus: [{ util: 1, power: 200 }] }, spot: true },
    ]),
  ).toEqual(['runtime.disk', 'runtime.gpus.power', 'spot'])
  // Names of variables are no fields.
  expect(unknownFields([{ env: { HF_TOKEN: 'x' } }])).toEqual([])
})

test('fields that pods need and lack are named', () => {
  const whole = Object.fromEntries(
    ['id', 'name', 'status', 'actions', 'cost', 'locked', 'createdAt', 'mounts', 'ssh'].map((name) => [
      name,
      1,
    ]),
  )
  expect(missingFields([{ ...whole, gpu: {} }])).toEqual([])
  expect(
    missingFields([
      { ...whole, gpu: {} },
      { ...whole, cost: undefined },
    ]),
  ).toEqual(['cost', 'gpu or cpu'])
})
