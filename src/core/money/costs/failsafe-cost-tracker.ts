import { errorText } from '../../base/text/error-text'
import type { AccountContext } from '../../pod-rules/account-context'
import type { LedgerFiles } from '../ledger/ledger-files'
import { type CostTracker, type CostTrackerOptions, createCostTracker } from './cost-tracker'

const disabledCostTracker: CostTracker = {
  record: () => {},
  onIntentChange: () => {},
  withVolumes: (burn) => burn,
  volumes: () => null,
  expectVolumes: () => () => {},
  view: () => null,
  costs: () => null,
  podCost: () => null,
  confirmedSpendUsd: () => null,
  alerts: () => [],
  observed: () => null,
  earlierPods: () => [],
  save: () => {},
  dispose: () => {},
}

/**
 * Creates a cost tracker that never throws: alerts and stops go on whatever is wrong with the costs, and the person is
 * told. Without `ledgerFiles` costs are not tracked.
 */
export function createFailsafeCostTracker(
  context: AccountContext,
  ledgerFiles: LedgerFiles | undefined,
  options: CostTrackerOptions,
): CostTracker {
  if (!ledgerFiles) return disabledCostTracker
  let hasFailed = false
  const contained =
    <Arguments extends readonly unknown[], Value>(
      run: (...args: Arguments) => Value,
      fallback: Value,
    ): ((...args: Arguments) => Value) =>
    (...args) => {
      try {
        return run(...args)
      } catch (cause) {
        if (!hasFailed) {
          context.report('The costs failed', cause)
          options.onProblem(
            `Podkeeper can’t count costs now (${errorText(cause)}). Until it can, budgets and a low balance raise no alerts and stop no pods.`,
          )
        }
        hasFailed = true
        return fallback
      }
    }
  const tracker = contained(() => createCostTracker(context, ledgerFiles, options), disabledCostTracker)()
  return {
    record: contained((result) => tracker.record(result), undefined),
    onIntentChange: contained((intent) => tracker.onIntentChange(intent), undefined),
    volumes: contained(() => tracker.volumes(), null),
    expectVolumes: contained(
      () => contained(tracker.expectVolumes(), undefined),
      () => {},
    ),
    withVolumes: (rate) => contained(() => tracker.withVolumes(rate), rate)(),
    confirmedSpendUsd: contained(tracker.confirmedSpendUsd, null),
    view: contained((pods, rate) => tracker.view(pods, rate), null),
    podCost: contained(tracker.podCost, null),
    costs: contained((month) => tracker.costs(month), null),
    alerts: contained((balance, runwayMs) => tracker.alerts(balance, runwayMs), []),
    observed: contained(() => tracker.observed(), null),
    earlierPods: contained(tracker.earlierPods, []),
    save: contained(() => tracker.save(), undefined),
    dispose: contained(() => tracker.dispose(), undefined),
  }
}
