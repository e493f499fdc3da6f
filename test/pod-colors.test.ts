import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { POD_COLORS } from '../src/core/view/pod-colors'
import { contrast, distance } from './harness/base/color-contrast'

/* The identity colors of pods, as the style sheet has them. */

const css = readFileSync(new URL('../src/renderer/ui/styles/tokens.css', import.meta.url), 'utf8')
const [dark = '', light = ''] = css.split('@media (prefers-color-scheme: light)')
const token = (theme: string, name: string): string => {
  const value = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(theme)?.[1]
  if (value === undefined) throw new Error(`No --${name}`)
  return value
}
const identity = Array.from({ length: POD_COLORS }, (_, at) => `p${at + 1}`)

test.each([
  ['dark', dark],
  ['light', light],
])(
  'in the %s theme, the colors of pods stand out against what is behind them, and can be told apart',
  (_, theme) => {
    for (const name of identity)
      for (const behind of ['bg', 'surface'])
        expect(contrast(token(theme, name), token(theme, behind)), `${name} on ${behind}`).toBeGreaterThan(3)
    for (const [at, name] of identity.entries())
      for (const other of [...identity.slice(at + 1), 'idle-fill', 'bad', 'ok'])
        expect(distance(token(theme, name), token(theme, other)), `${name} and ${other}`).toBeGreaterThan(
          0.07,
        )
  },
)

test('each color of a pod has a class, and no more', () => {
  const base = readFileSync(new URL('../src/renderer/ui/styles/base.css', import.meta.url), 'utf8')
  const classes = [...base.matchAll(/^\.(p\d+) \{/gm)].map(([, name]) => name)
  expect(classes).toEqual(identity)
})
