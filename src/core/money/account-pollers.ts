import type { Settings } from '../settings/settings'
import { SECOND_MS } from '../base/time'
import { type BalancePoller, type BalancePollerOptions, createBalancePoller } from './balance'
import { createLabPoller, type LabPoller } from './lab-poller'

export interface AccountPollersOptions extends Pick<BalancePollerOptions, 'provider' | 'clock'> {
  readonly settings: () => Settings
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** What is read of an account beside its pods, without holding up a poll. */
export interface AccountPollers {
  readonly balance: BalancePoller
  readonly lab: LabPoller
  /** Called after each poll. */
  read(hasIdlePod: boolean): void
  /** The next `read` is to read everything however recent it is. */
  expire(): void
}

export function createAccountPollers(
  { provider, clock, settings, report }: AccountPollersOptions,
  fleet: BalancePollerOptions['fleet'],
  money: BalancePollerOptions['money'],
  onChange: () => void,
): AccountPollers {
  const balance = createBalancePoller({ provider, clock, fleet, money, onChange })
  const lab = createLabPoller({ provider, clock, onChange })
  return {
    balance,
    lab,
    read(hasIdlePod) {
      balance
        .read(settings().pollBalanceS * SECOND_MS)
        .catch((cause: unknown) => report('The balance could not be read', cause))
      lab.read(hasIdlePod).catch((cause: unknown) => report('The lab could not be read', cause))
    },
    expire() {
      balance.expire()
      lab.expire()
    },
  }
}
