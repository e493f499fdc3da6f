import { type SimulatedCommand, type CommandContext, delay } from './command'
import type { SimulatedGpuReading, MachineReading } from '../machine/machine'

const DRIVER = '570.124.06'
const CUDA = '12.8'

type SmiContext = Pick<CommandContext, 'machine'>
type SmiField = readonly [
  unit: string,
  read: (gpu: SimulatedGpuReading, run: SmiContext, count: number) => string,
]

const fixed = (value: number) => value.toFixed(2)

/** The properties that `--query-gpu` supports, with their units. */
const smiFields: Readonly<Record<string, SmiField>> = {
  index: ['', (gpu) => String(gpu.index)],
  name: ['', (gpu) => gpu.name],
  uuid: ['', (gpu, { machine }) => uuidOf(gpu, machine.podId)],
  count: ['', (_, __, count) => String(count)],
  driver_version: ['', () => DRIVER],
  'mig.mode.current': ['', () => 'Disabled'],
  pstate: ['', (gpu) => (gpu.utilPercent > 4 ? 'P0' : 'P8')],
  timestamp: [
    '',
    (_, { machine }) =>
      new Date(machine.dateMs()).toISOString().replaceAll('-', '/').replace('T', ' ').slice(0, 23),
  ],
  'utilization.gpu': ['%', (gpu) => String(gpu.utilPercent)],
  'utilization.memory': ['%', (gpu) => String(gpu.memoryUtilPercent)],
  'memory.total': ['MiB', (gpu) => String(gpu.memoryTotalMib)],
  'memory.used': ['MiB', (gpu) => String(gpu.memoryUsedMib)],
  'memory.free': ['MiB', (gpu) => String(gpu.memoryTotalMib - gpu.memoryUsedMib)],
  'power.draw': ['W', (gpu) => fixed(gpu.powerW)],
  'power.limit': ['W', (gpu) => fixed(gpu.powerLimitW)],
  'temperature.gpu': ['', (gpu) => String(gpu.temperatureC)],
}

/** Supports the table, `-L`, `--query-gpu=… --format=csv[,noheader][,nounits]`, and `-l N` with each of them. */
export const nvidiaSmi: SimulatedCommand = async (context) => {
  const plan = parseSmiArgs(context.args)
  if (typeof plan === 'string') {
    await context.writeError(`${plan}\n`)
    return 2
  }
  do {
    const reading = context.machine.reading()
    if (reading === null) return 1
    await context.write(plan.draw(reading, context))
    if (plan.everyS !== null) await delay(plan.everyS * 1_000, context.signal)
  } while (plan.everyS !== null && !context.signal.aborted)
  return 0
}

interface SmiPlan {
  readonly draw: (reading: MachineReading, run: SmiContext) => string
  readonly everyS: number | null
}

function parseSmiArgs(args: readonly string[]): SmiPlan | string {
  let query: string | null = null
  let format: string | null = null
  let everyS: number | null = null
  let isList = false
  for (let i = 0; i < args.length; i += 1) {
    const [name, inline] = (args[i] ?? '').split(/=(.*)/s, 2)
    const value = () => inline ?? args[(i += 1)] ?? ''
    if (name === '--query-gpu') query = value()
    else if (name === '--format') format = value()
    else if (name === '-l' || name === '--loop') everyS = Number(value()) || 5
    else if (name === '-L' || name === '--list-gpus') isList = true
    else return `Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.`
  }
  if (isList) return { draw: list, everyS }
  if (query === null) return { draw: table, everyS }
  if (format?.split(',').includes('csv') !== true)
    return `"--format" option is missing or invalid; it must contain csv.`
  const names = query.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(smiFields, name))
  if (unknown !== undefined) return `Field "${unknown}" is not a valid field to query.`
  return { draw: csv(names, format.split(',')), everyS }
}

/** What `--query-gpu` prints without headings and units. */
export const smiRows = (query: string, reading: MachineReading, context: SmiContext): string =>
  csv(query.split(','), ['noheader', 'nounits'])(reading, context)

function csv(names: readonly string[], format: readonly string[]): SmiPlan['draw'] {
  const hasUnits = !format.includes('nounits')
  return ({ gpus }, context) => {
    const heading = names.map((name) =>
      hasUnits && smiFields[name]?.[0] ? `${name} [${smiFields[name][0]}]` : name,
    )
    const rows = gpus.map((gpu) =>
      names.map((name) => {
        const [unit, read] = smiFields[name] ?? ['', () => '']
        return `${read(gpu, context, gpus.length)}${hasUnits && unit !== '' ? ` ${unit}` : ''}`
      }),
    )
    const all = format.includes('noheader') ? rows : [heading, ...rows]
    return all.map((row) => `${row.join(', ')}\n`).join('')
  }
}

const list: SmiPlan['draw'] = ({ gpus }, { machine }) =>
  gpus.map((gpu) => `GPU ${gpu.index}: ${gpu.name} (UUID: ${uuidOf(gpu, machine.podId)})\n`).join('')

const table: SmiPlan['draw'] = ({ gpus }, { machine }) => {
  const line = (text: string) => `| ${text.padEnd(76)} |\n`
  const bar = `+${'-'.repeat(78)}+\n`
  const at = new Date(machine.dateMs()).toUTCString()
  const head = `NVIDIA-SMI ${DRIVER}     Driver Version: ${DRIVER}     CUDA Version: ${CUDA}`
  const rows = gpus.map((gpu) => {
    const name = gpu.name.slice(0, 30).padEnd(30)
    const watts = `${Math.round(gpu.powerW)}W / ${gpu.powerLimitW}W`.padStart(13)
    const memory = `${gpu.memoryUsedMib}MiB / ${gpu.memoryTotalMib}MiB`.padStart(22)
    return (
      line(
        `${String(gpu.index).padStart(3)}  ${name}  ${gpu.temperatureC}C  ${gpu.utilPercent > 4 ? 'P0' : 'P8'}`,
      ) + line(`     ${watts}   ${memory}   ${String(gpu.utilPercent).padStart(3)}%      Default`)
    )
  })
  const titles =
    line('GPU  Name                            Temp  Perf') +
    line('     Pwr:Usage/Cap            Memory-Usage   GPU-Util  Compute M.')
  return `${at}\n${bar}${line(head)}${bar}${titles}${bar}${rows.join(bar)}${bar}`
}

export function uuidOf(gpu: SimulatedGpuReading, podId: string): string {
  const hex = Buffer.from(`${podId}${gpu.index}simulated-gpu`).toString('hex').slice(0, 32).padEnd(32, '0')
  return `GPU-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
