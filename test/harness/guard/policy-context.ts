import type { PolicyContext } from '../../../src/core/guard/policy/policy'
import type { PolicyPod } from '../../../src/core/guard/policy/policy-pod'
import { policyRulesOf } from '../../../src/core/guard/policy/policy-settings'
import type { Activity, PartlyIdle } from '../../../src/core/idle/activity'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { ticked } from './guarded-monitor'
import { idleActivity, instant, pod } from '../samples/pods'

/** Busy by its GPU. */
export const busy = (partlyIdle: PartlyIdle | null = null): Activity => ({
  kind: 'busy',
  by: 'gpu',
  partlyIdle,
})

/** Idle and quiet for `min` minutes. */
export const idleFor = (min: number) =>
  idleActivity({ idleForMs: min * MINUTE_MS, quietForMs: min * MINUTE_MS })

/** An idle pod that has run for an hour. */
export const policyPod = (over: Partial<PolicyPod> = {}): PolicyPod => ({
  pod: pod(),
  activity: idleActivity(),
  unjudged: null,
  lacksFiguresForMs: null,
  lookObstacle: null,
  insideVerdict: null,
  uptimeMs: HOUR_MS,
  spentUsd: null,
  hasOpenIntent: false,
  ...over,
})

/**
 * The context at minute `min`: alerts after a quarter of an hour, stops after one hour, with warnings 30 and
 * 5 minutes before.
 */
export function contextAt(
  min: number,
  rules: PodRules = {},
  { settings = {}, ...over }: Partial<PolicyContext> & { settings?: Partial<Settings> } = {},
): PolicyContext {
  return {
    accountId: 'account-1',
    accountRules: ticked(rules),
    rules: policyRulesOf({ ...defaultSettings, autoStopAfterMin: 60, ...settings }),
    findRetry: () => null,
    isKeyRefused: false,
    stopsLastHour: 0,
    holdNowMs: instant(min * MINUTE_MS).wallMs,
    deliveries: { deliveredAtMs: () => null },
    waitingJobNames: () => [],
    now: instant(min * MINUTE_MS),
    ...over,
  }
}
