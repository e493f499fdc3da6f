import type { ShownVolume } from '../../../core/changes/volume-change'
import type { NetworkVolume } from '../../../core/pods/provider'
import { plainText } from '../../../core/base/text/plain-text'
import { namesText } from '../../../core/pods/pod-name'

export const gpusText = {
  none: 'No GPU type is available right now. Try another --cloud or a smaller --count.',
  dataCenters: 'DATA CENTERS',
} as const

export const templatesText = { none: 'There are no pod templates. To see others, use --source.' } as const

/** A size; null: not known. */
export const sizeText = (gb: number | null): string => (gb === null ? '?' : `${gb} GB`)

export const volumesText = {
  noVolume: (verb: string) => `Specify the volume to ${verb}. Nothing was changed.`,
  notFound: (name: string) => `There is no network volume ${name}. Nothing was changed.`,
  none: 'There are no network volumes.',
  dataCenter: 'DATA CENTER',
  noDataCenter: 'Choose a data center with --data-center. Nothing was created.',
  askCreate: 'Type yes to create it: ',
  askGrow: 'Type yes to grow it: ',
  onlyGrows: (price: string) => `${price} It can’t be made smaller later.`,
  noName: 'Add a new name. Nothing was changed.',
  inUse: (name: string, pods: readonly string[]) =>
    `${name} is attached to ${namesText(pods.map((pod) => ({ name: pod })))}. Terminate ${pods.length === 1 ? 'that pod' : 'those pods'} first. Nothing was deleted.`,
  deletes: (name: string, { sizeGb, dataCenterId }: Pick<NetworkVolume, 'sizeGb' | 'dataCenterId'>) =>
    `Everything on ${name} (${sizeText(sizeGb)}, ${dataCenterId ?? 'unknown location'}) will be deleted and can’t be recovered.`,
  askDelete: (accepted: readonly string[]) => `Type ${plainText(accepted.join(' or '))} to delete it: `,
  needsName: 'Without a terminal, use --confirm-name. Nothing was deleted.',
  otherName: 'The name does not match. Nothing was deleted.',
  needsId: (id: string) =>
    `Another volume has the same name. Confirm with the id instead: ${id}. Nothing was deleted.`,
  size: (min: number, max: number) =>
    `The size must be a whole number of GB, from ${min} to ${max}. Nothing was changed.`,
  unclear: (what: string) => `${what} Before you try again, run podkeeper volumes.`,
  done: ({ name, id, sizeGb, dataCenterId }: ShownVolume, done: string) =>
    `${name} (${id}) was ${done}${sizeGb === null || done === 'deleted' ? '' : `: ${sizeGb} GB in ${dataCenterId ?? '?'}`}.`,
} as const

export const endpointsText = {
  noneHere: 'This account has no serverless endpoints.',
  none: 'There are no serverless endpoints.',
  incomplete: 'Some endpoints could not be read and are missing.',
  price: 'UP TO $/HR',
  noEndpoint: 'Specify the endpoint. Nothing was changed.',
  notFound: (name: string) => `There is no endpoint ${name}. Nothing was changed.`,
  several: (ids: readonly string[]) =>
    `Several endpoints have that name. Use an id: ${ids.join(', ')}. Nothing was changed.`,
  isZero: (name: string) => `The minimum of ${name} is 0 already. Nothing was changed.`,
  unknownMinimum: (name: string) => `The minimum of ${name} could not be read. Nothing was changed.`,
  sets: (name: string, workers: string, price: string) =>
    `${name} always keeps ${workers} (${price}). With a minimum of 0 it keeps none: requests still work, and the first one after a pause waits until a worker has started. The maximum stays as it is.`,
  ask: 'Type yes to set its minimum to 0: ',
  unclear: (what: string) => `${what} Before you try again, run podkeeper endpoints.`,
} as const
