import type { DataFate } from './data-impact'
import { formatGb, formatUsd } from '../base/format'

const FATE_NAMES: Readonly<Record<DataFate['what'], string>> = {
  'container-disk': 'the container disk',
  volume: 'the volume',
  'network-volume': 'the network volume',
  mounts: 'what is mounted',
}

/**
 * What happens to the data, as one sentence: "Keeps /workspace (100 GB, $0.67 a day); the container disk
 * (40 GB) is lost." No fates at all means that nothing is known.
 */
export function fateSentence(fates: readonly DataFate[]): string {
  const of = (fate: DataFate['fate']) => fates.filter((one) => one.fate === fate).map(fateThing)
  const [kept, lost, unknown] = [of('kept'), of('lost'), of('unknown')]
  const clauses: string[] = []
  if (kept.length > 0) clauses.push(`keeps ${list(kept)}`)
  else if (lost.length > 0 && unknown.length === 0) clauses.push('nothing is kept')
  if (lost.length > 0) clauses.push(`${list(lost)} ${lost.length > 1 ? 'are' : 'is'} lost`)
  if (unknown.length > 0)
    clauses.push(`whether ${list(unknown)} survive${unknown.length > 1 ? '' : 's'} is not known`)
  if (clauses.length === 0) clauses.push('what happens to its data is not known')
  const sentence = clauses.join('; ')
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}

function fateThing(fate: DataFate): string {
  const name = fate.path ?? FATE_NAMES[fate.what]
  const details: string[] = []
  if (fate.path !== null && fate.what === 'network-volume') details.push('network volume')
  if (fate.sizeGb !== null) details.push(formatGb(fate.sizeGb))
  if (fate.stoppedCostPerDayUsd !== null && fate.stoppedCostPerDayUsd > 0)
    details.push(`${formatUsd(fate.stoppedCostPerDayUsd)} a day`)
  return details.length > 0 ? `${name} (${details.join(', ')})` : name
}

function list(things: readonly string[]): string {
  if (things.length < 2) return things.join('')
  return `${things.slice(0, -1).join(', ')} and ${things[things.length - 1]}`
}
