import type { AuditEntry } from '../audit-log/audit-log'
import type { Result } from '../base/result'
import type { Clock } from '../base/time/clock'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { Intent } from '../intents/intent'
import type { PhoneCommand, PhoneOffer, PhoneSay, PhoneState, PhoneUpdate } from './offer/phone'
import type { PhoneEffect, PhoneStep } from './phone-draft'
import {
  afterCarryingOut,
  afterUndo,
  type CarriedOut,
  followCommands,
  isFollowing,
  recoverCommands,
} from './phone-follow'
import { type PhoneContext, takeUpdates } from './phone-updates'
import { CURSOR_VALID_MS } from './pairing'
import { absent, afterReply } from './presence'

/** What a poll brought. Errors are sentences without secrets. */
export type PollOutcome =
  | {
      readonly ok: true
      readonly updates: readonly PhoneUpdate[]
      readonly cursor: string | null
      /** More may wait. */
      readonly isFull: boolean
    }
  | {
      readonly ok: false
      readonly error: string
      /** Only a person can help, such as where the token is refused. */
      readonly isBroken: boolean
      readonly retryAfterMs: number | null
    }

export interface PhonePoll {
  readonly outcome: Promise<PollOutcome>
  readonly cancel: () => void
}

export type SayOutcome = 'accepted' | 'failed' | 'rejected'

/** The service that a phone channel talks to. Nothing here rejects. */
export interface PhoneService {
  /** Ends once something arrived, or after a minute or so. */
  poll(cursor: string | null): PhonePoll
  /** `offer`: the buttons below it. */
  say(say: PhoneSay, offer: PhoneOffer | null): Promise<SayOutcome>
  answer(callbackId: string, text: string): Promise<void>
  /** Removes the buttons of a message. */
  clearButtons(messageId: string): Promise<void>
}

export interface PhoneLineOptions {
  readonly clock: Clock
  readonly service: PhoneService
  /** On disk. The error is a sentence, and then nothing may be done. */
  readonly load: () => PhoneState
  readonly change: (make: (state: PhoneState) => PhoneState) => Result<void, string>
  readonly context: () => Omit<PhoneContext, 'nowMs' | 'isAway' | 'newId'>
  readonly newId: () => string
  readonly mayAct: () => boolean
  readonly carryOut: (command: PhoneCommand) => CarriedOut
  readonly undo: (command: PhoneCommand) => boolean
  readonly intentOf: (id: string) => Intent | null
  readonly record: (entry: AuditEntry) => void
  /** Why presses don't arrive, as a sentence; null: they do. `isBroken`: only a person can help. */
  readonly onFailure: (failure: string | null, isBroken: boolean) => void
  readonly report: (what: string, cause?: unknown) => void
}

/** Listens to one phone channel, carries out what its person presses, and says what was observed. */
export interface PhoneLine {
  readonly start: () => void
  /** The network may be back: polls at once. */
  readonly wake: () => void
  /** Something was written for it: sends it. */
  readonly flush: () => void
  readonly stop: () => void
}

const FIRST_RETRY_MS = 2 * SECOND_MS
const MAX_RETRY_MS = MINUTE_MS
const BROKEN_RETRY_MS = 15 * MINUTE_MS
const FOLLOW_EVERY_MS = SECOND_MS
/** Between polls that brought nothing, however soon they are answered. */
const PAUSE_MS = SECOND_MS

export function createPhoneLine(options: PhoneLineOptions): PhoneLine {
  const { clock, service, newId, load } = options
  let isStopped = false
  let presence = absent
  let failures = 0
  let polling: PhonePoll | null = null
  /** Those of this run, so that none is carried out again where that can't be written down. */
  const carriedOut = new Set<string>()
  let cancelPoll = (): void => {}
  let cancelFollow = (): void => {}
  let isSaying = false
  let sayFailures = 0
  let cancelSay = (): void => {}

  /** What a step makes is on disk before anything of it is done. */
  function apply(make: (state: PhoneState) => PhoneStep): boolean {
    let effects: readonly PhoneEffect[] = []
    const written = options.change((state) => {
      const step = make(state)
      effects = step.effects
      return step.state
    })
    if (!written.ok) {
      options.report('What a phone channel got could not be saved', written.error)
      return false
    }
    for (const effect of effects) run(effect)
    carryOutAsked()
    flush()
    follow()
    return true
  }

  function run(effect: PhoneEffect): void {
    switch (effect.kind) {
      case 'answer':
        return void service.answer(effect.callbackId, effect.text)
      case 'log':
        return options.record({
          atMs: clock.now().wallMs,
          accountId: effect.target?.accountId ?? null,
          podId: effect.target?.podId ?? null,
          podName: effect.target?.podName ?? null,
          kind: 'app',
          what: 'phone',
          text: effect.text,
          tone: 'plain',
        })
      case 'undo': {
        const isUndone = options.undo(effect.command)
        apply((state) => afterUndo(state, effect.command, isUndone, { now: clock.now(), newId }))
      }
    }
  }

  function carryOutAsked(): void {
    for (;;) {
      const command = load().commands.find(({ id, phase }) => phase === 'asked' && !carriedOut.has(id))
      if (command === undefined || isStopped || !options.mayAct()) return
      carriedOut.add(command.id)
      const result = options.carryOut(command)
      apply((state) => afterCarryingOut(state, command, result, { now: clock.now(), newId }))
    }
  }

  const followContext = () => ({
    now: clock.now(),
    newId,
    world: options.context().world,
    intentOf: options.intentOf,
  })

  function follow(): void {
    cancelFollow()
    if (isStopped || !isFollowing(load())) return
    cancelFollow = clock.schedule(FOLLOW_EVERY_MS, () => {
      if (isStopped) return
      // What was done by another program since is there to be seen.
      const before = load()
      const { state } = followCommands(before, followContext())
      if (state === before) follow()
      else if (!apply((current) => followCommands(current, followContext()))) follow()
    })
  }

  function flush(): void {
    cancelSay()
    if (isSaying || isStopped || !options.mayAct()) return
    const [next] = load().says
    if (next === undefined) return
    isSaying = true
    void sayOne(next).finally(() => {
      isSaying = false
      if (sayFailures === 0) flush()
      else cancelSay = clock.schedule(retryMs(sayFailures), flush)
    })
  }

  async function sayOne(say: PhoneSay): Promise<void> {
    const offer = load().offers.find(({ id }) => id === say.offerId) ?? null
    const outcome = await service.say(say, offer)
    sayFailures = outcome === 'failed' ? sayFailures + 1 : 0
    if (outcome === 'failed') return
    const gone = options.change((state) => ({
      ...state,
      says: state.says.filter(({ id }) => id !== say.id),
    }))
    if (!gone.ok) sayFailures += 1
    if (say.answers !== null) void service.clearButtons(say.answers)
  }

  async function poll(): Promise<void> {
    if (isStopped || polling !== null || !options.mayAct()) return
    const { cursor, cursorAtMs } = load()
    const isValid = Math.abs(clock.now().wallMs - cursorAtMs) < CURSOR_VALID_MS
    const own = service.poll(isValid ? cursor : null)
    polling = own
    const outcome = await own.outcome
    if (polling !== own) return
    polling = null
    if (isStopped) return
    const waitMs = outcome.ok ? take(outcome) : waitAfter(outcome)
    cancelPoll()
    cancelPoll = clock.schedule(waitMs, () => void poll())
  }

  /** How long until the next poll, ms. */
  function take({ updates, cursor, isFull }: Extract<PollOutcome, { readonly ok: true }>): number {
    failures = 0
    options.onFailure(null, false)
    const now = clock.now()
    const after = afterReply(presence, isFull, now)
    if (updates.length > 0 || cursor !== load().cursor) {
      const context = { ...options.context(), nowMs: now.wallMs, isAway: after.isAway, newId }
      // What isn't written down comes again.
      if (!apply((state) => takeUpdates(state, updates, cursor, context))) return MAX_RETRY_MS
    }
    presence = after.presence
    return updates.length > 0 ? 0 : PAUSE_MS
  }

  function waitAfter({
    error,
    isBroken,
    retryAfterMs,
  }: Extract<PollOutcome, { readonly ok: false }>): number {
    failures += 1
    options.onFailure(error, isBroken)
    return Math.max(isBroken ? BROKEN_RETRY_MS : retryMs(failures), retryAfterMs ?? 0)
  }

  return {
    start() {
      apply((state) => recoverCommands(state, followContext()))
      void poll()
    },
    wake() {
      const earlier = polling
      polling = null
      earlier?.cancel()
      failures = 0
      sayFailures = 0
      cancelPoll()
      flush()
      void poll()
    },
    flush,
    stop() {
      isStopped = true
      polling?.cancel()
      polling = null
      cancelPoll()
      cancelFollow()
      cancelSay()
    },
  }
}

const retryMs = (count: number): number =>
  Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(count - 1, 10))
