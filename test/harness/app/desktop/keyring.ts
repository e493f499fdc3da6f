import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUS, call, connect } from './bus'
import { waitUntil } from '../act/wait-until'

export interface KeyringDaemonOptions {
  /** Where it stores its data. Default: a new folder, so that it is empty. */
  readonly folder?: string
  /** Default: false. A locked keyring must have been unlocked in this folder before, otherwise it doesn't exist. */
  readonly isLocked?: boolean
}

/** A folder for the data of a keyring that is started more than once. */
export const newKeyringFolder = (): Promise<string> =>
  mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'keyring-'))

/**
 * Starts a real gnome-keyring on the tests' session bus, which otherwise has none. Returns a function that ends it. The
 * app connects to a keyring once, so only an app that hasn't used it yet sees a change.
 */
export async function startKeyring(options: KeyringDaemonOptions = {}): Promise<() => Promise<void>> {
  const { folder = await newKeyringFolder(), isLocked = false } = options
  const unlock = isLocked ? [] : ['--unlock']
  const args = ['--foreground', ...unlock, '--components=secrets', `--control-directory=${folder}`]
  const daemon = spawn('gnome-keyring-daemon', args, {
    env: { ...process.env, XDG_DATA_HOME: folder },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  daemon.stdin.end('a password for tests')
  const bus = connect()
  const isThere = async (): Promise<boolean> =>
    (await call(bus, { ...BUS, interface: BUS.name }, 'NameHasOwner', 's', ['org.freedesktop.secrets'])) ===
    true
  await waitUntil('the keyring', isThere)
  return async () => {
    daemon.kill('SIGKILL')
    await waitUntil('the keyring to end', async () => !(await isThere()))
    bus.disconnect()
  }
}
