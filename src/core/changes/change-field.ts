import type { ProviderError } from '../pods/provider'
import type { EditField } from './edit-form'
import type { VolumeField } from './volume-change'

/** The fields of the forms of a volume and of an edit. */
export const changeFields = [
  'name',
  'image',
  'args',
  'registryId',
  'hasGlobalNetworking',
  'ports',
  'containerDiskGb',
  'persistentGb',
  'environment',
  'removedVariables',
  'sizeGb',
  'dataCenterId',
] as const satisfies readonly (EditField | VolumeField)[]
export type ChangeField = (typeof changeFields)[number]

const fieldsByName: Readonly<Record<string, ChangeField>> = {
  name: 'name',
  image: 'image',
  args: 'args',
  registry: 'registryId',
  globalNetworking: 'hasGlobalNetworking',
  ports: 'ports',
  env: 'environment',
  disk: 'containerDiskGb',
  mounts: 'persistentGb',
  size: 'sizeGb',
  dataCenter: 'dataCenterId',
}

/** The field that a refusal names, as in "$.ports[1]: does not match"; null: none. */
export function fieldOfError({ kind, message }: Pick<ProviderError, 'kind' | 'message'>): ChangeField | null {
  const name = kind === 'invalid' ? /\$\.([A-Za-z]+)/.exec(message)?.[1] : undefined
  return name !== undefined && Object.hasOwn(fieldsByName, name) ? (fieldsByName[name] ?? null) : null
}
