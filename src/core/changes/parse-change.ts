import * as v from 'valibot'
import {
  isArguments,
  isImageName,
  isRegistryId,
  MAX_ARGUMENTS_CHARS,
  VARIABLE_NAME,
} from '../pods/pod-request'
import type { ShownEndpoint } from '../endpoints/endpoint-view'
import type { PodEdit, ShownConfiguration } from './pod-edit'
import type { VolumeChange } from './volume-change'

/* Parses changes that windows and other programs send. What they ask for is checked again before it is sent. */

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const text = v.pipe(v.string(), v.maxLength(4_000))
const sizeGb = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))

const volume = v.strictObject({
  id,
  name: v.pipe(v.string(), v.maxLength(4_000)),
  sizeGb: v.nullable(v.pipe(v.number(), v.finite())),
  dataCenterId: v.nullable(text),
})

export const volumeChangeSchema: v.GenericSchema<unknown, VolumeChange> = v.variant('kind', [
  v.strictObject({
    kind: v.literal('create'),
    spec: v.strictObject({
      name: id,
      sizeGb,
      dataCenterId: id,
      kind: v.picklist(['standard', 'high-performance']),
    }),
  }),
  v.strictObject({ kind: v.literal('rename'), volume, name: id }),
  v.strictObject({ kind: v.literal('grow'), volume, sizeGb }),
  v.strictObject({ kind: v.literal('delete'), volume }),
])

export const shownEndpointSchema: v.GenericSchema<unknown, ShownEndpoint> = v.strictObject({
  id,
  name: v.pipe(v.string(), v.maxLength(4_000)),
  minWorkers: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
})

const variableName = v.pipe(v.string(), v.regex(VARIABLE_NAME))
/** A pod may have variables that can't be set here. */
const anyVariableName = v.pipe(v.string(), v.maxLength(1_000), v.regex(/^[^=\0]+$/))
const port = v.pipe(v.string(), v.regex(/^[1-9]\d{0,4}\/(tcp|http|udp)$/))

export const podEditSchema: v.GenericSchema<unknown, PodEdit> = v.strictObject({
  name: v.exactOptional(id),
  isLocked: v.exactOptional(v.boolean()),
  image: v.exactOptional(v.pipe(v.string(), v.check(isImageName))),
  args: v.exactOptional(v.pipe(v.string(), v.check(isArguments))),
  registryId: v.exactOptional(v.nullable(v.pipe(v.string(), v.check(isRegistryId)))),
  hasGlobalNetworking: v.exactOptional(v.boolean()),
  ports: v.exactOptional(v.pipe(v.array(port), v.maxLength(50))),
  containerDiskGb: v.exactOptional(sizeGb),
  persistentGb: v.exactOptional(sizeGb),
  setVariables: v.exactOptional(
    v.pipe(
      v.record(variableName, v.pipe(v.string(), v.maxLength(32_000))),
      v.check((variables) => Object.keys(variables).length <= 100),
    ),
  ),
  removedVariables: v.exactOptional(v.pipe(v.array(anyVariableName), v.maxLength(1_000))),
})

const storage = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['none', 'template']) }),
  v.strictObject({ kind: v.literal('persistent'), sizeGb: v.pipe(v.number(), v.finite()), path: text }),
  v.strictObject({ kind: v.literal('network'), volumeId: id, path: text }),
])

export const shownConfigurationSchema: v.GenericSchema<unknown, ShownConfiguration> = v.strictObject({
  name: text,
  image: text,
  args: v.nullable(v.pipe(v.string(), v.maxLength(MAX_ARGUMENTS_CHARS))),
  registryId: v.nullable(text),
  isRegistryKnown: v.boolean(),
  hasGlobalNetworking: v.nullable(v.boolean()),
  containerDiskGb: v.nullable(v.pipe(v.number(), v.finite())),
  storage: v.nullable(storage),
  ports: v.pipe(v.array(text), v.maxLength(1_000)),
  variables: v.nullable(
    v.pipe(
      v.array(v.strictObject({ name: v.pipe(v.string(), v.maxLength(1_000)), secretName: v.nullable(text) })),
      v.maxLength(1_000),
    ),
  ),
})
