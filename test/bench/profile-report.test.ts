import { expect, test } from 'vitest'
import { formatProfile } from '../../bench/profile/report'

const frame = (functionName: string, scriptId: string, url = '') => ({
  functionName,
  scriptId,
  url,
  lineNumber: 0,
  columnNumber: 0,
})
const profile = {
  nodes: [
    { id: 1, callFrame: frame('(root)', '0') },
    { id: 2, callFrame: frame('(idle)', '0') },
    { id: 3, callFrame: frame('draw', '7', '/app/view.js') },
    // Compiled into its caller.
    { id: 4, callFrame: frame('measure', '7') },
    { id: 5, callFrame: frame('(garbage collector)', '0') },
  ],
  startTime: 0,
  endTime: 100_000,
  samples: [2, 3, 4, 5, 3],
  timeDeltas: [0, 50_000, 30_000, 5_000, 15_000],
}

test('a profile lists the time of owners and functions, the longest first, without waiting', () => {
  const text = formatProfile(profile, ({ functionName, url }) => ({
    owner: url === '' ? functionName : url,
    name: `${functionName} ${url}`,
  }))
  expect(text.split('\n').map((line) => line.trim())).toEqual([
    '50 ms in all',
    '35.0 ms  70.0%  /app/view.js',
    '15.0 ms  30.0%  (garbage collector)',
    '',
    '30.0 ms  60.0%  draw /app/view.js',
    '15.0 ms  30.0%  (garbage collector)',
    '5.0 ms  10.0%  measure /app/view.js',
    '',
  ])
})
