import { describe, expect, it, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { GuardReply, PodGuardHost } from '../../../src/core/pod-guard/pod-guard-host'
import { withHoldsInPods } from '../../../src/core/pod-rules/holds-in-pods'
import type { KeepOn, PodRules } from '../../../src/core/pod-rules/pod-rules'
import { guardReport, laptop, server, setBy } from '../../harness/guard/guard-report'
import {
  actionsSentBy,
  alertTitlesOf,
  startGuardedMonitor,
  stopStatusOf,
  ticked,
} from '../../harness/guard/guarded-monitor'

/** When a stop is due, and both warnings are known to be delivered. */
const DUE_MS = HOUR_MS + 3 * MINUTE_MS + SECOND_MS

/** A pod that another computer looks after, too, through a guard that this one reads. */
async function startBesideServer(rules: PodRules) {
  const world = { heldForS: 0, isReachable: true, reads: 0 }
  const reply = (): Promise<GuardReply> => {
    world.reads += 1
    const report = guardReport({
      settings: '3600 0 1 5 yes /workspace/.podkeeper/jobs',
      computers: [
        setBy(laptop, { idleLimitS: 3_600 }),
        setBy(server, { keptUntilS: world.heldForS === 0 ? null : 1_010 + world.heldForS }),
      ],
    })
    return Promise.resolve(world.isReachable ? ok(report) : fail('The pod can’t be reached.'))
  }
  const podGuardHost: PodGuardHost = {
    computerId: laptop.id,
    read: reply,
    install: reply,
    change: reply,
    forget: reply,
    remove: () => Promise.resolve(ok(undefined)),
  }
  const rig = await startGuardedMonitor({ guard: ticked({ podGuard: 'stop', ...rules }), podGuardHost })
  return { rig, world, keptBy: () => rig.monitor.snapshot().pods[0]?.guard.keptBy }
}

const causes: readonly [string, PodRules][] = [
  ['auto-stop', {}],
  ['maximum hours', { isAutoStopped: false, maxHours: 2 }],
]

describe.each(causes)('%s of a pod whose guard another computer uses, too', (_, rules) => {
  test('waits for what that one keeps running, and follows once that ended', async () => {
    const { rig, world, keptBy } = await startBesideServer(rules)
    world.heldForS = 10_000_000
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(keptBy()).toBe('lab-server')
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toEqual([])
    world.heldForS = 0
    await rig.clock.advanceAsync(DUE_MS + 10 * MINUTE_MS)
    expect(keptBy()).toBeUndefined()
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('sees a hold that was written a moment before the stop', async () => {
    const { rig, world, keptBy } = await startBesideServer(rules)
    let actions = 0
    for (let minute = 0; minute < 90 && actions === 0; minute += 1) {
      await rig.clock.advanceAsync(MINUTE_MS)
      // The last warning was given, and the stop follows within five minutes.
      if (stopStatusOf(rig)?.kind === 'planned' && minute > 58) world.heldForS = 7_200
      actions = actionsSentBy(rig).length
    }
    expect(actionsSentBy(rig)).toEqual([])
    expect(keptBy()).toBe('lab-server')
  })

  test('waits a quarter of an hour for a guard that can’t be read, and no longer', async () => {
    const { rig, world } = await startBesideServer(rules)
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    world.isReachable = false
    await rig.clock.advanceAsync(DUE_MS - 50 * MINUTE_MS + 5 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(stopStatusOf(rig)).toMatchObject({
      kind: 'blocked',
      text: expect.stringContaining('what others keep running could not be read in the pod'),
    })
    await rig.clock.advanceAsync(17 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })
})

describe('a hold of another computer', () => {
  const held = (own: KeepOn | undefined, leftMs: number | null) => {
    const rules = ticked(own === undefined ? {} : { keepOn: own })
    const found = withHoldsInPods(rules, [{ podId: 'pod-1', by: 'lab-server', sinceMs: 3, leftMs }], DAY_MS)
    return [found.rules.pods['pod-1']?.keepOn, found.heldBy.get('pod-1')]
  }

  it('counts where it lasts longer than the own one', () => {
    const others = { sinceMs: 3, untilMs: DAY_MS + HOUR_MS }
    expect(held(undefined, HOUR_MS)).toEqual([others, 'lab-server'])
    expect(held({ sinceMs: 0, untilMs: DAY_MS - 1 }, HOUR_MS)).toEqual([others, 'lab-server'])
    expect(held({ sinceMs: 0, untilMs: DAY_MS + 1 }, HOUR_MS)).toEqual([others, 'lab-server'])
    expect(held({ sinceMs: 0, untilMs: DAY_MS + 1 }, null)).toEqual([
      { sinceMs: 3, untilMs: null },
      'lab-server',
    ])
  })

  it('takes nothing from a longer one', () => {
    for (const untilMs of [null, DAY_MS + 2 * HOUR_MS]) {
      const own = { sinceMs: 0, untilMs }
      expect(held(own, HOUR_MS)).toEqual([own, undefined])
    }
  })
})
