import { fail } from '../../core/base/result'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { OpenJournal } from '../../node/data-folder/journal/journal'
import { type AccountMonitorOptions, createAccountMonitor } from '../../node/host/account-monitor'
import type { CliAccount } from './account'
import { controlText } from './account-text'

export interface CliMonitorOptions extends Omit<
  AccountMonitorOptions,
  'account' | 'provider' | 'journal' | 'podApiBase' | 'report'
> {
  readonly account: CliAccount
  /** If null, this process is read-only. */
  readonly journal: OpenJournal | null
  /** Receives internal errors, for troubleshooting. */
  readonly report: (text: string) => void
}

/** The monitor of a command. */
export function createCliMonitor({
  account,
  journal,
  settings,
  report,
  ...ports
}: CliMonitorOptions): Monitor {
  return createAccountMonitor({
    ...ports,
    account: account.view,
    provider: account.provider,
    settings: () => ({ ...settings(), ...account.settings }),
    journal: journal ?? readOnlyJournal,
    podApiBase: () => podApiBaseOf(account),
    report: (what, cause) => report(cause instanceof Error ? `${what}: ${cause.message}` : what),
  })
}

const readOnlyJournal = { record: () => fail(controlText.readOnly), latest: () => [] }

export const podApiBaseOf = ({ key }: CliAccount): string | null => key?.baseUrl.replace(/\/$/, '') ?? null
