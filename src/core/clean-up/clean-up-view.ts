import type { SecretTemplate } from '../pods/catalog'
import type { PodId } from '../pods/pod'
import type { NetworkVolume } from '../pods/provider'

/* What of an account may be left over. See docs/product-rules.md#510-clean-up. Amounts are USD a month, times Unix ms. */

/** Items of one kind, or why it can't be told which there are. */
export type CleanUpPart<T> =
  | {
      readonly kind: 'read'
      readonly items: readonly T[]
      /** What of it could not be read, as a sentence; null: nothing. */
      readonly gap: string | null
    }
  | {
      readonly kind: 'unknown'
      readonly why: string
      /** It is about to be read for the first time. */
      readonly isPending?: true
    }

/** A network volume that no pod of the account mounts. */
export interface UnmountedVolume extends Pick<NetworkVolume, 'id' | 'name' | 'sizeGb' | 'dataCenterId'> {
  /** Null: it has no public price, or its size is not known. */
  readonly perMonthUsd: number | null
  /** Since when it was seen unused; null: not known. */
  readonly unusedSinceMs: number | null
}

/** A stopped pod. */
export interface LeftoverPod {
  readonly id: PodId
  readonly name: string
  /** What its disks cost; null: not known. */
  readonly perMonthUsd: number | null
  /** Since when it was seen stopped; null: not known. */
  readonly stoppedSinceMs: number | null
}

/** A public key that the account accepts and this computer doesn't have. */
export interface ForeignKey {
  /** "SHA256:…"; null: it can't be read. */
  readonly fingerprint: string | null
  /** What follows the key, or what kind of line it is. */
  readonly name: string
}

export interface MonthlyTotal {
  readonly usd: number
  /** A price is not known, or it can't be told what there is. */
  readonly isAtLeast: boolean
}

/** What costs money. */
export interface LeftoverCosts {
  /** Absent: the account can't have network volumes. */
  readonly volumes?: CleanUpPart<UnmountedVolume>
  /** Stopped for `STOPPED_FOR_MS` at least, the longest first. */
  readonly pods: CleanUpPart<LeftoverPod>
  /** Stopped, and perhaps for that long. They are in no total. */
  readonly unclearPods: readonly LeftoverPod[]
  /** Of the volumes and pods. */
  readonly total: MonthlyTotal
}

/** What costs nothing and may give somebody access. What is absent, the service doesn't say. */
export interface AccessLeftovers {
  readonly templates?: CleanUpPart<SecretTemplate>
  readonly keys?: CleanUpPart<ForeignKey>
}

export interface CleanUpView extends LeftoverCosts, AccessLeftovers {
  readonly atMs: number
}
