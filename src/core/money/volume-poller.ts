import { formatGb } from '../base/format'
import type { Pod } from '../pods/pod'
import type { NetworkVolume, Provider } from '../pods/provider'
import type { BurnRate } from './burn-rate'
import type { TrustedClock } from './trusted-clock'
import type { Ledger } from './ledger/ledger'
import { volumesPerHourUsd } from './money-view'
import { volumeBillingState, volumeSubjectId } from './ledger/billing-state'

/** The network volumes of an account, attached or not, as last listed. */
export interface VolumePoller {
  /** Lists the volumes and books their cost. `pods` are used to find out which are mounted. */
  read(pods: readonly Pod[], isWanted: () => boolean): Promise<void>
  volumes(): readonly NetworkVolume[]
  /** Adds the volumes to the current rate of the pods. */
  readonly withVolumes: (burn: BurnRate) => BurnRate
}

export function createVolumePoller(
  provider: Provider,
  clock: Pick<TrustedClock, 'nowMs'>,
  ledger: Pick<Ledger, 'observe'>,
): VolumePoller {
  let volumes: readonly NetworkVolume[] = []
  return {
    async read(pods, isWanted) {
      const atMs = clock.nowMs()
      const listed = await provider.listNetworkVolumes?.()
      if (!listed?.ok || !isWanted()) return
      volumes = listed.value
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
    },
    volumes: () => volumes,
    withVolumes: ({ perHourUsd, isAtLeast, ...burn }) => ({
      ...burn,
      perHourUsd: perHourUsd + volumesPerHourUsd(volumes),
      isAtLeast: isAtLeast || volumes.some((volume) => volumeBillingState(volume).offRate === null),
    }),
  }
}
