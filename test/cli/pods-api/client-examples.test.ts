import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { startSimulator } from '../../harness/cli/cli'
import { startServed } from '../../harness/cli/served'
import { quickPod } from '../../harness/cli/watched'

/*
 * The requests of Hubify's page about its Pods API as programs in Python and JavaScript send them, with what each brings
 * itself, against `podkeeper serve`. Its curls are in curl-examples.test.ts.
 */

const run = promisify(execFile)

const python = `
import json, os, sys, urllib.error, urllib.request
def send(method, path, body=None):
    request = urllib.request.Request(os.environ["ORIGIN"] + "/api/v1" + path, method=method)
    request.add_header("Authorization", "Bearer " + os.environ["HUBIFY_TOKEN"])
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request) as reply:
            return [reply.status, json.load(reply)]
    except urllib.error.HTTPError as error:
        return [error.code, json.load(error)]
print(json.dumps([send(*one) for one in json.loads(os.environ["REQUESTS"])]))
`
const javascript = `
const { ORIGIN, HUBIFY_TOKEN, REQUESTS } = process.env
const replies = []
for (const [method, path, body] of JSON.parse(REQUESTS)) {
  const response = await fetch(ORIGIN + '/api/v1' + path, {
    method,
    headers: { Authorization: 'Bearer ' + HUBIFY_TOKEN, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  replies.push([response.status, await response.json()])
}
console.log(JSON.stringify(replies))
`
const hasPython = spawnSync('python3', ['--version']).status === 0

const programs = [
  ['Python', 'python3', ['-c', python], hasPython],
  ['JavaScript', process.execPath, ['--input-type=module', '-e', javascript], true],
] as const

test.each(programs.filter(([, , , isHere]) => isHere))(
  'the page’s requests run from %s',
  { timeout: 120_000 },
  async (_language, program, args) => {
    const runpod = await startSimulator([quickPod('abc123', { mode: 'idle' })], { balanceUsd: 1_000 })
    const served = await startServed({ runpod })
    const send = async (...requests: readonly (readonly unknown[])[]): Promise<readonly [number, any][]> => {
      const env = { ORIGIN: served.origin, HUBIFY_TOKEN: served.token, REQUESTS: JSON.stringify(requests) }
      const { stdout } = await run(program, args, { env: { PATH: process.env['PATH'], ...env } })
      return JSON.parse(stdout) as [number, any][]
    }
    const [lab] = (await served.send('/labs')).body.data as { id: string; slug: string }[]
    await vi.waitFor(async () => expect((await served.send('/pods/pod_abc123')).status).toBe(200), {
      timeout: 60_000,
    })
    const replies = await send(
      ['GET', `/pods?labId=${lab!.id}&status=running`],
      ['GET', '/pods/pod_abc123'],
      ['GET', `/pods/costs?labId=${lab!.id}&month=current`],
      ['PATCH', `/labs/${lab!.slug}/settings`, { idleAlertMinutes: 15 }],
      ['POST', '/pods', { labId: lab!.id, gpuType: 'H200', maxHuors: 8 }],
      ['POST', '/pods/pod_abc123/terminate'],
      ['POST', '/pods/pod_abc123/stop'],
      ['GET', '/pods/nothing'],
    )
    const [list, detail, costs, settings, misspelt, terminate, stop, none] = replies.map(([, body]) => body)
    expect(replies.map(([status]) => status)).toEqual([200, 200, 200, 200, 400, 202, expect.any(Number), 404])
    expect(list.data).toMatchObject([{ _id: 'pod_abc123', status: 'running' }])
    expect(detail.data).toMatchObject({ _id: 'pod_abc123', provider: 'runpod' })
    expect(costs.data.month).toMatch(/^\d{4}-\d\d$/)
    expect(settings.data).toMatchObject({ idleAlertMinutes: 15 })
    // A misspelt limit is no limit, so nothing is created.
    expect(JSON.stringify(misspelt)).toContain('maxHuors')
    expect(terminate.data).toMatchObject({ confirmation: { status: 'pending' } })
    expect([200, 202]).toContain(replies[6]?.[0])
    expect([stop.data, none.error]).toEqual([expect.anything(), expect.anything()])
    // Only the stop reaches the service: what a page asks to terminate waits for a person.
    const actions = () =>
      runpod.requests.filter(({ path, method }) => method !== 'GET' && path.includes('/abc123'))
    await vi.waitFor(() => expect(actions()).toHaveLength(1), { timeout: 30_000 })
  },
)
