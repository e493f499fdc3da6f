import type { AccountId } from '../../../core/pods/pod'
import type { AccountEntry, AccountView } from '../../../core/view/snapshot'
import { sessionText } from '../account-text'

export const DEMO_ID = 'demo'
export const LAB_ID = 'demo-lab'
export const DEMO_IDS: readonly AccountId[] = [DEMO_ID, LAB_ID]
export const isDemoId = (accountId: AccountId): boolean => DEMO_IDS.includes(accountId)

const common = { isDemo: true, host: sessionText.thisComputer } as const

export const demoAccountView = (id: AccountId): Omit<AccountView, 'isMonitorOnly'> => ({
  ...common,
  id,
  keyStorage: 'none-needed',
})

/** An account of the demo, as it is listed. */
export const demoEntry = (
  entry: Pick<AccountEntry, 'id' | 'name' | 'color' | 'provider' | 'lab'>,
): Omit<AccountEntry, 'webFeatures'> => ({
  ...common,
  ...entry,
  isPaused: false,
  monthlyBudgetUsd: null,
  dailyBudgetUsd: null,
  watchesNewPods: false,
  watchesEndpoints: true,
})
