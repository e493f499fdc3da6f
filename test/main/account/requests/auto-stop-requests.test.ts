import { expect, test } from 'vitest'
import { fail, ok } from '../../../../src/core/base/result'
import type { Question } from '../../../../src/core/confirmation/question-queue'
import type { Monitor } from '../../../../src/core/monitor/monitor-types'
import type { AccountRules } from '../../../../src/core/pod-rules/pod-rules'
import { createAutoStopRequests } from '../../../../src/main/account/requests/auto-stop-requests'
import { type ServerOperations, unknownServer } from '../../../../src/node/servers/server-operations'
import { startGuardedMonitor } from '../../../harness/guard/guarded-monitor'
import { podWithFreshTelemetry } from '../../../harness/monitor/monitor-fixture'
import { pod } from '../../../harness/samples/pods'

/** An account with three pods, and a person who answers with `answer`. `meanwhile` runs while they are asked. */
async function account(
  rules: Partial<AccountRules>,
  {
    answer = '' as string | null,
    meanwhile = (_monitor: Monitor): void => {},
    keeper = null as ServerOperations | null,
  } = {},
) {
  const fixture = await startGuardedMonitor({
    pods: [],
    guard: { autoStop: 'undecided', pods: {}, ...rules },
  })
  fixture.provider.pods = [
    pod({ id: 'a', name: 'anna' }),
    pod({ id: 'b', name: 'bert' }),
    pod({ id: 'lost', name: 'lost', persistentMount: null }),
  ].map((one) => podWithFreshTelemetry(fixture.clock, one))
  fixture.monitor.refresh()
  await expect.poll(() => fixture.monitor.snapshot().pods.length).toBe(3)
  const { monitor } = fixture
  const asked: Question[] = []
  const requests = createAutoStopRequests(
    {
      withMonitor: (id, request) => (id === 'account-1' ? request(monitor) : fail('Not connected.')),
      keeperOf: () => keeper,
    },
    (question) => {
      asked.push(question)
      meanwhile(monitor)
      return Promise.resolve(ok(answer))
    },
    () => null,
  )
  return {
    monitor,
    asked,
    lines: () => asked.at(-1)?.text.lines.map(({ text }) => text) ?? [],
    turnOn: (...podIds: string[]) => requests.turnOnAutoStop('account-1', podIds),
    enabled: () =>
      monitor
        .snapshot()
        .pods.filter(({ guard }) => guard.isAutoStopEnabled)
        .map(({ id }) => id),
  }
}

const earlier = { isAutoStopped: true, autoStopAfterMin: 120 }

test('the question names every pod that becomes armed, those selected earlier and those not listed, too', async () => {
  const { turnOn, lines, enabled } = await account({ pods: { b: earlier, gone: earlier } })
  expect(await turnOn('a', 'lost')).toEqual(ok(4))
  expect(lines()).toEqual([
    'Podkeeper then stops these pods when they stay quiet, after two warnings:',
    'anna (a), after 1 h',
    'lost (lost), after 1 h (only if you also allow losing its data)',
    'bert (b), after 2 h (selected earlier)',
    'gone, which isn’t listed now, if it comes back (selected earlier)',
    'If you use several computers, turn it on for only one of them.',
  ])
  expect(enabled().sort()).toEqual(['a', 'b', 'lost'])
})

test('of an account that a server keeps, nothing is asked and nothing is changed here', async () => {
  const keeper = unknownServer('The server can’t be asked.')
  const { turnOn, asked, monitor } = await account({ autoStop: 'off' }, { keeper })
  expect(await turnOn('a')).toEqual(fail('A server keeps this account. Turn auto-stop on there.'))
  expect(asked).toEqual([])
  expect(monitor.snapshot().guard.autoStop).toBe('off')
})

test('refused, nothing is changed: no pod is selected, and auto-stop stays off', async () => {
  for (const autoStop of ['off', 'undecided'] as const) {
    const { turnOn, monitor, enabled } = await account({ autoStop, pods: { b: earlier } }, { answer: null })
    expect(await turnOn('a')).toEqual(ok(null))
    expect(enabled()).toEqual([])
    expect(monitor.snapshot().guard.autoStop).toBe(autoStop)
    expect(monitor.snapshot().pods.find(({ id }) => id === 'a')?.guard.rules).toEqual({})
  }
})

test('a pod that was selected while the question was open is not armed by its answer', async () => {
  const { turnOn, monitor, enabled } = await account(
    { autoStop: 'off' },
    { meanwhile: (at) => at.changePodRules('b', { isAutoStopped: true }) },
  )
  expect(await turnOn('a')).toMatchObject({ ok: false })
  expect(enabled()).toEqual([])
  expect(monitor.snapshot().guard.autoStop).toBe('off')
})

test('nothing is asked where auto-stop is on already, or where no pod becomes armed', async () => {
  const on = await account({ autoStop: 'all' })
  expect(await on.turnOn('a')).toMatchObject({ ok: true })
  expect([on.asked, on.monitor.snapshot().guard.autoStop]).toEqual([[], 'all'])
  const empty = await account({ autoStop: 'off' })
  expect(await empty.turnOn()).toEqual(ok(0))
  expect([empty.asked, empty.monitor.snapshot().guard.autoStop]).toEqual([[], 'ticked'])
})

test('rules for several pods are named with what they select, now and later', async () => {
  const groupRules = {
    allPods: {},
    patterns: [{ name: 'scratch', match: { name: 'b*' }, isAutoStopped: true }],
  }
  const { turnOn, lines, enabled } = await account({ groupRules })
  expect(await turnOn()).toEqual(ok(1))
  expect(lines().slice(1, 3)).toEqual([
    'bert (b), after 1 h (selected earlier)',
    'New pods, if a rule of this account selects them.',
  ])
  expect(enabled()).toEqual(['b'])
})

test('rules that can’t be read arm nothing, which is said', async () => {
  const { turnOn, enabled } = await account({ groupRules: 'broken' as never })
  expect(await turnOn('a')).toMatchObject({ ok: false, error: expect.stringContaining('can’t be read') })
  expect(enabled()).toEqual([])
})

test('more than eight pods stand in a list of their own', async () => {
  const ids = Array.from({ length: 9 }, (_, at) => `p${at}`)
  const fixture = await startGuardedMonitor({ pods: [], guard: { autoStop: 'off', pods: {} } })
  fixture.provider.pods = ids.map((id) => pod({ id, name: id }))
  fixture.monitor.refresh()
  await expect.poll(() => fixture.monitor.snapshot().pods.length).toBe(9)
  let script = ''
  await createAutoStopRequests(
    { withMonitor: (_, request) => request(fixture.monitor), keeperOf: () => null },
    (question) => {
      script = question.text.script ?? ''
      return Promise.resolve(ok(null))
    },
    () => null,
  ).turnOnAutoStop('account-1', ids)
  expect(script.split('\n')).toEqual(ids.map((id) => `${id} (${id}), after 1 h`))
})
