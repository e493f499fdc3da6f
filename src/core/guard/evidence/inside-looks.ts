import { fail, ok, type Result } from '../../base/result'
import {
  clockDisagreementMs,
  elapsedMs,
  type Instant,
  MINUTE_MS,
  SECOND_MS,
  MAX_CLOCK_DISAGREEMENT_MS,
} from '../../base/time/time'
import type { InsideReading, InsideVerdict } from '../../idle/inside/inside-look'
import { insideText } from '../../idle/inside/inside-text'
import type { AccountContext } from '../../pod-rules/account-context'
import type { Pod, PodId } from '../../pods/pod'

/** A verdict holds for this long, ms. See docs/product-rules.md#25-quiet. */
export const VERDICT_HOLDS_MS = 15 * MINUTE_MS
/** A verdict older than this is renewed, ms, and a stop that is due waits for that. */
export const RENEW_VERDICT_AFTER_MS = 10 * MINUTE_MS
/** The least time between two automatic looks into the same pod, ms. */
const AUTOMATIC_EVERY_MS = 10 * MINUTE_MS
/** Looks at the same time, into different pods. */
const MAX_PARALLEL = 2
/** Besides, pods whose figures looks stand for. */
const MAX_SOURCES = 8
/** What works now needs no look each minute. */
const WORKING_EVERY_MS = 5 * MINUTE_MS
/** A look that isn't finished after this is given up, ms. It reads for one minute and has to connect first. */
const LOOK_LIMIT_MS = 150 * SECOND_MS
const ENDING = 'Podkeeper is quitting'

/**
 * Looks inside a pod once, over its trusted host key and without asking. On failure, returns a clause that
 * says why: "its host key isn't trusted yet". What could not be read in full is a failure, never at rest.
 */
export type LookInside = (pod: Pod, how?: LookFrequency) => OngoingLook

/** `each-minute`: others follow, over the same connection where that is possible. */
export type LookFrequency = 'now-and-then' | 'each-minute'

export interface OngoingLook {
  readonly result: Promise<Result<InsideReading, string>>
  /** Ends the look; its result no longer matters. */
  cancel(): void
}

/** Looks inside pods whose metrics cannot show whether they are at rest. See docs/product-rules.md#25-quiet. */
export interface InsideLooks {
  /** The verdict that still holds for this run of the pod; null: none. */
  verdictOf(pod: Pod, now: Instant): InsideVerdict | null
  /** The guard needs a verdict for this pod; starts a look if the limits allow. Idempotent; returns at once. */
  want(pod: Pod, how?: LookFrequency): void
  /**
   * What keeps a look from running, as a clause for display ("its host key isn't trusted yet"); null: nothing known.
   */
  obstacleOf(podId: PodId): string | null
  /** A look requested by the user, or the one that runs. Resolves with the verdict or a sentence. */
  lookNow(pod: Pod): Promise<Result<InsideVerdict, string>>
}

/** What a look found at rest is so around now only if looks follow each other. */
const RESTS_NOW_MS = 90 * SECOND_MS
/** What works is looked at less often, and a guard in a pod observes it without a pause between two readings. */
const SEEN_NOW_MS = 6 * MINUTE_MS

/** What is seen inside around `at`: a guard in the pod comes first in `verdicts`, then looks. Null: nothing looks. */
export function insideNowOf(
  [byGuard, byLook]: readonly [InsideVerdict | null, InsideVerdict | null],
  { wallMs }: Instant,
): InsideVerdict['kind'] | null {
  const isRecent = (verdict: InsideVerdict | null, withinMs: number): verdict is InsideVerdict =>
    verdict !== null && verdict.isLive !== true && Math.abs(wallMs - verdict.atMs) <= withinMs
  const restMs = byLook?.kind === 'at-rest' ? RESTS_NOW_MS : SEEN_NOW_MS
  const kinds = [
    ...(isRecent(byGuard, SEEN_NOW_MS) ? [byGuard.kind] : []),
    ...(isRecent(byLook, restMs) ? [byLook.kind] : []),
  ]
  return kinds.includes('working') ? 'working' : (kinds[0] ?? null)
}

/** The looks into one pod, for windows. */
export interface InsideLookView {
  readonly isRunning: boolean
  /** The verdict that still holds. */
  readonly verdict: InsideVerdict | null
  /** Why the last look failed, as a clause; null if it didn't. */
  readonly obstacle: string | null
}

export interface LookContext extends Pick<AccountContext, 'clock' | 'report'> {
  /** Absent: no look is possible. */
  readonly lookInside?: LookInside
}

export interface InsideLooksControl extends InsideLooks {
  /** Null when nothing is known and no look runs. */
  viewOf(pod: Pod, now: Instant): InsideLookView | null
  /** Work was seen inside by other means; it holds like a verdict. */
  recordWork(pod: Pod, text: string): void
  /** Ends the looks in progress. */
  dispose(): void
}

interface FoundVerdict {
  readonly verdict: InsideVerdict
  readonly at: Instant
  /** The run of the pod that it belongs to. */
  readonly startedAtMs: number | null
}

/** `onChange` is called when a look starts or ends. */
export function createInsideLooks(
  { clock, lookInside, report }: LookContext,
  onChange: () => void,
): InsideLooksControl {
  const verdicts = new Map<PodId, FoundVerdict>()
  const obstacles = new Map<PodId, string>()
  const automaticAt = new Map<PodId, Instant>()
  /** Those that run, and requests of the user that wait for a free place. */
  const current = new Map<PodId, Promise<Result<InsideVerdict, string>>>()
  const waiting: (() => void)[] = []
  const giveUps = new Set<(reason: string) => void>()
  let running = 0
  let sources = 0
  let isDisposed = false

  function currentVerdict(pod: Pod, now: Instant): FoundVerdict | null {
    const found = verdicts.get(pod.id)
    if (found === undefined || pod.phase !== 'running' || pod.startedAtMs === null) return null
    const holds =
      found.startedAtMs === pod.startedAtMs &&
      clockDisagreementMs(found.at, now) <= MAX_CLOCK_DISAGREEMENT_MS &&
      elapsedMs(found.at, now) <= VERDICT_HOLDS_MS
    return holds ? found : null
  }

  const hasRested = (podId: PodId, now: Instant): boolean => {
    const lastAt = automaticAt.get(podId)
    return lastAt === undefined || elapsedMs(lastAt, now) >= AUTOMATIC_EVERY_MS
  }

  /** Of a look that decides once: the last one is long ago, and so is its verdict. */
  function isRenewalDue(pod: Pod, now: Instant): boolean {
    const found = currentVerdict(pod, now)
    return hasRested(pod.id, now) && (found === null || elapsedMs(found.at, now) >= RENEW_VERDICT_AFTER_MS)
  }

  /** Of looks that stand for figures: the next one follows at once, unless the last one failed or found work. */
  function isNextDue(pod: Pod, now: Instant): boolean {
    if (obstacles.has(pod.id)) return hasRested(pod.id, now)
    const found = currentVerdict(pod, now)
    return found?.verdict.kind !== 'working' || elapsedMs(found.at, now) >= WORKING_EVERY_MS
  }

  function start(look: LookInside, pod: Pod): Promise<Result<InsideVerdict, string>> {
    const hasPlace = running < MAX_PARALLEL
    if (hasPlace) running += 1
    const result = hasPlace
      ? lookOnce(look, pod)
      : new Promise<void>((resolve) => waiting.push(resolve)).then(() => lookOnce(look, pod))
    return follow(pod, result, () => {
      const takePlace = waiting.shift()
      if (takePlace) takePlace()
      else running -= 1
    })
  }

  function startSource(look: LookInside, pod: Pod): void {
    sources += 1
    void follow(pod, lookOnce(look, pod, 'each-minute'), () => {
      sources -= 1
    })
  }

  function follow(
    pod: Pod,
    result: Promise<Result<InsideVerdict, string>>,
    onEnd: () => void,
  ): Promise<Result<InsideVerdict, string>> {
    const done = result.finally(() => {
      current.delete(pod.id)
      onEnd()
      onChange()
    })
    current.set(pod.id, done)
    onChange()
    return done
  }

  async function lookOnce(
    look: LookInside,
    pod: Pod,
    how: LookFrequency = 'now-and-then',
  ): Promise<Result<InsideVerdict, string>> {
    const reading = isDisposed ? fail(ENDING) : await withinLimit(look(pod, how))
    if (!reading.ok) {
      obstacles.set(pod.id, reading.error)
      return reading
    }
    const { at, verdict: kind } = reading.value
    const verdict = { kind, atMs: at.wallMs, text: insideText(reading.value) }
    obstacles.delete(pod.id)
    verdicts.set(pod.id, { verdict, at, startedAtMs: pod.startedAtMs })
    return ok(verdict)
  }

  function withinLimit(look: OngoingLook): Promise<Result<InsideReading, string>> {
    return new Promise((resolve) => {
      const settle = (result: Result<InsideReading, string>): void => {
        cancelTimer()
        giveUps.delete(giveUp)
        resolve(result)
      }
      const giveUp = (reason: string): void => {
        settle(fail(reason))
        look.cancel()
      }
      const cancelTimer = clock.schedule(LOOK_LIMIT_MS, () => giveUp('the look took too long'))
      giveUps.add(giveUp)
      look.result.then(settle, (cause: unknown) => {
        report('A look inside a pod failed', cause)
        settle(fail('the look failed'))
      })
    })
  }

  return {
    verdictOf: (pod, now) => currentVerdict(pod, now)?.verdict ?? null,
    want(pod, how = 'now-and-then') {
      if (lookInside === undefined || isDisposed || pod.phase !== 'running' || current.has(pod.id)) return
      const isSource = how === 'each-minute'
      const now = clock.now()
      if (isSource ? sources >= MAX_SOURCES : running >= MAX_PARALLEL) return
      if (isSource ? !isNextDue(pod, now) : !isRenewalDue(pod, now)) return
      automaticAt.set(pod.id, now)
      if (isSource) startSource(lookInside, pod)
      else void start(lookInside, pod)
    },
    obstacleOf: (podId) => obstacles.get(podId) ?? null,
    async lookNow(pod) {
      const sentence = (clause: string): string => `Podkeeper couldn't look inside ${pod.name}: ${clause}.`
      if (lookInside === undefined) return fail(sentence('it has no SSH connection here'))
      if (pod.phase !== 'running') return fail(sentence('it is not running'))
      const result = await (current.get(pod.id) ?? start(lookInside, pod))
      return result.ok ? result : fail(sentence(result.error))
    },
    viewOf(pod, now) {
      const isRunning = current.has(pod.id)
      const verdict = currentVerdict(pod, now)?.verdict ?? null
      const obstacle = obstacles.get(pod.id) ?? null
      return isRunning || verdict !== null || obstacle !== null ? { isRunning, verdict, obstacle } : null
    },
    recordWork(pod, text) {
      const at = clock.now()
      const isNews = currentVerdict(pod, at)?.verdict.kind !== 'working'
      verdicts.set(pod.id, {
        verdict: { kind: 'working', atMs: at.wallMs, text, isLive: true },
        at,
        startedAtMs: pod.startedAtMs,
      })
      if (isNews) onChange()
    },
    dispose() {
      isDisposed = true
      for (const giveUp of giveUps) giveUp(ENDING)
      for (const takePlace of waiting.splice(0)) takePlace()
    },
  }
}
