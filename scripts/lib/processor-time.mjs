import { readdirSync, readFileSync } from 'node:fs'

/** What Linux counts processor time in for `/proc`: ticks per second. */
const TICKS = 100

/**
 * Processor time in seconds that this process has used, and that of its ended children with all that they waited for;
 * null where the system has no `/proc`.
 */
export function processorTime(pid = 'self') {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program, in parentheses, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number)
    return { ownS: (user + system) / TICKS, childrenS: (childUser + childSystem) / TICKS }
  } catch {
    return null
  }
}

let countedS = 0

/**
 * Processor time in seconds of the child that has just ended: what the ended children have used since the last call.
 * Null where the system has no `/proc`.
 */
export function takeProcessorSecondsOfChild() {
  const time = processorTime()
  if (time === null) return null
  const seconds = time.childrenS - countedS
  countedS = time.childrenS
  return seconds
}

/**
 * Processor time in seconds of all processes below `pid`, without itself, with all that they waited for: such as
 * Chromium's, for which the program that started it does not wait. Zero where the system has no `/proc`.
 */
export function descendantSeconds(pid) {
  return secondsBelow(pid, childrenByParent())
}

/** As `descendantSeconds`, without the children of `pid`, whose end it waits for itself. */
export function grandchildrenSeconds(pid) {
  const children = childrenByParent()
  return (children.get(pid) ?? []).reduce((sum, child) => sum + secondsBelow(child, children), 0)
}

function secondsBelow(pid, children) {
  return (children.get(pid) ?? []).reduce((sum, child) => {
    const time = processorTime(child)
    return sum + (time === null ? 0 : time.ownS + time.childrenS) + secondsBelow(child, children)
  }, 0)
}

function childrenByParent() {
  const children = new Map()
  for (const name of processNames()) {
    const parent = parentOf(name)
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  return children
}

function processNames() {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}
