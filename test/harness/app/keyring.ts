import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUS, call, connect } from './bus'
import { until } from './waiting'

export interface KeyringOptions {
  /** Where it keeps its data. Default: a new folder, so that it is empty. */
  readonly folder?: string
  /** Default false. One that is locked must have been unlocked in this folder before, else there is none. */
  readonly isLocked?: boolean
}

/** A folder for the data of a keyring that is started more than once. */
export const newKeyringFolder = (): Promise<string> =>
  mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'keyring-'))

/**
 * Starts a real gnome-keyring on the tests' session bus, which has none otherwise. Returns what ends it. The app
 * takes hold of a keyring once: a change of it is seen by an app that did not touch it yet.
 */
export async function startKeyring(options: KeyringOptions = {}): Promise<() => Promise<void>> {
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
  await until('the keyring', isThere)
  return async () => {
    daemon.kill('SIGKILL')
    await until('the keyring to end', async () => !(await isThere()))
    bus.disconnect()
  }
}
