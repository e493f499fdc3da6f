import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'
import { noFolderCycle } from '../../tools/lint/no-folder-cycle.mjs'

/** What the rule reports in each file of a folder, as `FILE: SOURCE`. */
function reportsIn(files) {
  const cwd = mkdtempSync(join(tmpdir(), 'podkeeper-cycle-'))
  const folder = join(cwd, 'src/main')
  mkdirSync(join(cwd, 'src/main/inner'), { recursive: true })
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code)
  return Object.entries(files).flatMap(([name, code]) => {
    const reports = []
    const visitor = noFolderCycle.create({
      cwd,
      filename: join(folder, name),
      report: ({ node }) => reports.push(`${name}: ${node.value}`),
    })
    const { program, errors } = parseSync(name, code)
    expect(errors).toEqual([])
    const visit = (node) => {
      if (typeof node?.type !== 'string') return
      visitor[node.type]?.(node)
      for (const child of Object.values(node)) for (const one of [child].flat()) visit(one)
    }
    visit(program)
    return reports
  })
}

test.each([
  ["export const load = () => import('./b')"],
  ["export type B = typeof import('./b')"],
  ["import { b } from './b'"],
  ["export * from './b'"],
  ["import {\n  type B,\n} from './b'"],
  ["import { c } from './c'"],
])('a file that another one imports a type of closes a cycle with: %s', (code) => {
  const reports = reportsIn({
    'a.ts': code,
    'b.ts': "import type { A } from './a'",
    'c.tsx': "export const c = () => import('./b')",
  })
  expect(reports.map((report) => report.slice(0, 4))).toContain('a.ts')
  expect(reports).toContain('b.ts: ./a')
})

test.each([
  // Both lead to a third file, and none leads back.
  ["import { c } from './c'"],
  ["import { inner } from './inner/b'"],
  ["import { b } from '../other/b'"],
  ["import { join } from 'node:path'"],
])('a file closes no cycle with: %s', (code) => {
  const files = {
    'a.ts': code,
    'b.ts': "import type { A } from './a'\nexport const load = () => import('./c')",
    'c.ts': '',
    'inner/b.ts': "import { b } from '../b'",
  }
  expect(reportsIn(files)).toEqual([])
})
