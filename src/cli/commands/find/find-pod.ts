import type { PodView } from '../../../core/view/snapshot'
import { CliExit, exitCodes } from '../../output/exit'
import { plainText } from '../../../core/base/text/plain-text'
import { padText, textWidth } from '../../output/text'
import { findText } from './find-text'

type ListedPod = Pick<PodView, 'id' | 'name' | 'phase'>

/** The pods of an account. */
export interface NamedAccountPods<Account, Pod extends ListedPod> {
  readonly account: Account
  readonly accountName: string
  readonly pods: readonly Pod[]
}

interface PodCandidate<Account, Pod extends ListedPod> {
  readonly account: Account
  readonly accountName: string
  readonly pod: Pod
}

/** Finds the pod with this id or name; see `findPodAmong`. */
export const findPod = <Pod extends ListedPod>(pods: readonly Pod[], query: string): Pod =>
  findPodAmong([{ account: null, accountName: '', pods }], query).pod

/**
 * Finds the pod with this id or name among those of all accounts. Ids take precedence. A name must match completely;
 * case is ignored only if no name matches exactly. Throws a `CliExit` that lists the candidates. `unread`: sentences on
 * accounts of which nothing is known, which may have such a pod.
 */
export function findPodAmong<Account, Pod extends ListedPod>(
  lists: readonly NamedAccountPods<Account, Pod>[],
  query: string,
  unread: readonly string[] = [],
): PodCandidate<Account, Pod> {
  if (query.trim() === '') throw new CliExit(exitCodes.usage, findText.noQuery)
  const all = lists.flatMap(({ pods, account, accountName }) =>
    pods.map((pod) => ({ account, accountName, pod })),
  )
  const byId = all.filter(({ pod }) => pod.id === query)
  const exact = all.filter(({ pod }) => pod.name === query)
  const byName =
    exact.length > 0 ? exact : all.filter(({ pod }) => normalizeName(pod.name) === normalizeName(query))
  const found = byId.length > 0 ? byId : byName
  const [match, ...otherMatches] = found
  if (match && otherMatches.length === 0) return match
  if (match) {
    const text = findText.several(query, {
      isId: byId.length > 0,
      isOneAccount: found.every(({ account }) => account === match.account),
      count: found.length,
      list: podList(found, lists.length > 1),
    })
    throw new CliExit(exitCodes.notFound, text)
  }
  const similar = all.filter(
    ({ pod: { id, name } }) => normalizeName(name).includes(normalizeName(query)) || id.startsWith(query),
  )
  const hint =
    similar.length > 0
      ? findText.similar(podList(similar, lists.length > 1))
      : all.length > 0
        ? findText.available(podList(all, lists.length > 1))
        : findText.noPods(lists.length > 1)
  const text = findText.none(query, hint)
  // It may be a pod of an account that could not be read.
  throw unread.length === 0
    ? new CliExit(exitCodes.notFound, text)
    : new CliExit(exitCodes.someAccounts, [text, ...unread].join('\n'))
}

const MAX_LISTED = 20

function podList(candidates: readonly PodCandidate<unknown, ListedPod>[], hasSeveral: boolean): string {
  const shown = candidates.slice(0, MAX_LISTED)
  const names = shown.map(({ accountName }) => plainText(accountName))
  const width = Math.max(...names.map(textWidth))
  const lines = shown.map(({ pod: { id, name, phase } }, index) => {
    const account = hasSeveral ? `${padText(names[index] ?? '', width)}  ` : ''
    return `  ${account}${id}  ${plainText(name)}  ${phase}`
  })
  const more = candidates.length - lines.length
  return [...lines, ...(more > 0 ? [`  ${findText.more(more)}`] : [])].join('\n')
}

const normalizeName = (text: string): string => text.normalize('NFKC').toLowerCase()
