import { matchesGlob } from '../base/text/glob'
import type { AccountDetails, ApiPodDetails } from './account-details'
import type { ApiRoute } from './api-route'
import { type ApiToken, grants, type TokenRights, tokenScopeFor } from './api-token'
import type { ApiScope } from './api-types'

/** Who asks, as far as a token says. */
export type ApiCaller = Pick<ApiToken, 'id' | 'name'> & TokenRights

/** Why the caller may not use a route, as a sentence; null: it may. */
export const scopeProblem = ({ name, scopes }: ApiCaller, scope: ApiScope): string | null =>
  grants(scopes, scope) ? null : `The token ${name} lacks the scope ${tokenScopeFor(scope)}`

/** Null: of all accounts together, or of whichever. */
export const mayAccess = ({ accountIds }: Pick<ApiCaller, 'accountIds'>, accountId: string | null): boolean =>
  accountIds === null || (accountId !== null && accountIds.includes(accountId))

/**
 * Why the caller may not use what isn't limited to its pods, as a sentence; null: it may. What isn't marked as limited is
 * refused to a token for some pods. See docs/product-rules.md#161-who-may-ask.
 */
export const podsProblem = (
  { name, podNames }: Pick<ApiCaller, 'name' | 'podNames'>,
  { isForSomePods }: Pick<ApiRoute, 'isForSomePods'>,
): string | null =>
  podNames === null || isForSomePods === true ? null : `The token ${name} is for some pods only`

/** By its name, or `label:NAME` by a label that it is known to have. */
function isNamedBy(pattern: string, { name, labels = [] }: Pick<ApiPodDetails, 'name' | 'labels'>): boolean {
  const label = /^label:(.+)$/.exec(pattern)?.[1]
  return label === undefined ? matchesGlob(pattern, name) : labels.includes(label)
}

/** What the caller may see of an account that it may access: nothing that is about other pods. */
export function visibleDetails(
  { podNames }: Pick<ApiCaller, 'podNames'>,
  details: AccountDetails,
): AccountDetails {
  if (podNames === null) return details
  const pods = details.pods.filter((pod) => podNames.some((pattern) => isNamedBy(pattern, pod)))
  const isTheirs = ({ podId }: { readonly podId: string | null }): boolean =>
    pods.some(({ id }) => id === podId)
  return {
    atMs: details.atMs,
    listedAtMs: details.listedAtMs,
    autoStop: details.autoStop,
    connection: details.connection,
    pods,
    perHourUsd: pods.reduce(
      (sum, { phase, costPerHourUsd }) => sum + (phase === 'running' ? (costPerHourUsd ?? 0) : 0),
      0,
    ),
    balanceUsd: null,
    quotaRequests: null,
    stops: details.stops.filter(isTheirs),
    obstacles: details.obstacles.filter(isTheirs),
    month: null,
    labSpending: null,
    queuedExperiments: null,
  }
}
