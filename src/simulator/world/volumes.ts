import type { BillingLedger } from '../ledger/ledger'
import { monthlyRate, networkStorageRate } from '../ledger/rates'

/** A network volume of the account. */
export interface VolumeSpec {
  readonly id: string
  readonly name?: string
  readonly sizeGb: number
  readonly dataCenterId?: string
  readonly type?: 'STANDARD' | 'HIGH_PERFORMANCE'
  /** Default: 30 days. */
  readonly createdAgoMin?: number
}

/** REST v2's `NetworkVolume`. */
export interface ApiVolume {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly dataCenter: string
  readonly type: 'STANDARD' | 'HIGH_PERFORMANCE'
}

const MONTH_MIN = 30 * 24 * 60

/** The account's network volumes. They cost money even if no pod uses them. */
export class Volumes {
  readonly #ledger: BillingLedger
  #volumes: readonly ApiVolume[] = []

  constructor(ledger: BillingLedger) {
    this.#ledger = ledger
  }

  list(): readonly ApiVolume[] {
    return this.#volumes
  }

  find(id: string): ApiVolume | null {
    return this.#volumes.find((volume) => volume.id === id) ?? null
  }

  add(spec: VolumeSpec, nowMs: number): void {
    if (this.find(spec.id) !== null) throw new Error(`there is a network volume ${spec.id} already`)
    const { id, name = id, sizeGb: size, type = 'STANDARD', createdAgoMin = MONTH_MIN } = spec
    const volume = { id, name, size, dataCenter: spec.dataCenterId ?? 'US-KS-2', type }
    this.#volumes = [...this.#volumes, volume]
    this.#book(volume, nowMs - createdAgoMin * 60_000)
  }

  /** Returns the new volume. */
  create(spec: Omit<VolumeSpec, 'createdAgoMin'>, nowMs: number): ApiVolume {
    this.add({ ...spec, createdAgoMin: 0 }, nowMs)
    const volume = this.find(spec.id)
    if (volume === null) throw new Error(`there is no network volume ${spec.id}`)
    return volume
  }

  change(id: string, changes: Partial<Pick<ApiVolume, 'name' | 'size'>>, nowMs: number): void {
    this.#volumes = this.#volumes.map((volume) => {
      if (volume.id !== id) return volume
      const changed = { ...volume, ...changes }
      this.#book(changed, nowMs)
      return changed
    })
  }

  remove(id: string, nowMs: number): void {
    this.#volumes = this.#volumes.filter((volume) => volume.id !== id)
    this.#ledger.setRates({ kind: 'volume', id, clusterId: null }, nowMs, [])
  }

  #book({ id, size, type }: ApiVolume, fromMs: number): void {
    const line =
      type === 'STANDARD'
        ? ({ kind: 'storage-standard', rate: networkStorageRate(size) } as const)
        : ({ kind: 'storage-high-performance', rate: monthlyRate('highPerformance', size) } as const)
    this.#ledger.setRates({ kind: 'volume', id, clusterId: null }, fromMs, [line])
  }
}
