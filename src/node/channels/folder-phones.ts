import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '../../core/audit-log/audit-log'
import type { Clock } from '../../core/base/time/clock'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/base/time/time'
import { type Channel, type ChannelPhone, isPhoneKind } from '../../core/channels/channel'
import type { MessageBatch, MessageButtons } from '../../core/channels/messages/message-content'
import { channelEntry } from '../../core/channels/outbox/channel-text'
import type { PhoneStatus } from '../../core/channels/outbox/outbox-ports'
import type { Intent } from '../../core/intents/intent'
import type { PhoneOffer, PhoneState, PhoneVerb } from '../../core/phone/offer/phone'
import { createPhoneLine, type PhoneLine } from '../../core/phone/phone-line'
import { offerForAlert } from '../../core/phone/phone-offers'
import type { OpenedPhone, PhoneServices } from '../../core/phone/phone-services'
import { podOf } from '../../core/phone/phone-updates'
import { carryOutPhone, type PhoneAccount, phoneWorld, undoPhone } from '../../core/phone/phone-world'
import type { AccountId } from '../../core/pods/pod'
import type { ChannelStore } from './channel-store'
import type { PhoneFile } from './phone-file'

export interface FolderPhonesOptions {
  readonly clock: Clock
  readonly store: Pick<ChannelStore, 'list' | 'problem' | 'addressOf'>
  readonly file: PhoneFile
  readonly services: Pick<PhoneServices, 'open'>
  /** Those that this program watches. */
  readonly accounts: () => readonly PhoneAccount[]
  /** Why an account is not answered for here, as a sentence; null: it is. */
  readonly refusalOf: (accountId: AccountId) => string | null
  /** The intent with this id, of this or an earlier run; null: there is none. */
  readonly intentOf: (id: string) => Intent | null
  readonly mayAct: () => boolean
  readonly record: (entry: AuditEntry) => void
  readonly onChange: () => void
  readonly report: (what: string, cause?: unknown) => void
}

/** Listens to the phone channels of a data folder. See docs/product-rules.md#143-answers-from-the-phone. */
export interface FolderPhones {
  /** Channels were changed, or whether this program may act. */
  readonly refresh: () => void
  /** Another program may have acted until now. */
  readonly takeOver: () => void
  /** Null: nothing is listened to there by this program. */
  readonly statusOf: (channelId: string) => PhoneStatus | null
  /** The buttons of the only alert of a message, which are remembered by then; null: it has none. */
  readonly buttonsFor: (channel: Channel, batch: MessageBatch) => Promise<MessageButtons | null>
  readonly wake: () => void
  readonly stop: () => void
}

/** One phone channel that is listened to. */
interface ListenedPhone {
  readonly key: string
  /** Null: it could not be opened, or was closed meanwhile. */
  readonly opened: Promise<OpenedPhone | null>
  replyTopic: string | null
  line: PhoneLine | null
  status: PhoneStatus
  failureCount: number
  readonly cancels: Set<() => void>
  isClosed: boolean
}

/** How often a channel that could not be opened is tried again, such as where a keyring is locked, ms. */
const OPEN_AGAIN_MS = MINUTE_MS
/** How often the service is asked whether a stop may still be offered, ms. */
const CHECK_EVERY_MS = HOUR_MS
const CHECK_AGAIN_MS = 30 * SECOND_MS
/** How long presses wait until the pods are listed, ms. */
const LISTED_WITHIN_MS = MINUTE_MS

/** Under what a pairing is remembered: what was offered to an earlier person is offered to no other one. */
export const phoneKeyOf = (channelId: string, { sinceMs }: ChannelPhone): string => `${channelId}-${sinceMs}`

export function createFolderPhones(options: FolderPhonesOptions): FolderPhones {
  const { clock, store, file, record } = options
  const phones = new Map<string, ListenedPhone>()
  const nowMs = (): number => clock.now().wallMs
  const world = phoneWorld(options.accounts, nowMs, options.refusalOf)
  let isStopped = false

  const channelOf = (channelId: string): Channel | undefined =>
    store.list().find(({ id }) => id === channelId)

  function close(channelId: string): void {
    const phone = phones.get(channelId)
    if (phone === undefined) return
    phones.delete(channelId)
    phone.isClosed = true
    phone.line?.stop()
    for (const cancel of phone.cancels) cancel()
  }

  function refresh(): void {
    const listened = options.mayAct() && !isStopped
    const channels = store.list()
    // While a part of the file can't be read, none is known to be gone.
    const areAllKnown = !listened || store.problem() === null
    const isKnown = (channelId: string): boolean => areAllKnown || channels.some(({ id }) => id === channelId)
    const wanted = new Map(
      channels.flatMap((channel) =>
        listened && channel.isOn && channel.phone !== null && isPhoneKind(channel.kind)
          ? [[channel.id, phoneKeyOf(channel.id, channel.phone)] as const]
          : [],
      ),
    )
    for (const [id, { key }] of phones) if (wanted.get(id) !== key && isKnown(id)) close(id)
    if (!listened) return
    if (areAllKnown) recordPairings(channels)
    for (const [id, key] of wanted) if (!phones.has(id)) listen(id, key)
  }

  /** Whatever program paired a channel or ended that, the one that acts writes it into the activity log. */
  function recordPairings(channels: readonly Channel[]): void {
    const known = file.keys()
    if (known === null) return
    const paired = channels.flatMap(({ id, phone }) => (phone === null ? [] : [phoneKeyOf(id, phone)]))
    const gone = known.filter((key) => !paired.includes(key))
    if (gone.length > 0 && file.remove(gone).ok)
      for (const channel of channels)
        if (channel.phone === null && gone.some((key) => key.startsWith(`${channel.id}-`)))
          record(channelEntry(channel, 'unpaired', nowMs()))
    for (const channel of channels) {
      if (channel.phone === null || known.includes(phoneKeyOf(channel.id, channel.phone))) continue
      if (file.change(phoneKeyOf(channel.id, channel.phone), (state) => state).ok)
        record(channelEntry(channel, 'paired', nowMs()))
    }
  }

  function schedule(phone: ListenedPhone, delayMs: number, run: () => void): void {
    const cancel = clock.schedule(delayMs, () => {
      phone.cancels.delete(cancel)
      if (!phone.isClosed) run()
    })
    phone.cancels.add(cancel)
  }

  function setStatus(phone: ListenedPhone, changes: Partial<PhoneStatus>): void {
    const next = { ...phone.status, ...changes }
    if (next.failure === phone.status.failure && next.mayStop === phone.status.mayStop) return
    phone.status = next
    if (!phone.isClosed) options.onChange()
  }

  function listen(channelId: string, key: string): void {
    const phone: ListenedPhone = {
      key,
      opened: Promise.resolve().then(() => open(channelId, phone)),
      replyTopic: null,
      line: null,
      status: { failure: null, mayStop: null },
      failureCount: 0,
      cancels: new Set(),
      isClosed: false,
    }
    phones.set(channelId, phone)
    void phone.opened
      .then((opened) => (opened === null ? undefined : begin(channelId, phone, opened)))
      .catch((cause: unknown) => options.report('A phone channel could not be listened to', cause))
  }

  async function open(channelId: string, phone: ListenedPhone): Promise<OpenedPhone | null> {
    const channel = channelOf(channelId)
    const address = await store.addressOf(channelId)
    if (phone.isClosed || channel === undefined) return null
    const opened = address.ok ? options.services.open(channel.kind, address.value) : address
    if (!opened.ok) {
      setStatus(phone, { failure: opened.error })
      schedule(phone, OPEN_AGAIN_MS, () => {
        close(channelId)
        refresh()
      })
      return null
    }
    phone.replyTopic = (address.ok ? address.value.replyTopic : null) ?? null
    const mayStop = await opened.value.mayStop()
    setStatus(phone, { mayStop })
    return phone.isClosed ? null : opened.value
  }

  /** Presses wait for what decides about them: whether a stop may be offered, and the pods. */
  function begin(channelId: string, phone: ListenedPhone, opened: OpenedPhone): void {
    if (phone.isClosed) return
    const startedAtMs = clock.now().monotonicMs
    const startOnceListed = (): void => {
      const waitedMs = clock.now().monotonicMs - startedAtMs
      const isReady = phone.status.mayStop !== null && (arePodsListed() || waitedMs >= LISTED_WITHIN_MS)
      if (!isReady) return schedule(phone, SECOND_MS, startOnceListed)
      phone.line = lineOf(channelId, phone, opened)
      phone.line.start()
    }
    checkAgain(phone, opened, phone.status.mayStop === null ? CHECK_AGAIN_MS : CHECK_EVERY_MS)
    startOnceListed()
  }

  const arePodsListed = (): boolean => {
    const accounts = options.accounts()
    return (
      accounts.length > 0 &&
      accounts.every(
        ({ monitor }) => !['no-account', 'connecting'].includes(monitor.snapshot().connection.kind),
      )
    )
  }

  /** What was known last counts while the service doesn't answer. */
  function checkAgain(phone: ListenedPhone, opened: OpenedPhone, delayMs: number): void {
    schedule(phone, delayMs, () => {
      void opened.mayStop().then((mayStop) => {
        if (phone.isClosed) return
        if (mayStop !== null) setStatus(phone, { mayStop })
        checkAgain(phone, opened, mayStop === null ? CHECK_AGAIN_MS : CHECK_EVERY_MS)
      })
    })
  }

  function lineOf(channelId: string, phone: ListenedPhone, { service, personId }: OpenedPhone): PhoneLine {
    const { key } = phone
    return createPhoneLine({
      clock,
      service,
      load: () => file.load(key),
      change: (make) => file.change(key, make),
      context() {
        const channel = channelOf(channelId)
        return {
          personId,
          service: channel?.kind ?? '',
          channelName: channel?.name ?? '',
          mayStop: phone.status.mayStop === true,
          world,
        }
      },
      newId: randomUUID,
      mayAct: () => !phone.isClosed && options.mayAct(),
      carryOut: (command) => carryOutPhone(command, options.accounts(), options.intentOf),
      undo: (command) => undoPhone(command, options.accounts()),
      intentOf: options.intentOf,
      record,
      onFailure(failure, isBroken) {
        phone.failureCount = failure === null ? 0 : phone.failureCount + 1
        // One that is over with the next try is not worth a word.
        if (failure === null || isBroken || phone.failureCount > 1) setStatus(phone, { failure })
      },
      report: options.report,
    })
  }

  /** The buttons of an alert that is about a run of a pod and still applies. */
  function offerOf(phone: ListenedPhone, { alert }: MessageBatch['alerts'][number]): PhoneOffer | null {
    const { kind, accountId, podId, episode } = alert
    if (podId === null || world.problemOf(accountId) !== null) return null
    const key = { kind, accountId, podId, episode }
    const pod = podOf(world, { accountId, podId })
    if (pod?.isRunning !== true || pod.startedAtMs === null || !world.isCurrent(key)) return null
    const target = { accountId, podId, podName: pod.name, podStartedAtMs: pod.startedAtMs }
    const mayStop = phone.status.mayStop === true && pod.stopProblem === null
    const buttons: readonly PhoneVerb[] = [...(mayStop ? (['stop'] as const) : []), 'keep-4h', 'keep-morning']
    let offer: PhoneOffer | null = null
    const isRemembered = file.change(phone.key, (state): PhoneState => {
      const made = offerForAlert(state, target, key, buttons, nowMs(), randomUUID)
      ;({ offer } = made)
      return made.state
    })
    if (!isRemembered.ok) options.report('The buttons of an alert could not be saved', isRemembered.error)
    return isRemembered.ok ? offer : null
  }

  return {
    refresh,
    takeOver() {
      file.reload()
      refresh()
    },
    statusOf: (channelId) => phones.get(channelId)?.status ?? null,
    async buttonsFor({ id, phone: paired }, { alerts, isPlain }) {
      const phone = phones.get(id)
      const [only] = alerts
      if (phone === undefined || paired === null || only === undefined) return null
      if (isPlain || alerts.length > 1 || only.isOver || only.resolvedAtMs !== null) return null
      if ((await phone.opened) === null || phone.isClosed) return null
      const offer = offerOf(phone, only)
      return offer && { offer, replyTopic: phone.replyTopic }
    },
    wake() {
      for (const { line } of phones.values()) line?.wake()
    },
    stop() {
      isStopped = true
      refresh()
    },
  }
}
