/* What a provider is asked to create or to change. See docs/product-rules.md#11-creating-and-rebuilding-pods. */

export const cloudTiers = ['SECURE', 'COMMUNITY'] as const
export type CloudTier = (typeof cloudTiers)[number]

/** The hardware of a new pod: GPUs of one type, or CPUs of one flavor. */
export type PodCompute =
  | {
      readonly kind: 'gpu'
      readonly typeId: string
      readonly count: number
      /** Versions such as "12.8". The two exclude each other; empty and null: any. */
      readonly allowedCudaVersions: readonly string[]
      readonly minCudaVersion: string | null
    }
  | { readonly kind: 'cpu'; readonly flavorId: string; readonly vcpuCount: number }

/** Where a pod keeps what survives a stop. `template`: as its template says. */
export type PodStorage =
  | { readonly kind: 'none' }
  | { readonly kind: 'template' }
  | { readonly kind: 'persistent'; readonly sizeGb: number; readonly path: string }
  | { readonly kind: 'network'; readonly volumeId: string; readonly path: string }

/** A pod to create in a cloud. Null: as the template says, or as the cloud does without one. */
export interface CloudPodSpec {
  readonly name: string
  readonly compute: PodCompute
  readonly cloud: CloudTier
  /** Where it may be. Empty: anywhere. */
  readonly dataCenterIds: readonly string[]
  /** Null only with a template. */
  readonly image: string | null
  readonly templateId: string | null
  readonly args: string | null
  readonly containerDiskGb: number
  readonly storage: PodStorage
  /** Such as "8888/http" and "22/tcp". */
  readonly ports: readonly string[] | null
  /** The id of the credentials for a private image. */
  readonly registryId: string | null
  readonly startSsh: boolean | null
  readonly startJupyter: boolean | null
  readonly hasGlobalNetworking: boolean
}

/** Its environment may hold secrets: never in logs, the journal, presets or the activity log. */
export interface CloudPodRequest extends CloudPodSpec {
  readonly environment: Environment
}

export type Environment = Readonly<Record<string, string>>

/** What the name of a variable can be. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/

/** The parts of a line "NAME=value", which may have spaces before it; null when it is none. */
export function parseVariable(line: string): { readonly name: string; readonly value: string } | null {
  const index = line.indexOf('=')
  const name = line.slice(0, Math.max(0, index)).trimStart()
  return VARIABLE_NAME.test(name) ? { name, value: line.slice(index + 1) } : null
}

/** A pod to create in a lab. */
export interface LabPodSpec {
  readonly gpuType: string
  readonly gpuCount: number
  /** Null: no limit. The pod is terminated after it. */
  readonly maxHours: number | null
  readonly image: string
  readonly environment: Readonly<Record<string, string>>
  readonly volumeGb: number
}

/** A pod to create, without its environment. */
export type PodSpec =
  | ({ readonly kind: 'cloud' } & CloudPodSpec)
  | ({ readonly kind: 'lab' } & Omit<LabPodSpec, 'environment'>)

/**
 * Changes of a pod's configuration; absent fields stay. `environment` and `ports` are replaced whole. All but the name,
 * the lock, global networking and the path of a mount recreate the container of a running pod, which wipes everything
 * outside its volume. See docs/product-rules.md#115-volumes-and-edits.
 */
export interface PodChanges {
  readonly name?: string
  readonly isLocked?: boolean
  readonly image?: string
  readonly args?: string
  readonly containerDiskGb?: number
  readonly ports?: readonly string[]
  readonly environment?: Environment
  readonly registryId?: string | null
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

/** Whether a text can be the id of a request. */
export const isRunId = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Za-z0-9-]{8,64}$/.test(text)

/** Whether a text can be the name of a container image. */
export const isImageName = (text: string): boolean => /^[\w.:/@-]{1,300}$/.test(text)

/** Longer arguments are kept nowhere. Those that are too long for a request are kept, so that a person can shorten them. */
export const MAX_ARGUMENTS_CHARS = 1_000_000

/** What arguments may be that were typed: one line, as for a shell or the JSON `{"entrypoint":[…],"cmd":[…]}`. */
export const isArguments = (text: string): boolean =>
  text.length <= MAX_ARGUMENTS_CHARS && !/\p{Cc}/u.test(text)

/** What the name of a secret of the account can be. */
export const SECRET_NAME = /^[a-zA-Z_][a-zA-Z0-9_.\-/]{0,190}$/

/** Whether a text can be the id of credentials of a registry. */
export const isRegistryId = (text: string): boolean => /^[\w.-]{1,200}$/.test(text)
