import * as v from 'valibot'
import { keepOnChoices } from '../../pod-rules/pod-rules'
import { cloudTiers, MAX_ARGUMENTS_CHARS } from '../../pods/pod-request'
import type { PodForm } from './pod-form'

/* Parses forms that windows and files send. What can be typed is accepted as it is: `evaluateForm` says what is wrong. */

const text = v.pipe(v.string(), v.maxLength(4_000))
const ids = v.pipe(v.array(text), v.maxLength(200))
const count = v.pipe(v.number(), v.finite())

/** What a preset has, too. */
export const presetFormEntries = {
  hardware: v.picklist(['gpu', 'cpu']),
  gpuTypeIds: ids,
  gpuCount: count,
  cpuFlavorId: v.nullable(text),
  vcpuCount: count,
  clouds: v.pipe(v.array(v.picklist(cloudTiers)), v.maxLength(cloudTiers.length)),
  dataCenterIds: ids,
  image: text,
  templateId: v.nullable(text),
  args: v.nullable(v.pipe(v.string(), v.maxLength(MAX_ARGUMENTS_CHARS))),
  containerDiskGb: text,
  storage: v.variant('kind', [
    v.object({ kind: v.picklist(['none', 'template']) }),
    v.object({ kind: v.literal('persistent'), sizeGb: text, path: text }),
    v.object({ kind: v.literal('network'), volumeId: text, path: text }),
  ]),
  ports: v.nullable(text),
  allowedCudaVersions: ids,
  minCudaVersion: text,
  registryId: v.nullable(text),
  hasSsh: v.boolean(),
  hasOwnKey: v.boolean(),
  hasJupyter: v.boolean(),
  hasGlobalNetworking: v.boolean(),
  isAutoStopped: v.boolean(),
  maxHours: text,
  monthlyBudgetUsd: text,
  isStoppedAtBudget: v.boolean(),
  keepOn: v.nullable(v.picklist(keepOnChoices)),
} satisfies Partial<Record<keyof PodForm, v.GenericSchema>>

const whenFree = v.nullable(v.object({ maxPerHourUsd: text, waitHours: text }))

/** What a draft has beside a preset. */
export const draftEntries = { name: text, whenFree }

/** Enough for one value of the greatest length beside many usual ones. */
const MAX_ENVIRONMENT_CHARS = 48_000

export const podFormSchema: v.GenericSchema<unknown, PodForm> = v.object({
  ...presetFormEntries,
  ...draftEntries,
  environment: v.pipe(v.string(), v.maxLength(MAX_ENVIRONMENT_CHARS)),
  mayLoseData: v.boolean(),
  mayExceedBudget: v.boolean(),
})
