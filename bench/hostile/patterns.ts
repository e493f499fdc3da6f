import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { check } from 'recheck'
import { countsOf, type Measurement } from '../measurement'

/** A pattern is given up after so long. */
const CHECK_LIMIT_MS = 20_000

/**
 * Patterns whose time grows faster than the text, and why that text is short. The simulator reads what Podkeeper sends.
 */
const SHORT_TEXTS: Readonly<Record<string, string>> = {
  'src/cli/commands/files/pod-path.ts': 'an argument of a command, on Windows',
  'src/core/confirmation/job-questions.ts': 'grows by 40 at most',
  'src/core/editors/ssh-hosts.ts': 'the name of a pod',
  'src/core/logs/system-log.ts': 'a line of a system log, cut before',
  'src/core/queue/queue-view.ts': 'the name of a pod',
  'src/core/settings/definitions/typed-value.ts': 'a value that a person types',
  'src/core/settings/definitions/usd-text.ts': 'a value that a person types',
  'src/core/terminal/host-key.ts': 'the name of an algorithm that was agreed on',
  'src/core/terminal/ssh-text.ts': 'the name of a pod',
  'src/main/logs/log-files.ts': 'the name of a pod',
  'src/node/queue/result-folder.ts': 'the label of a job',
  'src/main/desktop/autostart.ts': 'a path from the environment',
  'src/node/pods-api/accounts/served-account.ts': 'the name of an account',
  'src/providers/hubify/key.ts': 'an address that a person sets',
  'src/providers/runpod/client.ts': 'an address that Podkeeper made',
  'src/renderer/guard/rule-text.ts': 'a value that a person types',
  'src/ssh/files/sides/upload-side.ts': 'an argument of a command',
  'src/ssh/key-setup/registered-keys.ts': 'grows by 60 at most',
  'src/ssh/keys/public-key.ts': 'a hash',
}

/** Each pattern of the sources by `recheck`: those whose time may grow faster than a hostile text does. */
export async function measurePatterns(): Promise<readonly Measurement[]> {
  const patterns = await findPatterns('src')
  let [unexplained, undecided] = [0, 0]
  for (const { file, pattern, flags } of patterns) {
    if (file.startsWith('src/simulator/')) continue
    const { status } = await check(pattern, flags, { timeout: CHECK_LIMIT_MS })
    if (status === 'safe' || (status === 'vulnerable' && file in SHORT_TEXTS)) continue
    console.log(`${status}: ${file}: /${pattern}/${flags}`)
    if (status === 'vulnerable') unexplained += 1
    else undecided += 1
  }
  const count = countsOf('hostile')
  return [
    count('patterns of the sources', patterns.length),
    count('patterns that recheck could not decide in 20 s', undecided),
    count('patterns whose time may grow with the square of a hostile text', unexplained, 0),
  ]
}

interface FoundPattern {
  readonly file: string
  readonly pattern: string
  readonly flags: string
}

async function findPatterns(folder: string): Promise<readonly FoundPattern[]> {
  const names = await readdir(folder, { recursive: true })
  const found = new Map<string, FoundPattern>()
  for (const name of names.filter((each) => /\.tsx?$/.test(each))) {
    const file = join(folder, name)
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return
      if ('regex' in node && isRegex(node.regex)) {
        const { pattern, flags } = node.regex
        found.set(`${file}: /${pattern}/${flags}`, { file, pattern, flags })
      }
      for (const child of Object.values(node)) visit(child)
    }
    visit(parseSync(file, await readFile(file, 'utf8')).program)
  }
  return [...found.values()]
}

const isRegex = (value: unknown): value is { readonly pattern: string; readonly flags: string } =>
  typeof value === 'object' && value !== null && 'pattern' in value && 'flags' in value
