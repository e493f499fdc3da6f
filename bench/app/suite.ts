import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { resolve } from 'node:path'
import type { Measurement } from '../measurement'

/** The total duration of `npm test`. */
export async function measureSuite(): Promise<readonly Measurement[]> {
  const before = performance.now()
  const script = resolve(import.meta.dirname, '../../scripts/test.mjs')
  let output = ''
  const code = await new Promise<number | null>((settle, reject) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += String(text)
      })
    child.on('error', reject)
    child.on('close', settle)
  })
  if (code !== 0) throw new Error(`npm test ended with code ${code}: nothing to time.\n${output}`)
  return [
    {
      group: 'app',
      name: 'npm test',
      unit: 's',
      value: (performance.now() - before) / 1_000,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: 600 },
    },
  ]
}
