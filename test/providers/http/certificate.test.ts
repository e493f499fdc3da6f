import { expect, it } from 'vitest'
import { createHttpClient } from '../../../src/providers/http/http-client'
import { startSelfSignedServer } from '../../harness/http/self-signed-server'
import { createManualClock } from '../../harness/base/manual-clock'

it('a certificate that cannot be verified is rejected with a message, and no request and no key is sent', async () => {
  const server = await startSelfSignedServer()
  const clock = createManualClock()
  const client = createHttpClient({
    apiKey: 'rpa_TESTKEY0123456789',
    version: '1.2.3',
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
  })
  const read = await client.read({ method: 'GET', url: `${server.origin}/x` })
  const written = await client.write({ method: 'POST', url: `${server.origin}/x`, json: { action: 'stop' } })
  for (const result of [read, written])
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'unreachable', message: expect.stringContaining('certificate of 127.0.0.1') },
    })
  expect(server.requests).toEqual([])
  await server.close()
})
