import { fail, type Result } from '../../../core/base/result'
import type { Monitor } from '../../../core/monitor-types'
import type { AccountId } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import type { AccountPicture } from '../../../core/view/merge-snapshots'
import type { DemoCommand } from '../../../shared/ipc'
import type { Demo } from '../../../simulator/demo'
import type { AccountProviders } from '../account-providers'
import type { AccountSessionOptions } from '../account-session-options'
import { createAccountMonitor } from '../create-account-monitor'
import { runDemoCommand } from './demo-controls'

export interface DemoAccountOptions {
  readonly session: AccountSessionOptions
  readonly providers: Pick<AccountProviders, 'runpod'>
  readonly onChange: () => void
}

/** The demo, which takes the place of all accounts while it runs. */
export interface DemoAccount {
  readonly isRunning: () => boolean
  start(): Promise<void>
  /** Does nothing without one. */
  end(): Promise<void>
  readonly monitor: (accountId: AccountId) => Monitor | null
  readonly provider: () => Provider | null
  readonly pictures: () => readonly AccountPicture[]
  readonly sshKey: () => string | null
  readonly runCommand: (command: DemoCommand) => Result<void, string>
}

export const DEMO_ID = 'demo'
const view = { id: DEMO_ID, isDemo: true, host: 'this computer', keyStorage: 'none-needed' } as const

export function createDemoAccount({ session, providers, onChange }: DemoAccountOptions): DemoAccount {
  let running: { readonly demo: Demo; readonly monitor: Monitor; readonly provider: Provider } | null = null

  return {
    isRunning: () => running !== null,
    async start() {
      const { createDemo, demoSettings } = await import('../../../simulator/demo') // Loaded on demand, to keep startup fast.
      const demo = await createDemo()
      const provider = providers.runpod(`${demo.simulator.url}/v2`, demo.key, 'loopback-only')
      const settings = () => ({ ...session.store.settings(), ...demoSettings })
      const monitor = createAccountMonitor(view, provider, settings, session)
      running = { demo, monitor, provider }
      monitor.subscribe(onChange)
      monitor.start()
      onChange()
    },
    async end() {
      if (running === null) return
      const { demo, monitor } = running
      running = null
      monitor.dispose()
      session.notices.dismissAccount(DEMO_ID)
      session.onAccountChange()
      onChange()
      await demo.simulator.close()
    },
    monitor: (accountId) => (accountId === DEMO_ID ? (running?.monitor ?? null) : null),
    provider: () => running?.provider ?? null,
    pictures() {
      if (running === null) return []
      const { id, isDemo, host } = view
      const budgets = { monthlyBudgetUsd: null, dailyBudgetUsd: null }
      const entry = { id, name: 'Demo', color: 'blue', isDemo, host, isPaused: false, ...budgets } as const
      return [{ entry, snapshot: running.monitor.snapshot() }]
    },
    sshKey: () => running?.demo.sshKey ?? null,
    runCommand(command) {
      if (running === null) return fail('There is no demo to steer.')
      const result = runDemoCommand(running.demo, command)
      running.monitor.refresh()
      return result
    },
  }
}
