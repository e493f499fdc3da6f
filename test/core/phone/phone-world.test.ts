import { expect, test } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { PhoneCommand } from '../../../src/core/phone/offer/phone'
import {
  carryOutPhone,
  noAccountText,
  notWatchedText,
  phoneWorld,
  undoPhone,
} from '../../../src/core/phone/phone-world'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixtureOptions } from '../../harness/monitor/monitor-fixture'
import { failure } from '../../harness/monitor/scripted-provider'
import { pod, stoppedPod } from '../../harness/samples/pods'

async function started(pods = [pod()], options: Omit<MonitorFixtureOptions, 'pods'> = {}) {
  const fixture = createMonitorFixture({ pods, ...options })
  fixture.monitor.start()
  await flushPromises()
  const accounts = [{ accountId: 'account-1', monitor: fixture.monitor }]
  const world = phoneWorld(
    () => accounts,
    () => fixture.clock.now().wallMs,
  )
  const shown = () => fixture.monitor.snapshot().pods[0]!
  const command = (over: Partial<PhoneCommand> = {}): PhoneCommand => ({
    accountId: 'account-1',
    podId: 'pod-1',
    podName: shown().name,
    podStartedAtMs: shown().startedAtMs ?? 0,
    id: 'command-1',
    action: 'stop',
    person: 'telegram: Anna',
    atMs: fixture.clock.now().wallMs,
    phase: 'asked',
    isOwnHold: true,
    ...over,
  })
  const intentOf = (id: string) => fixture.journal.records.find((intent) => intent.id === id) ?? null
  return { ...fixture, accounts, world, shown, command, intentOf }
}

test('pods are told as the monitor shows them, with why one can’t be stopped from the phone', async () => {
  const { world } = await started([
    pod(),
    pod({ id: 'locked', isLocked: true }),
    pod({ id: 'unknown', isLocked: null }),
    pod({ id: 'member', clusterId: 'cluster-1' }),
    stoppedPod({ id: 'off' }),
  ])
  const told = new Map(world.pods().map((one) => [one.podId, one]))
  expect(told.get('pod-1')).toMatchObject({ isRunning: true, stopProblem: null, keptUntilMs: null })
  expect(told.get('locked')?.stopProblem).toBe('it is locked')
  expect(told.get('unknown')?.stopProblem).toBe('it isn’t known whether it is locked')
  expect(told.get('member')?.stopProblem).toBe('it belongs to a cluster')
  expect(told.get('off')).toMatchObject({ isRunning: false, doing: 'stopped' })
})

test('a pod of which nothing would survive is not stopped from the phone, whatever rules may lose', async () => {
  const { world, shown } = await started([pod({ persistentMount: null })], {
    guard: { autoStop: 'undecided', pods: { 'pod-1': { mayLoseData: true } } },
  })
  expect(shown().guard.rules.mayLoseData).toBe(true)
  expect(world.pods()[0]?.stopProblem).toBe('none of its data would survive. You can stop it in Podkeeper')
})

test('an account that can’t be read, or is gone, is said to be', async () => {
  const { world, provider, clock } = await started()
  expect(world.problemOf('account-1')).toBeNull()
  expect(world.problemOf('other')).toBe(notWatchedText)
  expect(world.problems()).toEqual([])
  for (let polls = 0; polls < 10; polls += 1) provider.script.lists.push(() => failure('unreachable'))
  await clock.advanceAsync(120 * SECOND_MS)
  expect(world.problemOf('account-1')).toBe('The pods can’t be read now.')
  expect(world.problems()).toEqual(['The pods can’t be read now.'])
  expect(
    phoneWorld(
      () => [],
      () => 0,
    ).problems(),
  ).toEqual([noAccountText])
})

test('an account that a server manages is shown, and answered there', async () => {
  const { accounts } = await started()
  const kept = phoneWorld(
    () => accounts,
    () => 0,
    () => 'A server manages this account.',
  )
  expect(kept.pods()).toHaveLength(1)
  expect([kept.problemOf('account-1'), kept.problems()]).toEqual([
    'A server manages this account.',
    ['A server manages this account.'],
  ])
})

test('a stop is sent once, after 60 s, and an undo in time sends none', async () => {
  const { accounts, command, intentOf, clock, log, shown } = await started()
  const sends = () => log.filter((line) => line.startsWith('stop '))
  expect(carryOutPhone(command(), accounts, intentOf)).toEqual({ ok: true, keptUntilMs: null })
  expect(shown().intent).toMatchObject({
    phase: 'scheduled',
    undoUntilMs: clock.now().wallMs + 60 * SECOND_MS,
  })
  // A restart before the reply was written down carries it out again.
  expect(carryOutPhone(command(), accounts, intentOf)).toMatchObject({ ok: true })
  await clock.advanceAsync(59 * SECOND_MS)
  expect(sends()).toEqual([])
  expect(undoPhone(command(), accounts)).toBe(true)
  await clock.advanceAsync(60 * SECOND_MS)
  expect(sends()).toEqual([])
  const second = command({ id: 'command-2' })
  expect(carryOutPhone(second, accounts, intentOf)).toMatchObject({ ok: true })
  await clock.advanceAsync(61 * SECOND_MS)
  expect(sends()).toEqual(['stop pod-1'])
  expect(undoPhone(second, accounts)).toBe(false)
})

test('a hold is set and taken back, and another run of the pod gets none', async () => {
  const { accounts, command, intentOf, clock, shown } = await started()
  const keep = command({ action: 'keep-4h' })
  const untilMs = clock.now().wallMs + 4 * HOUR_MS
  expect(carryOutPhone(keep, accounts, intentOf)).toEqual({ ok: true, keptUntilMs: untilMs })
  expect(undoPhone({ ...keep, isOwnHold: false }, accounts)).toBe(false)
  expect(shown().guard.keepOn).toMatchObject({ untilMs })
  expect(undoPhone(keep, accounts)).toBe(true)
  expect(shown().guard.keepOn).toBeNull()
  for (const action of ['stop', 'keep-4h'] as const) {
    const earlier = command({ action, podStartedAtMs: 1 })
    expect(carryOutPhone(earlier, accounts, intentOf)).toMatchObject({ ok: false })
  }
  expect(carryOutPhone(command({ accountId: 'other' }), accounts, intentOf)).toEqual({
    ok: false,
    error: notWatchedText,
  })
  expect(shown()).toMatchObject({ intent: null, guard: { keepOn: null } })
})
