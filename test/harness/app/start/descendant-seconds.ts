import { readdirSync, readFileSync } from 'node:fs'
import { processorTime } from '../../../../scripts/lib/processor-time.mjs'

/**
 * Processor time in seconds of all processes below `pid`, without itself: Chromium's processes, for which the app's own
 * does not wait when it ends. Zero where the system has no `/proc`.
 */
export function descendantSeconds(pid: number): number {
  const children = childrenByParent()
  const secondsBelow = (parent: number): number =>
    (children.get(parent) ?? []).reduce((sum, child) => {
      const time = processorTime(child)
      return sum + (time === null ? 0 : time.ownS + time.childrenS) + secondsBelow(child)
    }, 0)
  return secondsBelow(pid)
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>()
  for (const name of processNames()) {
    const parent = parentOf(name)
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  return children
}

function processNames(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}
