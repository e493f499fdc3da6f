import { expect, test } from 'vitest'
import { goLetters, goStep } from '../../../../src/renderer/state/hooks/use-go-shortcuts'

const keys = (key: string, timeStamp = 1_000, held: object = {}) => ({
  key,
  timeStamp,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

test('G and a letter lead to a page', () => {
  expect(goStep(keys('g'), null)).toBe('begin')
  for (const [letter, page] of Object.entries(goLetters)) expect(goStep(keys(letter), 900)).toBe(page)
  expect(goStep(keys('P'), 900)).toBe('pods')
})

test('a letter that leads nowhere is taken after G, so that it does nothing else', () => {
  for (const letter of ['x', 'z', 'r', 'n', '?', 'g']) expect(goStep(keys(letter), 900)).toBe('taken')
})

test('without G, too late, or with another key held, letters keep their meaning', () => {
  expect(goStep(keys('s'), null)).toBeNull()
  expect(goStep(keys('s', 2_600), 1_000)).toBeNull()
  expect(goStep(keys('s', 1_000, { ctrlKey: true }), 900)).toBeNull()
  expect(goStep(keys('g', 1_000, { metaKey: true }), null)).toBeNull()
  expect(goStep(keys('Escape'), 900)).toBeNull()
})
