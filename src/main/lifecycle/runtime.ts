import { join } from 'node:path'
import { isElectronSupported } from '../../core/updates/electron-support'

/** What the app may use on this Electron. See docs/decisions/0003-two-electrons.md. */
export interface RuntimeLimits {
  /** For HTTP and SSH alike. */
  readonly hosts: 'any' | 'loopback-only'
  /** The home folder and the environment in which SSH keys, agents and `~/.ssh` are looked for. */
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly usesKeyring: boolean
  /** Where bots of Telegram are; absent: at Telegram. */
  readonly telegramOrigin?: string | undefined
}

export interface RuntimeOptions {
  readonly electronVersion: string
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** The data folder. */
  readonly userData: string
}

/**
 * An Electron that gets no security fixes is used only for tests: it connects only to this computer, and nothing of the person's is within its reach: no SSH key, no agent, no `~/.ssh`, no keyring. Tests
 * bring their own, in the home folder that PODKEEPER_TEST_HOME names, and a Telegram at PODKEEPER_TEST_TELEGRAM.
 */
export function runtimeLimits({ electronVersion, home, env, userData }: RuntimeOptions): RuntimeLimits {
  if (isElectronSupported(electronVersion)) return { hosts: 'any', home, env, usesKeyring: true }
  const testHome = env['PODKEEPER_TEST_HOME']
  return testHome
    ? {
        hosts: 'loopback-only',
        home: testHome,
        env,
        usesKeyring: true,
        telegramOrigin: env['PODKEEPER_TEST_TELEGRAM'],
      }
    : { hosts: 'loopback-only', home: join(userData, 'test-home'), env: {}, usesKeyring: false }
}
