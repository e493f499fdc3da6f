import type { DataImpact } from '../../../core/pods/data-impact'
import { formatGb } from '../../../core/base/text/format'
import { impactSentence } from '../../../core/pods/data-impact-text'

export interface StorageText {
  /** "volume 100 GB", "network volume", "no volume". */
  readonly label: string
  /** Nothing outlives this pod, or that is unknown. */
  readonly isWarning: boolean
  /** What a terminate would delete, no matter who sends it. */
  readonly risk: string
}

/** Storage label and risk of a pod, derived from what a terminate would do to its data. */
export function storageText(terminateImpact: readonly DataImpact[]): StorageText {
  const labels: string[] = []
  let isUnknown = terminateImpact.length === 0
  for (const { storage, sizeGb } of terminateImpact) {
    if (storage === 'volume') labels.push(sizeGb === null ? 'volume' : `volume ${formatGb(sizeGb)}`)
    if (storage === 'service-volume') labels.push('volume')
    if (storage === 'network-volume') labels.push('network volume')
    if (storage === 'mounts') isUnknown = true
  }
  if (isUnknown) labels.push(labels.length === 0 ? 'storage not known' : 'more not known')
  return {
    label: labels.length === 0 ? 'no volume' : labels.join(', '),
    isWarning: labels.length === 0,
    risk: `If it is terminated: ${lowerFirst(impactSentence(terminateImpact))}`,
  }
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}
