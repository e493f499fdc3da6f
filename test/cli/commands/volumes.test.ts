import { expect, test } from 'vitest'
import { changeVolumes } from '../../../src/cli/commands/catalog/volumes'
import { unclearText } from '../../../src/cli/commands/control/unclear-text'
import { LOOKED_FOR } from '../../../src/core/changes/change-runner'
import { ok } from '../../../src/core/base/result'
import { volume } from '../../harness/samples/configurations'
import { pod } from '../../harness/samples/pods'
import { createScriptedProvider } from '../../harness/monitor/scripted-provider'

async function listed(isComplete: boolean) {
  const results: string[] = []
  const networkMounts = [{ volumeId: 'used', path: '/data' }]
  const provider = {
    ...createScriptedProvider([]),
    listPods: async () => ok({ pods: [pod({ networkMounts })], isComplete }),
    listNetworkVolumes: async () => ok([volume({ id: 'used' }), volume({ id: 'other' })]),
  }
  await changeVolumes(provider, {
    verb: 'list',
    volume: undefined,
    value: undefined,
    dataCenterId: undefined,
    kind: 'standard',
    confirmName: null,
    isConfirmed: false,
    keyboard: null,
    openControl: () => Promise.reject(new Error('not needed')),
    isJson: true,
    columns: 80,
    output: {
      progress: () => {},
      status: () => {},
      clearStatus: () => {},
      result: (text) => void results.push(text),
    },
    print: () => {},
  })
  const { volumes } = JSON.parse(results.join()) as { volumes: { id: string; pods: string[] | null }[] }
  return volumes.map(({ id, pods }) => [id, pods])
}

test('a volume is called unused only if every pod could be read', async () => {
  expect(await listed(true)).toEqual([
    ['used', ['trainer']],
    ['other', []],
  ])
  expect(await listed(false)).toEqual([
    ['used', ['trainer']],
    ['other', null],
  ])
})

test('a command that sends a change itself does not say that it continues looking for it', () => {
  const message = `It is not known yet whether a was changed. ${LOOKED_FOR}`
  expect(unclearText(message, { isRemote: true })).toBe(message)
  expect(unclearText(message, { isRemote: false })).toBe(
    'It is not known yet whether a was changed. Podkeeper no longer looks for it.',
  )
})
