import { ApiDocument } from './api-document'
import type { Exchange } from './exchange'
import { type Finding, type Gap, isCovered, unique } from './finding'
import type { JsonObject } from './json'

export interface Verdict {
  /** What differs from the document and is not known to. */
  readonly findings: readonly Finding[]
  /** What differs, and stands. */
  readonly known: readonly { readonly finding: Finding; readonly gap: Gap }[]
  /** Gaps that no longer are. */
  readonly closed: readonly Gap[]
  /** Operations with what was answered to them, by status. */
  readonly answered: ReadonlyMap<string, ReadonlySet<number>>
}

/** Holds what was sent and what was answered to a document. */
export function check(
  document: JsonObject,
  sent: readonly Exchange[],
  answers: readonly Exchange[],
  gaps: readonly Gap[],
): Verdict {
  const api = new ApiDocument(document)
  const all = unique([
    ...sent.flatMap((each) => api.requestFindings(each)),
    ...[...sent, ...answers].filter(isRest).flatMap((each) => api.replyFindings(each)),
  ])
  const known = all.flatMap((finding) => {
    const gap = gaps.find((each) => isCovered(finding, each))
    return gap === undefined ? [] : [{ finding, gap }]
  })
  return {
    findings: all.filter((finding) => known.every((each) => each.finding !== finding)),
    known,
    closed: gaps.filter((gap) => known.every((each) => each.gap !== gap)),
    answered: answeredOf(api, [...sent, ...answers]),
  }
}

/** The document is REST's; what GraphQL answers has none. */
const isRest = ({ path }: Exchange): boolean => path !== '/graphql'

function answeredOf(
  api: ApiDocument,
  exchanges: readonly Exchange[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const answered = new Map<string, Set<number>>()
  for (const { method, path, status } of exchanges) {
    const name = api.operationOf(method, path)?.name
    if (name !== undefined) answered.set(name, (answered.get(name) ?? new Set()).add(status))
  }
  return answered
}
