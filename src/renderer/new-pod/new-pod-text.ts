import {
  formatDuration,
  formatGb,
  formatMoment,
  formatUsd,
  formatUsdPerHour,
} from '../../core/base/text/format'
import { DAY_MS, HOUR_MS } from '../../core/base/time/time'
import type { FormField } from '../../core/creation/form/pod-form'
import type { PodTemplate } from '../../core/pods/catalog'
import type { NetworkVolume } from '../../core/pods/provider'
import { storagePerHourUsd } from '../../core/pods/storage-rates'
import type { GpuRow } from './gpu-rows'

/* What the page of a new pod says. */

/** "2 × $1.49", "community $1.20": what stands below a price; empty where there is nothing to add. */
export function priceNote({ prices }: GpuRow, count: number): string {
  const [first, ...others] = prices
  const sum = first?.usd == null || count === 1 ? [] : [`${formatUsd(first.usd * count)} for ${count}`]
  const rest = others.flatMap(({ usd }) => (usd === null ? [] : [`community ${formatUsd(usd)}`]))
  return [...sum, ...rest].join(' · ')
}

/** "US-KS-2", "5 data centers"; empty where none is named. */
export function placesText(places: readonly string[]): string {
  const [first] = places
  if (first === undefined) return ''
  return places.length === 1 ? first : `${places.length} data centers`
}

export const fieldLabels: Partial<Readonly<Record<FormField, string>>> = {
  name: 'Name',
  gpuTypeIds: 'GPU',
  gpuCount: 'GPUs',
  cpuFlavorId: 'CPU',
  vcpuCount: 'vCPUs',
  clouds: 'Cloud',
  dataCenterIds: 'Data centers',
  image: 'Image',
  templateId: 'Template',
  containerDiskGb: 'Container disk',
  storage: 'Storage',
  ports: 'Ports',
  environment: 'Environment',
  allowedCudaVersions: 'CUDA versions',
  minCudaVersion: 'Minimum CUDA version',
  hasGlobalNetworking: 'Global networking',
  maxHours: 'Maximum hours',
  monthlyBudgetUsd: 'Monthly budget',
  whenFree: 'Waiting',
  mayExceedBudget: 'Budget',
}

/** "ckpt-store, 500 GB, US-KS-2" */
export function volumeText({ name, sizeGb, dataCenterId }: NetworkVolume): string {
  return [
    name,
    ...(sizeGb === null ? [] : [formatGb(sizeGb)]),
    ...(dataCenterId === null ? [] : [dataCenterId]),
  ].join(', ')
}

/** "From the template: 100 GB at /workspace" */
export const templateStorageText = ({ persistent }: PodTemplate): string =>
  persistent === null
    ? 'From the template: none'
    : `From the template: ${formatGb(persistent.sizeGb)} at ${persistent.path}`

/** What a persistent disk costs while its pod is stopped. */
export const stoppedDiskText = (sizeGb: number): string =>
  `While the pod is stopped, the disk costs ${formatUsd((storagePerHourUsd(sizeGb, 'volumeStopped') * DAY_MS) / HOUR_MS)} a day.`

/** When money is used up: "Tue 5:00 PM"; null where it lasts beyond `untilMs`. Unix ms. */
export function spentAtText(lastsMs: number, nowMs: number, untilMs: number): string | null {
  return nowMs + lastsMs >= untilMs ? null : formatMoment(nowMs + lastsMs, { nowMs })
}

/** "Two idle pods cost …": idle pods that cost more than the new one would; null where they cost less. */
export function idleText(count: number, idlePerHourUsd: number, newPerHourUsd: number | null): string | null {
  if (count === 0 || newPerHourUsd === null || idlePerHourUsd <= newPerHourUsd) return null
  const pods = count === 1 ? 'One idle pod costs' : `${count} idle pods cost`
  return `${pods} ${formatUsdPerHour(idlePerHourUsd)}, more than this one.`
}

/** "$12.00/hr", "Unknown" */
export const priceText = (perHourUsd: number | null): string =>
  perHourUsd === null ? 'Price unknown' : formatUsdPerHour(perHourUsd)

/** The button: what it does and what that costs. */
export function createLabel(perHourUsd: number | null, isWaiting: boolean): string {
  const verb = isWaiting ? 'Create when free' : 'Create'
  return perHourUsd === null ? `${verb}…` : `${verb} for ${formatUsdPerHour(perHourUsd)}`
}

/** "12 h, $36.00 at most" */
export const upToText = (maxHours: number, usd: number): string =>
  `${formatDuration(maxHours * HOUR_MS)}, ${formatUsd(usd)}`

export const newPodText = {
  title: 'New pod',
  noAccount: 'No account can create pods here',
  noAccountHelp:
    'Pods are created here in Runpod accounts. Pods of a lab are created in its row of the settings.',
  manageAccounts: 'Manage accounts',
  couldNotCreate: 'Couldn’t create the pod',
  enterKey: 'Enter',
  hardware: 'Hardware',
  commandCopied: 'Command copied, without values of variables.',
  copyAsCli: 'Copy as CLI',
  pods: 'Pods',
  account: 'Account',
  cloud: 'Cloud',
  any: 'Any',
  dataCentersShown: (ids: readonly string[]) =>
    ids.length === 0 ? 'Any data center' : ids.length === 1 ? (ids[0] ?? '') : `${ids.length} data centers`,
  chooseDataCenters: (shown: string) => `${shown}: data centers`,
  dataCenters: 'Data centers',
  reading: 'Reading what is available…',
  readAgain: 'Read again',
} as const

export const gpuTableText = {
  type: 'Type',
  memory: 'VRAM',
  priceEach: '$/hr each',
  stock: 'Stock',
  filterGpus: 'Filter GPUs',
  filter: 'Filter',
  gpuTypes: 'GPU types',
  rank: 'Rank',
  favorite: 'Favorite',
  noneKnown: 'No GPU types are known.',
  noneNamed: 'No GPU type has that name.',
  atMost: (count: number) => `At most ${count} in one pod`,
  chosen: (gpu: string, rank: number) => `${gpu}, choice ${rank}`,
  try: (gpu: string) => `Try ${gpu}`,
  unknown: 'Unknown',
  favoriteOf: (gpu: string) => `Favorite: ${gpu}`,
} as const

/** The pod that a new one is like. */
export const sourceText = {
  rebuildOf: (pod: string) => `Rebuild of ${pod}`,
  like: (pod: string) => `Like ${pod}`,
  reading: 'Reading the other pod…',
  variablesCopied: (names: readonly string[]) => `Its variables are copied: ${names.join(', ')}.`,
  canTerminate: 'Once the new pod runs, you can terminate the old one.',
  readAgain: 'Read again',
  chooseOthers: 'Choose other GPUs',
  takeOver: 'Take over rules and terminals',
  takenOver: (pod: string) =>
    `Its terminal tabs move to the new pod once it can be reached. Shells that are open on ${pod} stay open.`,
  notTakenOver: (pod: string) => `Rules, budget and terminal tabs stay with ${pod} only.`,
  correctThis: 'Correct this first',
  correctThese: 'Correct these first',
  form: 'Form',
} as const

/** The title of the page. `pod`: the name of the one that is rebuilt; null: none is. */
export const pageTitle = (pod: string | null): string =>
  pod === null ? newPodText.title : sourceText.rebuildOf(pod)

export const orderListText = {
  choose: 'Choose GPU types above, the one you want most first.',
  title: 'Try in this order',
  remove: (gpu: string) => `Remove ${gpu}`,
  thenWait: 'If none is available, wait for one',
  upTo: 'Up to',
  forAtMost: 'For at most',
  needsMaxHours: 'It needs maximum hours, since the pod may be created while you’re away.',
} as const
