import type { SeededRandom } from '../seeded-random'

/** How the API misdescribes a pod, throughout its life. Names say which field and what is wrong with it. */
export const malformations = [
  'gpu-count-missing',
  'gpu-count-text',
  'cores-missing',
  'cores-text',
  'mounts-empty',
  'mounts-size-zero',
  'mounts-text',
  'mounts-path-missing',
  'mounts-list',
  'network-id-missing',
  'lock-missing',
  'lock-text',
  'cost-missing',
  'cost-text',
  'actions-missing',
  'start-missing',
] as const
export type Malformation = (typeof malformations)[number]

/** What the API knows of a pod that runs or not; in these names no field is wrong. */
export interface WireFacts {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly actions: readonly string[]
  /** 0 for a CPU pod. */
  readonly gpus: number
  readonly cores: number
  readonly volume: 'own' | 'network' | 'none' | 'unreadable'
  readonly isLocked: boolean | null
  readonly clusterId: string | null
  readonly costPerHourUsd: number | null
  readonly startedAtMs: number
}

export const pickMalformation = (random: SeededRandom): Malformation => random.pick(malformations)

/** The pod as JSON of the API, without `runtime`, with at most one malformed field. */
export function toWirePod(facts: WireFacts, malformation: Malformation | null): Record<string, unknown> {
  const { id, name, status, actions, gpus, cores, isLocked, clusterId, costPerHourUsd, startedAtMs } = facts
  const is = (one: Malformation): boolean => malformation === one
  const vcpuCount = is('cores-text') ? String(cores) : cores
  const coreCount = is('cores-missing') ? {} : { vcpuCount }
  const gpuCount = is('gpu-count-missing') ? {} : { count: is('gpu-count-text') ? String(gpus) : gpus }
  return {
    id,
    name,
    status,
    ...(!is('actions-missing') && { actions }),
    ...(gpus === 0
      ? { cpu: { id: 'EPYC', ...coreCount } }
      : { gpu: { id: 'NVIDIA A100 SXM', ...gpuCount, ...coreCount } }),
    disk: 40,
    mounts: toWireMounts(facts, malformation),
    dataCenterId: 'EU-RO-1',
    cloud: 'SECURE',
    ...(!is('cost-missing') && { cost: is('cost-text') ? String(costPerHourUsd) : costPerHourUsd }),
    ...(!is('lock-missing') && { locked: is('lock-text') ? String(isLocked) : isLocked }),
    ...(clusterId !== null && { cluster: { id: clusterId } }),
    createdAt: new Date(startedAtMs - 60_000).toISOString(),
    ...(!is('start-missing') && { startedAt: new Date(startedAtMs).toISOString() }),
  }
}

function toWireMounts({ volume }: WireFacts, malformation: Malformation | null): unknown {
  const path = '/workspace'
  switch (malformation) {
    case 'mounts-empty':
      return { persistent: {} }
    case 'mounts-size-zero':
      return { persistent: { size: 0, path } }
    case 'mounts-text':
      return { persistent: { size: '20', path: 5 } }
    case 'mounts-path-missing':
      return { persistent: { size: 20 } }
    case 'mounts-list':
      return [{ size: 20, path }]
    case 'network-id-missing':
      return { network: [{ path }] }
    default:
      return {
        own: { persistent: { size: 100, path } },
        network: { network: [{ volumeId: 'volume-1', path }] },
        none: { persistent: null },
        unreadable: 'unreadable',
      }[volume]
  }
}

/** What a careful reader knows of a pod from its malformed description. Unknown is never the harmless value. */
export interface KnownFacts {
  /** A volume that a stop keeps is certain. */
  readonly hasVolume: boolean
  readonly isUnlocked: boolean
  readonly isActionOffered: (action: string) => boolean
  readonly hasStartTime: boolean
  readonly hasCost: boolean
  /** Its number of GPUs is known, by what it says or by the documented default of one. */
  readonly hasGpuCount: boolean
  readonly cores: number | null
}

export function knownFactsOf(facts: WireFacts, malformation: Malformation | null): KnownFacts {
  const has = (...fields: readonly Malformation[]): boolean =>
    malformation !== null && fields.includes(malformation)
  const areMountsMalformed = malformation !== null && /^(mounts|network)-/.test(malformation)
  return {
    hasVolume: !areMountsMalformed && (facts.volume === 'own' || facts.volume === 'network'),
    isUnlocked: facts.isLocked === false && !has('lock-missing', 'lock-text'),
    isActionOffered: (action) => !has('actions-missing') && facts.actions.includes(action),
    hasStartTime: !has('start-missing'),
    hasCost: facts.costPerHourUsd !== null && !has('cost-missing', 'cost-text'),
    hasGpuCount: facts.gpus === 0 || !has('gpu-count-text'),
    cores: has('cores-missing', 'cores-text') ? null : facts.cores,
  }
}
