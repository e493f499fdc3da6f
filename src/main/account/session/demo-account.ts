import { fail, ok, type Result } from '../../../core/base/result'
import type { Monitor } from '../../../core/monitor-types'
import type { AccountId } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import type { Settings } from '../../../core/settings/settings'
import type { AccountPicture } from '../../../core/view/merge-snapshots'
import type { AccountEntry, AccountView } from '../../../core/view/snapshot'
import type { DemoCommand } from '../../../shared/ipc'
import type { Demo } from '../../../simulator/demo'
import type { AccountProviders } from '../account-providers'
import type { AccountSessionOptions } from '../account-session-options'
import { createAccountMonitor } from '../create-account-monitor'
import { runDemoCommand } from './demo-controls'

export interface DemoAccountOptions {
  readonly session: AccountSessionOptions
  readonly providers: Pick<AccountProviders, 'runpod' | 'demoLab'>
  readonly onChange: () => void
}

/** The demo, which takes the place of all accounts while it runs: an account, and a lab where one was asked for. */
export interface DemoAccount {
  readonly isRunning: () => boolean
  start(): Promise<void>
  /** Does nothing without one. */
  end(): Promise<void>
  readonly monitors: () => readonly Monitor[]
  readonly monitor: (accountId: AccountId) => Monitor | null
  readonly provider: (accountId: AccountId) => Provider | null
  readonly pictures: () => readonly AccountPicture[]
  readonly sshKey: () => string | null
  readonly runCommand: (command: DemoCommand) => Result<void, string>
}

export const DEMO_ID = 'demo'
const LAB_ID = 'demo-lab'
export const isDemoId = (accountId: AccountId): boolean => accountId === DEMO_ID || accountId === LAB_ID

const HOST = 'this computer'
const common = { isDemo: true, host: HOST } as const
const entryOf = (
  entry: Pick<AccountEntry, 'id' | 'name' | 'color' | 'provider' | 'lab'>,
): Omit<AccountEntry, 'webFeatures'> => ({
  ...common,
  ...entry,
  isPaused: false,
  monthlyBudgetUsd: null,
  dailyBudgetUsd: null,
})

interface WatchedDemo {
  readonly entry: Omit<AccountEntry, 'webFeatures'>
  readonly monitor: Monitor
  readonly provider: Provider
}

export function createDemoAccount({ session, providers, onChange }: DemoAccountOptions): DemoAccount {
  let running: { readonly demo: Demo; readonly settings: () => Settings } | null = null
  let watched: readonly WatchedDemo[] = []

  const find = (accountId: AccountId): WatchedDemo | null =>
    watched.find(({ entry }) => entry.id === accountId) ?? null

  function watch(entry: WatchedDemo['entry'], provider: Provider, settings: () => Settings): Monitor {
    const view: Omit<AccountView, 'isMonitorOnly'> = { ...common, id: entry.id, keyStorage: 'none-needed' }
    const monitor = createAccountMonitor(
      view,
      provider,
      settings,
      session,
      () => (watched.length > 1 ? entry.name : null),
      () => watched.map((one) => one.monitor.listing),
    )
    watched = [...watched, { entry, monitor, provider }]
    monitor.subscribe(onChange)
    monitor.start()
    onChange()
    return monitor
  }

  function endWatch({ entry, monitor }: WatchedDemo): void {
    watched = watched.filter((one) => one.entry !== entry)
    monitor.dispose()
    session.notices.dismissAccount(entry.id)
    session.onAccountChange()
    onChange()
  }

  function addLab(): Result<void, string> {
    if (running === null || running.demo.lab === null || find(LAB_ID) !== null) return ok(undefined)
    const { lab } = running.demo
    const record = { id: lab.id, slug: lab.slug, usesAnnouncedRoutes: false }
    const entry = entryOf({ id: LAB_ID, name: lab.name, color: 'green', provider: 'hubify', lab: record })
    const monitor = watch(entry, providers.demoLab(lab), running.settings)
    // Nothing is at risk in the demo, so it is not asked about.
    return monitor.setAutoStop('ticked')
  }

  function removeLab(): Result<void, string> {
    const lab = find(LAB_ID)
    if (lab !== null) endWatch(lab)
    return ok(undefined)
  }

  return {
    isRunning: () => running !== null,
    async start() {
      const { createDemo, demoSettings } = await import('../../../simulator/demo') // Loaded on demand, to keep startup fast.
      const demo = await createDemo(undefined, { hasLab: true })
      const settings = (): Settings => ({ ...session.store.settings(), ...demoSettings })
      running = { demo, settings }
      const provider = providers.runpod(`${demo.simulator.url}/v2`, demo.key, 'loopback-only')
      watch(entryOf({ id: DEMO_ID, name: 'Demo', color: 'blue' }), provider, settings)
    },
    async end() {
      if (running === null) return
      const { demo } = running
      running = null
      watched.forEach(endWatch)
      for (const id of [DEMO_ID, LAB_ID]) await session.usageHistories.remove(id)
      await demo.simulator.close()
    },
    monitors: () => watched.map(({ monitor }) => monitor),
    monitor: (accountId) => find(accountId)?.monitor ?? null,
    provider: (accountId) => find(accountId)?.provider ?? null,
    pictures: () =>
      watched.map(({ entry, monitor, provider }) => {
        const webFeatures = provider.webFallback?.().features
        return {
          entry: { ...entry, ...(webFeatures !== undefined && { webFeatures }) },
          snapshot: monitor.snapshot(),
        }
      }),
    sshKey: () => running?.demo.sshKey ?? null,
    runCommand(command) {
      if (running === null) return fail('There is no demo to control.')
      if (command === 'add-lab') return addLab()
      if (command === 'remove-lab') return removeLab()
      const result = runDemoCommand(running.demo, command)
      for (const { monitor } of watched) monitor.refresh()
      return result
    },
  }
}
