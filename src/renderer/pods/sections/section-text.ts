import type { PodView } from '../../../core/view/snapshot'
import type { PodSection } from '../../state/arrange/arrange-pods'
import { burnRateText } from '../../../core/money/burn-rate'
import { stoppedCostText } from '../../pod-model/text/pod-text'
import { burnRateOf } from '../../state/arrange/pod-order'

const titles = {
  'needs-you': 'Needs attention',
  running: 'Running',
  creating: 'Creating',
  stopped: 'Stopped',
  all: 'All pods',
}

/** The element id of a section's title. Names of GPUs have spaces, which would separate ids. */
export const sectionTitleId = ({ id }: Pick<PodSection, 'id'>): string => `section-${id.replace(/\s/g, '_')}`

/** `accountName`: what a person calls the account that it is about. */
export function sectionTitle({ kind, about }: PodSection, accountName: string | null): string {
  if (kind === 'cluster') return `Cluster ${about}`
  if (kind === 'account') return accountName ?? ''
  return kind === 'gpu' || kind === 'data-center' ? (about ?? '') : titles[kind]
}

/**
 * What follows the title of a section: how many pods, and what matters about them. `idleCount`: of all pods, as the
 * header counts them.
 */
export function sectionNote(section: PodSection, pods: readonly PodView[], idleCount: number): string {
  switch (section.kind) {
    case 'needs-you':
      return needsText(pods, idleCount)
    case 'cluster':
      return `${countText(pods.length)} · read-only, change it in Runpod`
    case 'stopped':
      return stoppedCostText(pods)
    case 'account':
    case 'gpu':
    case 'data-center':
    case 'all':
      return `${countText(pods.length)} · ${burnRateText(burnRateOf(pods))}`
    case 'running':
    case 'creating':
      return String(pods.length)
  }
}

/** "2 idle pods"; "34 of 38 idle pods" where others aren't idle for long; "2 idle, 1 error, 1 stuck creating, 1 in a crash loop" where there are several kinds. */
function needsText(pods: readonly PodView[], idleCount: number): string {
  const isCrashing = (pod: PodView): boolean =>
    pod.phase === 'running' && pod.container === undefined && (pod.progress?.problem ?? null) !== null
  const withContainer = (...kinds: readonly string[]) =>
    pods.filter(({ container }) => container !== undefined && kinds.includes(container.kind)).length
  const count = (phase: PodView['phase']) =>
    pods.filter((pod) => pod.phase === phase && pod.container === undefined && !isCrashing(pod)).length
  const [idle, errors, stuck] = [count('running'), count('error'), count('creating')]
  const crashing = pods.filter(isCrashing).length
  const [notUp, died, lacking] = [
    withContainer('starting', 'unknown'),
    withContainer('died'),
    withContainer('gpus-missing'),
  ]
  const idleText = idle < idleCount ? `${idle} of ${idleCount} idle` : `${idle} idle`
  if (errors + stuck + crashing + notUp + died + lacking === 0)
    return `${idleText} ${Math.max(idle, idleCount) === 1 ? 'pod' : 'pods'}`
  return [
    idle > 0 ? idleText : '',
    errors > 0 ? (errors === 1 ? '1 error' : `${errors} errors`) : '',
    stuck > 0 ? `${stuck} stuck creating` : '',
    notUp > 0 ? `${notUp} without a container` : '',
    died > 0 ? `${died} with a dead container` : '',
    lacking > 0 ? `${lacking} with too few GPUs` : '',
    crashing > 0 ? `${crashing} in a crash loop` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

const countText = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`)
