import { expect, test } from 'vitest'
import {
  isEmptyQuery,
  matchesPodQuery,
  parsePodQuery,
  type QueryFacts,
} from '../../../src/core/view/pod-query'

const h100: QueryFacts = {
  texts: ['llama-sft', '4 × H100 SXM', 'US-KS-2', null],
  states: ['idle'],
  usdPerHour: 10.76,
}
const rtx: QueryFacts = {
  texts: ['qwen-eval', '1 × RTX 4090'],
  states: ['running', 'busy'],
  usdPerHour: 0.69,
}
const unpriced: QueryFacts = { texts: ['Whisper'], states: ['stopped'], usdPerHour: null }
const pods = { h100, rtx, unpriced }

test.each([
  ['', ['h100', 'rtx', 'unpriced']],
  ['llama', ['h100']],
  ['H100', ['h100']],
  ['h100 idle', ['h100']],
  ['h100 busy', []],
  ['idle', ['h100']],
  ['idl', ['h100']],
  ['running', ['rtx']],
  ['stop', ['unpriced']],
  // Too short for a state, and in no name.
  ['st', []],
  ['us-ks', ['h100']],
  ['> $5', ['h100']],
  ['>5', ['h100']],
  ['>= 10.76', ['h100']],
  ['> 10.76', []],
  ['< $1', ['rtx']],
  ['<=0.69/hr', ['rtx']],
  ['≥ 0.69 ≤ 10.76', ['h100', 'rtx']],
  ['> 0.5 < 1', ['rtx']],
  ['h100 idle > $5', ['h100']],
  ['rtx > $5', []],
  // While a limit is typed, nothing disappears.
  ['>', ['h100', 'rtx', 'unpriced']],
  ['> $', ['h100', 'rtx', 'unpriced']],
  ['<=', ['h100', 'rtx', 'unpriced']],
  ['> $5.', ['h100']],
  // No limit without an operator, and none within a word.
  ['4090', ['rtx']],
  ['a>5', []],
  ['.*', []],
])('the filter "%s" finds %j', (text, found) => {
  const query = parsePodQuery(text)
  expect(
    Object.entries(pods).flatMap(([name, facts]) => (matchesPodQuery(query, facts) ? [name] : [])),
  ).toEqual(found)
})

test('spaces alone filter nothing', () => {
  expect([parsePodQuery('  '), parsePodQuery('>'), parsePodQuery('a')].map(isEmptyQuery)).toEqual([
    true,
    true,
    false,
  ])
})
