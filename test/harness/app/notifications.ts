import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Message, type MessageBus, MessageType } from '@particle/dbus-next'
import { BUS, call, connect, property, unwrapped } from './bus'
import { until } from './waiting'

const DUNST = {
  name: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  interface: 'org.dunstproject.cmd0',
}

export interface ShownNotification {
  readonly id: number
  readonly appName: string
  readonly title: string
  /** Markup, as the daemon got it. */
  readonly body: string
  readonly actions: readonly { readonly key: string; readonly label: string }[]
  readonly isCritical: boolean
}

/**
 * What the real notification daemon, dunst, was asked to show and accepted, heard by listening in on the bus; and
 * the clicks of a person, carried out by dunst. Connect before what is to be heard.
 */
export class Notifications {
  readonly #shown = new Map<number, ShownNotification>()
  readonly #heard: ShownNotification[] = []
  readonly #closed = new Set<number>()
  readonly #asked = new Map<string, Omit<ShownNotification, 'id'>>()

  private constructor(
    private readonly bus: MessageBus,
    private readonly ear: MessageBus,
  ) {
    ear.on('message', (message: Message) => this.#hear(message))
    // Whatever this connection hears is for others: without this it would answer them.
    ear.addMethodHandler(() => true)
  }

  static async listen(): Promise<Notifications> {
    const ear = connect()
    const notifications = new Notifications(connect(), ear)
    const monitoring = { ...BUS, interface: 'org.freedesktop.DBus.Monitoring' }
    await call(ear, monitoring, 'BecomeMonitor', 'asu', [[], 0])
    return notifications
  }

  disconnect(): void {
    this.bus.disconnect()
    this.ear.disconnect()
  }

  /** All since `listen`, the oldest first, those that were closed again too. */
  all(): ShownNotification[] {
    return [...this.#shown.values()]
  }

  /** As `all`, those too that another one took the place of. */
  heard(): readonly ShownNotification[] {
    return this.#heard
  }

  /** Those that can be seen now. */
  open(): ShownNotification[] {
    return this.all().filter(({ id }) => !this.#closed.has(id))
  }

  /** Waits for a notification, open or closed again, whose title or body contains `text`. */
  async find(text: string): Promise<ShownNotification> {
    return until(`a notification with "${text}"`, () =>
      this.all()
        .reverse()
        .find(({ title, body }) => title.includes(text) || body.includes(text)),
    )
  }

  /** How many dunst itself has on its screen. */
  async displayedCount(): Promise<number> {
    return Number(await property(this.bus, DUNST, 'displayedLength'))
  }

  /** A click on the notification itself. */
  async click(notification: ShownNotification): Promise<void> {
    await this.#choose(notification, 'default')
  }

  /** A click on one of its buttons. */
  async press(notification: ShownNotification, label: string): Promise<void> {
    const { actions } = notification
    const action = actions.find((one) => one.label === label)
    if (!action) throw new Error(`no button "${label}": ${actions.map((one) => one.label).join(', ')}`)
    await this.#choose(notification, action.key)
  }

  async closeAll(): Promise<void> {
    await call(this.bus, DUNST, 'NotificationCloseAll')
    await until('no notification to be left', async () => (await this.displayedCount()) === 0)
  }

  /** Through dunst's own menu of actions, which offers those of every notification on screen. */
  async #choose({ id }: ShownNotification, key: string): Promise<void> {
    await until(
      'dunst to show all that it accepted',
      async () => (await this.displayedCount()) === this.open().length,
    )
    if (!this.open().some((one) => one.id === id)) throw new Error(`notification ${id} is closed`)
    writeFileSync(join(process.env['PODKEEPER_SESSION'] ?? '', 'choice'), `[${id},${key}]`)
    await call(this.bus, DUNST, 'ContextMenuCall')
  }

  #hear({ type, member, sender, serial, destination, replySerial, body }: Message): void {
    if (type === MessageType.METHOD_CALL && member === 'Notify') {
      this.#asked.set(`${sender} ${serial}`, notificationOf(body))
    } else if (type === MessageType.METHOD_RETURN) {
      const asked = this.#asked.get(`${destination} ${replySerial}`)
      if (asked === undefined) return
      this.#asked.delete(`${destination} ${replySerial}`)
      const id = body[0] as number
      // One that replaces another is the newest again.
      this.#shown.delete(id)
      this.#shown.set(id, { id, ...asked })
      this.#heard.push({ id, ...asked })
      this.#closed.delete(id)
    } else if (type === MessageType.SIGNAL && member === 'NotificationClosed') {
      this.#closed.add(body[0] as number)
    }
  }
}

function notificationOf(body: readonly unknown[]): Omit<ShownNotification, 'id'> {
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
