import { type NetworkVolumeSpec, VOLUME_SIZE_GB } from '../pods/catalog'
import { podNameProblem } from '../pods/pod-name'
import type { NetworkVolume } from '../pods/provider'

/* What a person changes of network volumes. See docs/product-rules.md#115-volumes-and-edits. */

/** A volume as it was shown, so that nothing is done to one that changed since. */
export type ShownVolume = Pick<NetworkVolume, 'id' | 'name' | 'sizeGb' | 'dataCenterId'>

export type VolumeChange =
  | { readonly kind: 'create'; readonly spec: NetworkVolumeSpec }
  | { readonly kind: 'rename'; readonly volume: ShownVolume; readonly name: string }
  | { readonly kind: 'grow'; readonly volume: ShownVolume; readonly sizeGb: number }
  | { readonly kind: 'delete'; readonly volume: ShownVolume }

export type VolumeField = 'name' | 'sizeGb' | 'dataCenterId'

export interface VolumeProblem {
  readonly field: VolumeField
  /** A sentence. */
  readonly message: string
}

export const isSameVolume = (shown: ShownVolume, volume: ShownVolume): boolean =>
  shown.id === volume.id &&
  shown.name === volume.name &&
  shown.sizeGb === volume.sizeGb &&
  shown.dataCenterId === volume.dataCenterId

/** Why a volume can't be changed as it was shown, as a sentence; null: it still is as shown. */
export function shownVolumeProblem(shown: ShownVolume, volumes: readonly ShownVolume[]): string | null {
  const now = volumes.find(({ id }) => id === shown.id)
  if (now === undefined) return 'That network volume no longer exists. Nothing was done.'
  return isSameVolume(shown, now)
    ? null
    : 'The network volume has changed, so nothing was done. Check it and try again.'
}

/** Why a change can't be made; null: it can, as far as can be known before. */
export function volumeChangeProblem(change: VolumeChange): VolumeProblem | null {
  switch (change.kind) {
    case 'create': {
      const { name, sizeGb, dataCenterId } = change.spec
      return (
        nameProblem(name) ??
        sizeProblem(sizeGb, null) ??
        (dataCenterId === '' ? { field: 'dataCenterId', message: 'Choose a data center.' } : null)
      )
    }
    case 'rename':
      if (change.name === change.volume.name)
        return { field: 'name', message: 'The volume already has this name.' }
      return nameProblem(change.name)
    case 'grow':
      return sizeProblem(change.sizeGb, change.volume.sizeGb)
    case 'delete':
      return null
  }
}

function nameProblem(name: string): VolumeProblem | null {
  const message = podNameProblem(name)
  return message === null ? null : { field: 'name', message }
}

/** `currentGb`: null for a new volume, and one whose size is not known. */
function sizeProblem(sizeGb: number, currentGb: number | null): VolumeProblem | null {
  const { min, max } = VOLUME_SIZE_GB
  if (!Number.isInteger(sizeGb) || sizeGb < min || sizeGb > max)
    return { field: 'sizeGb', message: `Enter a whole number of GB from ${min} to ${max}.` }
  return currentGb !== null && sizeGb <= currentGb
    ? {
        field: 'sizeGb',
        message: `The volume has ${currentGb} GB. Enter a larger size, because volumes can’t shrink.`,
      }
    : null
}

/**
 * Whether `volumes`, read after the change was sent, show it. `earlierIds`: the volumes before it, so that a new one is
 * told apart from others of the same name.
 */
export function isVolumeChangeSeen(
  change: VolumeChange,
  volumes: readonly NetworkVolume[],
  earlierIds: ReadonlySet<string>,
): boolean {
  if (change.kind === 'create')
    return volumes.some((volume) => !earlierIds.has(volume.id) && isVolumeOf(change.spec, volume))
  const now = volumes.find(({ id }) => id === change.volume.id)
  switch (change.kind) {
    case 'rename':
      return now?.name === change.name
    case 'grow':
      return now?.sizeGb === change.sizeGb
    case 'delete':
      return now === undefined
  }
}

const isVolumeOf = ({ name, sizeGb, dataCenterId }: NetworkVolumeSpec, volume: NetworkVolume): boolean =>
  volume.name === name && volume.sizeGb === sizeGb && volume.dataCenterId === dataCenterId
