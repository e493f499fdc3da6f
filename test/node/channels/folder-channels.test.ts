import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { messageId, type OutboxRecord } from '../../../src/core/channels/outbox/outbox-message'
import { openChannelStore } from '../../../src/node/channels/channel-store'
import { createFolderChannels } from '../../../src/node/channels/folder-channels'
import { createFakeClock } from '../../harness/base/fake-clock'
import { outgoingAlert, startInstant } from '../../harness/samples/outgoing-alerts'

const waiting: OutboxRecord = {
  kind: 'message',
  id: messageId('c', outgoingAlert(), false),
  channelId: 'c',
  alert: outgoingAlert(),
  isResolved: false,
  state: 'waiting',
  stateAt: startInstant,
  failure: null,
}

/** A program that takes a folder over in which a message waits. */
function takeOver(channelsFile: string) {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-channels-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  writeFileSync(join(folder, 'channels.json'), channelsFile)
  const records: OutboxRecord[] = []
  const problems: (string | null)[] = []
  const channels = createFolderChannels({
    clock: createFakeClock(),
    random: () => 0,
    store: { ...openChannelStore(folder, null, () => {}), onChange: () => {} },
    journal: {
      latest: () => [waiting],
      record(record) {
        records.push(record)
        return ok(undefined)
      },
    },
    send: async () => ({ kind: 'accepted', answer: 'ok.' }),
    computer: () => null,
    routing: () => ({ isLocked: null, mayStopUnwarned: false }),
    mayAct: () => true,
    record: () => {},
    onChange: () => problems.push(channels.view().problem),
    report: () => {},
  })
  channels.takeOver()
  return { records, problems }
}

test('channels that can’t be used are reported at once, and drop nothing that waits', () => {
  for (const file of ['{"version":2}', 'damaged']) {
    const { records, problems } = takeOver(file)
    expect([records, problems]).toEqual([[], [expect.stringMatching(/newer version|can’t be read/)]])
  }
})

test('what waits for a channel that is gone is dropped', () => {
  const { records, problems } = takeOver('{"version":1,"channels":[]}')
  expect([records, problems]).toEqual([
    [{ ...waiting, state: 'dropped', stateAt: expect.anything() }],
    [null],
  ])
})
