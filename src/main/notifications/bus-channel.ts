import type { Message, MessageBus } from '@particle/dbus-next'
import { alertButtons } from '../../core/alerts/alert'
import { escapeMarkup } from '../../core/base/text/plain-text'
import { ANSWER_TIMEOUT_MS, startAnswerTimeout } from './answer-timeout'
import type { NotificationChannel, NotificationContent, NotificationEvent } from './notification'
import { notificationText } from './notification-text'

/*
 * Linux: talks to the desktop's notification server over the session bus, because Electron's notifications
 * have no buttons there. See the Desktop Notifications Specification 1.3.
 */

const SERVER = 'org.freedesktop.Notifications'
const SERVER_OBJECT = {
  destination: SERVER,
  path: '/org/freedesktop/Notifications',
  interface: SERVER,
}
const BUS_OBJECT = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
}
const SIGNALS = [
  `type='signal',sender='${SERVER}',interface='${SERVER}',member='ActionInvoked'`,
  `type='signal',sender='${SERVER}',interface='${SERVER}',member='NotificationClosed'`,
  `type='signal',sender='${BUS_OBJECT.destination}',member='NameOwnerChanged',arg0='${SERVER}'`,
]

/** The action name of a click on the notification itself. */
const CLICK = 'default'

export interface BusChannelOptions {
  /** The address of the session bus. */
  readonly busAddress: string
  readonly report: (what: string, cause?: unknown) => void
  readonly answerTimeoutMs?: number
}

export interface BusChannel extends NotificationChannel {
  disconnect(): void
}

interface BusReply {
  /** The first value of the reply. */
  readonly value: unknown
  /** The unique bus name of the sender. */
  readonly sender: string
}

interface BusConnection {
  readonly bus: MessageBus
  /** Rejects on an error, a broken connection, and after `ANSWER_TIMEOUT_MS`; a later reply is passed to `onLate`. */
  readonly call: (
    target: typeof SERVER_OBJECT,
    member: string,
    signature?: string,
    body?: readonly unknown[],
    onLate?: (answer: BusReply) => void,
  ) => Promise<BusReply>
  readonly newVariant: (signature: string, value: unknown) => unknown
}

/**
 * Handles notifications only if the server has the capability `actions`; otherwise the next channel is used.
 */
export function createBusChannel(options: BusChannelOptions): BusChannel {
  const { busAddress, report, answerTimeoutMs = ANSWER_TIMEOUT_MS } = options
  let connecting: Promise<BusConnection> | null = null
  /** The capabilities of the current server; null when not requested yet. */
  let capabilities: Promise<readonly string[]> | null = null
  /** By server and notification id, because a new server restarts the ids. */
  const listeners = new Map<string, (event: NotificationEvent) => void>()

  const notificationId = (server: string, number: unknown): string => `${server} ${String(number)}`

  async function open(): Promise<BusConnection> {
    const dbus = await import('@particle/dbus-next')
    const bus = dbus.sessionBus({ busAddress })
    const broken = new Promise<never>((_, reject) => {
      bus.on('error', (cause: unknown) => {
        reject(cause instanceof Error ? cause : new Error('the session bus is gone'))
        reset(bus)
      })
    })
    broken.catch(() => {})
    const connection: BusConnection = {
      bus,
      async call(target, member, signature = '', body = [], onLate = () => {}) {
        const message = new dbus.Message({ ...target, member, signature, body: [...body] })
        const answer = bus.call(message).then(toBusReply)
        try {
          return await withTimeout(answerTimeoutMs, Promise.race([answer, broken]), member)
        } catch (cause) {
          answer.then(onLate).catch(() => {})
          throw cause
        }
      },
      newVariant: (signature, value) => new dbus.Variant(signature, value),
    }
    // A reply and a signal may arrive together, and the caller must handle the reply first.
    bus.on('message', (message: Message) => void setImmediate(() => handleSignal(message)))
    for (const rule of SIGNALS) await connection.call(BUS_OBJECT, 'AddMatch', 's', [rule])
    return connection
  }

  function connect(): Promise<BusConnection> {
    if (connecting !== null) return connecting
    const attempt = open()
    connecting = attempt
    attempt.catch(() => {
      if (connecting === attempt) connecting = null
    })
    return attempt
  }

  /** The connection was lost or never established; the next notification tries again. */
  function reset(bus: MessageBus | null): void {
    bus?.disconnect()
    connecting = null
    capabilities = null
    closeAll(() => true)
  }

  function closeAll(shouldClose: (id: string) => boolean): void {
    for (const [id, onEvent] of listeners) {
      if (!shouldClose(id)) continue
      listeners.delete(id)
      onEvent({ kind: 'closed' })
    }
  }

  function handleSignal({ sender, interface: of, member, body }: Message): void {
    const [first, second] = body as readonly unknown[]
    if (member === 'NameOwnerChanged' && sender === BUS_OBJECT.destination && first === SERVER) {
      // Notifications disappear with their server.
      capabilities = null
      closeAll((id) => id.startsWith(`${String(second)} `))
      return
    }
    if (of !== SERVER) return
    // Anyone on the bus can send signals, so only those of the notification's own server count.
    const id = notificationId(sender, first)
    const onEvent = listeners.get(id)
    if (onEvent === undefined) return
    if (member === 'NotificationClosed') {
      listeners.delete(id)
      onEvent({ kind: 'closed' })
    } else if (member === 'ActionInvoked') {
      const button = alertButtons.find((each) => each === second)
      if (second === CLICK) onEvent({ kind: 'clicked' })
      else if (button !== undefined) onEvent({ kind: 'pressed', button })
    }
  }

  async function capabilitiesOf(call: BusConnection['call']): Promise<readonly string[]> {
    const { value } = await call(SERVER_OBJECT, 'GetCapabilities')
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
  }

  return {
    async show(content, onEvent) {
      try {
        const { call, newVariant } = await connect()
        const close = (number: unknown): void => {
          // Fails if it was already closed, which is the desired result.
          call(SERVER_OBJECT, 'CloseNotification', 'u', [number]).catch(() => {})
        }
        capabilities ??= capabilitiesOf(call)
        const supported = await capabilities
        if (!supported.includes('actions')) return null
        const { value: number, sender } = await call(
          SERVER_OBJECT,
          'Notify',
          'susssasa{sv}i',
          notifyArguments(content, supported, newVariant),
          // The call timed out and another channel showed the alert.
          (late) => close(late.value),
        )
        const id = notificationId(sender, number)
        listeners.set(id, onEvent)
        return {
          withdraw() {
            if (listeners.has(id)) close(number)
          },
        }
      } catch (cause) {
        capabilities = null
        report('The notification server does not answer', cause)
        return null
      }
    },
    disconnect() {
      const pending = connecting
      connecting = null
      void pending?.then(({ bus }) => bus.disconnect()).catch(() => {})
    },
  }
}

function toBusReply(message: Message | null): BusReply {
  return { value: (message?.body as readonly unknown[] | undefined)?.[0], sender: message?.sender ?? '' }
}

function notifyArguments(
  { title, body, isCritical, buttons }: NotificationContent,
  supported: readonly string[],
  newVariant: BusConnection['newVariant'],
): readonly unknown[] {
  const hasBody = supported.includes('body')
  const shownBody = supported.includes('body-markup') ? escapeMarkup(body) : body
  return [
    'Podkeeper',
    0,
    // The icon name that packages install in the themes.
    'podkeeper',
    hasBody || body === '' ? title : `${title}: ${body}`,
    hasBody ? shownBody : '',
    [CLICK, notificationText.open, ...buttons.flatMap(({ id, label }) => [id, label])],
    { urgency: newVariant('y', isCritical ? 2 : 1), 'desktop-entry': newVariant('s', 'podkeeper') },
    -1,
  ]
}

/** The result of `work`, or a rejection after `ms`: a server that hangs must not delay other notifications. */
function withTimeout<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = startAnswerTimeout(ms, () => reject(new Error(`no answer to ${what} in ${ms} ms`)))
    work.then(resolve, reject).finally(cancel)
  })
}
