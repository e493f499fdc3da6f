import { formatAgo, formatNumber } from '../../core/base/text/format'
import type { GpuProcess, LiveGpu } from '../../core/gpus/gpu-reading'

const UNKNOWN = 'Unknown'

export const gpuPanelText = {
  title: 'GPUs now',
  why: 'Reads nvidia-smi in the pod every 2 s while this is open.',
  needsDirect: 'Live GPUs need direct SSH. Expose the pod’s port 22/tcp.',
  show: 'Show GPUs',
  showOf: (pod: string) => `Show GPUs of ${pod}`,
  hide: 'Hide',
  hideOf: (pod: string) => `Hide GPUs of ${pod}`,
  connecting: 'Connecting…',
  updated: (ageMs: number) => `Updated ${formatAgo(ageMs)}`,
  unexpected: 'Something went wrong in Podkeeper. Try again.',
  closed: 'Closed because nobody was watching.',
} as const

export const gpuTableText = {
  gpus: 'GPUs',
  processes: 'Processes on the GPUs',
  gpu: 'GPU',
  use: 'Use',
  memory: 'Memory',
  temperature: 'Temp',
  power: 'Power',
  pid: 'PID',
  user: 'User',
  gpuMemory: 'GPU memory',
  command: 'Command',
  noProcesses: 'nvidia-smi lists no processes. In a container it may not see them.',
  processesUnknown: 'nvidia-smi couldn’t list the processes.',
  more: (count: number) => (count === 1 ? '1 more process' : `${formatNumber(count)} more processes`),
  unread: (lines: number) =>
    `${lines === 1 ? '1 line' : `${formatNumber(lines)} lines`} of nvidia-smi couldn’t be read`,
} as const

export function utilText({ utilPercent, isDivided }: LiveGpu): string {
  if (utilPercent === null) return isDivided ? 'MIG' : UNKNOWN
  return `${formatNumber(utilPercent)}%`
}

/** "69.4 of 79.6 GiB". */
export function memoryText({ memoryUsedMib, memoryTotalMib }: LiveGpu): string {
  if (memoryUsedMib === null) return UNKNOWN
  return memoryTotalMib === null
    ? gibText(memoryUsedMib)
    : `${formatNumber(memoryUsedMib / 1_024, 1, 1)} of ${gibText(memoryTotalMib)}`
}

const gibText = (mib: number): string => `${formatNumber(mib / 1_024, 1, 1)} GiB`

export const temperatureText = ({ temperatureC }: LiveGpu): string =>
  temperatureC === null ? UNKNOWN : `${formatNumber(temperatureC)} °C`

/** "662 of 700 W". */
export function powerText({ powerW, powerLimitW }: LiveGpu): string {
  if (powerW === null) return UNKNOWN
  return powerLimitW === null
    ? `${formatNumber(powerW)} W`
    : `${formatNumber(powerW)} of ${formatNumber(powerLimitW)} W`
}

/** "NVIDIA H100 80GB HBM3" without the maker. */
export const gpuName = ({ name }: LiveGpu): string => name.replace(/^NVIDIA /, '')

export const processMemoryText = ({ memoryMib }: GpuProcess): string =>
  memoryMib === null ? UNKNOWN : gibText(memoryMib)

export const userText = ({ user }: GpuProcess): string => user ?? UNKNOWN
export const commandText = ({ command }: GpuProcess): string => command ?? UNKNOWN

/** "0–3, 5". */
export function gpusOfText({ gpus }: GpuProcess): string {
  const ranges: [number, number][] = []
  for (const index of gpus) {
    const last = ranges.at(-1)
    if (last?.[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(', ') || UNKNOWN
}
