import type { Clock } from '../../base/clock'
import { elapsedMs, type Instant } from '../../base/time'
import type { Channel } from '../channel'
import { MAX_PAUSE_MS, type MessageState, type OutboxMessage } from './outbox-message'
import { isExpired, nextStep, retryPauseMs } from './outbox-plan'
import type { ChannelStatus, OutboxOptions, SendOutcome } from './outbox-ports'

export interface LaneOptions extends Pick<
  OutboxOptions,
  'clock' | 'random' | 'send' | 'onChange' | 'report'
> {
  readonly clock: Clock
  /** Undefined: it was removed. */
  readonly channel: () => Channel | undefined
  /** Oldest first. */
  readonly waiting: () => readonly OutboxMessage[]
  readonly isOver: (message: OutboxMessage) => boolean
  readonly mayStopUnwarned: () => boolean
  readonly mayAct: () => boolean
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

/** The shortest time between two messages, ms: Slack takes one a second, Discord 30 a minute, ntfy 60 at once. */
const SPACING_MS = { ntfy: 1_000, slack: 1_100, discord: 2_100, webhook: 0 }

interface Pause {
  readonly from: Instant
  readonly ms: number
  readonly isAskedFor: boolean
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
  /** Those that it rejected with letters only, too. They wait behind all others, which it may take. */
  const rejectedIds = new Set<string>()

  const pausedForMs = (now: Instant): number =>
    pause === null ? 0 : Math.max(0, pause.ms - elapsedMs(pause.from, now))

  function setPause(ms: number, isAskedFor = false): void {
    pause = { from: clock.now(), ms, isAskedFor }
  }

  function run(): void {
    cancelTimer()
    const channel = options.channel()
    if (sending !== null || channel === undefined || !channel.isOn || !options.mayAct()) return
    const now = clock.now()
    const pace = {
      pausedForMs: pausedForMs(now),
      acceptedAgoMs: acceptedAt.map((at) => elapsedMs(at, now)),
    }
    const waiting = options.waiting()
    const isRejected = ({ id }: OutboxMessage): boolean => rejectedIds.has(id)
    const ordered = [...waiting.filter((each) => !isRejected(each)), ...waiting.filter(isRejected)]
    const step = nextStep(channel, ordered, pace, { mayStopUnwarned: options.mayStopUnwarned() }, now)
    if (step.kind === 'wait') cancelTimer = clock.schedule(Math.min(step.forMs, MAX_PAUSE_MS), run)
    if (step.kind === 'send') sending = send(channel, step.messages).then(afterSending)
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
      setPause(SPACING_MS[channel.kind])
      for (const message of batch) {
        plainIds.delete(message.id)
        rejectedIds.delete(message.id)
        options.finish(message, 'accepted', null)
      }
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
    if (outcome.kind === 'rejected') for (const { id } of batch) rejectedIds.add(id)
    failureCount += 1
    const retryAfterMs = outcome.kind === 'failed' ? outcome.retryAfterMs : null
    const isBroken = outcome.kind === 'rejected' || outcome.isBroken
    setPause(
      retryPauseMs(failureCount, isBroken, retryAfterMs, options.random()),
      retryAfterMs !== null && retryAfterMs > 0,
    )
    if (retryAfterMs !== null) options.savePause(clock.now().wallMs + Math.min(retryAfterMs, MAX_PAUSE_MS))
    giveUp(batch, outcome)
  }

  function giveUp(batch: readonly OutboxMessage[], { kind, answer }: SendOutcome): void {
    const now = clock.now()
    for (const message of options.waiting()) {
      const isTried = batch.some(({ id }) => id === message.id)
      if (isExpired(message, now)) options.finish(message, 'expired', answer)
      // It may be the channel that is broken, so a critical alert is tried for longer.
      else if (isTried && kind === 'rejected' && !message.alert.isCritical)
        options.finish(message, 'refused', answer)
      else if (isTried && message.failure !== answer) options.update({ ...message, failure: answer })
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
      if (failure !== null && pause?.isAskedFor !== true) pause = null
      run()
    },
    restorePause(untilMs) {
      const leftMs = untilMs - clock.now().wallMs
      if (leftMs > 0 && leftMs <= MAX_PAUSE_MS) setPause(leftMs, true)
    },
    async shutDown() {
      cancelTimer()
      await sending
    },
  }
}
