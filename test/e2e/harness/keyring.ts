import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUS, call, connect } from './bus'
import { until } from './waiting'

/**
 * Starts a real gnome-keyring, new, empty and unlocked, on the tests' session bus, which has none otherwise. Returns
 * what ends it. The app looks for a keyring once: start this before the app.
 */
export async function startKeyring(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'keyring-'))
  const args = ['--foreground', '--unlock', '--components=secrets', `--control-directory=${folder}`]
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
