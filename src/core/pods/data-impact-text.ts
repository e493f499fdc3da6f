import type { DataImpact } from './data-impact'
import { managingServiceName } from './pod'
import { formatGb, formatUsd } from '../base/text/format'

const STORAGE_TEXT: Readonly<Record<DataImpact['storage'], string>> = {
  'container-disk': 'the container disk',
  volume: 'the volume',
  'service-volume': `the volume that ${managingServiceName} promises`,
  'network-volume': 'the network volume',
  mounts: 'what is mounted',
}

/**
 * What happens to the data, as one sentence: "Keeps /workspace (100 GB, $0.67 a day); the container disk (40
 * GB) is lost." An empty list means that nothing is known.
 */
export function impactSentence(impacts: readonly DataImpact[]): string {
  const itemsWith = (impact: DataImpact['impact']) =>
    impacts.filter((one) => one.impact === impact).map(itemText)
  const [kept, lost, unknown] = [itemsWith('kept'), itemsWith('lost'), itemsWith('unknown')]
  const clauses: string[] = []
  if (kept.length > 0) clauses.push(`keeps ${joinList(kept)}`)
  else if (lost.length > 0 && unknown.length === 0) clauses.push('nothing is kept')
  if (lost.length > 0) clauses.push(`${joinList(lost)} ${lost.length > 1 ? 'are' : 'is'} lost`)
  if (unknown.length > 0)
    clauses.push(`whether ${joinList(unknown)} survive${unknown.length > 1 ? '' : 's'} is not known`)
  if (clauses.length === 0) clauses.push('what happens to its data is not known')
  const sentence = clauses.join('; ')
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}

function itemText(item: DataImpact): string {
  const name = item.path ?? STORAGE_TEXT[item.storage]
  const details: string[] = []
  if (item.path !== null && item.storage === 'network-volume') details.push('network volume')
  if (item.sizeGb !== null) details.push(formatGb(item.sizeGb))
  if (item.stoppedCostPerDayUsd !== null && item.stoppedCostPerDayUsd > 0)
    details.push(`${formatUsd(item.stoppedCostPerDayUsd)} a day`)
  return details.length > 0 ? `${name} (${details.join(', ')})` : name
}

function joinList(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
}
