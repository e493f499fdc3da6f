import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accountOperationNames } from '../../../src/core/operations/account-operations'
import { queueOperationNames } from '../../../src/core/operations/queue-operations'
import type { Asks, Cause, Operation } from '../../../src/shared/operations/operation'
import { operations } from '../../../src/shared/operations/operations'

const rows: readonly (readonly [string, Operation])[] = Object.entries(operations)

/** What comes about although nobody agreed. */
const unasked = ({ cause }: Operation, asks: Asks = {}): readonly Cause[] =>
  cause.filter((one) => asks[one] === undefined)

const namesThat = (matches: (operation: Operation) => boolean): string[] =>
  rows.filter(([, operation]) => matches(operation)).map(([name]) => name)

test('a person is asked only about what an operation can cause', () => {
  const asksAboutOther = ({ cause, window, socket }: Operation): boolean =>
    [window?.asks, socket?.asks].some((asks) =>
      Object.keys(asks ?? {}).some((one) => !cause.includes(one as Cause)),
    )
  expect(namesThat(asksAboutOther)).toEqual([])
})

test('everything has a cause and somebody who may ask for it', () => {
  expect(
    namesThat(({ cause, window, socket }) => cause.length === 0 || (window === undefined && !socket)),
  ).toEqual([])
})

test('a page loses no data and gives nobody access unless a person agreed', () => {
  const harms = (one: Cause): boolean => one === 'destroys' || one === 'grants-access'
  expect(
    namesThat(
      (operation) => operation.window !== undefined && unasked(operation, operation.window.asks).some(harms),
    ),
  ).toEqual([])
})

test('a token loses no data unless a person agreed in the app’s own window', () => {
  const destroying = namesThat(
    ({ cause, socket }) => socket?.by.includes('token') === true && cause.includes('destroys'),
  )
  expect(destroying).toEqual(['askInWindow'])
  expect(operations.askInWindow.socket.asks).toEqual({ destroys: 'own-window' })
})

test('what only reads is asked about nowhere', () => {
  expect(
    namesThat(
      ({ cause, window, socket }) =>
        cause.every((one) => one === 'reads') && (window?.asks ?? socket?.asks) !== undefined,
    ),
  ).toEqual([])
})

test('what windows and commands share is carried out in one place', () => {
  const shared = namesThat(({ window, socket }) => window !== undefined && socket !== undefined)
  // Settings belong to the program: `changeSetting` of `ControlHost` is what its windows use, too.
  const settings = ['settings', 'changeSetting', 'resetSetting']
  expect([...accountOperationNames, ...queueOperationNames, ...settings].sort()).toEqual(shared.sort())
})

/** As docs/security.md calls them. */
const CAUSES = {
  spends: 'Spends money',
  stops: 'Stops what runs, now or by a rule',
  'runs-on-pod': 'Runs on a pod, or changes its files',
  'leaves-computer': 'Sends something to somebody else than a provider',
  'uses-files': 'Uses files outside of the data folder',
  'changes-there': 'Changes at a provider what costs and loses nothing',
  'changes-here': 'Changes what Podkeeper keeps or shows',
} as const satisfies Record<Exclude<Cause, 'reads' | 'destroys' | 'grants-access'>, string>

test('what a page can cause unasked is what the document on security lists', () => {
  const lines = Object.entries(CAUSES).map(([cause, title]) => {
    const names = namesThat(
      (operation) =>
        operation.window !== undefined && unasked(operation, operation.window.asks).includes(cause as Cause),
    )
    return `- **${title}:** ${names.sort().join(', ')}.`
  })
  const [, list = ''] = readFileSync('docs/security.md', 'utf8').split('## What a page can do unasked\n')
  expect(
    list
      .split('\n## ')[0]!
      .replaceAll('`', '')
      .replaceAll(/\n {2,}/g, ' ')
      .split('\n')
      .filter((line) => line.startsWith('- ')),
  ).toEqual(lines)
})
