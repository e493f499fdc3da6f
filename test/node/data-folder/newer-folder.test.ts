import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeStoredKey } from '../../../src/cli/account/key-file'
import { openAppStore } from '../../../src/main/settings/app-store'
import { openAlertHistory } from '../../../src/node/data-folder/records/alert-history'
import { openIdleEpisodes } from '../../../src/node/data-folder/records/idle-episodes'
import { openLastSnapshotsFile } from '../../../src/node/data-folder/last-snapshots-file'
import { openPodColorsFile } from '../../../src/node/data-folder/pod-colors-file'
import { openTerminalInputFile } from '../../../src/node/data-folder/terminal-input-file'
import { HostKeyFile } from '../../../src/ssh/host-keys/host-key-file'

/** A folder of a later version, whose files this version cannot read. */
function newerFolder(): { folder: string; contents: () => Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-newer-'))
  writeFileSync(join(folder, 'format.json'), '{"version":3}')
  for (const name of [
    'config.json',
    'alert-marks.json',
    'host-keys.json',
    'idle-episodes.json',
    'last-snapshots.json',
    'pod-colors.json',
    'terminal-input.json',
  ])
    writeFileSync(join(folder, name), '"of a later version"')
  const contents = () =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  return { folder, contents }
}

test.each<[string, (folder: string) => void]>([
  [
    'the settings',
    (folder) => {
      const store = openAppStore(folder, () => 1, { warn: () => {} })
      expect(store.changeSettings({ undoS: 7 })).toMatchObject({
        ok: false,
        error: [{ reason: expect.stringContaining('Update Podkeeper') }],
      })
      expect(store.removeAccount('a').ok).toBe(false)
      store.alertPause.save(5)
    },
  ],
  ['the alert history', (folder) => openAlertHistory(folder, () => {}).save({})],
  ['idle episodes', (folder) => openIdleEpisodes(folder, () => {}).save([])],
  ['colors of pods', (folder) => openPodColorsFile(folder, () => {}).save(new Map([['a/p', 1]]))],
  ['the pods of the last run', (folder) => void openLastSnapshotsFile(folder, () => {}).save([])],
  ['terminal input', (folder) => openTerminalInputFile(folder, Date.now).record('a', 'p')],
  [
    'host keys',
    (folder) =>
      new HostKeyFile({ path: join(folder, 'host-keys.json'), nowMs: () => 1, onProblem: () => {} }).forget({
        kind: 'pod',
        accountId: 'a',
        podId: 'p',
      }),
  ],
  [
    'the key of the command line',
    (folder) =>
      expect(() => writeStoredKey(join(folder, 'cli-key.json'), { baseUrl: 'https://x', key: 'k' })).toThrow(
        /Nothing was saved. .*Update Podkeeper/,
      ),
  ],
])('in a newer folder, %s: not one file is written, moved or removed', (_, write) => {
  const { folder, contents } = newerFolder()
  const before = contents()
  write(folder)
  expect(contents()).toEqual(before)
})
