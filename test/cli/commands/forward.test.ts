import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CliAccount } from '../../../src/cli/account/account'
import { forwardPorts, type PortSsh } from '../../../src/cli/commands/ports/forward'
import { CliExit } from '../../../src/cli/output/exit'
import { fail } from '../../../src/core/base/result'
import type { Pod } from '../../../src/core/pods/pod'
import { openForwardsFile } from '../../../src/node/data-folder/forwards-file'
import { dataFolder } from '../../harness/ssh/openssh-for-test'
import { pod, stoppedPod } from '../../harness/samples/pods'
import { createScriptedProvider } from '../../harness/monitor/scripted-provider'

const ssh = { direct: { host: '127.0.0.1', port: 22, username: 'root' }, proxy: null }

function prepare(listed: Pod) {
  const saved = openForwardsFile(join(dataFolder('forwards')))
  const printed: string[] = []
  const print = (text: string): void => void printed.push(text)
  const account = {
    name: 'mine',
    view: { id: 'a' },
    provider: createScriptedProvider([listed]),
  } as unknown as CliAccount
  const run = (portSsh: PortSsh | null, more: { isForgetting?: boolean } = {}) =>
    forwardPorts({
      accounts: [account],
      failures: [],
      podQuery: listed.id,
      ports: [],
      isListing: false,
      isForgetting: more.isForgetting === true,
      isJson: false,
      saved,
      ssh() {
        if (portSsh === null) throw new Error('nothing is connected')
        return portSsh
      },
      onActive: () => {},
      onSignal: () => () => {},
      output: { progress: print, status: () => {}, clearStatus: () => {}, result: print },
    })
  return { saved, printed, run }
}

test.each([
  [
    'no-shell',
    'its shell could not read what listens',
    /not known: its shell .*\. Say which port to forward\.$/,
  ],
  [
    'host-key-untrusted',
    "its host key isn't trusted yet",
    /trusted yet\. Accept it with podkeeper queue trust /,
  ],
] as const)(
  'podkeeper forward without ports ends where it can’t find out which (%s)',
  async (kind, reason, text) => {
    const { run } = prepare(pod({ ssh }))
    const ran = run({
      readListening: () => Promise.resolve(fail({ kind, reason })),
      connect: () => Promise.resolve(fail({ kind: 'unreachable', reason: 'this is not tried' })),
    })
    const error: unknown = await ran.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CliExit)
    expect(error).toMatchObject({ message: expect.stringMatching(text) })
  },
)

test('podkeeper forward --forget works for a pod that is stopped', async () => {
  const { saved, run, printed } = prepare(stoppedPod())
  saved.save('a', stoppedPod().id, [{ remotePort: 80, localPort: 80 }])
  expect(await run(null, { isForgetting: true })).toBe(0)
  expect(printed).toEqual(['The saved ports of this pod were removed.'])
  expect(saved.list('a', stoppedPod().id)).toEqual([])
})
