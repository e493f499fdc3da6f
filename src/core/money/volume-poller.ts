import { formatGb } from '../base/text/format'
import type { Pod } from '../pods/pod'
import type { Result } from '../base/result'
import type { NetworkVolume, Provider, ProviderError } from '../pods/provider'
import type { BurnRate } from './burn-rate'
import type { TrustedClock } from './trusted-clock'
import type { Ledger } from './ledger/ledger'
import { volumesPerHourUsd } from './money-view'
import { volumeBillingState, volumeSubjectId } from './ledger/billing-state'

/** The network volumes of an account, attached or not, as last listed. */
export interface VolumeList {
  readonly volumes: readonly NetworkVolume[]
  /** When the last list was read, Unix ms; null: none was. */
  readonly readAtMs: number | null
  /** Why the last read failed, as a sentence; null: it succeeded. */
  readonly problem: string | null
}

/** The volumes as they were listed, or why they could not be. */
export type VolumesReply = Result<readonly NetworkVolume[], ProviderError>

/** Keeps the list of the network volumes, and books their cost. */
export interface VolumePoller {
  /** Lists the volumes and books their cost. `pods` are used to find out which are mounted. */
  read(pods: readonly Pod[], isWanted: () => boolean): Promise<void>
  /** Called before the volumes are requested besides; its result takes the reply, and books the cost of the volumes. */
  expect(): (pods: readonly Pod[], listed: VolumesReply) => void
  readonly list: () => VolumeList
  /** Adds the volumes to the current rate of the pods. */
  readonly withVolumes: (burn: BurnRate) => BurnRate
}

export function createVolumePoller(
  provider: Provider,
  clock: Pick<TrustedClock, 'nowMs'>,
  ledger: Pick<Ledger, 'observe'>,
): VolumePoller {
  let list: VolumeList = { volumes: [], readAtMs: null, problem: null }
  let requestCount = 0
  /** The latest request whose list was taken. */
  let takenRequest = 0

  /** A late reply to an earlier request doesn't replace what a later one showed. */
  function expect(): (pods: readonly Pod[], listed: VolumesReply) => void {
    const request = (requestCount += 1)
    return (pods, listed) => {
      if (request < takenRequest) return
      if (listed.ok) takenRequest = request
      record(pods, listed)
    }
  }

  function record(pods: readonly Pod[], listed: VolumesReply): void {
    const atMs = clock.nowMs()
    if (!listed.ok) {
      list = { ...list, problem: listed.error.message }
      return
    }
    const volumes = listed.value
    list = { volumes, readAtMs: atMs, problem: null }
    const mounted = new Set(
      pods.flatMap(({ networkMounts }) => networkMounts.map(({ volumeId }) => volumeId)),
    )
    ledger.observe({
      what: 'volumes',
      atMs,
      isComplete: true,
      possiblyPresent: new Set(),
      subjects: volumes.map((volume) => ({
        key: volumeSubjectId(volume.id),
        name: volume.name,
        hardware: volume.sizeGb === null ? null : formatGb(volume.sizeGb),
        billingState: volumeBillingState(volume),
        isIdle: false,
        isUsed: mounted.has(volume.id),
      })),
    })
  }

  return {
    async read(pods, isWanted) {
      const take = expect()
      const listed = await provider.listNetworkVolumes?.()
      if (listed !== undefined && isWanted()) take(pods, listed)
    },
    expect,
    list: () => list,
    withVolumes: ({ perHourUsd, isAtLeast, ...burn }) => ({
      ...burn,
      perHourUsd: perHourUsd + volumesPerHourUsd(list.volumes),
      isAtLeast: isAtLeast || list.volumes.some((volume) => volumeBillingState(volume).offRate === null),
    }),
  }
}
