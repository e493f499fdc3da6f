import type { PodView } from '../../core/view/snapshot'
import { Ending, exitCodes } from '../output/exit'
import { plainText } from '../../core/base/plain-text'

/**
 * The pod that a person means by an id or a name. An id counts first; a name has to be the whole name, in any
 * case of letters only when no pod has it exactly. Throws an `Ending` that names the candidates.
 */
export function findPod<Found extends Pick<PodView, 'id' | 'name' | 'phase'>>(
  pods: readonly Found[],
  wanted: string,
): Found {
  const byId = pods.find(({ id }) => id === wanted)
  if (byId) return byId
  const exact = pods.filter(({ name }) => name === wanted)
  const found = exact.length > 0 ? exact : pods.filter(({ name }) => fold(name) === fold(wanted))
  const [only, ...others] = found
  if (only && others.length === 0) return only
  const said = `"${plainText(wanted)}"`
  if (found.length > 1)
    throw new Ending(
      exitCodes.notFound,
      `${found.length} pods are called ${said}; say which one by its id:\n${listed(found)}`,
    )
  const alike = pods.filter(({ id, name }) => fold(name).includes(fold(wanted)) || id.startsWith(wanted))
  const hint =
    alike.length > 0
      ? ` Did you mean:\n${listed(alike)}`
      : pods.length > 0
        ? ` There are:\n${listed(pods)}`
        : ' The account has no pods.'
  throw new Ending(exitCodes.notFound, `No pod is called ${said} or has it as its id.${hint}`)
}

const MOST_LISTED = 20

function listed(pods: readonly Pick<PodView, 'id' | 'name' | 'phase'>[]): string {
  const lines = pods
    .slice(0, MOST_LISTED)
    .map(({ id, name, phase }) => `  ${id}  ${plainText(name)}  ${phase}`)
  const more = pods.length - lines.length
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()
