/** A GPU type of the catalog. Prices are USD per hour for one GPU; null if not available on that cloud. */
export interface GpuHardware {
  readonly id: string
  readonly name: string
  readonly pool: string | null
  readonly manufacturer: 'NVIDIA' | 'AMD'
  readonly memoryGb: number
  readonly secureUsd: number | null
  readonly communityUsd: number | null
  readonly maxCount: number
  readonly powerW: number
}

const nvidia = (
  id: string,
  name: string,
  pool: string | null,
  memoryGb: number,
  [secureUsd, communityUsd]: readonly [number | null, number | null],
  maxCount: number,
  powerW: number,
): GpuHardware => ({
  id: `NVIDIA ${id}`,
  name,
  pool,
  manufacturer: 'NVIDIA',
  memoryGb,
  secureUsd,
  communityUsd,
  maxCount,
  powerW,
})

/** Prices are realistic, but not those of any provider. */
export const gpuHardware: readonly GpuHardware[] = [
  nvidia('B200', 'B200', null, 180, [5.98, null], 8, 1_000),
  nvidia('H200', 'H200 SXM', 'HOPPER_141', 141, [3.99, null], 8, 700),
  nvidia('H100 80GB HBM3', 'H100 SXM', 'ADA_80_PRO', 80, [2.69, 2.39], 8, 700),
  nvidia('H100 PCIe', 'H100 PCIe', 'ADA_80_PRO', 80, [2.39, 1.99], 8, 350),
  nvidia('A100-SXM4-80GB', 'A100 SXM', 'AMPERE_80', 80, [1.49, 1.39], 8, 400),
  nvidia('A100 80GB PCIe', 'A100 PCIe', 'AMPERE_80', 80, [1.39, 1.19], 8, 300),
  nvidia('L40S', 'L40S', 'ADA_48_PRO', 48, [0.86, 0.79], 8, 350),
  nvidia('RTX 6000 Ada Generation', 'RTX 6000 Ada', 'ADA_48_PRO', 48, [0.77, 0.74], 8, 300),
  nvidia('RTX A6000', 'RTX A6000', 'AMPERE_48', 48, [0.49, 0.33], 8, 300),
  nvidia('A40', 'A40', 'AMPERE_48', 48, [0.4, 0.35], 8, 300),
  nvidia('GeForce RTX 5090', 'RTX 5090', 'ADA_32_PRO', 32, [0.94, 0.69], 8, 575),
  nvidia('GeForce RTX 4090', 'RTX 4090', 'ADA_24', 24, [0.69, 0.34], 8, 450),
  nvidia('GeForce RTX 3090', 'RTX 3090', 'AMPERE_24', 24, [0.46, 0.22], 4, 350),
  nvidia('L4', 'L4', 'AMPERE_24', 24, [0.43, null], 8, 72),
  {
    id: 'AMD Instinct MI300X OAM',
    name: 'MI300X',
    pool: null,
    manufacturer: 'AMD',
    memoryGb: 192,
    secureUsd: 2.49,
    communityUsd: null,
    maxCount: 8,
    powerW: 750,
  },
]

/** A CPU flavor of the catalog; USD per hour and vCPU. */
export interface CpuHardware {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly ramGbPerVcpu: number
  readonly secureUsd: number
  readonly serverlessUsd: number
}

export const VCPU_RANGE = { min: 2, max: 32 } as const

export const cpuHardware: readonly CpuHardware[] = [
  {
    id: 'cpu3c',
    name: 'Compute-Optimized',
    group: 'Gen 3',
    ramGbPerVcpu: 2,
    secureUsd: 0.03,
    serverlessUsd: 0.02,
  },
  {
    id: 'cpu3g',
    name: 'General Purpose',
    group: 'Gen 3',
    ramGbPerVcpu: 4,
    secureUsd: 0.04,
    serverlessUsd: 0.03,
  },
  {
    id: 'cpu5c',
    name: 'Compute-Optimized',
    group: 'Gen 5',
    ramGbPerVcpu: 2,
    secureUsd: 0.035,
    serverlessUsd: 0.025,
  },
  {
    id: 'cpu5m',
    name: 'Memory-Optimized',
    group: 'Gen 5',
    ramGbPerVcpu: 8,
    secureUsd: 0.065,
    serverlessUsd: 0.05,
  },
]

export interface DataCenterPlace {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly region: 'NORTH_AMERICA' | 'EUROPE' | 'ASIA' | 'OCEANIA'
  readonly networkVolumeTypes: readonly ('STANDARD' | 'HIGH_PERFORMANCE')[]
  readonly compliance: readonly string[]
  readonly globalNetwork: boolean
}

const both = ['STANDARD', 'HIGH_PERFORMANCE'] as const
const standard = ['STANDARD'] as const
const certified = ['SOC_2_TYPE_2', 'ISO_IEC_27001'] as const

const place = (
  id: string,
  name: string,
  country: string,
  region: DataCenterPlace['region'],
  networkVolumeTypes: DataCenterPlace['networkVolumeTypes'],
  compliance: readonly string[],
  globalNetwork: boolean,
): DataCenterPlace => ({ id, name, country, region, networkVolumeTypes, compliance, globalNetwork })

export const dataCenterPlaces: readonly DataCenterPlace[] = [
  place('US-KS-2', 'US Kansas 2', 'US', 'NORTH_AMERICA', both, certified, true),
  place('US-TX-3', 'US Texas 3', 'US', 'NORTH_AMERICA', standard, certified, true),
  place('US-GA-1', 'US Georgia 1', 'US', 'NORTH_AMERICA', [], ['SOC_2_TYPE_2'], false),
  place('CA-MTL-1', 'Canada Montreal 1', 'CA', 'NORTH_AMERICA', standard, ['ISO_IEC_27001'], true),
  place('EU-RO-1', 'EU Romania 1', 'RO', 'EUROPE', both, [...certified, 'GDPR'], true),
  place('EU-SE-1', 'EU Sweden 1', 'SE', 'EUROPE', standard, ['GDPR', 'RENEWABLE'], true),
  place('EUR-IS-1', 'Europe Iceland 1', 'IS', 'EUROPE', standard, ['GDPR', 'RENEWABLE'], true),
  place('AP-JP-1', 'Asia Japan 1', 'JP', 'ASIA', standard, ['ISO_IEC_27001'], false),
  place('OC-AU-1', 'Oceania Australia 1', 'AU', 'OCEANIA', [], [], false),
]

export function findGpu(id: string): GpuHardware | null {
  return gpuHardware.find((gpu) => gpu.id === id) ?? null
}

export function findCpu(id: string): CpuHardware | null {
  return cpuHardware.find((cpu) => cpu.id === id) ?? null
}
