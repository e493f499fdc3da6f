import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const page = readFileSync(new URL('../../../docs/hubify.md', import.meta.url), 'utf8')
const rows = page.split('\n').flatMap((line) => {
  const [, number, point, held] = /^\| (\d+) +\| (.+?) +\| (.+?) +\|$/.exec(line) ?? []
  return number === undefined ? [] : [{ number: Number(number), point: point ?? '', held: held ?? '' }]
})

describe('the checklist of Hubify’s page', () => {
  it('has each of its points once', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 69 }, (_, index) => index + 1))
  })

  it.each(rows)('names tests that exist for point $number', ({ held }) => {
    const tests = [...held.matchAll(/\]\(\.\.\/(test\/[^)]+)\) “([^”]+)”/g)]
    for (const [, path, title] of tests) {
      const source = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
      expect(source.replaceAll("\\'", "'")).toContain(title)
    }
    expect(tests.length > 0 || /Not used:/.test(held)).toBe(true)
  })
})
