import type { Alert } from '../../../../src/core/alerts/alert'
import { ok } from '../../../../src/core/base/result'
import type { ElectronHost } from '../../../../src/main/app-parts'
import type { UpdateHost } from '../../../../src/main/updates/app-updates'
import { createFileDialogs, type FileDialog } from '../../../../src/main/ipc/file-dialogs'
import type { NativeNotifier } from '../../../../src/main/notifications/notifier'
import type { HostRecord } from '../scene-contract'

type HostActions = Pick<HostRecord, 'openedAddresses' | 'dialogs' | 'notifications' | 'quits'>

interface DialogOptions {
  readonly title?: string
  readonly defaultPath?: string
}

/** What stands for Electron in a scene: records what is asked of the system, and answers as the test says. */
export interface TestHost {
  readonly host: ElectronHost
  readonly notifier: NativeNotifier
  readonly record: () => HostActions
  clipboard: string
  answerNextDialog(paths: readonly string[] | null): void
}

export function createTestHost(
  env: NodeJS.ProcessEnv,
  releaseFeed: UpdateHost['releaseFeed'] = null,
  updatesItself = false,
): TestHost {
  const state = { clipboard: '', quits: 0 }
  const openedAddresses: string[] = []
  const dialogs: HostRecord['dialogs'][number][] = []
  const notifications: Alert[] = []
  const answers: (readonly string[] | null)[] = []

  const choose = (
    kind: 'save' | 'open',
    { title = '', defaultPath = '' }: DialogOptions,
  ): readonly string[] | null => {
    dialogs.push({ kind, title, defaultPath })
    return answers.shift() ?? null
  }
  const dialog = {
    async showSaveDialog(options: DialogOptions) {
      const [filePath] = choose('save', options) ?? []
      return filePath === undefined ? { canceled: true, filePath: '' } : { canceled: false, filePath }
    },
    async showOpenDialog(options: DialogOptions) {
      const filePaths = choose('open', options)
      return { canceled: filePaths === null, filePaths: [...(filePaths ?? [])] }
    },
  }
  return {
    host: {
      version: '0.0.0',
      updates: {
        releaseFeed,
        packageFacts: {
          platform: 'darwin',
          arch: 'arm64',
          isPackaged: updatesItself,
          packageType: null,
          hasSystemSource: false,
        },
        createInstaller: () => ({
          stage: async () => ok(undefined),
          isCalledAtQuit: false,
          install: () => true,
        }),
        quit: () => void (state.quits += 1),
        programStamp: () => null,
        electronVersion: '45.4.1',
        readText: async (name) =>
          name === 'licenses.txt'
            ? 'react 19.3.1 (MIT)\n\nPermission is hereby granted'
            : '# Changelog\n\n## 0.0.0\n\n### Added\n\n- _Stop_ has `an` undo.\n',
      },
      env,
      readClipboard: async () => state.clipboard,
      writeClipboard: async (text) => void (state.clipboard = text),
      openExternal: async (address) => void openedAddresses.push(address),
      isScreenLocked: () => null,
      areNotificationsSupported: () => true,
      fileDialogs: createFileDialogs(dialog as FileDialog),
      createKeyring: () => ({
        storage: 'system-keyring',
        encrypt: async (text) => ok(Buffer.from(text).toString('base64')),
        decrypt: async (base64) => ok({ text: Buffer.from(base64, 'base64').toString(), isOutdated: false }),
      }),
      createDesktop: () => ({
        setTheme: () => {},
        setLaunchedAtLogin: () => ok(undefined),
        setGlobalShortcut: () => ok(undefined),
      }),
      startTerminalProcess() {
        throw new Error('Terminals run in the real app only.')
      },
    },
    notifier: {
      async show(alert) {
        notifications.push(alert)
        return 'shown'
      },
      withdraw: () => {},
    },
    record: () => ({ openedAddresses, dialogs, notifications, quits: state.quits }),
    get clipboard() {
      return state.clipboard
    },
    set clipboard(text) {
      state.clipboard = text
    },
    answerNextDialog: (paths) => void answers.push(paths),
  }
}
