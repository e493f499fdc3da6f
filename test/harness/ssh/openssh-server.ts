import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../base/free-port'

const SSHD = '/usr/sbin/sshd'

export interface KeyPair {
  readonly file: string
  /** The line for `authorized_keys`. */
  readonly publicLine: string
}

/** How many plain keys a worker makes before it hands out the first of them again: more than a test needs. */
const PLAIN_KEYS = 40
const plainKeys: (readonly [privateText: string, publicText: string])[] = []
let plainKeysGiven = 0

/** A key created by the real `ssh-keygen`. `type`: "ed25519", "rsa:1024". */
export function generateKeyPair(
  file: string,
  type = 'ed25519',
  passphrase = '',
  more: readonly string[] = [],
): KeyPair {
  const isPlain = type === 'ed25519' && passphrase === '' && more.length === 0
  const known = isPlain ? plainKeys[plainKeysGiven++ % PLAIN_KEYS] : undefined
  if (known === undefined) runKeygen(file, type, passphrase, more)
  else {
    writeFileSync(file, known[0], { mode: 0o600, flag: 'wx' })
    writeFileSync(`${file}.pub`, known[1], { flag: 'wx' })
  }
  const publicText = readFileSync(`${file}.pub`, 'utf8')
  if (isPlain && known === undefined) plainKeys.push([readFileSync(file, 'utf8'), publicText])
  return { file, publicLine: publicText.trim() }
}

function runKeygen(file: string, type: string, passphrase: string, more: readonly string[]): void {
  const [kind = '', bits] = type.split(':')
  const size = bits === undefined ? [] : ['-b', bits]
  // Passphrases are slow by design, which only few tests need.
  const rounds = passphrase === '' || more.includes('-a') ? [] : ['-a', '1']
  const options = ['-t', kind, ...size, ...rounds, '-N', passphrase, '-f', file, '-C', 'of the tests']
  execFileSync('ssh-keygen', ['-q', ...options, ...more])
}

export interface OpenSshServerOptions {
  /** Lines of `authorized_keys`. */
  readonly authorized: readonly string[]
  /** Types of host keys. Default: ed25519 only. */
  readonly hostKeys?: readonly string[]
  /** Host keys that another server used. */
  readonly hostKeyFiles?: readonly string[]
  /** Additional lines of `sshd_config`. */
  readonly config?: readonly string[]
  readonly port?: number
}

/** A shell that ignores the user's startup files and therefore starts immediately. */
export const minimalShell: Pick<OpenSshServerOptions, 'config'> = {
  config: ['ForceCommand exec bash --noprofile --norc -i'],
}

export interface OpenSshServer {
  readonly port: number
  readonly username: string
  readonly pid: number
  readonly hostKeyFiles: readonly string[]
  readonly folder: string
  /** The log output so far. */
  readonly log: () => string
  /** How often a client attempted to authenticate, with any key or none. */
  readonly attempts: () => number
  readonly stop: () => Promise<void>
}

/** A real OpenSSH server on loopback, with its files in the folder `home`. The caller must stop it. */
export async function startOpenSshServer(
  home: string,
  options: OpenSshServerOptions,
): Promise<OpenSshServer> {
  // Debian's package creates this when it starts the service.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const hostKeyFiles =
    options.hostKeyFiles ??
    (options.hostKeys ?? ['ed25519']).map(
      (type) => generateKeyPair(join(home, `host_${type.replace(':', '_')}`), type).file,
    )
  writeFileSync(join(home, 'authorized_keys'), `${options.authorized.join('\n')}\n`, { mode: 0o600 })
  const port = options.port ?? (await freePort())
  writeFileSync(
    join(home, 'sshd_config'),
    [
      ...(options.config ?? []),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...hostKeyFiles.map((file) => `HostKey ${file}`),
      `AuthorizedKeysFile ${join(home, 'authorized_keys')}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'LogLevel DEBUG1',
      'PrintMotd no',
      'PrintLastLog no',
      // Avoids the user's own profile, which is irrelevant here and may be slow.
      `SetEnv HOME=${home}`,
    ].join('\n'),
  )
  const child = spawn(SSHD, ['-D', '-e', '-f', join(home, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()))
  const server: OpenSshServer = {
    port,
    username: userInfo().username,
    pid: child.pid ?? 0,
    hostKeyFiles,
    folder: home,
    log: () => log,
    attempts: () => log.match(/userauth-request for user/g)?.length ?? 0,
    stop: () => killProcess(child),
  }
  await waitUntil(
    () => log.includes(`listening on 127.0.0.1 port ${port}`),
    child,
    () => log,
  )
  return server
}

async function waitUntil(isSo: () => boolean, child: ChildProcess, log: () => string): Promise<void> {
  while (!isSo()) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log()}`)
    await new Promise((resolve) => child.stderr?.once('data', resolve).once('close', resolve))
  }
}

export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  await ended
}
