import { formatDuration, formatGb, formatMoment, formatUsd } from '../../core/base/text/format'
import type { Stock } from '../../core/pods/catalog'
import type { VolumesView, VolumeView } from '../../core/view/volumes-view'
import type { VolumePlace } from '../../shared/requests/change-requests'

/** "$7.00", or why there is no amount. */
export const perMonthText = ({ perMonthUsd }: Pick<VolumeView, 'perMonthUsd'>): string =>
  perMonthUsd === null ? 'unknown' : formatUsd(perMonthUsd)

export const sizeText = ({ sizeGb }: Pick<VolumeView, 'sizeGb'>): string =>
  sizeGb === null ? 'unknown' : formatGb(sizeGb)

/** "3 volumes, $62.00 a month, 1 unused". `nowMs`: Unix ms. */
export function totalText(volumes: readonly VolumeView[], arePodsKnown: boolean): string {
  const unusedCount = volumes.filter(({ podIds }) => podIds.length === 0).length
  return [
    volumes.length === 1 ? '1 volume' : `${volumes.length} volumes`,
    ...(volumes.length === 0 ? [] : [`${totalPerMonthText(volumes)} a month`]),
    ...(arePodsKnown && unusedCount > 0 ? [`${unusedCount} unused`] : []),
  ].join(' · ')
}

/** "at least $62.00": volumes without a public price are left out. */
export function totalPerMonthText(volumes: readonly VolumeView[]): string {
  const known = volumes.flatMap(({ perMonthUsd }) => perMonthUsd ?? [])
  if (known.length === 0 && volumes.length > 0) return 'an unknown amount'
  const usd = known.reduce((sum, one) => sum + one, 0)
  return `${known.length < volumes.length ? 'at least ' : ''}${formatUsd(usd)}`
}

/** Since when nothing uses it, as far as that was observed; what is unknown is stated. `nowMs`: Unix ms. */
export function unusedText(
  { unusedSinceMs }: Pick<VolumeView, 'unusedSinceMs'>,
  arePodsKnown: boolean,
  nowMs: number,
): string {
  if (!arePodsKnown) return 'not known, because not every pod could be read'
  const forMs = unusedSinceMs === null ? 0 : nowMs - unusedSinceMs
  return forMs < MIN_UNUSED_MS ? 'unused' : `unused for at least ${formatDuration(forMs)}`
}

const MIN_UNUSED_MS = 60_000

/** Why the list may be out of date; null: it isn't. */
export function staleText({ problem, readAtMs }: VolumesView, nowMs: number): string | null {
  if (problem === null) return null
  return readAtMs === null
    ? `Couldn’t read the volumes: ${problem}`
    : `Couldn’t read the volumes, so this is the list from ${formatMoment(readAtMs, { nowMs })}: ${problem}`
}

const stockWords: Readonly<Record<Stock, string>> = {
  high: 'high',
  medium: 'medium',
  low: 'low',
  none: 'none',
}

const MAX_GPUS = 6

/** "GPUs in stock there: H100 SXM (high), A100 SXM (low)". */
export function gpusText({ gpus }: Pick<VolumePlace, 'gpus'>): string {
  const inStock = gpus.filter(({ stock }) => stock !== 'none')
  if (inStock.length === 0) return 'No GPU is in stock there now.'
  const names = inStock.slice(0, MAX_GPUS).map(({ name, stock }) => `${name} (${stockWords[stock]})`)
  const more = inStock.length - names.length
  return `GPUs in stock there: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

export const volumesPageText = {
  title: 'Volumes',
  noAccount: 'No account yet',
  connectFirst: 'Connect an account on the Pods page to see its network volumes here.',
  noneHere: 'No network volumes here',
  onlyRunpod: 'Only Runpod accounts that are being watched have network volumes.',
  volumesOf: (account: string) => `Volumes of ${account}`,
  cleanUp: 'Clean up',
  newVolume: 'New volume',
  newVolumeIn: (account: string) => `New volume in ${account}`,
  couldNotRead: 'Couldn’t read the volumes',
  reading: 'Reading volumes…',
  none: 'No network volumes',
  about:
    'A network volume keeps data when its pods are terminated. It costs money until you delete it, even without a pod.',
} as const

export const volumeTableText = {
  label: 'Network volumes',
  volume: 'Volume',
  size: 'Size',
  dataCenter: 'Data center',
  usedBy: 'Used by',
  perMonth: '$/month',
  highPerformance: 'high performance',
  unknown: 'unknown',
  total: 'Total',
  notDeleted: (name: string) => `${name} was not deleted`,
  moreFor: (name: string) => `Actions of ${name}`,
  grow: 'Grow…',
  rename: 'Rename…',
  delete: 'Delete…',
} as const

export const volumeDialogText = {
  newTitle: 'New volume',
  create: 'Create volume…',
  name: 'Name',
  size: 'Size',
  couldNotReadPlaces: (reason: string) => `Couldn’t read the data centers: ${reason}`,
  readingPlaces: 'Reading the data centers…',
  noPlaces: 'No data center offers network volumes now.',
  dataCenter: 'Data center',
  cannotMove: 'A volume can’t be moved, and its pods must be in its data center.',
  kind: 'Kind',
  standard: 'Standard',
  highPerformance: 'High performance',
  growTitle: (name: string) => `Grow ${name}`,
  grow: 'Grow volume…',
  onlyGrows: (price: string) => `${price} It can’t be made smaller later.`,
  newSize: 'New size',
  renameTitle: (name: string) => `Rename ${name}`,
  rename: 'Rename',
  newName: 'New name',
  nothingChanged: 'Nothing was changed',
  working: 'Working…',
} as const
