import { type SimulatedCommand, type CommandContext, simulatedDelay } from './command'
import { formatSize } from './file-commands'
import type { MachineReading } from '../machine/machine'

const GIB = 1_024 ** 3
const TOP_EVERY_MS = 3_000
const YES_LINES = 2_000

export const systemCommands: Readonly<Record<string, SimulatedCommand>> = {
  echo: async ({ args, write }) => {
    const hasEnd = args[0] !== '-n'
    await write(`${(hasEnd ? args : args.slice(1)).join(' ')}${hasEnd ? '\n' : ''}`)
    return 0
  },

  true: () => Promise.resolve(0),
  false: () => Promise.resolve(1),
  clear: async ({ write }) => {
    await write('\u001B[H\u001B[2J')
    return 0
  },

  whoami: async ({ write }) => {
    await write('root\n')
    return 0
  },

  hostname: async ({ machine, write }) => {
    await write(`${machine.pod()?.spec.name ?? ''}\n`)
    return 0
  },

  uname: async ({ args, machine, write }) => {
    const name = machine.pod()?.spec.name ?? ''
    await write(args[0] === '-a' ? `Linux ${name} 6.8.0-simulated x86_64 GNU/Linux\n` : 'Linux\n')
    return 0
  },

  date: async ({ machine, write }) => {
    await write(`${new Date(machine.dateMs()).toUTCString()}\n`)
    return 0
  },

  env: async ({ machine, shell, write }) => {
    const own = Object.entries(machine.pod()?.spec.env ?? {})
    await write([...own, ...shell.variables].map(([name, value]) => `${name}=${value}\n`).join(''))
    return 0
  },

  history: async ({ shell, write }) => {
    await write(shell.history.map((line, i) => `${String(i + 1).padStart(5)}  ${line}\n`).join(''))
    return 0
  },

  uptime: withReading(async (reading, context) => context.write(`${loadLine(reading, context)}\n`)),

  free: withReading(async ({ memoryGb, memoryPercent }, { write }) => {
    const [total, used] = [memoryGb * GIB, (memoryGb * GIB * memoryPercent) / 100]
    const row = (values: readonly string[]) => values.map((each) => each.padStart(12)).join('')
    await write(
      `        ${row(['total', 'used', 'free'])}\nMem:    ${row([total, used, total - used].map(formatSize))}\n`,
    )
  }),

  df: async ({ machine, write }) => {
    const disks = machine.disks()
    if (disks === null) return 1
    const row = (...parts: readonly string[]) => `${parts.map((part) => part.padEnd(14)).join('')}\n`
    await write(row('Filesystem', 'Size', 'Used', 'Mounted on'))
    for (const { device, path, totalBytes, usedBytes } of disks)
      await write(row(device, formatSize(totalBytes), formatSize(usedBytes), path))
    return 0
  },

  ps: withReading(async (reading, { write }) => write(processes(reading))),

  sleep: async (context) => {
    await simulatedDelay((Number(context.args[0]) || 0) * 1_000, context)
    return context.signal.aborted ? 130 : 0
  },

  seq: async ({ args, write, signal }) => {
    const [first, last] = args.length > 1 ? [Number(args[0]), Number(args[1])] : [1, Number(args[0])]
    for (let i = first; i <= last && !signal.aborted; i += 1) await write(`${i}\n`)
    return 0
  },

  yes: async ({ args, write, signal }) => {
    const block = `${args.join(' ') || 'y'}\n`.repeat(YES_LINES)
    while (!signal.aborted) {
      await write(block)
      // Yields, so that key presses and other connections are handled.
      await new Promise<void>((resolve) => void setImmediate(resolve))
    }
    return 130
  },

  top: async (context) => {
    for (;;) {
      const reading = context.machine.reading()
      if (reading === null || context.signal.aborted) break
      const { columns, rows } = context.size()
      const screen = `top - ${loadLine(reading, context)}\n${cpuLine(reading)}\n\n${processes(reading)}`
      const lines = screen.split('\n').slice(0, rows - 1)
      await context.write(`\u001B[H\u001B[2J${lines.map((line) => line.slice(0, columns)).join('\n')}\n`)
      if ((await context.key(TOP_EVERY_MS)) === 'q') break
    }
    return 0
  },
}

function withReading(
  show: (reading: MachineReading, run: CommandContext) => Promise<void>,
): SimulatedCommand {
  return async (context) => {
    const reading = context.machine.reading()
    if (reading === null) return 1
    await show(reading, context)
    return 0
  }
}

function loadLine({ uptimeS, cpuPercent, vcpuCount }: MachineReading, { machine }: CommandContext): string {
  const at = new Date(machine.dateMs()).toISOString().slice(11, 19)
  const hours = Math.floor(uptimeS / 3_600)
  const load = ((vcpuCount * cpuPercent) / 100).toFixed(2)
  return `${at} up ${hours}:${String(Math.floor(uptimeS / 60) % 60).padStart(2, '0')},  1 user,  load average: ${load}, ${load}, ${load}`
}

function cpuLine({ cpuPercent, memoryGb, memoryPercent }: MachineReading): string {
  const used = ((memoryGb * memoryPercent) / 100).toFixed(1)
  return `%Cpu(s): ${cpuPercent.toFixed(1)} us, ${(100 - cpuPercent).toFixed(1)} id\nGiB Mem : ${memoryGb.toFixed(1)} total, ${used} used`
}

/** A process; CPU in percent of one core. */
export interface ProcessRow {
  readonly pid: number
  readonly cpuPercent: number
  readonly memoryPercent: number
  readonly command: string
}

export function processRows({
  cpuPercent,
  memoryPercent,
  vcpuCount,
  gpus,
}: MachineReading): readonly ProcessRow[] {
  const isWorking = cpuPercent > 4 || gpus.some(({ utilPercent }) => utilPercent > 4)
  const command = gpus.length === 0 ? 'python batch.py' : 'python train.py --config config.yaml'
  return [
    { pid: 1, cpuPercent: 0, memoryPercent: 0.1, command: '/bin/sh /start.sh' },
    { pid: 27, cpuPercent: 0, memoryPercent: 0.1, command: 'sshd: /usr/sbin/sshd -D' },
    { pid: 31, cpuPercent: 0.3, memoryPercent: 0.4, command: 'python -m jupyterlab' },
    ...(isWorking ? [{ pid: 112, cpuPercent: cpuPercent * vcpuCount, memoryPercent, command }] : []),
  ]
}

function processes(reading: MachineReading): string {
  const line = (pid: string, cpu: string, memory: string, command: string, user = 'root') =>
    `${pid.padStart(6)} ${user} ${cpu.padStart(8)} ${memory.padStart(6)}  ${command}\n`
  return (
    line('PID', '%CPU', '%MEM', 'COMMAND', 'USER') +
    [...processRows(reading)]
      .sort((a, b) => b.cpuPercent - a.cpuPercent)
      .map(({ pid, cpuPercent, memoryPercent, command }) =>
        line(String(pid), cpuPercent.toFixed(1), memoryPercent.toFixed(1), command),
      )
      .join('')
  )
}
