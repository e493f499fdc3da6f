import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Message, type MessageBus, MessageType } from '@particle/dbus-next'
import { BUS, call, connect, unwrapped } from './bus'
import { waitUntil } from '../act/wait-until'

const NAME = 'org.freedesktop.Notifications'
/** What the bus answers once a name belongs to who asked for it. */
const IS_OWNER = 1
const OBJECT = { path: '/org/freedesktop/Notifications', interface: NAME }

/** A separate session bus without any services. */
export async function startBus(): Promise<{ readonly address: string; readonly stop: () => void }> {
  const config = new URL('../../../../scripts/lib/session-bus.conf', import.meta.url).pathname
  const daemon = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const address of createInterface(daemon.stdout))
    return { address, stop: () => void daemon.kill('SIGKILL') }
  throw new Error('dbus-daemon did not start')
}

export interface ReceivedNotification {
  readonly id: number
  readonly title: string
  readonly body: string
  readonly actions: readonly string[]
  readonly urgency: unknown
}

/** A notification server with configurable capabilities and behavior. */
export class FakeNotificationServer {
  readonly received: ReceivedNotification[] = []
  readonly closed: number[] = []
  /** Called when a notification arrives, before it is answered. */
  onNotify = (_title: string): void => {}
  /** The name of a program whose notifications are rejected. */
  isRefused = (_program: string): boolean => false
  /** While set, calls are not answered. */
  isHanging = false
  readonly #heldCalls: (() => void)[] = []

  private constructor(
    readonly bus: MessageBus,
    private readonly capabilities: readonly string[],
  ) {
    bus.addMethodHandler((message: Message) => this.#answer(message))
    // The bus of a test ends before the servers on it, which may be about to read from it.
    bus.on('error', () => undefined)
  }

  static async start(
    address: string | undefined,
    capabilities: readonly string[],
  ): Promise<FakeNotificationServer> {
    const server = new FakeNotificationServer(connect(address), capabilities)
    const bus = { ...BUS, interface: BUS.name }
    // The bus may not know yet that an earlier server is gone.
    await waitUntil(
      'the name',
      async () => (await call(server.bus, bus, 'RequestName', 'su', [NAME, 4])) === IS_OWNER,
    )
    return server
  }

  /** Simulates a crash: its bus name and all notifications disappear. */
  stop(): void {
    this.bus.disconnect()
  }

  press(id: number, action: string): void {
    this.#signal('ActionInvoked', 'us', [id, action])
  }

  close(id: number): void {
    this.#signal('NotificationClosed', 'uu', [id, 2])
  }

  /** Sends the held-back replies. */
  resume(): void {
    this.isHanging = false
    for (const answer of this.#heldCalls.splice(0)) answer()
  }

  #signal(member: string, signature: string, body: unknown[]): void {
    this.bus.send(new Message({ ...OBJECT, type: MessageType.SIGNAL, member, signature, body }))
  }

  #answer(message: Message): boolean {
    if (message.interface !== NAME) return false
    const reply = (signature: string, body: unknown[]): void => {
      const send = (): void => this.bus.send(Message.newMethodReturn(message, signature, body))
      if (this.isHanging) this.#heldCalls.push(send)
      else send()
    }
    if (message.member === 'GetCapabilities') reply('as', [this.capabilities])
    else if (message.member === 'GetServerInformation') reply('ssss', ['fake', 'Podkeeper', '1', '1.2'])
    else if (message.member === 'CloseNotification') {
      this.closed.push(message.body[0])
      reply('', [])
    } else if (message.member === 'Notify') {
      const [program, , , title, body, actions, hints] = message.body
      if (this.isRefused(program)) {
        this.bus.send(
          new Message({
            type: MessageType.ERROR,
            // The library's types declare the number as a string.
            replySerial: message.serial as unknown as string,
            destination: message.sender,
            errorName: `${NAME}.Error.Refused`,
            signature: 's',
            body: ['not of you'],
          }),
        )
        return true
      }
      const id = this.received.length + 1
      this.onNotify(title)
      this.received.push({ id, title, body, actions, urgency: unwrapped(hints['urgency']) })
      reply('u', [id])
    } else return false
    return true
  }
}

/** Sends a signal from a connection that isn't the server. */
export function forgePress(bus: MessageBus, id: number, action: string): void {
  bus.send(
    new Message({
      ...OBJECT,
      type: MessageType.SIGNAL,
      member: 'ActionInvoked',
      signature: 'us',
      body: [id, action],
    }),
  )
}
