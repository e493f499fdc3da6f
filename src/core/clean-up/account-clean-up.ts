import type { PendingAlert } from '../alerts/alert'
import type { Clock } from '../base/time/clock'
import type { CostTracker } from '../money/costs/cost-tracker'
import type { AccountContext } from '../pod-rules/account-context'
import type { Pod } from '../pods/pod'
import type { Fleet } from '../polling/fleet'
import type { LeftoverCosts } from './clean-up-view'
import { leftoverCosts } from './leftover-costs'
import { cleanUpAlerts } from './clean-up-alert'
import { cleanUpText } from './clean-up-text'

/** What of an account may be left over and costs money, and the reminder of it. */
export interface AccountCleanUp {
  readonly requests: CleanUpRequests
  /** Those that hold now. */
  alerts(): readonly PendingAlert[]
}

export interface CleanUpRequests {
  /** As of the last lists. `atMs`: Unix ms. */
  readonly leftovers: () => LeftoverCosts & { readonly atMs: number }
}

export interface CleanUpParts {
  readonly fleet: Pick<Fleet, 'pods' | 'listedAtMs' | 'isListPartial'>
  /** The pods that count for this account. */
  readonly ownPods: () => readonly Pod[]
  readonly isLive: () => boolean
  /** Whether the account can have network volumes. */
  readonly hasVolumes: () => boolean
  readonly money: Pick<CostTracker, 'volumes' | 'observed'>
}

/** See docs/product-rules.md#510-clean-up. */
export function createAccountCleanUp(
  { accountId, alertHistory }: Pick<AccountContext, 'accountId' | 'alertHistory'>,
  clock: Pick<Clock, 'now'>,
  { fleet, ownPods, isLive, hasVolumes, money }: CleanUpParts,
): AccountCleanUp {
  function podsProblem(): string | null {
    if (fleet.listedAtMs() === null) return cleanUpText.podsNotReadYet
    return fleet.isListPartial() || !isLive() ? cleanUpText.podsUnknown : null
  }

  function leftovers(): LeftoverCosts & { readonly atMs: number } {
    const observed = money.observed()
    const atMs = observed?.nowMs ?? clock.now().wallMs
    const costs = leftoverCosts({
      nowMs: atMs,
      pods: fleet.pods(),
      ownPods: ownPods(),
      podsProblem: podsProblem(),
      volumes: hasVolumes() ? money.volumes() : null,
      observations: observed?.observations ?? new Map(),
    })
    return { ...costs, atMs }
  }

  return {
    requests: { leftovers },
    alerts: () =>
      cleanUpAlerts({
        accountId,
        nowMs: clock.now().wallMs,
        costs: money.observed()?.isSettled === true ? leftovers() : null,
        history: alertHistory.load(),
      }),
  }
}
