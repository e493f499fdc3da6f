import type { Pod } from '../pods/pod'
import type { Clock } from '../base/clock'
import type { NetworkVolume, Provider } from '../pods/provider'
import type { BurnRate } from './burn-rate'
import type { Ledger } from './ledger/ledger'
import { volumesPerHourUsd } from './money-view'
import { standingOfVolume, subjectOfVolume } from './ledger/billing-state'

/** The network volumes of an account, attached or not, as they were listed last. */
export interface VolumeWatch {
  /** Lists them and books what they cost; `pods`: those that may mount some. */
  read(pods: readonly Pod[], isWanted: () => boolean): Promise<void>
  volumes(): readonly NetworkVolume[]
  /** What the pods burn, with them. */
  readonly addTo: (burn: BurnRate) => BurnRate
}

export function createVolumeWatch(
  provider: Provider,
  clock: Clock,
  ledger: Pick<Ledger, 'observe'>,
): VolumeWatch {
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
        perhapsThere: new Set(),
        seen: volumes.map((volume) => ({
          key: subjectOfVolume(volume.id),
          name: volume.name,
          hardware: null,
          standing: standingOfVolume(volume),
          isIdle: false,
          isUsed: mounted.has(volume.id),
        })),
      })
    },
    volumes: () => volumes,
    addTo: ({ perHourUsd, isAtLeast }) => ({
      perHourUsd: perHourUsd + volumesPerHourUsd(volumes),
      isAtLeast: isAtLeast || volumes.some((volume) => standingOfVolume(volume).offRate === null),
    }),
  }
}
