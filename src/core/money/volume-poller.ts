import type { Pod } from '../pods/pod'
import type { Clock } from '../base/clock'
import type { NetworkVolume, Provider } from '../pods/provider'
import type { BurnRate } from './burn-rate'
import type { Ledger } from './ledger/ledger'
import { volumesPerHourUsd } from './money-view'
import { volumeBillingState, volumeSubjectId } from './ledger/billing-state'

/** The network volumes of an account, attached or not, as they were listed last. */
export interface VolumePoller {
  /** Lists them and books what they cost; `pods`: those that may mount some. */
  read(pods: readonly Pod[], isWanted: () => boolean): Promise<void>
  volumes(): readonly NetworkVolume[]
  /** What the pods burn, with them. */
  readonly withVolumes: (burn: BurnRate) => BurnRate
}

export function createVolumePoller(
  provider: Provider,
  clock: Clock,
  ledger: Pick<Ledger, 'observe'>,
): VolumePoller {
  let volumes: readonly NetworkVolume[] = []
  return {
    async read(pods, isWanted) {
      const at = clock.now()
      const listed = await provider.listNetworkVolumes?.()
      if (!listed?.ok || !isWanted()) return
      volumes = listed.value
      const mounted = new Set(
        pods.flatMap(({ networkMounts }) => networkMounts.map(({ volumeId }) => volumeId)),
      )
      ledger.observe({
        what: 'volumes',
        atMs: at.wallMs,
        isComplete: true,
        possiblyPresent: new Set(),
        subjects: volumes.map((volume) => ({
          key: volumeSubjectId(volume.id),
          name: volume.name,
          hardware: null,
          billingState: volumeBillingState(volume),
          isIdle: false,
          isUsed: mounted.has(volume.id),
        })),
      })
    },
    volumes: () => volumes,
    withVolumes: ({ perHourUsd, isAtLeast }) => ({
      perHourUsd: perHourUsd + volumesPerHourUsd(volumes),
      isAtLeast: isAtLeast || volumes.some((volume) => volumeBillingState(volume).offRate === null),
    }),
  }
}
