import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { CreateIntent } from '../../src/core/creation/create-intent'
import { isOpen } from '../../src/core/intents/intent'
import { createMonitor } from '../../src/core/monitor/monitor'
import type { Monitor } from '../../src/core/monitor/monitor-types'
import { defaultSettings } from '../../src/core/settings/settings'
import { createNotices } from '../../src/core/view/notices'
import { createSystemClock } from '../../src/node/clock'
import { openCreatesFile } from '../../src/node/data-folder/journal/lazy-journal'
import { nullJournal, readCreates } from '../../src/node/data-folder/journal/journal'
import {
  createMemoryAccountRules,
  createMemoryAlertHistory,
  createMemoryAuditLog,
} from '../../src/node/in-memory/memory-files'
import { createRunpodProvider } from '../../src/providers/runpod/provider'
import type { SimulatedFault } from '../../src/simulator/control/faults'
import { createSimulator, FULL_KEY } from '../../src/simulator/simulator'
import { createPlan } from '../harness/monitor/create-world'

/*
 * A create over real HTTP and on a real file, with every answer of Runpod, while the program is killed at every step
 * around its answer. `create-crash.test.ts` in core has the steps and the deadline, at any speed.
 */

type FaultKind = SimulatedFault['kind']

/** Whether there is a pod, and what becomes of the create where it is not killed. Open: it is not known for 15 min. */
const outcomes: readonly (readonly [FaultKind | '201', boolean, CreateIntent['phase'] | 'open'])[] = [
  ['201', true, 'observed'],
  ['no-capacity', false, 'failed'],
  ['bad-request', false, 'failed'],
  ['no-balance', false, 'failed'],
  ['forbidden', false, 'failed'],
  ['unprocessable', false, 'failed'],
  ['timed-out', false, 'open'],
  ['server-error', false, 'open'],
  ['html', false, 'open'],
  ['empty-object', false, 'open'],
  ['reset-before', false, 'open'],
  ['server-error-after', true, 'observed'],
  ['reset-after', true, 'observed'],
  ['no-content', true, 'observed'],
  ['half-body', true, 'observed'],
]

const kills = ['never', 'when it is sent', 'when it is answered'] as const

test('whatever Runpod answers and whenever the program is killed, there is one pod or none, and it is known which', async () => {
  const cases = outcomes.flatMap((outcome) => kills.map((kill) => [outcome, kill] as const))
  const results = await Promise.all(
    cases.map(async ([[kind, isMade, end], kill]) => {
      const result = await createOnce(kind, kill, isMade)
      return { ...result, expected: kill === 'never' ? end : null, isMade }
    }),
  )
  for (const { name, podIds, requests, create, expected, isMade } of results) {
    const phase = create === undefined ? 'missing' : isOpen(create) ? 'open' : create.phase
    const [podId = null] = podIds
    expect({ name, requests, pods: podIds.length, known: create?.podId ?? null, phase }).toEqual({
      name,
      requests: 1,
      pods: isMade ? 1 : 0,
      known: podId,
      // Killed before its answer was read, a create that made nothing stays open until its deadline.
      phase: expected ?? (isMade ? 'observed' : expect.stringMatching(/^(open|failed)$/)),
    })
  }
})

async function createOnce(kind: FaultKind | '201', kill: (typeof kills)[number], isMade: boolean) {
  const simulator = await createSimulator({ seed: 1, pods: [], conditions: { stock: { '*': 'HIGH' } } })
  onTestFinished(() => simulator.close())
  const path = join(mkdtempSync(join(tmpdir(), 'podkeeper-create-')), 'creates.jsonl')
  if (kind !== '201') simulator.fault({ kind, method: 'POST', path: '/v2/pods', count: 1 })
  const posts = (): number =>
    simulator.requests.filter((each) => each.method === 'POST' && each.path === '/v2/pods').length
  const latest = (): CreateIntent | undefined => readCreates(path)?.at(-1)
  const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 110_000, interval: 20 })

  const first = startMonitor(simulator.url, path)
  await until(() => expect(first.snapshot().connection.kind).toBe('live'))
  const plan = createPlan(['GeForce RTX 4090'])
  expect(first.createPod(plan, {}, false).ok).toBe(true)
  if (kill === 'when it is sent') await until(() => expect(latest()?.phase).not.toBe('scheduled'))
  else if (kill === 'when it is answered') await until(() => expect(posts()).toBe(1))
  else await until(() => expect(isSettled(latest(), isMade)).toBe(true))
  first.dispose()
  // A request that was on its way arrives all the same.
  await until(() => expect(posts()).toBe(1))
  const second = startMonitor(simulator.url, path)
  await until(() => expect(isSettled(latest(), isMade)).toBe(true))
  second.dispose()
  return {
    name: `${kind}, killed ${kill}`,
    podIds:
      simulator.runningPodIds().length === 0 ? await podIdsOf(simulator.url) : simulator.runningPodIds(),
    requests: posts(),
    create: latest(),
  }
}

/** Where a pod was made, it is known; otherwise the create ended or is known to be unclear. */
const isSettled = (create: CreateIntent | undefined, isMade: boolean): boolean =>
  create !== undefined &&
  (isMade ? create.phase === 'observed' : !isOpen(create) || (create.phase === 'sent' && create.isUnclear))

async function podIdsOf(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/v2/pods`, { headers: { authorization: `Bearer ${FULL_KEY}` } })
  return ((await response.json()) as { pods: { id: string }[] }).pods.map(({ id }) => id)
}

let ids = 0

function startMonitor(url: string, path: string): Monitor {
  const clock = createSystemClock()
  const file = openCreatesFile(path, () => clock.now().wallMs)
  const monitor = createMonitor({
    account: { id: 'account-1', isDemo: false, host: 'example.test', keyStorage: 'session-only' },
    provider: createRunpodProvider({
      baseUrl: `${url}/v2`,
      hosts: 'loopback-only',
      apiKey: FULL_KEY,
      version: 'test',
      now: () => clock.now(),
      random: Math.random,
    }),
    clock,
    journal: nullJournal,
    creates: { journal: file, earlier: file.latest() },
    notifier: { show: async () => 'shown' },
    auditLog: createMemoryAuditLog(),
    alertHistory: createMemoryAlertHistory(),
    accountRules: createMemoryAccountRules(),
    mayAnnounce: () => true,
    utcOffset: () => 0,
    settings: () => ({ ...defaultSettings, pollTransitionS: 1 }),
    earlierIntents: [],
    notices: createNotices(),
    random: Math.random,
    newId: () => `create-faults-${(ids += 1)}`,
    inputAgoMs: () => null,
    alertsPausedUntilMs: () => null,
    report: () => {},
  })
  onTestFinished(() => monitor.dispose())
  monitor.start()
  return monitor
}
