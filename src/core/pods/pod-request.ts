import * as v from 'valibot'
import type { ReadonlyOutput } from '../base/readonly-output'

/* What a provider is asked to create or to change. See docs/product-rules.md#11-creating-and-rebuilding-pods. */

export const cloudTiers = ['SECURE', 'COMMUNITY'] as const
export type CloudTier = (typeof cloudTiers)[number]

/** Longer arguments are kept nowhere. Those that are too long for a request are kept, so that a person can shorten them. */
export const MAX_ARGUMENTS_CHARS = 1_000_000

export const shortTextSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(300))
const shortTexts = v.pipe(v.array(shortTextSchema), v.maxLength(200))
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))

const computeSchema = v.variant('kind', [
  v.object({
    kind: v.literal('gpu'),
    typeId: shortTextSchema,
    count: wholeNumber,
    /** Versions such as "12.8". The two exclude each other; empty and null: any. */
    allowedCudaVersions: v.array(shortTextSchema),
    minCudaVersion: v.nullable(shortTextSchema),
  }),
  v.object({ kind: v.literal('cpu'), flavorId: shortTextSchema, vcpuCount: wholeNumber }),
])

/** The hardware of a new pod: GPUs of one type, or CPUs of one flavor. */
export type PodCompute = ReadonlyOutput<typeof computeSchema>

const storageSchema = v.variant('kind', [
  v.object({ kind: v.picklist(['none', 'template']) }),
  v.object({ kind: v.literal('persistent'), sizeGb: wholeNumber, path: shortTextSchema }),
  v.object({ kind: v.literal('network'), volumeId: shortTextSchema, path: shortTextSchema }),
])

/** Where a pod keeps what survives a stop. `template`: as its template says. */
export type PodStorage = ReadonlyOutput<typeof storageSchema>

export const cloudPodSchema = v.object({
  kind: v.literal('cloud'),
  name: shortTextSchema,
  compute: computeSchema,
  cloud: v.picklist(cloudTiers),
  /** Where it may be. Empty: anywhere. */
  dataCenterIds: shortTexts,
  /** Null only with a template. */
  image: v.nullable(v.pipe(v.string(), v.maxLength(4_000))),
  templateId: v.nullable(shortTextSchema),
  args: v.nullable(v.pipe(v.string(), v.maxLength(MAX_ARGUMENTS_CHARS))),
  containerDiskGb: wholeNumber,
  storage: storageSchema,
  /** Such as "8888/http" and "22/tcp". */
  ports: v.nullable(shortTexts),
  /** The id of the credentials for a private image. */
  registryId: v.nullable(shortTextSchema),
  startSsh: v.nullable(v.boolean()),
  startJupyter: v.nullable(v.boolean()),
  hasGlobalNetworking: v.boolean(),
})

/** A pod to create in a cloud. Null: as the template says, or as the cloud does without one. */
export type CloudPodSpec = Omit<ReadonlyOutput<typeof cloudPodSchema>, 'kind'>

/** Its environment may hold secrets: never in logs, the journal, presets or the activity log. */
export interface CloudPodRequest extends CloudPodSpec {
  readonly environment: Environment
}

/** What the name of a variable can be. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/
export const environmentNameSchema = v.pipe(v.string(), v.regex(VARIABLE_NAME))

/** Values of variables on their way to the program that sends them. */
export const environmentSchema = v.record(environmentNameSchema, v.pipe(v.string(), v.maxLength(32_000)))
export type Environment = ReadonlyOutput<typeof environmentSchema>

/** The parts of a line "NAME=value", which may have spaces before it; null when it is none. */
export function parseVariable(line: string): { readonly name: string; readonly value: string } | null {
  const index = line.indexOf('=')
  const name = line.slice(0, Math.max(0, index)).trimStart()
  return VARIABLE_NAME.test(name) ? { name, value: line.slice(index + 1) } : null
}

export const labGpuTypes = ['H200', 'H100', 'A100'] as const
export const MAX_LAB_GPUS = 8

export const labPodChoiceSchema = v.strictObject({
  gpuType: v.picklist(labGpuTypes),
  gpuCount: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LAB_GPUS)),
  /** Null: no limit. The pod is terminated after it. */
  maxHours: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0.25), v.maxValue(8_760))),
  image: v.pipe(v.string(), v.trim(), v.regex(/^[\w.:/@-]{1,300}$/)),
  volumeGb: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
})

/** The pod without its environment, which may hold secrets. */
export type LabPodChoice = ReadonlyOutput<typeof labPodChoiceSchema>

/** A pod to create in a lab. */
export interface LabPodSpec extends LabPodChoice {
  readonly environment: Environment
}

/**
 * Changes of a pod's configuration; absent fields stay. `environment` and `ports` are replaced whole. All but the name,
 * the lock, global networking and the path of a mount recreate the container of a running pod, which wipes everything
 * outside its volume. See docs/product-rules.md#115-volumes-and-edits.
 */
export interface PodChanges {
  readonly name?: string
  readonly isLocked?: boolean
  readonly image?: string
  /** Empty: those of the image. */
  readonly args?: string
  readonly containerDiskGb?: number
  /** All of them. */
  readonly ports?: readonly string[]
  readonly environment?: Environment
  /** Null: none. */
  readonly registryId?: string | null
  /** Takes effect when the pod starts or restarts next. */
  readonly hasGlobalNetworking?: boolean
  /** The same kind of mount that the pod has. A persistent disk only grows. */
  readonly storage?: Extract<PodStorage, { kind: 'persistent' | 'network' }>
}

/** How a pod is set up, as far as reported: what another one like it is made from. Null: not reported. */
export interface PodConfiguration {
  readonly name: string
  readonly gpu: { readonly typeId: string; readonly count: number } | null
  readonly cpu: { readonly flavorId: string; readonly vcpuCount: number } | null
  readonly cloud: CloudTier | null
  readonly dataCenterId: string | null
  readonly image: string
  readonly args: string | null
  readonly containerDiskGb: number | null
  /** Null: its mounts could not be read. */
  readonly storage: PodStorage | null
  readonly ports: readonly string[]
  /** Null: none, if that is known. */
  readonly registryId: string | null
  readonly isRegistryKnown: boolean
  readonly hasGlobalNetworking: boolean | null
  /** Values may be secrets. Null: not reported, so that it cannot be copied. */
  readonly environment: Environment | null
}

/** The variable that names the request that a pod was created by. Its value is no secret. */
export const RUN_ID_VARIABLE = 'PODKEEPER_RUN_ID'

/** The variable that has the labels of a pod, with commas between them. They are no secret. */
export const LABELS_VARIABLE = 'PODKEEPER_LABELS'
const MAX_LABELS = 20
const MAX_LABEL_CHARS = 100

/** "team=vision, scratch" as labels. What is too long is none. */
export const parseLabels = (text: unknown): readonly string[] =>
  typeof text !== 'string'
    ? []
    : text
        .split(',')
        .map((label) => label.trim())
        .filter((label) => label !== '' && label.length <= MAX_LABEL_CHARS)
        .slice(0, MAX_LABELS)

/** Whether a text can be the id of a request. */
export const isRunId = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Za-z0-9-]{8,64}$/.test(text)

/** Whether a text can be the name of a container image. */
export const isImageName = (text: string): boolean => /^[\w.:/@-]{1,300}$/.test(text)

/** What arguments may be that were typed: one line, as for a shell or the JSON `{"entrypoint":[…],"cmd":[…]}`. */
export const isArguments = (text: string): boolean =>
  text.length <= MAX_ARGUMENTS_CHARS && !/\p{Cc}/u.test(text)

/** What the name of a secret of the account can be. */
export const SECRET_NAME = /^[a-zA-Z_][a-zA-Z0-9_.\-/]{0,190}$/

/** Whether a text can be the id of credentials of a registry. */
export const isRegistryId = (text: string): boolean => /^[\w.-]{1,200}$/.test(text)
