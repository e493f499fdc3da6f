import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/*
 * What must not stand in the code at all, or in one file only, because no test of behaviour could see it come
 * back. Points of docs/security.md.
 */
const root = resolve(import.meta.dirname, '..')
const sources = filesBelow('src').filter((path) => /\.(tsx?|html)$/.test(path))

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

const withoutComments = (code: string): string =>
  code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '')

/** The files of src/ whose code holds this. */
function holding(pattern: RegExp): string[] {
  return sources.filter((path) => pattern.test(withoutComments(readFileSync(join(root, path), 'utf8'))))
}

test('the search sees the code', () => {
  expect(sources.length).toBeGreaterThan(100)
  expect(holding(/requestSingleInstanceLock/)).toEqual(['src/main/index.ts'])
})

test('a folder has at most 16 source files, so that one can be found by looking', () => {
  const counts = new Map<string, number>()
  for (const path of sources.filter((name) => /\.tsx?$/.test(name)))
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  expect(counts.size).toBeGreaterThan(100)
  expect([...counts].filter(([, count]) => count > 16)).toEqual([])
})

test('a type name stands for one thing: it is declared once in the sources, the bench and the harness', () => {
  const declaration =
    /^(?:export )?(?:type|interface|class) ([A-Z]\w*)(?=<| =|\s*\{| extends| implements|$)/gm
  const owners = new Map<string, string[]>()
  for (const folder of ['src', 'bench', 'test/harness'])
    for (const path of filesBelow(folder).filter((name) => /\.tsx?$/.test(name)))
      for (const [, name = ''] of readFileSync(join(root, path), 'utf8').matchAll(declaration))
        owners.set(name, [...(owners.get(name) ?? []), path])
  expect(owners.size).toBeGreaterThan(1_500)
  expect([...owners].filter(([, paths]) => paths.length > 1)).toEqual([])
})

test('no class is styled by two style sheets, of which one may be loaded later than the other', () => {
  // These two are about what the others style: for a system's own colors, and a page of its own.
  const sheets = filesBelow('src/renderer').filter(
    (path) => path.endsWith('.css') && !/(forced-colors|recovery)\.css$/.test(path),
  )
  const owners = new Map<string, Set<string>>()
  for (const path of sheets) {
    const css = readFileSync(join(root, path), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '')
    for (const [, selector = ''] of css.matchAll(/^\s*(\.[a-z][\w-]*)\s*[,{]/gm))
      owners.set(selector, (owners.get(selector) ?? new Set()).add(path))
  }
  expect(owners.size).toBeGreaterThan(200)
  expect([...owners].filter(([, names]) => names.size > 1).map(([one, names]) => [one, ...names])).toEqual([])
})

describe('in the files that are named only', () => {
  test('the command line uses more of its process than it is given, so that tests run it as a function', () => {
    const uses = holding(/(?<![\w.])process(?:\.(?!platform\b|getuid\b|execPath\b)|[[,;)\n])|console\./)
    expect(uses.filter((path) => path.startsWith('src/cli/'))).toEqual([
      'src/cli/index.ts',
      // It ends the programs that it started.
      'src/cli/watch/notifier.ts',
    ])
  })

  test('windows are made, and have the one set of preferences', () => {
    expect(holding(/new BrowserWindow/)).toEqual([
      'src/main/windows/app-window.ts',
      'src/main/windows/confirm-window.ts',
    ])
    for (const [file, looks] of [
      ['app-window', '...appearance'],
      ['confirm-window', '...SIZE'],
    ] as const) {
      const code = readFileSync(join(root, `src/main/windows/${file}.ts`), 'utf8')
      expect(code).toMatch(/webPreferences: webPreferences\(/)
      // After what a window asks for its looks, so that nothing there can win.
      expect(code.indexOf(looks)).toBeLessThan(code.indexOf('webPreferences: webPreferences('))
    }
  })

  test('the preferences themselves are named', () => {
    const preferences =
      /nodeIntegration|contextIsolation|webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|webviewTag|navigateOnDragDrop/
    expect(holding(preferences)).toEqual(['src/main/hardening/web-preferences.ts'])
  })

  test('the browser is opened', () => {
    expect(holding(/shell\.openExternal/)).toEqual(['src/main/electron-host.ts'])
    // With addresses that were checked.
    expect(holding(/host\.openExternal/)).toEqual(['src/main/hardening/harden-app.ts'])
    expect(holding(/[^.]\bopenExternal\(/)).toEqual([])
    expect(holding(/openPath/)).toEqual([])
  })

  test('the bridge is built, and requests are answered', () => {
    expect(holding(/ipcRenderer|contextBridge/)).toEqual(['src/preload/confirm.ts', 'src/preload/index.ts'])
    expect(holding(/ipcMain/)).toEqual(['src/main/ipc/ipc.ts'])
  })

  test('programs listen: on the lock, for commands, the Pods API, forwarded ports and macOS’s updater, and in the simulator', () => {
    expect(holding(/\bcreateServer\(/).sort()).toEqual([
      'src/main/updates/serve-file-once.ts',
      'src/node/data-folder/lock/lock-socket.ts',
      'src/node/pods-api/api-server.ts',
      'src/simulator/http/server.ts',
      'src/ssh/forward/local-port.ts',
    ])
    expect(holding(/\bstartApiServer\(/).sort()).toEqual([
      'src/node/pods-api/accounts/serve-accounts.ts',
      'src/node/pods-api/api-server.ts',
    ])
    expect(holding(/\bcreateControlServer\(/).sort()).toEqual([
      'src/cli/watch/watch-accounts.ts',
      'src/main/start-app.ts',
      'src/node/control/control-server.ts',
    ])
  })

  test('plain http is spoken: to the simulator, by macOS’s updater to the app, on this computer, by links to it, and to a proxy, which opens a tunnel', () => {
    expect(holding(/['"`](http|ws):\/\//).sort()).toEqual([
      'src/core/ports/recognize-services.ts',
      'src/main/updates/serve-file-once.ts',
      'src/providers/http/proxy.ts',
      'src/renderer/pods-api/pods-api-text.ts',
      'src/simulator/simulator.ts',
    ])
  })
})

describe('SSH', () => {
  const inRoom = (pattern: RegExp): string[] => holding(pattern).filter((path) => path.startsWith('src/ssh/'))

  test('is spoken in one place, which checks the host key', () => {
    expect(holding(/new (\w+\.)?Client\(/)).toEqual(['src/ssh/connection/authenticate.ts'])
    // The second one gets the client of the first.
    const knowing = ['src/ssh/connection/authenticate.ts', 'src/ssh/connection/receive-window.ts']
    expect(holding(/\bClient\b[^'"]*from 'ssh2'/)).toEqual(knowing)
    expect(holding(/hostVerifier/)).toEqual(['src/ssh/connection/authenticate.ts'])
    const code = withoutComments(readFileSync(join(root, 'src/ssh/connection/authenticate.ts'), 'utf8'))
    expect(code.match(/\.connect\(/g)).toHaveLength(1)
    expect(code).toMatch(/hostVerifier: checkHostKey,/)
  })

  test('is loaded when it is first needed: its library is large', () => {
    const door = readFileSync(join(root, 'src/ssh/create-ssh.ts'), 'utf8')
    const loadedAtOnce = [...door.matchAll(/^import (?!type\b).* from '\.\/(.+)'$/gm)].map(([, name]) => name)
    expect(loadedAtOnce).toEqual(
      ['host-key-file', 'host-key-outlook', 'seen-host-keys'].map((name) => `host-keys/${name}`),
    )
    expect(
      holding(/^import (?!type\b)[^'"]* from 'ssh2'/m).filter((path) => path.includes('host-key')),
    ).toEqual([])
  })

  test('offers keys and nothing else, and forwards no agent', () => {
    expect(inRoom(/password|tryKeyboard|keyboard-interactive|hostbased|'none', username/)).toEqual([])
    expect(inRoom(/agentForward: (?!false)/)).toEqual([])
    expect(inRoom(/child_process/)).toEqual([])
  })

  test('makes no key by ssh2, which makes one in 256 that nothing can read', () => {
    expect(holding(/utils\.generateKeyPair/)).toEqual([])
  })

  test('writes its pins, the keys that pods showed, a key of its own, results of jobs and the hosts of pods, and nothing else', () => {
    expect(inRoom(/(?:replaceFile|openSharedFile(?:<.*>)?)\(/)).toEqual([
      'src/ssh/host-keys/host-key-file.ts',
      'src/ssh/host-keys/seen-host-keys.ts',
      'src/ssh/hosts/host-files.ts',
    ])
    // The person's own config, once they agreed.
    expect(inRoom(/replaceUserFile\(/)).toEqual(['src/ssh/hosts/user-config.ts'])
    expect(inRoom(/writeFile|appendFile|createWriteStream|openSync/)).toEqual([
      'src/ssh/jobs/result-file.ts',
      'src/ssh/keys/generate-key.ts',
    ])
  })
})

describe('a terminate', () => {
  test('is sent by the intent runner alone, and asked for where it was confirmed', () => {
    expect(holding(/\.terminatePod\(/)).toEqual(['src/core/intents/intent-runner.ts'])
    expect(holding(/\bprovider\.act\(/i)).toEqual(['src/core/intents/intent-runner.ts'])
    // The last one ends a thread, which knows of no pod.
    const ending = [
      'src/main/windows/terminate-confirmation.ts',
      'src/node/control/control-session.ts',
      'src/ssh/keys/unlock-key.ts',
    ]
    expect(holding(/\.terminate\(/)).toEqual(ending)
  })

  test('is confirmed by what was typed, compared in one place', () => {
    expect(holding(/as Confirmed\b/)).toEqual(['src/core/confirmation/confirmation.ts'])
  })
})

describe('nowhere', () => {
  test('is a page shown in any other way, or by a library of Electron that crosses processes', () => {
    expect(holding(/BrowserView|WebContentsView|<webview|@electron\/remote|openDevTools/)).toEqual([])
  })

  test('is a certificate accepted that the system does not accept', () => {
    expect(holding(/rejectUnauthorized|checkServerIdentity/)).toEqual([])
    expect(holding(/NODE_TLS_REJECT_UNAUTHORIZED/)).toEqual([
      'src/cli/index.ts',
      'src/main/hardening/harden-app.ts',
    ])
  })

  test('is text made into code or markup', () => {
    expect(
      holding(
        /\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write/,
      ),
    ).toEqual([])
  })

  test('is a crash reported to someone', () => {
    expect(holding(/submitURL|uploadToServer: true/)).toEqual([])
  })
})
