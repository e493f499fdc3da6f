import type * as Fs from 'node:fs'

/** How file operations fail: never; from the step on, as on a full disk; or from the step on, as after `kill -9`. */
export interface FileFaults {
  kind: 'none' | 'full' | 'killed'
  /** The number of the operation that fails first, from 1. */
  fromStep: number
  /** Operations counted so far. */
  steps: number
}

export const fileFaults: FileFaults = { kind: 'none', fromStep: 0, steps: 0 }

const CHANGING = [
  'openSync',
  'writeFileSync',
  'fsyncSync',
  'renameSync',
  'rmSync',
  'mkdirSync',
  'ftruncateSync',
] as const

/** `node:fs` whose changing operations fail as `fileFaults` says. A write that fails leaves half of its text. */
export function withFileFaults(fs: typeof Fs): typeof Fs {
  const faulty: Record<string, unknown> = { ...fs }
  for (const name of CHANGING) {
    const original = fs[name] as (...args: unknown[]) => unknown
    faulty[name] = (...args: unknown[]): unknown => {
      const { kind } = fileFaults
      if (kind === 'none') return original(...args)
      fileFaults.steps += 1
      if (fileFaults.steps < fileFaults.fromStep) return original(...args)
      const [target, text] = args
      // A full disk lets files shrink and disappear, and existing ones be opened.
      const isNewFolder = name === 'mkdirSync' && !fs.existsSync(String(target))
      const needsSpace = name === 'writeFileSync' || isNewFolder || name === 'fsyncSync'
      if (kind === 'full' && !needsSpace && fileFaults.steps > fileFaults.fromStep) return original(...args)
      const isFirst = fileFaults.steps === fileFaults.fromStep
      if (name === 'writeFileSync' && isFirst && typeof text === 'string')
        original(target, text.slice(0, text.length / 2))
      throw Object.assign(new Error(kind === 'full' ? 'ENOSPC: no space left on device' : 'killed'), {
        code: kind === 'full' ? 'ENOSPC' : 'KILLED',
      })
    }
  }
  return faulty as unknown as typeof Fs
}
