import { Message, type MessageBus, MessageType } from '@particle/dbus-next'
import { waitUntil } from '../act/wait-until'
import { BUS, call, connect } from './bus'

const NAME = 'org.freedesktop.login1'
const OBJECT = { path: '/org/freedesktop/login1', interface: 'org.freedesktop.login1.Manager' }
/** What the bus answers once a name belongs to who asked for it. */
const IS_OWNER = 1

export interface RequestedLock {
  readonly what: string
  readonly who: string
  readonly mode: string
}

/** Announces sleeps. It refuses every lock, because the library cannot send the file descriptor of one. */
export class FakeLogind {
  readonly requested: RequestedLock[] = []

  private constructor(private readonly bus: MessageBus) {
    bus.addMethodHandler((message: Message) => this.#answer(message))
    bus.on('error', () => undefined)
  }

  static async start(address: string): Promise<FakeLogind> {
    const logind = new FakeLogind(connect(address))
    const bus = { ...BUS, interface: BUS.name }
    await waitUntil(
      'the name',
      async () => (await call(logind.bus, bus, 'RequestName', 'su', [NAME, 4])) === IS_OWNER,
    )
    return logind
  }

  /** `isStarting`: false announces that a sleep is over. */
  announceSleep(isStarting: boolean): void {
    const signal = { ...OBJECT, type: MessageType.SIGNAL, member: 'PrepareForSleep' }
    this.bus.send(new Message({ ...signal, signature: 'b', body: [isStarting] }))
  }

  #answer(message: Message): boolean {
    if (message.interface !== OBJECT.interface || message.member !== 'Inhibit') return false
    const [what, who, , mode] = message.body
    this.requested.push({ what, who, mode })
    this.bus.send(
      new Message({
        type: MessageType.ERROR,
        // The library's types declare the number as a string.
        replySerial: message.serial as unknown as string,
        destination: message.sender,
        errorName: `${NAME}.Error.Refused`,
        signature: 's',
        body: ['no locks here'],
      }),
    )
    return true
  }
}
