import { type AlertKey, type PendingAlert, unjudgedEpisode } from '../alerts/alert'
import type { Clock } from '../base/time/clock'
import {
  clockDisagreementMs,
  elapsedMs,
  HOUR_MS,
  type Instant,
  MAX_CLOCK_DISAGREEMENT_MS,
} from '../base/time/time'
import type { AccountId, PodId } from '../pods/pod'
import {
  type ActingRule,
  DUE_SOON_MS,
  type Impediment,
  isAboutFolder,
  type ObstacleCode,
  obstacleCodes,
  obstacleDefinitions,
  type ObstacleView,
  type RuleOutlook,
  UNABLE_ALERT_AFTER_MS,
  UNKNOWN_QUIET_ALERT_AFTER_MS,
} from './obstacle'
import { impedimentText, obstacleText, obstacleTitle, unableAlertText } from './obstacle-text'

/** What keeps the rules of one account from being carried out. See docs/product-rules.md#39-who-can-act. */
export interface ObstacleTracker {
  /** Sets an obstacle of the account, with a clause that says why, or clears it (null). */
  set(code: ObstacleCode, why: string | null): void
  /**
   * Called after each poll, and regularly between polls, with all rules that may be due. Returns the alerts about those
   * that nobody can carry out.
   */
  judge(outlooks: readonly RuleOutlook[]): readonly PendingAlert[]
  /** What is shown now, the account's first. */
  views(): readonly ObstacleView[]
  /** Whether this program could not act on the pod now. */
  isImpaired(podId: PodId): boolean
  /** Whether nobody could carry out the rule now. */
  isUnable(podId: PodId, rule: ActingRule): boolean
  /** What is said of the rule in place of a time, as a sentence; null: nothing keeps it from being carried out. */
  textOf(podId: PodId, rule: ActingRule): string | null
}

interface HeldObstacle {
  readonly why: string
  readonly since: Instant
  readonly awakeMs: number
}

interface ImpairedRule extends HeldObstacle {
  readonly outlook: RuleOutlook
  readonly code: ObstacleCode
  /** Since when it has this reason. */
  readonly reason: { readonly sinceMs: number; readonly awakeMs: number }
  /** What the alert says, from when it was due on. */
  readonly said: (Impediment & { readonly sinceMs: number }) | null
}

interface KnownDue {
  readonly startedAtMs: number | null
  readonly runId: string
  readonly atMs: number
}

/** Alerts about an obstacle of the account that count as one. */
interface Episode {
  readonly sinceMs: number
  readonly saidAt: Instant
  /** The number of the last judgement that had it. */
  readonly judgement: number
}

/** An obstacle of the account that comes back within this after its alert is not alerted again. */
const SAME_EPISODE_MS = HOUR_MS

/** `service`: whose API the account uses. */
export function createObstacleTracker(
  accountId: AccountId,
  clock: Pick<Clock, 'now'>,
  service?: string,
): ObstacleTracker {
  const held = new Map<ObstacleCode, HeldObstacle>()
  let impaired: ReadonlyMap<string, ImpairedRule> = new Map()
  /** When rules were last known to be due, for pods of which that can't be read any more. */
  const dues = new Map<string, KnownDue>()
  const episodes = new Map<ObstacleCode, Episode>()
  let judgedAt: Instant | null = null
  /** Their count. */
  let judgement = 0

  function awakeSinceMs(now: Instant): number {
    if (judgedAt === null || clockDisagreementMs(judgedAt, now) > MAX_CLOCK_DISAGREEMENT_MS) return 0
    return elapsedMs(judgedAt, now)
  }

  const accountImpediment = (rule: ActingRule): Impediment | null => {
    const code = obstacleCodes.find(
      (each) => held.has(each) && obstacleDefinitions[each].impairs.includes(rule),
    )
    return code === undefined ? null : { code, why: held.get(code)?.why ?? '' }
  }

  function impedimentOf({ rule, impediment }: RuleOutlook): Impediment | null {
    const ofAccount = accountImpediment(rule)
    if (impediment === null || ofAccount === null) return impediment ?? ofAccount
    return obstacleDefinitions[impediment.code].dependsOn.includes(ofAccount.code) ? ofAccount : impediment
  }

  /** The outlook with the time that was last known of it, ms; null: there is none. */
  function dueInMs(outlook: RuleOutlook, now: Instant): number | null {
    const { podId, rule, startedAtMs, impediment, dueInMs: known } = outlook
    const key = keyOf(podId, rule)
    if (known !== null) {
      dues.set(key, { startedAtMs, runId: now.runId, atMs: now.monotonicMs + known })
      return known
    }
    // Time that was not observed is no quiet time, so a time that was known before means nothing.
    if (isActivityUnknown(impediment, rule)) return null
    const before = dues.get(key)
    const isSameRun = before !== undefined && (startedAtMs === null || before.startedAtMs === startedAtMs)
    return isSameRun && before.runId === now.runId ? before.atMs - now.monotonicMs : null
  }

  function withOutlook(outlook: RuleOutlook, stepMs: number, now: Instant): ImpairedRule | null {
    const timed = { ...outlook, dueInMs: dueInMs(outlook, now) }
    const found = impedimentOf(outlook)
    if (found === null) return null
    const before = impaired.get(keyOf(outlook.podId, outlook.rule))
    const continued = before?.outlook.startedAtMs === outlook.startedAtMs ? before : undefined
    const awakeMs = outlook.isCovered || continued === undefined ? 0 : continued.awakeMs + stepMs
    const isSameReason = continued?.code === found.code && awakeMs > 0
    const reason = isSameReason
      ? { ...continued.reason, awakeMs: continued.reason.awakeMs + stepMs }
      : { sinceMs: now.wallMs, awakeMs: 0 }
    const rule = { ...found, outlook: timed, since: continued?.since ?? now, awakeMs, reason }
    return { ...rule, said: outlook.isCovered ? null : saidOf(rule, continued?.said ?? null) }
  }

  /** Another reason that lasts is said, too: what the first one asks for no longer helps. */
  function saidOf(
    { code, why, outlook, awakeMs, reason }: Omit<ImpairedRule, 'said'>,
    before: ImpairedRule['said'],
  ): ImpairedRule['said'] {
    const isKept = before !== null && (before.code === code || reason.awakeMs < UNABLE_ALERT_AFTER_MS)
    return isKept || !isAlertDue({ code, why }, outlook, awakeMs)
      ? before
      : { code, why, sinceMs: reason.sinceMs }
  }

  /** The name of an obstacle of the account. One that comes back within an hour of its alert keeps it. */
  function episodeSinceMs(code: ObstacleCode, sinceMs: number, now: Instant): number {
    const before = episodes.get(code)
    const isSame =
      before !== undefined &&
      (before.judgement === judgement - 1 || elapsedMs(before.saidAt, now) <= SAME_EPISODE_MS)
    const episode = isSame ? { ...before, judgement } : { sinceMs, saidAt: now, judgement }
    episodes.set(code, episode)
    return episode.sinceMs
  }

  function alerts(now: Instant): readonly PendingAlert[] {
    const groups = new Map<string, ImpairedRule[]>()
    for (const one of impaired.values()) {
      if (one.said === null || obstacleDefinitions[one.said.code].alertedBy !== 'itself') continue
      const isOfAccount = obstacleDefinitions[one.said.code].scope !== 'pod'
      const key = `${one.said.code} ${isOfAccount ? '' : one.outlook.podId}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [one])
      else group.push(one)
    }
    return [...groups.values()].map((group) => toAlert(group, now))
  }

  function toAlert(group: readonly ImpairedRule[], now: Instant): PendingAlert {
    const [first] = group
    if (first === undefined || first.said === null) throw new Error('An alert needs a rule.')
    const { said, outlook } = first
    const sinceMs = Math.min(...group.map((one) => one.said?.sinceMs ?? now.wallMs))
    const isOfAccount = obstacleDefinitions[said.code].scope !== 'pod'
    const podName = isOfAccount ? null : outlook.podName
    const runName = String(outlook.startedAtMs ?? 'unknown')
    const key: Pick<AlertKey, 'kind' | 'episode'> = isOfAccount
      ? { kind: 'unable-to-act', episode: `${said.code} ${episodeSinceMs(said.code, sinceMs, now)}` }
      : isActivityUnknown(said, outlook.rule)
        ? { kind: 'activity-unknown', episode: unjudgedEpisode(runName, now.wallMs) }
        : { kind: 'unable-to-act', episode: `${said.code} ${runName}` }
    return {
      key: { ...key, accountId, podId: isOfAccount ? null : outlook.podId },
      podName,
      isCritical: true,
      ...(isAboutFolder(said) && { isOfReader: true }),
      buttons: [],
      ...unableAlertText(
        said,
        sinceMs,
        group.map((one) => one.outlook),
        podName,
        now.wallMs,
        service,
      ),
    }
  }

  return {
    set(code, why) {
      const before = held.get(code)
      if (why === null) held.delete(code)
      else held.set(code, { since: before?.since ?? clock.now(), awakeMs: before?.awakeMs ?? 0, why })
    },
    judge(outlooks) {
      const now = clock.now()
      const stepMs = awakeSinceMs(now)
      judgedAt = now
      judgement += 1
      for (const [code, one] of held) held.set(code, { ...one, awakeMs: one.awakeMs + stepMs })
      const keys = new Set(outlooks.map(({ podId, rule }) => keyOf(podId, rule)))
      for (const key of dues.keys()) if (!keys.has(key)) dues.delete(key)
      impaired = new Map(
        outlooks.flatMap((outlook) => {
          const rule = withOutlook(outlook, stepMs, now)
          return rule === null ? [] : [[keyOf(outlook.podId, outlook.rule), rule] as const]
        }),
      )
      return alerts(now)
    },
    views() {
      const ofAccount = obstacleCodes.flatMap((code) => {
        const one = held.get(code)
        return one === undefined ? [] : toView(code, one, null)
      })
      const ofPods = [...impaired.values()].flatMap((one) =>
        held.has(one.code) ? [] : toView(one.code, one, one.outlook),
      )
      const names = new Set<string>()
      return [...ofAccount, ...ofPods].filter(({ code, podId }) => {
        const name = `${code} ${podId ?? ''}`
        return !names.has(name) && names.add(name) !== undefined
      })
    },
    isImpaired: (podId) =>
      accountImpediment('quiet') !== null ||
      [...impaired.values()].some(({ outlook }) => outlook.podId === podId && outlook.rule !== 'pod-guard'),
    isUnable: (podId, rule) => impaired.get(keyOf(podId, rule))?.outlook.isCovered === false,
    textOf(podId, rule) {
      const one = impaired.get(keyOf(podId, rule))
      if (one === undefined) return null
      const isShown = one.outlook.isCovered || one.awakeMs >= UNABLE_ALERT_AFTER_MS
      return isShown ? impedimentText(one, one.outlook) : null
    },
  }

  function toView(code: ObstacleCode, one: HeldObstacle, outlook: RuleOutlook | null): ObstacleView[] {
    const { severity, shownAfterMs, dependsOn, scope } = obstacleDefinitions[code]
    if (one.awakeMs < shownAfterMs || dependsOn.some((other) => held.has(other))) return []
    const pod = scope === 'pod' ? outlook : null
    return [
      {
        accountId,
        code,
        severity,
        why: one.why,
        podId: pod?.podId ?? null,
        podName: pod?.podName ?? null,
        sinceMs: one.since.wallMs,
        title: obstacleTitle(code, pod?.podName ?? null, service),
        help: obstacleText(code, service).help,
      },
    ]
  }
}

const keyOf = (podId: PodId, rule: ActingRule): string => `${rule} ${podId}`

/** What the idle rules alert about, too, with figures, once it lasts. */
const isActivityUnknown = (found: Impediment | null, rule: ActingRule): boolean =>
  found?.code === 'unjudged' && rule === 'quiet'

/**
 * Where nothing says when a rule is due, it may be due at any time; only a quiet pod has to be quiet for long first, unless
 * an earlier program may have known it.
 */
function isAlertDue(found: Impediment, outlook: RuleOutlook, awakeMs: number): boolean {
  const { rule, dueInMs, lastSeenAtMs } = outlook
  if (dueInMs !== null) return awakeMs >= UNABLE_ALERT_AFTER_MS && dueInMs <= DUE_SOON_MS
  if (rule !== 'quiet' || lastSeenAtMs !== undefined) return awakeMs >= UNABLE_ALERT_AFTER_MS
  return !isActivityUnknown(found, rule) && awakeMs >= UNKNOWN_QUIET_ALERT_AFTER_MS
}
