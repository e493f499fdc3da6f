import { request } from 'node:http'
import { expect, test } from 'vitest'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { startSimulator } from '../../harness/simulator/simulator-fixture'

/** The status of a request with these headers, sent as they are. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  const authorization = `Bearer ${FULL_KEY}`
  return new Promise((resolve, reject) => {
    request(`${url}/v2/pods`, { headers: { authorization, ...headers } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

test('programs of this computer are answered, and no web page is, by its origin or by a name made to lead here', async () => {
  const { simulator } = await startSimulator()
  const { port } = new URL(simulator.url)
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'localhost'])
    expect(await statusOf(simulator.url, { host })).toBe(200)
  const seen = simulator.requests.length
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    'localhost.evil.example',
  ])
    expect(await statusOf(simulator.url, { host })).toBe(403)
  for (const origin of ['https://evil.example', 'null', simulator.url])
    expect(await statusOf(simulator.url, { origin })).toBe(403)
  expect(simulator.requests.length).toBe(seen)
})
