import type { ProviderError } from '../pods/provider'
import type { EditField } from './edit-form'
import type { VolumeField } from './volume-change'

/** A field of the form of a volume or of an edit. */
export type ChangeField = EditField | VolumeField

const fieldsByName: Readonly<Record<string, ChangeField>> = {
  name: 'name',
  image: 'image',
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
