import type { DataFate } from '../../core/pods/data-impact'
import { formatGb } from '../../core/base/format'
import { fateSentence } from '../../core/pods/data-impact-text'

export interface StorageWords {
  /** "volume 100 GB", "network volume", "no volume". */
  readonly label: string
  /** Nothing outlives this pod, or that cannot be said. */
  readonly isWarning: boolean
  /** What a terminate, by whomever, would do. */
  readonly risk: string
}

/** What of a pod is at risk, by what its end would do to its data. */
export function storageWords(terminateFate: readonly DataFate[]): StorageWords {
  const labels: string[] = []
  let isUnknown = terminateFate.length === 0
  for (const { what, sizeGb } of terminateFate) {
    if (what === 'volume') labels.push(sizeGb === null ? 'volume' : `volume ${formatGb(sizeGb)}`)
    if (what === 'network-volume') labels.push('network volume')
    if (what === 'mounts') isUnknown = true
  }
  if (isUnknown) labels.push(labels.length === 0 ? 'storage not known' : 'more not known')
  return {
    label: labels.length === 0 ? 'no volume' : labels.join(', '),
    isWarning: labels.length === 0,
    risk: `If it is terminated: ${lowerFirst(fateSentence(terminateFate))}`,
  }
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}
