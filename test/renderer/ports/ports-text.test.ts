import { expect, it } from 'vitest'
import type { ForwardView, ListeningView, PodPortsView } from '../../../src/core/ports/ports-view'
import { portRows } from '../../../src/renderer/ports/port-rows'
import {
  bytesText,
  changesText,
  connectionNote,
  connectionsText,
  forwardNote,
  forwardStatus,
  listeningNote,
  noForwardsText,
} from '../../../src/renderer/ports/ports-text'

const forward = (more: Partial<ForwardView> = {}): ForwardView => ({
  remotePort: 8_888,
  localPort: 8_888,
  localAddress: '127.0.0.1',
  state: 'connected',
  openPort: 8_888,
  isRefused: false,
  problem: null,
  traffic: null,
  ...more,
})

const found: ListeningView = {
  kind: 'read',
  atMs: 0,
  leftOutCount: 0,
  ports: [
    { port: 22, service: null, command: 'sshd' },
    { port: 6_006, service: 'tensorboard', command: 'tensorboard' },
    { port: 9_000, service: null, command: 'anything' },
  ],
}

it('forwards come first, then services and published ports, then what else listens', () => {
  const rows = portRows(
    {
      forwards: [forward({ remotePort: 9_000 }), forward({ remotePort: 9_000, localPort: 1 })],
      listening: found,
    },
    [8_888],
  )
  expect(rows.map(({ port, forward: own }) => [port, own?.localPort ?? null])).toEqual([
    [9_000, 8_888],
    [9_000, 1],
    [6_006, null],
    [8_888, null],
    [22, null],
  ])
  expect(rows.find(({ port }) => port === 8_888)).toMatchObject({ isPublished: true, isListening: false })
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
})

it('without a look nothing is shown of what listens', () => {
  for (const listening of [null, { kind: 'failed', reason: 'x' }] as const)
    expect(portRows({ forwards: [], listening }, [80])).toEqual([
      {
        key: '80',
        port: 80,
        service: null,
        command: null,
        isPublished: true,
        isListening: null,
        forward: null,
      },
    ])
})

it.each([
  [{ state: 'stopped', openPort: null }, 'Stopped'],
  [{ state: 'connecting', openPort: null }, 'Connecting'],
  [{ state: 'asking', openPort: null }, 'Needs your answer'],
  [{ state: 'connected' }, 'Open'],
  [{ state: 'connected', openPort: null }, 'Connecting'],
  [{ state: 'connected', isRefused: true }, 'Refused'],
  [{ state: 'connected', openPort: null, problem: 'No port is free.' }, 'No free port'],
  [{ state: 'waiting' }, 'Waiting for the pod'],
  [{ state: 'failed', openPort: null }, 'Not connected'],
] as const)('a forward that is %j says “%s”', (more, word) =>
  expect(forwardStatus(forward(more)).word).toBe(word),
)

it('a forward says that another port is used, that nothing listens, or why it has no port', () => {
  expect(forwardNote(forward())).toBeNull()
  expect(forwardNote(forward({ openPort: null }))).toBeNull()
  expect(forwardNote(forward({ openPort: 8_889 }))).toBe(
    'Port 8888 is in use on this computer, so 8889 is used instead.',
  )
  expect(forwardNote(forward({ localPort: 80, openPort: 8_080 }))).toBe(
    'Port 80 is reserved on this computer, so 8080 is used instead.',
  )
  expect(forwardNote(forward({ localPort: 80, openPort: 81 }))).toMatch(/in use/)
  expect(forwardNote(forward({ isRefused: true }))).toBe('Nothing listens on port 8888 of the pod.')
  expect(forwardNote(forward({ problem: 'No port is free.' }))).toBe('No port is free.')
})

it('traffic is shown each way, with its connections', () => {
  const traffic = { sentBytes: 34_000, receivedBytes: 1_200_000, connections: 1, openConnections: 0 }
  expect(bytesText(traffic)).toBe('1.2 MB in, 34 kB out')
  expect(connectionsText(traffic)).toBe('1 connection, 0 open')
  expect(connectionsText({ ...traffic, connections: 12, openConnections: 3 })).toBe('12 connections, 3 open')
})

it('a connection says why it waits, failed or ended, and nothing while it is well', () => {
  const note = (connection: PodPortsView['connection'], endedReason: string | null = null) =>
    connectionNote({ connection, endedReason })?.text ?? null
  expect(note(null)).toBeNull()
  expect(note({ kind: 'connecting' })).toBeNull()
  expect(note({ kind: 'connected' })).toBeNull()
  expect(note({ kind: 'waiting', reason: 'No answer for 45 s.' })).toBe(
    'The connection was lost: No answer for 45 s. Trying again…',
  )
  expect(note({ kind: 'failed', reason: 'its host key changed' })).toBe(
    'Couldn’t connect: its host key changed.',
  )
  expect(note(null, 'The pod was stopped.')).toBe('The pod was stopped.')
})

it('what came of a look is shown with its age', () => {
  expect(listeningNote(null, 0)).toBeNull()
  expect(listeningNote(found, 120_000)).toBe('3 ports listening, as of 2 min ago')
  expect(listeningNote({ ...found, leftOutCount: 1 }, 0)).toBe(
    '4 ports listening, 1 of them not shown, as of just now',
  )
  expect(listeningNote({ kind: 'failed', reason: 'it took longer than 30 s' }, 0)).toBe(
    'Couldn’t find out what listens on the pod: it took longer than 30 s.',
  )
})

it('only a running pod with direct SSH can have forwards', () => {
  expect(noForwardsText({ phase: 'running', sshRoute: 'direct' })).toBeNull()
  expect(noForwardsText({ phase: 'running', sshRoute: 'proxy' })).toMatch(/direct SSH/)
  expect(noForwardsText({ phase: 'stopped', sshRoute: null })).toMatch(/isn’t running/)
})

it('a screen reader hears what became of a forward or a look, and nothing of traffic or age', () => {
  const now = (own: readonly ForwardView[], listening: ListeningView | null = null) => ({
    forwards: own,
    listening,
  })
  expect(
    changesText(now([forward({ state: 'connecting', openPort: null })]), now([forward({ openPort: 8_889 })])),
  ).toBe('Port 8888: Open at 127.0.0.1:8889. Port 8888 is in use on this computer, so 8889 is used instead.')
  const open = now([forward()])
  const traffic = { sentBytes: 1, receivedBytes: 2, connections: 1, openConnections: 1 }
  expect(changesText(open, now([forward({ traffic })]))).toBe('')
  expect(changesText(now([]), now([forward({ state: 'stopped', openPort: null })]))).toBe('')
  expect(changesText(open, now([]))).toBe('')
  expect(changesText(now([]), now([], found))).toBe('3 ports listening.')
  expect(changesText(now([], found), now([], found))).toBe('')
  expect(changesText(now([]), now([], { kind: 'failed', reason: 'no answer' }))).toMatch(/no answer\.$/)
})
