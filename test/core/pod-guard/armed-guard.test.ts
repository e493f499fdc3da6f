import { describe, expect, it } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createPodGuards } from '../../../src/core/pod-guard/pod-guards'
import type { GuardReply } from '../../../src/core/pod-guard/pod-guard-host'
import { parsePodRules } from '../../../src/core/pod-rules/pod-rules-codec'
import type { AccountRules } from '../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../src/core/pods/pod'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createFakeClock, flushPromises, START_MS } from '../../harness/base/fake-clock'
import { alertTitlesOf, startGuardedMonitor } from '../../harness/guard/guarded-monitor'
import { guardReport, guardStatus, laptop } from '../../harness/guard/guard-report'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { createAccountContext } from '../../harness/monitor/account-context'
import { pod as podOf, stoppedPod } from '../../harness/samples/pods'

/** A program that reads the guard of one pod, and can be started anew over the same rules. */
function createWorld() {
  const clock = createFakeClock()
  let rules: AccountRules = { autoStop: 'off', pods: { p: { podGuard: 'stop', maxHours: 100 } } }
  const world = {
    pod: podOf({ id: 'p', name: 'llama', startedAtMs: 5, gpu: { name: 'A40', count: 1 } }),
    reply: null as GuardReply | null,
    isActing: true,
    /** The start of the run that a stop from here ended. */
    stoppedHere: null as number | null,
    writes: 0,
    guards: null as unknown as ReturnType<typeof createPodGuards>,
    rules: () => rules.pods['p'],
    start() {
      world.guards?.dispose()
      clock.restart(`run-${Math.random()}`)
      const answer = () =>
        Promise.resolve(
          world.reply ?? ok(guardReport({ settings: '21600 0 1 5 yes /workspace/.podkeeper/jobs' })),
        )
      const host = {
        computerId: laptop.id,
        read: answer,
        install: answer,
        change: answer,
        forget: answer,
        remove: async () => ok(undefined),
      }
      const context = createAccountContext({
        accountId: 'a',
        clock,
        accountRules: {
          load: () => rules,
          update(_, change) {
            world.writes += 1
            const changed = change(rules)
            const stored = JSON.parse(JSON.stringify(changed.pods['p'])) as Record<string, unknown>
            rules = { ...changed, pods: { p: parsePodRules(stored).rules } }
            return ok(undefined)
          },
        },
        settings: () => ({ ...defaultSettings, autoStopAfterMin: 360 }),
        mayAnnounce: () => world.isActing,
      })
      world.guards = createPodGuards(
        { ...context, podGuardHost: host },
        {
          script: () => 'script',
          findPod: () => world.pod,
          uptimeMsOf: () => HOUR_MS,
          inputAgoMs: () => null,
          holdNowMs: () => clock.now().wallMs,
          couldStop: () => true,
          wasStoppedHere: (_, startedAtMs) => world.stoppedHere !== null && world.stoppedHere === startedAtMs,
          onChange: () => {},
        },
      )
    },
    async poll(changes: Partial<Pod> = {}) {
      clock.advance(5 * MINUTE_MS)
      world.pod = { ...world.pod, ...changes }
      world.guards.tick([world.pod])
      await flushPromises()
      world.guards.tick([world.pod])
      return world.guards.alerts([world.pod])
    },
  }
  world.start()
  return world
}

describe('a pod that its guard may have stopped overnight', () => {
  it('is named in the morning by a program that started only then', async () => {
    const world = createWorld()
    expect(await world.poll()).toEqual([])
    world.start()
    const alerts = await world.poll({ phase: 'stopped' })
    expect(alerts).toMatchObject([
      {
        key: { kind: 'guard-stopped', podId: 'p', episode: '5' },
        title: 'llama was stopped',
        body: 'Not by this Podkeeper. The guard in the pod was armed, and stops it after 6 h idle or at its deadline.',
      },
    ])
    expect(await world.poll()).toEqual(alerts)
    // What the person set stays, and one write was enough.
    expect([world.rules()?.maxHours, world.writes]).toEqual([100, 1])
  })

  it('is the same alert as that of a program that ran all night', async () => {
    const world = createWorld()
    await world.poll()
    const alerts = await world.poll({ phase: 'stopped' })
    world.start()
    expect([alerts.length, await world.poll()]).toEqual([1, alerts])
  })

  it('is not named once a stop from here explains that, however long ago', async () => {
    const world = createWorld()
    await world.poll()
    world.stoppedHere = 5
    expect(await world.poll({ phase: 'stopped' })).toEqual([])
    world.start()
    world.stoppedHere = null
    expect(await world.poll()).toEqual([])
  })

  it('is named although a stop from here had ended an earlier run', async () => {
    const world = createWorld()
    world.stoppedHere = 5
    await world.poll()
    await world.poll({ phase: 'stopped' })
    await world.poll({ phase: 'running', startedAtMs: 77 })
    world.start()
    expect(await world.poll({ phase: 'stopped' })).toMatchObject([{ key: { episode: '77' } }])
  })

  it('is not named where its guard was no longer armed, or not read in that run', async () => {
    const unarmed = createWorld()
    await unarmed.poll()
    unarmed.reply = ok(guardReport({ status: guardStatus({ isArmed: false, answer: '403' }) }))
    await unarmed.poll()
    unarmed.start()
    expect(await unarmed.poll({ phase: 'stopped' })).toEqual([])

    const restarted = createWorld()
    await restarted.poll()
    restarted.start()
    restarted.reply = { ok: false, error: 'No connection.' }
    await restarted.poll({ startedAtMs: 77 })
    expect(await restarted.poll({ phase: 'stopped' })).toEqual([])
  })

  it('is remembered by the program that acts, and by no other', async () => {
    const world = createWorld()
    world.isActing = false
    await world.poll()
    expect(world.writes).toBe(0)
  })
})

describe('the alert in the morning', () => {
  const rulesOf = (startedAtMs: number): AccountRules => ({
    autoStop: 'off',
    pods: { 'pod-1': { podGuard: 'stop', armedGuard: { startedAtMs, idleLimitS: 21_600 } } },
  })
  const stoppedTitles = (fixture: MonitorFixture) => alertTitlesOf(fixture, 'guard-stopped')
  const startedAtMs = START_MS - HOUR_MS

  it('is shown once, however often the program starts', async () => {
    const first = await startGuardedMonitor({
      guard: rulesOf(5),
      pods: [stoppedPod({ id: 'pod-1', name: 'llama' })],
    })
    expect(stoppedTitles(first)).toEqual(['llama was stopped'])
    const second = await startGuardedMonitor({ earlier: first, pods: first.provider.pods })
    expect(stoppedTitles(second)).toEqual([])
  })

  it('names no guard for a stop from here, and names it for the next run', async () => {
    const first = await startGuardedMonitor({ guard: rulesOf(startedAtMs), pod: { startedAtMs } })
    first.monitor.act('pod-1', 'stop')
    await first.clock.advanceAsync(2 * MINUTE_MS)
    expect(first.provider.pods[0]?.phase).toBe('stopped')
    expect([stoppedTitles(first), first.guards.json.includes('armedGuard')]).toEqual([[], false])

    first.guards.json = JSON.stringify({ 'account-1': rulesOf(START_MS + HOUR_MS) })
    await first.clock.advanceAsync(2 * MINUTE_MS)
    expect(stoppedTitles(first)).toHaveLength(1)
  })
})
