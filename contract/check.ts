import { ApiDocument } from './api-document'
import type { Exchange } from './exchange'
import { type Finding, type Gap, isCovered, unique } from './finding'
import type { JsonObject } from './json'

export interface ContractReport {
  /** Differences from the document that are not listed as known gaps. */
  readonly findings: readonly Finding[]
  /** Differences that are listed as known gaps. */
  readonly knownDifferences: readonly { readonly finding: Finding; readonly gap: Gap }[]
  /** Known gaps that no longer exist. */
  readonly closedGaps: readonly Gap[]
  /** The operations with the statuses that were returned for them. */
  readonly answeredStatuses: ReadonlyMap<string, ReadonlySet<number>>
}

/** Checks requests and replies against a document. */
export function check(
  document: JsonObject,
  providerExchanges: readonly Exchange[],
  simulatorExchanges: readonly Exchange[],
  gaps: readonly Gap[],
): ContractReport {
  const api = new ApiDocument(document)
  const all = unique([
    ...providerExchanges.flatMap((each) => api.requestFindings(each)),
    ...[...providerExchanges, ...simulatorExchanges]
      .filter(isRest)
      .flatMap((each) => api.replyFindings(each)),
  ])
  const knownDifferences = all.flatMap((finding) => {
    const gap = gaps.find((each) => isCovered(finding, each))
    return gap === undefined ? [] : [{ finding, gap }]
  })
  return {
    findings: all.filter((finding) => knownDifferences.every((each) => each.finding !== finding)),
    knownDifferences,
    closedGaps: gaps.filter((gap) => knownDifferences.every((each) => each.gap !== gap)),
    answeredStatuses: answeredStatusesOf(api, [...providerExchanges, ...simulatorExchanges]),
  }
}

/** The document covers REST only; GraphQL replies have no schema. */
const isRest = ({ path }: Exchange): boolean => path !== '/graphql'

function answeredStatusesOf(
  api: ApiDocument,
  exchanges: readonly Exchange[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const answeredStatuses = new Map<string, Set<number>>()
  for (const { method, path, status } of exchanges) {
    const name = api.operationOf(method, path)?.name
    if (name !== undefined) answeredStatuses.set(name, (answeredStatuses.get(name) ?? new Set()).add(status))
  }
  return answeredStatuses
}
