import type { PodView } from '../../core/view/snapshot'
import { CliExit, exitCodes } from '../output/exit'
import { plainText } from '../../core/base/plain-text'

/**
 * Finds the pod with this id or name. Ids take precedence. A name must match completely; case is ignored only if no
 * name matches exactly. Throws a `CliExit` that lists the candidates.
 */
export function findPod<Found extends Pick<PodView, 'id' | 'name' | 'phase'>>(
  pods: readonly Found[],
  query: string,
): Found {
  const byId = pods.find(({ id }) => id === query)
  if (byId) return byId
  const exact = pods.filter(({ name }) => name === query)
  const found =
    exact.length > 0 ? exact : pods.filter(({ name }) => normalizeName(name) === normalizeName(query))
  const [match, ...otherMatches] = found
  if (match && otherMatches.length === 0) return match
  const quotedQuery = `"${plainText(query)}"`
  if (found.length > 1)
    throw new CliExit(
      exitCodes.notFound,
      `${found.length} pods are called ${quotedQuery}; say which one by its id:\n${podList(found)}`,
    )
  const similar = pods.filter(
    ({ id, name }) => normalizeName(name).includes(normalizeName(query)) || id.startsWith(query),
  )
  const hint =
    similar.length > 0
      ? ` Did you mean:\n${podList(similar)}`
      : pods.length > 0
        ? ` There are:\n${podList(pods)}`
        : ' The account has no pods.'
  throw new CliExit(exitCodes.notFound, `No pod is called ${quotedQuery} or has it as its id.${hint}`)
}

const MAX_LISTED = 20

function podList(pods: readonly Pick<PodView, 'id' | 'name' | 'phase'>[]): string {
  const lines = pods
    .slice(0, MAX_LISTED)
    .map(({ id, name, phase }) => `  ${id}  ${plainText(name)}  ${phase}`)
  const more = pods.length - lines.length
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')
}

const normalizeName = (text: string): string => text.normalize('NFKC').toLowerCase()
