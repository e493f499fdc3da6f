import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Message, type MessageBus, MessageType } from '@particle/dbus-next'
import { BUS, call, connect, property, unwrapped } from './bus'
import { waitUntil } from '../act/wait-until'

const DUNST = {
  name: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  interface: 'org.dunstproject.cmd0',
}

export interface DaemonNotification {
  readonly id: number
  readonly appName: string
  readonly title: string
  /** Markup, as received by the daemon. */
  readonly body: string
  readonly actions: readonly { readonly key: string; readonly label: string }[]
  readonly isCritical: boolean
}

/** Closes what the notification daemon shows, without waiting for it. */
export async function closeNotifications(): Promise<void> {
  const bus = connect()
  await call(bus, DUNST, 'NotificationCloseAll')
  bus.disconnect()
}

/**
 * Notifications that the real notification daemon, dunst, accepted, monitored on the bus; and user clicks performed by
 * dunst. Connect before the notifications are sent.
 */
export class Notifications {
  readonly #shown = new Map<number, DaemonNotification>()
  readonly #allIncludingReplaced: DaemonNotification[] = []
  readonly #closed = new Set<number>()
  readonly #pendingCalls = new Map<string, Omit<DaemonNotification, 'id'>>()

  private constructor(
    private readonly bus: MessageBus,
    private readonly monitorBus: MessageBus,
  ) {
    monitorBus.on('message', (message: Message) => this.#onMessage(message))
    // This connection only monitors messages for others. Without this it would answer them.
    monitorBus.addMethodHandler(() => true)
  }

  static async listen(): Promise<Notifications> {
    const monitorBus = connect()
    const notifications = new Notifications(connect(), monitorBus)
    const monitoring = { ...BUS, interface: 'org.freedesktop.DBus.Monitoring' }
    await call(monitorBus, monitoring, 'BecomeMonitor', 'asu', [[], 0])
    return notifications
  }

  disconnect(): void {
    this.bus.disconnect()
    this.monitorBus.disconnect()
  }

  /** All since `listen`, oldest first, including closed ones. */
  all(): DaemonNotification[] {
    return [...this.#shown.values()]
  }

  /** Like `all`, including notifications that were replaced. */
  allIncludingReplaced(): readonly DaemonNotification[] {
    return this.#allIncludingReplaced
  }

  /** The visible notifications. */
  open(): DaemonNotification[] {
    return this.all().filter(({ id }) => !this.#closed.has(id))
  }

  /** Waits for a notification, open or closed, whose title or body contains `text`. */
  async find(text: string): Promise<DaemonNotification> {
    return waitUntil(`a notification with "${text}"`, () =>
      this.all()
        .reverse()
        .find(({ title, body }) => title.includes(text) || body.includes(text)),
    )
  }

  /** The number of notifications that dunst reports as displayed. */
  async displayedCount(): Promise<number> {
    return Number(await property(this.bus, DUNST, 'displayedLength'))
  }

  /** Clicks the notification itself. */
  async click(notification: DaemonNotification): Promise<void> {
    await this.#invokeAction(notification, 'default')
  }

  /** Clicks one of its buttons. */
  async press(notification: DaemonNotification, label: string): Promise<void> {
    const { actions } = notification
    const action = actions.find((one) => one.label === label)
    if (!action) throw new Error(`no button "${label}": ${actions.map((one) => one.label).join(', ')}`)
    await this.#invokeAction(notification, action.key)
  }

  async closeAll(): Promise<void> {
    await call(this.bus, DUNST, 'NotificationCloseAll')
    await waitUntil('no notification to be left', async () => (await this.displayedCount()) === 0)
  }

  /** Uses dunst's action menu, which offers the actions of every displayed notification. */
  async #invokeAction({ id }: DaemonNotification, key: string): Promise<void> {
    await waitUntil(
      'dunst to show all that it accepted',
      async () => (await this.displayedCount()) === this.open().length,
    )
    if (!this.open().some((one) => one.id === id)) throw new Error(`notification ${id} is closed`)
    writeFileSync(join(process.env['PODKEEPER_SESSION'] ?? '', 'choice'), `[${id},${key}]`)
    await call(this.bus, DUNST, 'ContextMenuCall')
  }

  #onMessage({ type, member, sender, serial, destination, replySerial, body }: Message): void {
    if (type === MessageType.METHOD_CALL && member === 'Notify') {
      this.#pendingCalls.set(`${sender} ${serial}`, notificationOf(body))
    } else if (type === MessageType.METHOD_RETURN) {
      const asked = this.#pendingCalls.get(`${destination} ${replySerial}`)
      if (asked === undefined) return
      this.#pendingCalls.delete(`${destination} ${replySerial}`)
      const id = body[0] as number
      // A notification that replaces another one counts as the newest.
      this.#shown.delete(id)
      this.#shown.set(id, { id, ...asked })
      this.#allIncludingReplaced.push({ id, ...asked })
      this.#closed.delete(id)
    } else if (type === MessageType.SIGNAL && member === 'NotificationClosed') {
      this.#closed.add(body[0] as number)
    }
  }
}

function notificationOf(body: readonly unknown[]): Omit<DaemonNotification, 'id'> {
  const [appName, , , title, text, flat, hints] = body as [
    string,
    number,
    string,
    string,
    string,
    readonly string[],
    Record<string, unknown>,
  ]
  const actions = flat.flatMap((key, i) => (i % 2 === 0 ? [{ key, label: flat[i + 1] ?? '' }] : []))
  return { appName, title, body: text, actions, isCritical: unwrapped(hints['urgency']) === 2 }
}
