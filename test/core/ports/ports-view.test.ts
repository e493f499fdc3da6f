import { expect, it } from 'vitest'
import type { ListeningReading } from '../../../src/core/ports/listening-ports'
import { isSameForward, listeningView, parseTypedPort } from '../../../src/core/ports/ports-view'

const reading = (ports: ListeningReading['ports']): ListeningReading => ({
  ports,
  jupyterServers: [{ port: 8_888, token: 'hidden-token' }],
})

it('what listens is shown with its service and without secrets', () => {
  const view = listeningView(
    reading([
      { port: 22, processId: null, command: null },
      {
        port: 8_888,
        processId: 7,
        command: 'python3 /usr/bin/jupyter-lab --ServerApp.token=also-hidden \u202eevil',
      },
    ]),
    1_000,
  )
  expect(view).toMatchObject({
    kind: 'read',
    atMs: 1_000,
    leftOutCount: 0,
    ports: [
      { port: 22, service: null, command: null },
      { port: 8_888, service: 'jupyter' },
    ],
  })
  const text = JSON.stringify(view)
  expect(text).toContain('jupyter-lab')
  for (const hidden of ['hidden-token', 'also-hidden', '\u202e']) expect(text).not.toContain(hidden)
})

it('of more ports than are shown, services come first, and long command lines are cut', () => {
  const others = Array.from({ length: 150 }, (_, at) => ({
    port: 1_000 + at,
    processId: at,
    command: 'x'.repeat(500),
  }))
  const view = listeningView(reading([...others, { port: 8_888, processId: 900, command: 'jupyter lab' }]), 0)
  expect(view.ports).toHaveLength(100)
  expect(view.leftOutCount).toBe(51)
  expect(view.ports.at(-1)).toEqual({ port: 8_888, service: 'jupyter', command: 'jupyter lab' })
  expect(view.ports[0]?.command).toHaveLength(160)
})

it.each([
  ['8888', 8_888],
  [' 80 ', 80],
  ['65535', 65_535],
  ['65536', null],
  ['0', null],
  ['', null],
  ['8e3', null],
  ['-1', null],
  ['80.5', null],
])('“%s” is read as the port %s', (text, port) => expect(parseTypedPort(text)).toBe(port))

it('two forwards are the same only by both ports', () => {
  const one = { remotePort: 1, localPort: 2 }
  expect(isSameForward(one, { ...one })).toBe(true)
  expect(isSameForward(one, { ...one, localPort: 3 })).toBe(false)
  expect(isSameForward(one, { ...one, remotePort: 3 })).toBe(false)
})
