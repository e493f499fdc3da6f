import { readFileSync } from 'node:fs'
import { treeOf } from '../processes'

/** Memory of one process, kB of PSS: pages that processes share are counted once. */
export interface ProcessMemory {
  /** "main", "renderer", "gpu-process", "network service". */
  readonly kind: string
  readonly totalKb: number
  readonly byMapping: ReadonlyMap<string, number>
}

/** The memory of a process and all its descendants, by what is mapped. Linux only. */
export function memoryOfTree(pid: number): readonly ProcessMemory[] {
  return treeOf(pid).map((one) => {
    const byMapping = new Map<string, number>()
    let mapping = ''
    for (const line of read(`/proc/${one}/smaps`).split('\n')) {
      const header = /^[\da-f]+-[\da-f]+ (\S+) \S+ \S+ \d+\s*(.*)$/.exec(line)
      if (header !== null) mapping = kindOfMapping(header[2] ?? '', header[1] ?? '')
      const kb = Number(/^Pss:\s+(\d+)/.exec(line)?.[1] ?? 0)
      if (kb > 0) byMapping.set(mapping, (byMapping.get(mapping) ?? 0) + kb)
    }
    const totalKb = [...byMapping.values()].reduce((sum, kb) => sum + kb, 0)
    return { kind: kindOfProcess(one, pid), totalKb, byMapping }
  })
}

function kindOfProcess(pid: number, root: number): string {
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
  if (pid === root) return 'main'
  const service = /--utility-sub-type=(\S+)/.exec(command)?.[1]
  return service ?? /--type=(\S+)/.exec(command)?.[1] ?? command.slice(0, 30)
}

function kindOfMapping(name: string, flags: string): string {
  if (name === '[heap]') return 'malloc (brk)'
  if (name.startsWith('[anon:')) return name
  if (name.startsWith('[')) return 'stack and kernel'
  if (name === '') return flags.includes('x') ? 'anonymous, executable' : 'anonymous'
  if (name.endsWith('/electron')) return 'the executable'
  if (/\.so(\.|$)/.test(name)) return flags.includes('w') ? 'libraries, written' : 'libraries'
  if (/memfd|\/dev\/shm|SYSV/.test(name)) return 'shared memory'
  return 'other files'
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** A table of two process trees side by side, processes of one kind added up. */
export function formatMemory(ours: readonly ProcessMemory[], bare: readonly ProcessMemory[]): string {
  const sum = (processes: readonly ProcessMemory[], kind: string, mapping: string | null): number =>
    processes
      .filter((process) => process.kind === kind)
      .reduce(
        (kb, { totalKb, byMapping }) => kb + (mapping === null ? totalKb : (byMapping.get(mapping) ?? 0)),
        0,
      )
  const all = [...ours, ...bare]
  const row = (name: string, own: number, floor: number): string =>
    [own, floor, own - floor].map((kb) => (kb / 1_024).toFixed(1).padStart(8)).join('') + `  ${name}`
  const total = (processes: readonly ProcessMemory[]): number =>
    processes.reduce((kb, { totalKb }) => kb + totalKb, 0)
  const lines = [`    ours    bare    more  MB of PSS`, row('all', total(ours), total(bare))]
  for (const kind of new Set(all.map((process) => process.kind))) {
    const count = ours.filter((process) => process.kind === kind).length
    lines.push(
      '',
      row(`${kind}${count > 1 ? ` (${count} processes)` : ''}`, sum(ours, kind, null), sum(bare, kind, null)),
    )
    const mappings = new Set(
      all.flatMap((process) => (process.kind === kind ? [...process.byMapping.keys()] : [])),
    )
    const rows = [...mappings].map(
      (mapping) => [mapping, sum(ours, kind, mapping), sum(bare, kind, mapping)] as const,
    )
    for (const [mapping, own, floor] of rows.sort((a, b) => b[1] - a[1]))
      if (Math.max(own, floor) >= 512) lines.push(row(`  ${mapping}`, own, floor))
  }
  return `${lines.join('\n')}\n`
}
