import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyFold, foldSample } from '../../../src/core/idle/activity-fold'
import { activityAt, addSample, emptyHistory } from '../../../src/core/idle/activity'
import { defaultActivityRules as rules } from '../../../src/core/idle/sample'
import { withMeasuredIdle } from '../../../src/core/idle/measured-idle'
import { elapsedMs, HOUR_MS, MINUTE_MS, instantBefore, SECOND_MS } from '../../../src/core/base/time/time'
import { ok } from '../../../src/core/base/result'
import type { PodGuardHost } from '../../../src/core/pod-guard/pod-guard-host'
import { GUARD_VERSION } from '../../../src/core/pod-guard/guard-script'
import type { FakeClock } from '../../harness/base/fake-clock'
import { guardReport, guardStatus, laptop } from '../../harness/guard/guard-report'
import { actionsSentBy, startGuardedMonitor, ticked } from '../../harness/guard/guarded-monitor'
import { gpus, instant, sample } from '../../harness/samples/pods'

/** A guard in the pod that has seen nothing since `sinceMs` (monotonic), because a person works through a port. */
function guardThatSeesNothing(sinceMs: number) {
  const rig = { clock: null as FakeClock | null, used: [] as (number | null)[] }
  const report = () => {
    const nowS = Math.floor(rig.clock!.now().monotonicMs / SECOND_MS)
    const idleS = nowS - 10 - sinceMs / SECOND_MS
    const status = guardStatus({ version: GUARD_VERSION, beatS: nowS - 10, idleS, idleLimitS: 3_600 })
    return ok(guardReport({ nowS, settings: '3600 0 1 5 yes /workspace/.podkeeper/jobs', status }))
  }
  const host: PodGuardHost = {
    async read(_, _lease, usedAgoS = null) {
      rig.used.push(usedAgoS)
      return report()
    },
    install: async () => report(),
    computerId: laptop.id,
    change: async () => report(),
    forget: async () => report(),
    remove: async () => ok(undefined),
  }
  return { rig, host }
}

/** A person uses the pod through a port of this computer until `usedUntilMs` after the start. */
async function startUsedPod(usedUntilMs: number) {
  const { rig, host } = guardThatSeesNothing(0)
  let startMs = 0
  const fixture = await startGuardedMonitor({
    guard: ticked({ podGuard: 'stop' }),
    podGuardHost: host,
    inputAgoMs() {
      const passedMs = (rig.clock?.now().monotonicMs ?? 0) - startMs
      return rig.clock === null ? null : Math.max(0, passedMs - usedUntilMs)
    },
  })
  rig.clock = fixture.clock
  startMs = fixture.clock.now().monotonicMs
  return { ...fixture, toldAgoS: rig.used }
}

describe('a pod that a person uses through a port, which its guard doesn’t see', () => {
  test('is not stopped before it was unused for the time of the rule', async () => {
    const rig = await startUsedPod(3 * HOUR_MS)
    await rig.clock.advanceAsync(3 * HOUR_MS + 59 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(rig.monitor.snapshot().pods[0]?.activity).toMatchObject({ kind: 'idle' })
  })

  test('is stopped in time after that, and its guard is told of the use', async () => {
    const rig = await startUsedPod(3 * HOUR_MS)
    await rig.clock.advanceAsync(4 * HOUR_MS + 15 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    expect(rig.toldAgoS).toContain(0)
    expect(Math.max(...rig.toldAgoS.map((agoS) => agoS ?? 0))).toBeGreaterThan(50 * 60)
  })
})

test('the last use only grows, whatever comes, and none counts from after now', () => {
  const minute = fc.record({
    isBusy: fc.boolean(),
    agoMin: fc.option(fc.integer({ min: 0, max: 400 })),
    jobEndedInMin: fc.option(fc.integer({ min: -300, max: 300 })),
    isRestarted: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(minute, { maxLength: 40 }), (minutes) => {
      let fold = emptyFold
      minutes.forEach(({ isBusy, agoMin, jobEndedInMin, isRestarted }, index) => {
        const ms = index * MINUTE_MS
        const at = instant(ms)
        const before = fold.usedAt
        ;[fold] = foldSample(
          fold,
          {
            ...sample(ms, {
              telemetry: { gpus: gpus(isBusy ? 90 : 0), uptimeS: isRestarted ? 1 : 4_000 + index * 60 },
            }),
            inputAt: agoMin === null ? null : instantBefore(at, agoMin * MINUTE_MS),
            jobEndedAt: jobEndedInMin === null ? null : instant(ms + jobEndedInMin * MINUTE_MS),
          },
          rules,
        )
        if (before !== null) expect(elapsedMs(fold.usedAt ?? at, before)).toBe(0)
        if (fold.usedAt !== null) expect(elapsedMs(at, fold.usedAt)).toBe(0)
        if (isBusy && !minutes.some((one) => one.isRestarted)) expect(fold.usedAt).toEqual(at)
      })
    }),
  )
})

test('no measure of rest makes a pod longer idle than since anything here saw it used', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 90 }),
      fc.nat(2_000),
      (uses, measuredMin) => {
        const history = uses.reduce(
          (before, isUsed, index) =>
            addSample(before, sample(index * MINUTE_MS, { hasTerminalInput: isUsed }), rules),
          emptyHistory,
        )
        const now = instant((uses.length - 1) * MINUTE_MS)
        const measured = { at: now, idleForMs: measuredMin * MINUTE_MS }
        const activity = withMeasuredIdle(activityAt(history, now, rules), measured, history.head.usedAt, now)
        const lastUse = uses.lastIndexOf(true)
        if (activity.kind !== 'idle' || lastUse === -1) return
        const sinceMs = (uses.length - 1 - lastUse) * MINUTE_MS
        expect(activity.quietForMs).toBeLessThanOrEqual(sinceMs)
      },
    ),
  )
})
