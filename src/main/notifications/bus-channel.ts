import type { Message, MessageBus } from '@particle/dbus-next'
import { escapeMarkup } from '../../core/base/plain-text'
import type { NotificationChannel, NotificationContent, NotificationEvent } from './notification'

/*
 * Linux: the notification server of the desktop, asked over the session bus, for Electron's own notifications have no
 * buttons there. See the Desktop Notifications Specification 1.3.
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

/** A server that was asked to start may need this long, ms; one that hangs must not hold up the others. */
const ANSWER_MS = 3_000

/** What a click on the notification itself is called. */
const CLICK = 'default'

export interface BusChannelOptions {
  /** Of the session bus. */
  readonly busAddress: string
  readonly report: (what: string, cause?: unknown) => void
  readonly answerMs?: number
}

export interface BusChannel extends NotificationChannel {
  disconnect(): void
}

interface Answer {
  /** The first value of it. */
  readonly value: unknown
  /** Who gave it, by the name that nobody else can have. */
  readonly sender: string
}

interface Link {
  readonly bus: MessageBus
  /** Rejects on an error, a broken bus, and after `answerMs`; an answer that comes after that goes to `onLate`. */
  readonly ask: (
    target: typeof SERVER_OBJECT,
    member: string,
    signature?: string,
    body?: readonly unknown[],
    onLate?: (answer: Answer) => void,
  ) => Promise<Answer>
  readonly newVariant: (signature: string, value: unknown) => unknown
}

/** Takes what a server with the capability `actions` shows; any other is left to the next channel. */
export function createBusChannel(options: BusChannelOptions): BusChannel {
  const { busAddress, report, answerMs = ANSWER_MS } = options
  let opening: Promise<Link> | null = null
  /** What the present server can do; null: not asked yet. */
  let capabilities: Promise<readonly string[]> | null = null
  /** By who shows it and its number there: another server begins to count anew. */
  const shown = new Map<string, (event: NotificationEvent) => void>()

  const idOf = (server: string, number: unknown): string => `${server} ${String(number)}`

  async function open(): Promise<Link> {
    const dbus = await import('@particle/dbus-next')
    const bus = dbus.sessionBus({ busAddress })
    const broken = new Promise<never>((_, reject) => {
      bus.on('error', (cause: unknown) => {
        reject(cause instanceof Error ? cause : new Error('the session bus is gone'))
        forget(bus)
      })
    })
    broken.catch(() => {})
    const opened: Link = {
      bus,
      async ask(target, member, signature = '', body = [], onLate = () => {}) {
        const message = new dbus.Message({ ...target, member, signature, body: [...body] })
        const answer = bus.call(message).then(answerOf)
        try {
          return await within(answerMs, Promise.race([answer, broken]), member)
        } catch (cause) {
          answer.then(onLate).catch(() => {})
          throw cause
        }
      },
      newVariant: (signature, value) => new dbus.Variant(signature, value),
    }
    // An answer and a signal may come in one breath: whoever waits for the answer hears of it first.
    bus.on('message', (message: Message) => void setImmediate(() => take(message)))
    for (const rule of SIGNALS) await opened.ask(BUS_OBJECT, 'AddMatch', 's', [rule])
    return opened
  }

  function link(): Promise<Link> {
    if (opening !== null) return opening
    const begun = open()
    opening = begun
    begun.catch(() => {
      if (opening === begun) opening = null
    })
    return begun
  }

  /** The bus is gone, or was never there; the next notification tries again. */
  function forget(bus: MessageBus | null): void {
    bus?.disconnect()
    opening = null
    capabilities = null
    closeAll(() => true)
  }

  function closeAll(isMeant: (id: string) => boolean): void {
    for (const [id, hear] of shown) {
      if (!isMeant(id)) continue
      shown.delete(id)
      hear({ kind: 'closed' })
    }
  }

  function take({ sender, interface: of, member, body }: Message): void {
    const [first, second] = body as readonly unknown[]
    if (member === 'NameOwnerChanged' && sender === BUS_OBJECT.destination && first === SERVER) {
      // With a server goes what it showed.
      capabilities = null
      closeAll((id) => id.startsWith(`${String(second)} `))
      return
    }
    if (of !== SERVER) return
    // Anybody on the bus can send a signal; only whoever shows a notification may speak of it.
    const id = idOf(sender, first)
    const hear = shown.get(id)
    if (hear === undefined) return
    if (member === 'NotificationClosed') {
      shown.delete(id)
      hear({ kind: 'closed' })
    } else if (member === 'ActionInvoked') {
      if (second === CLICK) hear({ kind: 'clicked' })
      else if (second === 'keep-on' || second === 'stop') hear({ kind: 'pressed', button: second })
    }
  }

  async function capabilitiesOf(ask: Link['ask']): Promise<readonly string[]> {
    const { value } = await ask(SERVER_OBJECT, 'GetCapabilities')
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
  }

  return {
    async show(content, hear) {
      try {
        const { ask, newVariant } = await link()
        const close = (number: unknown): void => {
          // One that was closed meanwhile is what was wanted.
          ask(SERVER_OBJECT, 'CloseNotification', 'u', [number]).catch(() => {})
        }
        capabilities ??= capabilitiesOf(ask)
        const can = await capabilities
        if (!can.includes('actions')) return null
        const { value: number, sender } = await ask(
          SERVER_OBJECT,
          'Notify',
          'susssasa{sv}i',
          notifyArguments(content, can, newVariant),
          // It was given up, and shown otherwise.
          (late) => close(late.value),
        )
        const id = idOf(sender, number)
        shown.set(id, hear)
        return {
          withdraw() {
            if (shown.has(id)) close(number)
          },
        }
      } catch (cause) {
        capabilities = null
        report('The notification server does not answer', cause)
        return null
      }
    },
    disconnect() {
      const before = opening
      opening = null
      void before?.then(({ bus }) => bus.disconnect()).catch(() => {})
    },
  }
}

function answerOf(message: Message | null): Answer {
  return { value: (message?.body as readonly unknown[] | undefined)?.[0], sender: message?.sender ?? '' }
}

function notifyArguments(
  { title, body, isCritical, buttons }: NotificationContent,
  can: readonly string[],
  newVariant: Link['newVariant'],
): readonly unknown[] {
  const hasBody = can.includes('body')
  const shownBody = can.includes('body-markup') ? escapeMarkup(body) : body
  return [
    'Podkeeper',
    0,
    // By its name in the themes, under which a package installs it.
    'podkeeper',
    hasBody || body === '' ? title : `${title}: ${body}`,
    hasBody ? shownBody : '',
    [CLICK, 'Open', ...buttons.flatMap(({ id, label }) => [id, label])],
    { urgency: newVariant('y', isCritical ? 2 : 1), 'desktop-entry': newVariant('s', 'podkeeper') },
    -1,
  ]
}

/** The outcome of `work`, or a rejection after `ms`. */
function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer to ${what} in ${ms} ms`)), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
