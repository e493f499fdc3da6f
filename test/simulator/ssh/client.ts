import ssh2, { type Client, type ClientChannel, type ConnectConfig } from 'ssh2'
import { onTestFinished } from 'vitest'
import type { Simulator } from '../../../src/simulator/simulator'
import { generateEd25519Key } from '../../../src/ssh/keys/ed25519-key'

const keys = generateEd25519Key('')
/** A key pair for tests. */
export const testKey = { private: keys.privateText, public: keys.publicLine.trim() }

/** The SSH address of a pod in the API. */
export function directOf(simulator: Simulator, id: string): ConnectConfig {
  const { host, port, username } = (simulator.pod(id)['ssh'] as any).direct
  return { host, port, username, privateKey: testKey.private }
}

export function proxyOf(simulator: Simulator, id: string): ConnectConfig {
  const { host, port, username } = (simulator.pod(id)['ssh'] as any).proxy
  return { host, port, username, privateKey: testKey.private }
}

/** A client that closes at the end of the test. */
export async function connect(config: ConnectConfig): Promise<Client> {
  const client = new ssh2.Client()
  onTestFinished(() => void client.end())
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).on('error', reject).connect(config)
  })
  return client
}

export interface Ran {
  readonly out: string
  readonly err: string
  readonly code: number | null
}

/** Runs one command without a PTY. */
export function runIn(client: Client, command: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(heard(channel))))
  })
}

/** A channel's output until it closes. */
export function heard(channel: ClientChannel): Promise<Ran> {
  let [out, err] = ['', '']
  let code: number | null = null
  channel.on('data', (data: Buffer) => (out += data.toString()))
  channel.stderr.on('data', (data: Buffer) => (err += data.toString()))
  channel.on('exit', (status: number) => (code = status))
  return new Promise((resolve) => channel.on('close', () => resolve({ out, err, code })))
}

export interface Screen {
  readonly channel: ClientChannel
  /** The output so far, without colors. */
  readonly text: () => string
  readonly type: (text: string) => void
  readonly code: () => number | null
  readonly hasClosed: () => boolean
}

/** A shell with a PTY. */
export async function openShell(client: Client, size = { cols: 100, rows: 30 }): Promise<Screen> {
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.shell({ term: 'xterm-256color', ...size }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    )
  })
  let text = ''
  let code: number | null = null
  let hasClosed = false
  channel.on('data', (data: Buffer) => (text += data.toString()))
  channel.on('exit', (status: number) => (code = status))
  channel.on('close', () => (hasClosed = true))
  return {
    channel,
    text: () => text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g'), ''),
    type: (keystrokes) => void channel.write(keystrokes),
    code: () => code,
    hasClosed: () => hasClosed,
  }
}
