import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Message, type MessageBus, MessageType } from '@particle/dbus-next'
import { BUS, call, connect, unwrapped } from './bus'

const NAME = 'org.freedesktop.Notifications'
const OBJECT = { path: '/org/freedesktop/Notifications', interface: NAME }

/** A session bus of its own, with nobody on it. */
export async function startBus(): Promise<{ readonly address: string; readonly stop: () => void }> {
  const config = new URL('../../../scripts/lib/session-bus.conf', import.meta.url).pathname
  const daemon = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const address of createInterface(daemon.stdout))
    return { address, stop: () => void daemon.kill('SIGKILL') }
  throw new Error('dbus-daemon did not start')
}

export interface Received {
  readonly id: number
  readonly title: string
  readonly body: string
  readonly actions: readonly string[]
  readonly urgency: unknown
}

/** A notification server that can do what a test says, and does what it says. */
export class FakeServer {
  readonly received: Received[] = []
  readonly closed: number[] = []
  /** Called as one arrives, before it is answered. */
  onNotify = (_title: string): void => {}
  /** Of which program it takes none, by the name that this gives. */
  isRefused = (_program: string): boolean => false
  /** While it is set nothing is answered. */
  isHanging = false
  readonly #held: (() => void)[] = []

  private constructor(
    readonly bus: MessageBus,
    private readonly capabilities: readonly string[],
  ) {
    bus.addMethodHandler((message: Message) => this.#answer(message))
  }

  static async start(address: string | undefined, capabilities: readonly string[]): Promise<FakeServer> {
    const server = new FakeServer(connect(address), capabilities)
    await call(server.bus, { ...BUS, interface: BUS.name }, 'RequestName', 'su', [NAME, 4])
    return server
  }

  /** As a crash: its name and all that it showed go with it. */
  stop(): void {
    this.bus.disconnect()
  }

  press(id: number, action: string): void {
    this.#signal('ActionInvoked', 'us', [id, action])
  }

  close(id: number): void {
    this.#signal('NotificationClosed', 'uu', [id, 2])
  }

  /** Answers what was held back. */
  goOn(): void {
    this.isHanging = false
    for (const answer of this.#held.splice(0)) answer()
  }

  #signal(member: string, signature: string, body: unknown[]): void {
    this.bus.send(new Message({ ...OBJECT, type: MessageType.SIGNAL, member, signature, body }))
  }

  #answer(message: Message): boolean {
    if (message.interface !== NAME) return false
    const reply = (signature: string, body: unknown[]): void => {
      const send = (): void => this.bus.send(Message.newMethodReturn(message, signature, body))
      if (this.isHanging) this.#held.push(send)
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
            // Its types call the number a string.
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

/** A signal of somebody who is not the server. */
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
