import { expect, test } from 'vitest'
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

test('what a page can spend, send elsewhere and do to files unasked is this and no more', () => {
  const unaskedByPages = (one: Cause): string[] =>
    namesThat(
      (operation) =>
        operation.window !== undefined && unasked(operation, operation.window.asks).includes(one),
    )
  expect(unaskedByPages('spends').sort()).toEqual(['act', 'changeJob', 'startWhenFree'])
  expect(unaskedByPages('leaves-computer').sort()).toEqual([
    'openForward',
    'openPage',
    'openPodPort',
    'openWebApp',
    'testChannel',
  ])
  expect(unaskedByPages('uses-files').sort()).toEqual(['createSshKey', 'resumeTransfer'])
})
