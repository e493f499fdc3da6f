import { StringDecoder } from 'node:string_decoder'
import ssh2, { type AuthContext, type Connection, type Server, type ServerChannel, type Session } from 'ssh2'
import type { TerminalSize } from '../../core/terminal/terminal'
import { parseUpload, saveUpload, type Upload } from './machine/job-scripts'
import type { Machine } from './machine/machine'
import type { SimulatedJobs } from './machine/pod-jobs'
import { delay } from './commands/command'
import { runScript } from './commands/scripts'
import { type Console, Shell } from './commands/shell'
import { serveSftp } from './sftp/sftp-server'
import { SimulatedTerminal } from './terminal'

const PTY_SIZE: TerminalSize = { columns: 80, rows: 24 }

export interface SshServerOptions {
  /** OpenSSH's format. */
  readonly hostKey: string
  /** Runpod's proxy supports interactive shells only and requires a PTY. */
  readonly kind: 'direct' | 'proxy'
  readonly jobs: SimulatedJobs
  /** The machine for a user name; null if there is none. */
  readonly machineOf: (username: string) => Machine | null
  /** Allowed keys as `authorized_keys` lines; null allows any key. */
  readonly splitKeys: (machine: Machine) => readonly string[] | null
}

export interface SshServer {
  readonly server: Server
  /** Of those without a terminal. */
  readonly connectionCount: () => number
  /** Ends every connection. */
  readonly closeConnections: () => void
}

/** Creates an SSH server that is not listening yet. */
export function createSshServer(options: SshServerOptions): SshServer {
  const connections = new Set<Connection>()
  const withTerminal = new WeakSet<Connection>()
  const server = new ssh2.Server({ hostKeys: [options.hostKey], ident: 'simulated' }, (connection) => {
    connections.add(connection)
    // Disables Nagle's algorithm for fast echo; ssh2's types lack this method of a server's connection.
    ;(connection as unknown as { setNoDelay(isOn: boolean): void }).setNoDelay(true)
    let machine: Machine | null = null
    connection
      .on('authentication', (context) => {
        machine = authenticate(context, options)
        if (machine === null) context.reject(['publickey'])
        else context.accept()
      })
      .on('session', (accept) => {
        if (machine === null) return
        const session = accept().on('pty', () => withTerminal.add(connection))
        serveSession(session, machine, options)
      })
      .on('tcpip', (accept, reject, { destPort }) => {
        if (machine === null || options.kind === 'proxy' || destPort !== JUPYTER_PORT) reject()
        else answerAsJupyter(accept())
      })
      .on('close', () => connections.delete(connection))
      // The client disconnected, so there is nobody to report to.
      .on('error', () => {})
  })
  return {
    server,
    connectionCount: () => [...connections].filter((one) => !withTerminal.has(one)).length,
    closeConnections: () => {
      for (const connection of connections) connection.end()
    },
  }
}

/** The only port of a pod behind which there is something. */
const JUPYTER_PORT = 8_888

/** Answers one request, whatever it is. */
function answerAsJupyter(channel: ServerChannel): void {
  const page = '<!doctype html><title>Jupyter</title><h1>This Jupyter is simulated</h1>'
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close`
  channel.once('data', () => channel.end(`${head}\r\n\r\n${page}`)).on('error', () => {})
}

function authenticate(context: AuthContext, { machineOf, splitKeys }: SshServerOptions): Machine | null {
  const machine = machineOf(context.username)
  if (machine === null || context.method !== 'publickey') return null
  const { key, signature, blob, hashAlgo } = context
  const offered = `${key.algo} ${key.data.toString('base64')}`
  const allowed = (splitKeys(machine) ?? [offered]).some((line) => {
    const parsed = ssh2.utils.parseKey(line)
    if (parsed instanceof Error || !parsed.getPublicSSH().equals(key.data)) return false
    return !signature || !blob || parsed.verify(blob, signature, hashAlgo) === true
  })
  return allowed ? machine : null
}

function serveSession(session: Session, machine: Machine, { kind, jobs }: SshServerOptions): void {
  let size = PTY_SIZE
  let hasTerminal = false
  const resized = ({ cols, rows }: { cols: number; rows: number }) => {
    size = { columns: cols || PTY_SIZE.columns, rows: rows || PTY_SIZE.rows }
  }
  session
    .on('pty', (accept, _, info) => {
      hasTerminal = true
      resized(info)
      accept?.()
    })
    .on('window-change', (accept, _, info) => {
      resized(info)
      accept?.()
    })
    .on('env', (accept) => accept?.())
    .on('shell', (accept) => {
      const channel = accept()
      if (hasTerminal)
        closeOnFailure(
          channel,
          runTerminal(channel, machine, jobs, () => size),
        )
      else if (kind === 'direct')
        closeOnFailure(channel, runCommands(channel, machine, jobs, readLines(channel)))
      else closeOnFailure(channel, refuse(channel, "Error: Your SSH client doesn't support PTY\r\n"))
    })
    .on('exec', (accept, reject, { command }) => {
      if (kind === 'proxy') {
        reject?.()
        return
      }
      const channel = accept()
      closeOnFailure(channel, runExec(channel, machine, jobs, command))
    })
    // ssh2 would serve it without OpenSSH's extensions: the server is there by its path.
    .on('sftp', (_, reject) => reject?.())
}

/** An error in a session closes its channel only. */
function closeOnFailure(channel: ServerChannel, session: Promise<void>): void {
  session.catch(() => channel.destroy())
}

async function runTerminal(
  channel: ServerChannel,
  machine: Machine,
  jobs: SimulatedJobs,
  size: () => TerminalSize,
): Promise<void> {
  const decoder = new StringDecoder('utf8')
  const terminal = new SimulatedTerminal({ size, write: (text) => send(channel, text) })
  channel.on('data', (data: Buffer) => terminal.type(decoder.write(data)))
  channel.on('close', () => terminal.close())
  await terminal.write(`Simulated pod. Type \`help\` for commands.\n\n`)
  exitChannel(channel, await terminal.run(new Shell(machine, terminal, jobs)))
}

/** Runs lines without a PTY: errors go to stderr, and nothing is echoed. */
async function runCommands(
  channel: ServerChannel,
  machine: Machine,
  jobs: SimulatedJobs,
  lines: readonly string[] | AsyncIterable<string>,
): Promise<void> {
  const ended = new AbortController()
  channel.on('close', () => ended.abort())
  const console: Console = {
    size: () => PTY_SIZE,
    key: () => Promise.resolve('q'),
    write: (text) => send(channel, text),
    writeError: (text) => send(channel.stderr, text),
  }
  const shell = new Shell(machine, console, jobs)
  let code = 0
  for await (const line of lines) {
    code = await shell.run(line, ended.signal)
    if (shell.exitCode !== null || ended.signal.aborted) break
  }
  exitChannel(channel, shell.exitCode ?? code)
}

function runExec(
  channel: ServerChannel,
  machine: Machine,
  jobs: SimulatedJobs,
  command: string,
): Promise<void> {
  if (command === 'sh') return runSentScript(channel, machine, jobs)
  const sftp = SFTP_COMMAND.exec(command)
  if (sftp !== null) return runSftp(channel, machine, sftp[1] ?? '')
  const upload = parseUpload(command)
  return upload === null
    ? runCommands(channel, machine, jobs, [command])
    : receiveUpload(channel, machine, upload)
}

/** OpenSSH's server by its path, alone or with a text that is printed first, as Podkeeper finds it. */
const SFTP_COMMAND =
  /^(?:\/usr\/lib\/openssh\/sftp-server|exec sh -c 'for s in [^']*\/sftp-server; [^']*printf %s (\w+); exec \$s; fi; done')$/

async function runSftp(channel: ServerChannel, machine: Machine, greeting: string): Promise<void> {
  const ended = new AbortController()
  channel.on('close', () => ended.abort())
  if (greeting !== '') await send(channel, greeting)
  await serveSftp(channel.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>, {
    machine,
    write: (bytes) => send(channel, bytes),
    wait: (ms) => delay(ms, ended.signal),
    nowMs: () => performance.now(),
  })
  exitChannel(channel, 0)
}

/** A file that comes by the input. One that is cut off is left out. */
async function receiveUpload(channel: ServerChannel, machine: Machine, upload: Upload): Promise<void> {
  const parts: Buffer[] = []
  let left = upload.sizeBytes
  if (left > MAX_UPLOAD_BYTES) return refuse(channel, 'No space left on device\n')
  for await (const chunk of left === 0 ? [] : channel.iterator({ destroyOnReturn: false })) {
    parts.push((chunk as Buffer).subarray(0, left))
    left -= parts.at(-1)?.length ?? 0
    if (left === 0) break
  }
  if (left === 0) await send(channel, saveUpload(machine, upload.path, Buffer.concat(parts), upload.marker))
  exitChannel(channel, 0)
}

/** Runs a script that comes by the input, up to the line that ends its shell. */
async function runSentScript(channel: ServerChannel, machine: Machine, jobs: SimulatedJobs): Promise<void> {
  const ended = new AbortController()
  channel.on('close', () => ended.abort())
  const lines: string[] = []
  let chars = 0
  for await (const line of readLines(channel)) {
    if (line === 'exit') break
    chars += line.length
    if (chars > MAX_SCRIPT_CHARS) throw new Error('The script is too long.')
    lines.push(line)
  }
  const write = (output: string | Buffer): Promise<void> => send(channel, output)
  exitChannel(channel, await runScript(lines.join('\n'), { machine, jobs, signal: ended.signal, write }))
}

/** A line, and all lines of a script. A client that sends more is disconnected. */
const MAX_LINE_CHARS = 256 * 1024
const MAX_SCRIPT_CHARS = 1024 * 1024
const MAX_UPLOAD_BYTES = 8 * 1024 * 1024

async function* readLines(channel: ServerChannel): AsyncIterable<string> {
  let rest = ''
  // The channel stays open after its input ends, because the exit code is still to be sent.
  for await (const chunk of channel.iterator({ destroyOnReturn: false })) {
    const lines = `${rest}${String(chunk)}`.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_LINE_CHARS) throw new Error('The line is too long.')
    yield* lines
  }
  if (rest !== '') yield rest
}

async function refuse(channel: ServerChannel, words: string): Promise<void> {
  await send(channel, words)
  exitChannel(channel, 1)
}

function exitChannel(channel: ServerChannel, code: number): void {
  if (channel.destroyed) return
  channel.exit(code)
  channel.end()
}

/** Resolves when more can be written, or when the client is gone. */
function send(stream: NodeJS.WritableStream, text: string | Buffer): Promise<void> {
  if (!stream.writable || stream.write(text)) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) stream.removeListener(event, done)
      resolve()
    }
    for (const event of ['drain', 'close', 'error']) stream.once(event, done)
  })
}
