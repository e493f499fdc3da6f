import type { PodView } from '../../core/view/snapshot'
import type { PodSection } from '../state/arrange-pods'
import { stoppedCostText } from '../pod-model/pod-text'

export const sectionTitles: Readonly<Record<Exclude<PodSection['kind'], 'cluster'>, string>> = {
  'needs-you': 'Needs you',
  running: 'Running',
  creating: 'Creating',
  stopped: 'Stopped',
}

/** What follows the title of a section: how many pods, and what matters about them. */
export function sectionNote(section: PodSection, pods: readonly PodView[]): string {
  switch (section.kind) {
    case 'needs-you':
      return needsText(pods)
    case 'cluster':
      return `${countText(pods.length)} · read-only, change it in Runpod`
    case 'stopped':
      return stoppedCostText(pods)
    case 'running':
    case 'creating':
      return String(pods.length)
  }
}

/** "2 idle pods"; "2 idle, 1 error, 1 stuck creating" where there are several kinds. */
function needsText(pods: readonly PodView[]): string {
  const count = (phase: PodView['phase']) => pods.filter((pod) => pod.phase === phase).length
  const [idle, errors, stuck] = [count('running'), count('error'), count('creating')]
  if (errors + stuck === 0) return idle === 1 ? '1 idle pod' : `${idle} idle pods`
  return [
    idle > 0 ? `${idle} idle` : '',
    errors > 0 ? (errors === 1 ? '1 error' : `${errors} errors`) : '',
    stuck > 0 ? `${stuck} stuck creating` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

const countText = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`)
