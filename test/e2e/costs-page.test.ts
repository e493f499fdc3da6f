import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appBuildFolder } from '../../scripts/lib/build.mjs'

/* The page itself is tested in test/browser/costs-page.test.ts, and its pictures in test/e2e/pictures/costs.ts. */

test('the chart is loaded with the costs page only', () => {
  const assets = join(appBuildFolder(), 'renderer')
  const html = ['index.html', 'window.html'].map((name) => readFileSync(join(assets, name), 'utf8')).join('')
  const scripts = [...html.matchAll(/assets\/[\w-]+\.js/g)].map(([path]) => path)
  expect(scripts.length).toBeGreaterThan(1)
  for (const path of new Set(scripts))
    expect(readFileSync(join(assets, path), 'utf8').includes('costs-chart')).toBe(false)
  const others = readdirSync(join(assets, 'assets')).filter((name) => name.endsWith('.js'))
  expect(
    others.filter((name) => readFileSync(join(assets, 'assets', name), 'utf8').includes('costs-chart')),
  ).toHaveLength(1)
})
