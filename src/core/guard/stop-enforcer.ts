import type { Announcement, Deliveries } from '../alerts/alert'
import { certainAgeMs } from '../pods/confirmed-uptime'
import { createDecisionLog, type DecisionLogOptions } from './decision-log'
import { dataFates } from '../pods/data-impact'
import { terminatedAnnouncement } from '../alerts/alert-text'
import type { Fleet, SeenPod } from '../polling/fleet'
import { fateSentence } from '../pods/data-impact-text'
import { type GuardStore, podRulesOf } from '../pod-rules/pod-rules'
import { type Intent, type StopCause, stopCauses } from '../intents/intent'
import { type AccountGuardView, holdOf, type PodGuardView, viewOfStandings } from './guard-view'
import { heldBy, heldWords } from './stop-conditions'
import { causeSentence, doneAnnouncement } from './guard-text'
import type { IntentDesk } from '../intents/intent-runner'
import { afterSetBack } from '../pod-rules/keep-on'
import { afterAttempt, wasFirstHeard } from './stop-plan'
import type { Pod, PodId } from '../pods/pod'
import {
  alertAfterMs,
  factsOf,
  findAlerts,
  type Hold,
  isAutoStopped,
  judge,
  type JudgedPod,
  keepOnInForce,
  type PolicyContext,
  type Standing,
  type Standings,
} from './policy'
import { policyRulesOf } from './policy-settings'
import type { ProviderError } from '../pods/provider'
import type { Result } from '../base/result'
import type { Settings } from '../settings/settings'
import { stopsWithinHour } from './stop-limit'
import { HOUR_MS, type Instant } from '../base/time'
import type { Turn } from '../polling/poll-loop'

export interface GuardDeskOptions extends DecisionLogOptions {
  readonly store: GuardStore
  readonly settings: () => Settings
  readonly fleet: Pick<Fleet, 'seenAt' | 'seenPodAt'>
  readonly desk: Pick<IntentDesk, 'openPods' | 'sendAtOnce' | 'intents'>
  readonly deliveries: Deliveries
  /** Reads the pod afresh and puts it into the picture; null: gone. */
  readonly lookAt: (podId: PodId) => Promise<Result<Pod | null, ProviderError>>
  readonly mayKeyAct: () => boolean
  /** What a pod surely cost in the month (UTC) of `nowMs`, USD; null: not known. */
  readonly spentUsd: (seen: Pick<SeenPod, 'pod' | 'telemetry'>, nowMs: number) => number | null
}

/** What windows see of a pod's guard. */
export interface PodOfGuard {
  readonly guard: PodGuardView
  /** Observed idle time at which its owner is told, ms. */
  readonly alertAfterMs: number
}

/** Judges an account's pods by the guard's rules, and stops by itself those that its owner wants stopped. */
export interface GuardDesk {
  /** After a good look: what is to be announced now. */
  look(): readonly Announcement[]
  /** Carries out what is due, each on a fresh look of its own. */
  act(turn: Turn): Promise<void>
  takeIntent(intent: Intent): void
  /** Its rules were changed: what was planned by the old ones is planned anew. Null: of every pod. */
  forget(podId: PodId | null): void
  standingOf(podId: PodId, cause: StopCause): Standing | null
  /** How every pod stands now. */
  draw(): (podId: PodId) => PodOfGuard
  accountView(): AccountGuardView
  /** Whether some pod may be stopped by itself. */
  isArmed(): boolean
}

/** That a pod was stopped is none any more after this. */
const NEWS_LASTS_MS = 12 * HOUR_MS

const calledOff: Readonly<Record<StopCause, string>> = {
  quiet: 'it is not quiet any more',
  'max-hours': 'its time is not over',
  budget: 'its budget is not spent',
}

export function createGuardDesk(options: GuardDeskOptions): GuardDesk {
  const { accountId, store, clock, fleet, desk } = options
  const decisions = createDecisionLog(options)
  const watchedSince = clock.now()
  let standings: ReadonlyMap<PodId, Standings> = new Map()
  let lookedAtMs = watchedSince.wallMs
  let isMendRefused = false

  function contextAt(now: Instant): PolicyContext {
    return {
      accountId,
      guard: store.load(accountId),
      rules: policyRulesOf(options.settings()),
      mayKeyAct: options.mayKeyAct(),
      stopsLastHour: stopsWithinHour(desk.intents(), watchedSince, now),
      deliveries: options.deliveries,
      now,
    }
  }

  function judged(seen: SeenPod, { guard, now }: PolicyContext, open: readonly PodId[]): JudgedPod {
    const { pod, activity, telemetry } = seen
    const ageMs = certainAgeMs(pod.startedAtMs, telemetry?.uptimeS ?? null, now.wallMs)
    const hasBudget = podRulesOf(guard, pod.id).atBudget !== undefined
    const spentUsd = hasBudget ? options.spentUsd(seen, now.wallMs) : null
    return { pod, activity, ageMs, spentUsd, hasOpenIntent: open.includes(pod.id) }
  }

  function look(): readonly Announcement[] {
    const now = clock.now()
    mendKeepOns(now)
    const context = contextAt(now)
    decisions.switches(context.rules)
    const open = desk.openPods()
    const next = new Map<PodId, Standings>()
    const found: Announcement[] = [...doneByRules(now)]
    for (const seen of fleet.seenAt(now)) {
      const one = judged(seen, context, open)
      found.push(...findAlerts(one, context))
      const before = standings.get(seen.pod.id)
      const judgedFor = (cause: StopCause): Standing => {
        const { standing, warning } = judge(cause, before?.[cause], one, context)
        if (warning !== null) found.push(warning)
        tellChange(cause, before?.[cause], standing, one, context)
        return standing
      }
      next.set(seen.pod.id, {
        quiet: judgedFor('quiet'),
        'max-hours': judgedFor('max-hours'),
        budget: judgedFor('budget'),
      })
    }
    standings = next
    decisions.keepOnly(new Set(next.keys()))
    lookedAtMs = now.wallMs
    return found
  }

  /** What the guard has done lately, to be said once, for as long as it is so. */
  function doneByRules(now: Instant): readonly Announcement[] {
    return desk.intents().flatMap((intent) => {
      const { origin, phase, phaseAt, podId } = intent
      const isNews = Math.abs(now.wallMs - phaseAt.wallMs) <= NEWS_LASTS_MS
      if (origin === 'person' || phase !== 'observed' || !isNews) return []
      if (intent.action === 'terminate') return [terminatedAnnouncement(intent)]
      const seen = fleet.seenPodAt(podId, now)
      return seen?.pod.phase === 'stopped' ? [doneAnnouncement({ ...intent, origin }, seen.pod)] : []
    })
  }

  async function act(turn: Turn): Promise<void> {
    if (!options.isActing()) return
    for (const [podId, ofPod] of standings)
      for (const cause of stopCauses) {
        const standing = ofPod[cause]
        if (standing.kind !== 'planned' || standing.leftMs > 0) continue
        await carryOut(podId, cause, turn)
        if (!turn.isCurrent()) return
      }
  }

  async function carryOut(podId: PodId, cause: StopCause, turn: Turn): Promise<void> {
    if (forbidden(podId, cause, null)) return
    turn.stir()
    const answer = await options.lookAt(podId)
    if (!turn.isCurrent()) return
    // From here to the sending nothing is waited for: what was just seen is what is acted on.
    if (forbidden(podId, cause, answer)) return
    const facts = currentFacts(podId, cause, answer)
    if (facts === null) return
    const { pod, action } = facts
    const done = action === 'stop' ? 'stopped' : 'terminated'
    const text = `${pod.name} is ${done} automatically. ${causeSentence(facts)} ${fateSentence(dataFates(pod, action))}`
    const recorded = decisions.acts(pod, text)
    if (!recorded.ok) {
      setHeld(podId, cause, {
        by: [],
        words: `Not ${done}, since it could not be written down: ${recorded.error}.`,
      })
      return
    }
    const sent = desk.sendAtOnce(pod, action, cause)
    if (!sent.ok) setHeld(podId, cause, { by: [], words: sent.error })
  }

  /** What the rules look at now, `answer` being the fresh look (null: none yet); null: nothing is planned any more. */
  function currentFacts(podId: PodId, cause: StopCause, answer: Result<Pod | null, ProviderError> | null) {
    const standing = standings.get(podId)?.[cause]
    const now = clock.now()
    const seen = fleet.seenPodAt(podId, now)
    if (standing?.kind !== 'planned' || seen === null) return null
    const context = contextAt(now)
    const { plan } = standing
    const isHeard = wasFirstHeard(plan, now, context.rules.warnings)
    const action = plan.action === 'terminate' && !isHeard ? 'stop' : plan.action
    const isFresh = answer !== null && answer.ok && answer.value === seen.pod
    return factsOf(cause, { ...plan, action }, judged(seen, context, desk.openPods()), context, isFresh)
  }

  /** Whether some rule forbids the planned stop now; then it says so. */
  function forbidden(
    podId: PodId,
    cause: StopCause,
    answer: Result<Pod | null, ProviderError> | null,
  ): boolean {
    const facts = currentFacts(podId, cause, answer)
    if (facts === null) return true
    const by = heldBy(facts, answer === null ? 'due' : 'fresh')
    if (by.length === 0) return false
    const isRehearsed = by.length === 1 && by[0] === 'not-a-rehearsal'
    const words = isRehearsed
      ? `Rehearsal: it would have been ${facts.action === 'stop' ? 'stopped' : 'terminated'} now. ${causeSentence(facts)}`
      : heldWords(facts, by)
    setHeld(podId, cause, { by, words })
    return true
  }

  function setHeld(podId: PodId, cause: StopCause, held: Hold): void {
    const ofPod = standings.get(podId)
    const standing = ofPod?.[cause]
    const seen = fleet.seenPodAt(podId, clock.now())
    if (!ofPod || standing?.kind !== 'planned' || seen === null) return
    standings = new Map(standings).set(podId, { ...ofPod, [cause]: { ...standing, held } })
    decisions.isHeld(cause, seen.pod, held)
  }

  function tellChange(
    cause: StopCause,
    before: Standing | undefined,
    after: Standing,
    { pod, hasOpenIntent }: JudgedPod,
    context: PolicyContext,
  ): void {
    const hold = holdOf(after)
    if (hold === null) decisions.isFree(cause, pod.id)
    else decisions.isHeld(cause, pod, hold)
    if (before?.kind !== 'planned' || after.kind !== 'clear' || pod.phase !== 'running' || hasOpenIntent)
      return
    const isKeptOn = keepOnInForce(podRulesOf(context.guard, pod.id), context.now) !== null
    decisions.isCalledOff(pod, before, isKeptOn ? 'you keep it on' : calledOff[cause])
  }

  /** After a clock was set back, else "for an hour" could last for years. */
  function mendKeepOns(now: Instant): void {
    const guard = store.load(accountId)
    const mended = Object.entries(guard.pods).flatMap(([podId, rules]) => {
      const keepOn = rules.keepOn && afterSetBack(rules.keepOn, now.wallMs)
      return keepOn ? [[podId, { ...rules, keepOn }] as const] : []
    })
    if (mended.length === 0) return
    const saved = store.save(accountId, { ...guard, pods: { ...guard.pods, ...Object.fromEntries(mended) } })
    if (!saved.ok && !isMendRefused) options.report('What is kept on could not be written down', saved.error)
    isMendRefused = !saved.ok
  }

  return {
    look,
    act,
    takeIntent({ podId, origin, phase }) {
      const ofPod = standings.get(podId)
      if (origin === 'person' || !ofPod || !['failed', 'did-not-happen', 'cancelled'].includes(phase)) return
      const standing = ofPod[origin]
      if (standing.kind !== 'planned') return
      const next: Standing = { ...standing, plan: afterAttempt(standing.plan) }
      standings = new Map(standings).set(podId, { ...ofPod, [origin]: next })
    },
    forget(podId) {
      standings = new Map(podId === null ? [] : [...standings].filter(([other]) => other !== podId))
    },
    standingOf: (podId, cause) => standings.get(podId)?.[cause] ?? null,
    draw() {
      const context = contextAt(clock.now())
      const { guard, rules } = context
      return (podId) => {
        const podRules = podRulesOf(guard, podId)
        const isTicked = isAutoStopped(guard.autoStop, podRules)
        const keepOn = keepOnInForce(podRules, context.now)
        const told = { lookedAtMs, isTicked, rules: podRules, keepOn }
        const autoStop = viewOfStandings(standings.get(podId), told)
        return {
          guard: { rules: podRules, isAutoStopped: isTicked, keepOn, autoStop },
          alertAfterMs: alertAfterMs(podRules, rules),
        }
      }
    },
    accountView() {
      const { areAutoStopsPaused, isAutoStopDryRun: isDryRun } = options.settings()
      return { autoStop: store.load(accountId).autoStop, areAutoStopsPaused, isDryRun }
    },
    isArmed() {
      const { autoStop, pods } = store.load(accountId)
      return (
        autoStop === 'all' || (autoStop === 'ticked' && Object.values(pods).some((pod) => pod.isAutoStopped))
      )
    },
  }
}
