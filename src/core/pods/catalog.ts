import type { CloudTier } from './pod-request'

/* What a cloud offers. Prices are USD per hour; null means that none is known, never that it costs nothing. */

export const stockLevels = ['none', 'low', 'medium', 'high'] as const
/** How much is free now. It predicts a create, and says nothing about the start of a stopped pod. */
export type Stock = (typeof stockLevels)[number]

export interface DataCenterStock {
  readonly id: string
  readonly name: string
  /** Null: not reported. */
  readonly stock: Stock | null
}

export interface GpuOffer {
  /** The id that a request takes, such as "NVIDIA H100 80GB HBM3". */
  readonly id: string
  /** The name that people use, such as "H100 SXM". */
  readonly name: string
  readonly manufacturer: string | null
  /** VRAM of one GPU. */
  readonly memoryGb: number | null
  /** Of one GPU, by cloud; null: not offered there, or no price is reported. */
  readonly priceUsd: Readonly<Record<CloudTier, number | null>>
  /** How many one pod can have, by cloud; 0: not offered there. */
  readonly maxCount: Readonly<Record<CloudTier, number>>
  /** For the requested count and cloud; null: not reported. */
  readonly stock: Stock | null
  /** Where there are some. A community cloud names none. */
  readonly dataCenters: readonly DataCenterStock[]
  readonly cudaVersions: readonly string[]
}

export interface CpuOffer {
  readonly id: string
  readonly name: string
  readonly group: string | null
  readonly vcpuRange: { readonly min: number; readonly max: number }
  readonly ramGbPerVcpu: number | null
  readonly pricePerVcpuUsd: number | null
  readonly stock: Stock | null
  readonly dataCenters: readonly DataCenterStock[]
}

export interface DataCenter {
  readonly id: string
  readonly name: string
  readonly region: string | null
  readonly hasGlobalNetwork: boolean
  /** Whether network volumes can be made there, by kind. */
  readonly volumeKinds: readonly VolumeKind[]
  readonly compliance: readonly string[]
  /** By the id of a GPU type. */
  readonly gpuStock: Readonly<Record<string, Stock>>
}

export type VolumeKind = 'standard' | 'high-performance'

export const templateSources = ['own', 'official', 'verified', 'community'] as const
export type TemplateSource = (typeof templateSources)[number]

/** A template of pods. Templates of serverless workers are left out. */
export interface PodTemplate {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly args: string
  readonly containerDiskGb: number | null
  readonly persistent: { readonly sizeGb: number; readonly path: string } | null
  readonly ports: readonly string[]
  /** Its values are not read, because they may be secrets. */
  readonly variableNames: readonly string[]
  readonly isForCpu: boolean
  readonly startsSsh: boolean
  readonly startsJupyter: boolean
  readonly allowedCudaVersions: readonly string[]
}

/** An own template, of pods or of serverless workers, with variables that look like secrets in clear. */
export interface SecretTemplate {
  readonly id: string
  readonly name: string
  /** Of these variables only. Their values are never kept. */
  readonly variableNames: readonly string[]
  /** Everyone at the service can read it. */
  readonly isPublic: boolean
  readonly isServerless: boolean
}

export interface SecretTemplates {
  readonly templates: readonly SecretTemplate[]
  /** False when entries or their variables could not be read, or pages are missing. */
  readonly isComplete: boolean
}

/** A template as it was shown, so that no other one is deleted. */
export type ShownTemplate = Pick<SecretTemplate, 'id' | 'name'>

/** What the service allows the account. Null: not reported, or no limit. */
export interface AccountLimits {
  /** What all pods together may cost; a create or start beyond it is refused. */
  readonly spendPerHourUsd: number | null
}

/** A network volume to create. */
export interface NetworkVolumeSpec {
  readonly name: string
  readonly sizeGb: number
  readonly dataCenterId: string
  readonly kind: VolumeKind
}

export const VOLUME_SIZE_GB = { min: 10, max: 4_096 } as const
