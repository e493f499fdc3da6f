import { elapsedMs, type Instant } from '../../base/time/time'
import type { Channel } from '../channel'
import { isHeld } from '../routing'
import { MAX_PAUSE_MS, type MessageState, type OutboxMessage } from './outbox-message'
import { isExpired, type NextStep, nextStep, retryPauseMs } from './outbox-plan'
import type { ChannelStatus, OutboxOptions, SendOutcome } from './outbox-ports'

export interface LaneOptions extends Pick<
  OutboxOptions,
  'clock' | 'random' | 'send' | 'routing' | 'mayAct' | 'onChange' | 'report'
> {
  /** Undefined: it was removed. */
  readonly channel: () => Channel | undefined
  /** Oldest first. */
  readonly waiting: () => readonly OutboxMessage[]
  readonly isOver: (message: OutboxMessage) => boolean
  /** Saves a message that still waits. */
  readonly update: (message: OutboxMessage) => void
  readonly finish: (message: OutboxMessage, state: MessageState, failure: string | null) => void
  /** Unix ms. */
  readonly savePause: (untilMs: number) => void
}

/** Sends the messages of one channel, one after the other. */
export interface Lane {
  /** Sends what is due, if nothing is being sent. */
  run(): void
  status(): Pick<ChannelStatus, 'failure' | 'nextTryAtMs'>
  wake(): void
  restorePause(untilMs: number): void
  /** Sends nothing more. Resolves once what was sent is answered and recorded. */
  shutDown(): Promise<void>
}

/** The shortest time between two messages, ms: Slack takes one a second, Discord 30 a minute, ntfy 60 at once, Telegram one a second to a chat. */
const SPACING_MS = { ntfy: 1_000, telegram: 1_100, slack: 1_100, discord: 2_100, webhook: 0 }

interface Pause {
  readonly from: Instant
  readonly ms: number
  readonly isAskedFor: boolean
  /** The service rejected a message. A critical alert that it did not see so far need not wait. */
  readonly isForRejected: boolean
}

export function createLane(channelId: string, options: LaneOptions): Lane {
  const { clock } = options
  let sending: Promise<void> | null = null
  let cancelTimer = (): void => {}
  let pause: Pause | null = null
  let failureCount = 0
  let failure: string | null = null
  /** When each message without a critical alert was accepted. */
  let acceptedAt: readonly Instant[] = []
  /** Messages that the service rejected as they were. */
  const plainIds = new Set<string>()
  /** Those that it rejected with letters only, too. */
  const rejectedIds = new Set<string>()
  /** A critical alert was rejected and nothing accepted since, so it may be the channel that is broken. */
  let isRejectingAll = false
  /** Since when each message could have been sent and the service failed, in this run and since the last sleep. */
  let failingSince: ReadonlyMap<string, Instant> = new Map()

  const pausedForMs = (now: Instant): number =>
    pause === null ? 0 : Math.max(0, pause.ms - elapsedMs(pause.from, now))

  function setPause(ms: number, { isAskedFor = false, isForRejected = false } = {}): void {
    pause = { from: clock.now(), ms, isAskedFor, isForRejected }
  }

  function run(): void {
    cancelTimer()
    const channel = options.channel()
    if (sending !== null || channel === undefined || !channel.isOn || !options.mayAct()) return
    const step = stepOf(channel, clock.now())
    if (step.kind === 'wait') cancelTimer = clock.schedule(Math.min(step.forMs, MAX_PAUSE_MS), run)
    if (step.kind === 'send') sending = send(channel, step.messages).then(afterSending)
  }

  /** A message that is never taken waits behind all others, and delays no critical alert. */
  function stepOf(channel: Channel, now: Instant): NextStep {
    const acceptedAgoMs = acceptedAt.map((at) => elapsedMs(at, now))
    const stepFor = (messages: readonly OutboxMessage[], forMs: number): NextStep =>
      nextStep(channel, messages, { pausedForMs: forMs, acceptedAgoMs }, options.routing(), now)
    const waiting = options.waiting()
    const rejected = waiting.filter(({ id }) => rejectedIds.has(id))
    const others = waiting.filter(({ id }) => !rejectedIds.has(id))
    const pausedMs = pausedForMs(now)
    const steps = [stepFor(others, pausedMs), stepFor(rejected, pausedMs)]
    if (pause?.isForRejected === true && pausedMs > 0) {
      const spacingMs = Math.max(0, SPACING_MS[channel.kind] - elapsedMs(pause.from, now))
      const critical = others.filter(({ alert }) => alert.isCritical)
      steps.push(stepFor(critical, spacingMs))
    }
    const waitsMs = steps.flatMap((step) => (step.kind === 'wait' ? [step.forMs] : []))
    return (
      steps.find(({ kind }) => kind === 'send') ??
      (waitsMs.length > 0 ? { kind: 'wait', forMs: Math.min(...waitsMs) } : { kind: 'nothing' })
    )
  }

  async function send(channel: Channel, batch: readonly OutboxMessage[]): Promise<void> {
    const isPlain = batch.some(({ id }) => plainIds.has(id))
    let outcome: SendOutcome
    try {
      outcome = await options.send(channel, {
        isPlain,
        alerts: batch.map((message) => ({
          alert: message.alert,
          isOver: options.isOver(message),
          resolvedAtMs: message.isResolved ? message.stateAt.wallMs : null,
        })),
      })
    } catch (cause) {
      options.report(`A message to ${channelId} could not be sent`, cause)
      outcome = {
        kind: 'failed',
        answer: 'Something went wrong in Podkeeper.',
        isBroken: true,
        retryAfterMs: null,
      }
    }
    settle(channel, batch, outcome, isPlain)
  }

  function afterSending(): void {
    sending = null
    options.onChange()
    run()
  }

  function settle(
    channel: Channel,
    batch: readonly OutboxMessage[],
    outcome: SendOutcome,
    isPlain: boolean,
  ): void {
    if (outcome.kind === 'accepted') {
      failureCount = 0
      failure = null
      isRejectingAll = false
      setPause(SPACING_MS[channel.kind])
      for (const message of batch) {
        plainIds.delete(message.id)
        rejectedIds.delete(message.id)
        options.finish(message, 'accepted', null)
      }
      failingSince = new Map([...failingSince].filter(([id]) => rejectedIds.has(id)))
      if (batch.some(({ alert }) => !alert.isCritical))
        acceptedAt = [...acceptedAt, clock.now()].slice(-channel.maxPerHour)
      return
    }
    failure = outcome.answer
    if (outcome.kind === 'rejected' && !isPlain) {
      for (const { id } of batch) plainIds.add(id)
      setPause(SPACING_MS[channel.kind])
      return
    }
    if (outcome.kind === 'rejected') {
      for (const { id } of batch) rejectedIds.add(id)
      isRejectingAll ||= batch.some(({ alert }) => alert.isCritical)
    }
    failureCount += 1
    const retryAfterMs = outcome.kind === 'failed' ? outcome.retryAfterMs : null
    const isBroken = outcome.kind === 'rejected' || outcome.isBroken
    setPause(retryPauseMs(failureCount, isBroken, retryAfterMs, options.random()), {
      isAskedFor: retryAfterMs !== null && retryAfterMs > 0,
      isForRejected: outcome.kind === 'rejected',
    })
    if (retryAfterMs !== null) options.savePause(clock.now().wallMs + Math.min(retryAfterMs, MAX_PAUSE_MS))
    giveUp(channel, batch, outcome)
  }

  function giveUp(channel: Channel, batch: readonly OutboxMessage[], { kind, answer }: SendOutcome): void {
    const now = clock.now()
    const waiting = options.waiting()
    const free = waiting.filter(({ alert }) => !isHeld(channel, alert, now.wallMs, options.routing()))
    failingSince = new Map(free.map(({ id }) => [id, failingSince.get(id) ?? now]))
    for (const message of waiting) {
      const isTried = batch.some(({ id }) => id === message.id)
      if (isExpired(message, failingSince.get(message.id) ?? null, now))
        options.finish(message, 'expired', answer)
      // It may be the channel that is broken, so a critical alert is tried for longer.
      else if (isTried && kind === 'rejected' && !message.alert.isCritical && !isRejectingAll) {
        rejectedIds.delete(message.id)
        options.finish(message, 'refused', answer)
      } else if (isTried && message.failure !== answer) options.update({ ...message, failure: answer })
    }
  }

  return {
    run,
    status() {
      const leftMs = pausedForMs(clock.now())
      return {
        failure,
        nextTryAtMs: failure === null || leftMs === 0 ? null : clock.now().wallMs + leftMs,
      }
    },
    wake() {
      failingSince = new Map()
      if (failure !== null && pause?.isAskedFor !== true) pause = null
      run()
    },
    restorePause(untilMs) {
      const leftMs = untilMs - clock.now().wallMs
      if (leftMs > 0 && leftMs <= MAX_PAUSE_MS) setPause(leftMs, { isAskedFor: true })
    },
    async shutDown() {
      cancelTimer()
      await sending
    },
  }
}
