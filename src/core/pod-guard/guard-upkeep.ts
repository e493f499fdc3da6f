import { fail, ok, type Result } from '../base/result'
import { SECOND_MS } from '../base/time/time'
import type { AccountContext } from '../pod-rules/account-context'
import { type PodRules, podRulesOf } from '../pod-rules/pod-rules'
import type { Pod, PodId } from '../pods/pod'
import type { GuardEntry } from './guard-entry'
import { type GuardPlan, guardPlanOf, guardSettingsOf, guardSteps } from './guard-plan'
import { wasAccepted } from './guard-report'
import { GUARD_VERSION } from './guard-script'
import type { GuardReply, PodGuardHost } from './pod-guard-host'

export interface GuardUpkeepOptions {
  /** The script for this account; null: its API can't be reached from a pod. */
  readonly script: () => string | null
  /** A lower bound; null: not known. */
  readonly uptimeMsOf: (pod: Pod) => number | null
  /** The time by which holds end, Unix ms; null: not known yet. */
  readonly holdNowMs: () => number | null
  /** See `MonitorOptions`. */
  readonly inputAgoMs: (podId: PodId) => number | null
  /** Whether a stop from here could be sent now. Otherwise the guard decides. */
  readonly couldStop: (pod: Pod) => boolean
}

/** Brings the guard of one pod to what its rules say, and records what it reports. */
export interface GuardUpkeep {
  /** `isAsked`: by a person, whichever program acts otherwise. The error is a sentence. */
  bringUp(
    pod: Pod,
    entry: GuardEntry,
    host: PodGuardHost,
    isAsked: boolean,
    isDisposed: () => boolean,
  ): Promise<Result<void, string>>
  /** Reads the guard, and leaves it as it is. */
  read(pod: Pod): (entry: GuardEntry, host: PodGuardHost) => Promise<Result<void, string>>
  record(pod: Pod, entry: GuardEntry, reply: GuardReply): Result<void, string>
}

/** Only the program that acts for the account brings guards up; others leave them alone. */
export function createGuardUpkeep(context: AccountContext, options: GuardUpkeepOptions): GuardUpkeep {
  const { accountId, clock, accountRules, settings } = context
  const rulesOf = (podId: PodId): PodRules => podRulesOf(accountRules.load(accountId), podId)

  function planFor(pod: Pod): Result<GuardPlan, string> {
    const nowMs = options.holdNowMs() ?? clock.now().wallMs
    const uptimeMs = options.uptimeMsOf(pod)
    return guardPlanOf({ pod, rules: rulesOf(pod.id), ...guardSettingsOf(settings()), uptimeMs, nowMs })
  }

  function record(pod: Pod, entry: GuardEntry, reply: GuardReply): Result<void, string> {
    if (!reply.ok) {
      entry.failure = reply.error
      return reply
    }
    entry.failure = null
    if (reply.value === 'absent') {
      entry.reading = null
      return ok(undefined)
    }
    entry.reading = { report: reply.value, at: clock.now(), startedAtMs: pod.startedAtMs }
    // It asked for a stop, and then its run of the container ended.
    if (wasAccepted(reply.value.previous?.stopping ?? null)) note(pod.id, { isPodGuardProven: true })
    return ok(undefined)
  }

  function note(
    podId: PodId,
    changes: { readonly isPodGuardProven?: true; readonly podGuardKeepUntilS?: number | undefined },
  ): void {
    const before = rulesOf(podId)
    if (Object.entries(changes).every(([name, value]) => before[name as keyof PodRules] === value)) return
    const written = accountRules.update(accountId, (all) => {
      const entries = Object.entries({ ...podRulesOf(all, podId), ...changes })
      const rules: PodRules = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
      return { ...all, pods: { ...all.pods, [podId]: rules } }
    })
    if (!written.ok) context.report('What is known of a guard in a pod was not saved', written.error)
  }

  /**
   * What was kept running from here ends from here, after a restart of this program, too. What others keep running
   * doesn't.
   */
  function noteKeep(pod: Pod, entry: GuardEntry, untilS: number | null): void {
    entry.writtenKeepUntilS = untilS
    note(pod.id, { podGuardKeepUntilS: untilS ?? undefined })
  }

  async function checkAgain(pod: Pod, entry: GuardEntry, host: PodGuardHost): Promise<Result<void, string>> {
    const reply = await host.change(pod, 'check', 0)
    const recorded = record(pod, entry, reply)
    if (reply.ok && reply.value !== 'absent') entry.checkAskedAtS = reply.value.nowS
    return recorded
  }

  function readFrom(host: PodGuardHost, pod: Pod): Promise<GuardReply> {
    const inputAgoMs = options.inputAgoMs(pod.id)
    return host.read(pod, options.couldStop(pod), inputAgoMs === null ? null : inputAgoMs / SECOND_MS)
  }

  return {
    record,
    read: (pod) => async (entry, host) => record(pod, entry, await readFrom(host, pod)),
    async bringUp(pod, entry, host, isAsked, isDisposed) {
      const [plan, guard] = [planFor(pod), options.script()]
      if (!plan.ok) return record(pod, entry, plan)
      if (guard === null) return record(pod, entry, fail('The API address of the account is none for a pod.'))
      const read = await readFrom(host, pod)
      const mayAct = (isAsked || context.mayAnnounce()) && rulesOf(pod.id).podGuard !== undefined
      if (!read.ok || isDisposed() || !mayAct) return record(pod, entry, read)
      const writtenUntilS = entry.writtenKeepUntilS ?? rulesOf(pod.id).podGuardKeepUntilS ?? null
      const steps = guardSteps(read.value, plan.value, GUARD_VERSION, writtenUntilS)
      // A guard that is about to be started again is not silent.
      if (steps.length === 0) {
        const recorded = record(pod, entry, read)
        const isUnarmed = read.value !== 'absent' && read.value.status?.isArmed === false
        return isAsked && isUnarmed ? checkAgain(pod, entry, host) : recorded
      }
      const hadFailed = entry.failure !== null
      for (const step of steps) {
        const reply =
          step.kind === 'change'
            ? await host.change(pod, step.change, step.seconds)
            : await host.install(pod, {
                guard,
                settings: plan.value.settings,
                deadlineS: step.deadlineS,
                keepS: step.keepS,
                isFresh: read.value !== 'absent' && read.value.status?.version !== GUARD_VERSION,
                takesLease: options.couldStop(pod),
              })
        const done = record(pod, entry, reply)
        if (!done.ok) {
          // One that can't be started again is, however.
          if (hadFailed && read.value !== 'absent')
            entry.reading = { report: read.value, at: clock.now(), startedAtMs: pod.startedAtMs }
          return done
        }
        const keepS = step.kind === 'install' ? step.keepS : step.change === 'keep' ? step.seconds : null
        if (reply.ok && reply.value !== 'absent' && keepS !== null) {
          const isOwn = keepS > 0 && keepS === plan.value.keepS
          noteKeep(pod, entry, isOwn ? reply.value.nowS + keepS : null)
        }
      }
      return ok(undefined)
    },
  }
}
