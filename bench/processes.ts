import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** A program that runs scripts from its input, and its arguments. */
export type ShellCommand = readonly [string, ...string[]]

/** The process and all its descendants. Linux only. */
export function treeOf(pid: number): readonly number[] {
  const childrenOf = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // The command name, in parentheses, may contain any character.
    const parent = Number(/\) . (\d+) /.exec(read(`/proc/${name}/stat`))?.[1])
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)])
  }
  const below = (one: number): number[] => [one, ...(childrenOf.get(one) ?? []).flatMap(below)]
  return below(pid)
}

/** Proportional set size of the process tree, MB: pages that processes share are counted once. */
export function pssMbOf(pid: number): number {
  const kb = treeOf(pid).map((one) =>
    Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${one}/smaps_rollup`))?.[1] ?? 0),
  )
  return kb.reduce((sum, value) => sum + value, 0) / 1_024
}

/** Resident memory of the process alone, MB. From now on, `mostMemoryMbOf` says the most of it. Linux only. */
export function resetMostMemory(pid: number): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return memoryMbOf(pid, 'VmRSS')
}

export const mostMemoryMbOf = (pid: number): number => memoryMbOf(pid, 'VmHWM')

const memoryMbOf = (pid: number, name: string): number =>
  Number(new RegExp(String.raw`^${name}:\s+(\d+)`, 'm').exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1_024

/** CPU time of the process tree so far, ms. The kernel counts in hundredths of a second. */
export const cpuMsOf = (pid: number): number => treeOf(pid).reduce((sum, one) => sum + ownCpuMsOf(one), 0)

/** The same of this process alone. */
export function ownCpuMsOf(pid: number): number {
  const [, fields = ''] = /\) (.*)/.exec(read(`/proc/${pid}/stat`)) ?? []
  const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number)
  return (user + system) * 10
}

/** How often threads of the process tree went to sleep so far. Each time, something woke them up. */
export function wakeupsOf(pid: number): number {
  const counts = treeOf(pid).flatMap((one) =>
    threadsOf(one).map((thread) =>
      Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(read(`/proc/${one}/task/${thread}/status`))?.[1] ?? 0),
    ),
  )
  return counts.reduce((sum, value) => sum + value, 0)
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** Empty if the process has exited in the meantime. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
