import { expect, test } from 'vitest'
import { emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { actionsSentBy, startGuardedMonitor } from '../../harness/guard/guarded-monitor'
import { type MonitorFixture, podWithFreshTelemetry } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'

/* A time of day for all pods of an account. See docs/product-rules.md#31-rules. */

/** Pods that do nothing, and a time of day an hour and a half from now. */
async function idleAccount() {
  const rig = await startGuardedMonitor({ pods: [], guard: emptyAccountRules })
  rig.provider.pods = ['plain', 'own', 'exempt', 'kept', 'volatile'].map((id) =>
    podWithFreshTelemetry(
      rig.clock,
      pod({ id, name: id, ...(id === 'volatile' && { persistentMount: null }) }),
    ),
  )
  rig.monitor.refresh()
  await expect.poll(() => rig.monitor.snapshot().pods.length).toBe(5)
  return { ...rig, at: (minutes: number) => timeText(rig, minutes) }
}

const timeText = ({ clock }: MonitorFixture, inMinutes: number): string =>
  `${new Date(clock.now().wallMs + inMinutes * MINUTE_MS).toISOString().slice(11, 16)} UTC`

const run = ({ clock }: MonitorFixture, minutes: number): Promise<void> =>
  clock.advanceAsync(minutes * MINUTE_MS)

test('a time of day for all pods stops those without one of their own, and neither a kept, an exempt nor a volatile one', async () => {
  const rig = await idleAccount()
  expect(rig.monitor.setStopTime(rig.at(90)).ok).toBe(true)
  rig.monitor.changePodRules('own', { stopAt: rig.at(240) })
  rig.monitor.changePodRules('exempt', { stopAt: 'never' })
  rig.monitor.keepOn('kept', 'until-told')
  await run(rig, 85)
  expect(actionsSentBy(rig)).toEqual([])
  await run(rig, 15)
  expect(actionsSentBy(rig)).toEqual(['stop plain'])
  const guardOf = (id: string) => rig.monitor.snapshot().pods.find((each) => each.id === id)!.guard
  expect(guardOf('volatile').autoStop).toMatchObject({ kind: 'blocked', cause: 'stop-time' })
  expect(guardOf('exempt').autoStop).toEqual({ kind: 'off' })
  expect(guardOf('plain').ruleOrigins).toEqual({ stopAt: { kind: 'all-pods' } })
})

test('a time of day for all pods that is removed in time stops none', async () => {
  const rig = await idleAccount()
  rig.monitor.setStopTime(rig.at(90))
  await run(rig, 80)
  expect(rig.alerts.some(({ key }) => key.kind === 'auto-stop-soon')).toBe(true)
  expect(rig.monitor.snapshot().guard.stopAt).toBe(rig.at(10))
  expect(rig.monitor.setStopTime(null).ok).toBe(true)
  expect(rig.monitor.snapshot().guard.stopAt).toBeUndefined()
  await run(rig, 30)
  expect(actionsSentBy(rig)).toEqual([])
  expect(rig.auditEntries.filter(({ what }) => what === 'group-rules').map(({ text }) => text)).toEqual([
    expect.stringMatching(/^All pods without a time of their own are stopped at .+ unless in use\.$/),
    'No time of day stops all pods.',
  ])
})

test('a time of day for all pods leaves the other rules for several pods, and refuses to replace unreadable ones', async () => {
  const groupRules = { allPods: { maxHours: 24 }, patterns: [{ name: 'x', match: { name: 'x*' } }] }
  const rig = await startGuardedMonitor({ guard: { ...emptyAccountRules, groupRules } })
  rig.monitor.setStopTime('20:00 UTC')
  expect(storedOf(rig)).toEqual({ ...groupRules, allPods: { maxHours: 24, stopAt: '20:00 UTC' } })
  rig.monitor.setStopTime(null)
  expect(storedOf(rig)).toEqual(groupRules)

  const broken = await startGuardedMonitor({ guard: { ...emptyAccountRules, groupRules: 'x' as never } })
  expect(broken.monitor.setStopTime('20:00 UTC')).toMatchObject({ ok: false })
  expect(storedOf(broken)).toBe('x')
})

const storedOf = ({ guards }: MonitorFixture): unknown =>
  (JSON.parse(guards.json) as Record<string, { readonly groupRules?: unknown }>)['account-1']?.groupRules
