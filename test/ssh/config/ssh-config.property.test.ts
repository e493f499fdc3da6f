import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IncludedFiles } from '../../../src/ssh/config/included-files'
import { readSshConfig } from '../../../src/ssh/config/ssh-config'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

const HOSTS = ['one', 'two', 'two.example']
const FILES = ['main', 'more1', 'more2', 'other']
const hasSsh = spawnSync('ssh', ['-V']).status === 0

const pattern = fc.constantFrom('one', 'two', 'two.example', '*', 't*', '!one', '!two', 'tw?', 'ONE')
const patterns = fc.array(pattern, { minLength: 1, maxLength: 3 })
const users = fc.constantFrom('root', 'ro*', '!root,*', 'else', userInfo().username)
const criterion = fc.oneof(
  fc
    .tuple(fc.constantFrom('host', '!host', 'originalhost', 'Host'), patterns)
    .map(([name, list]) => `${name} ${list.join(',')}`),
  fc.tuple(fc.constantFrom('user', '!user', 'localuser'), users).map((words) => words.join(' ')),
  fc.constantFrom('final', '!final', 'canonical', 'exec false'),
)
const lineOf = (included: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 9 }).map((n) => `IdentityFile /k${n}`) },
    fc.integer({ min: 0, max: 9 }).map((n) => `identityfile = "/k ${n}" # words`),
    { weight: 2, arbitrary: patterns.map((list) => `Host ${list.join(' ')}`) },
    fc.array(criterion, { minLength: 1, maxLength: 2 }).map((list) => `Match ${list.join(' ')}`),
    fc.constantFrom(
      'Match all',
      'IdentitiesOnly yes',
      'IdentitiesOnly no',
      'IdentityAgent /a1',
      'IdentityAgent none',
    ),
    fc.constantFrom('Hostname two.example', 'HostName %h.example', 'User else', '# Host *', ''),
    { weight: 2, arbitrary: included.map((name) => `Include ${name}`) },
  )
/** Each file includes only later ones, because ssh rejects loops. */
const texts = fc.tuple(
  ...FILES.map((_, n) =>
    fc.array(
      lineOf(
        fc
          .constantFrom(...FILES.slice(n + 1), 'more*', 'nothing')
          .filter((name) => n === 0 || name !== 'more*'),
      ),
      {
        maxLength: 8,
      },
    ),
  ),
)

// It starts a program 200 times.
const SLOW = { timeout: 120_000 }

it.skipIf(!hasSsh)('an ssh_config specifies the same keys here as in the real ssh', SLOW, () => {
  const place = tempFolder('oracle')
  fc.assert(
    fc.property(texts, fc.constantFrom(...HOSTS), (files, host) => {
      files.forEach((lines, n) => {
        const whole = lines.map((line) => line.replace(/^Include /, `Include ${place}/`))
        writeFileSync(join(place, FILES[n] ?? ''), whole.join('\n'), { mode: 0o600 })
      })
      const real = execFileSync('ssh', ['-G', '-F', join(place, 'main'), '-l', 'root', host], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).split('\n')
      const said = (keyword: string): string[] =>
        real.flatMap((line) => (line.startsWith(`${keyword} `) ? line.slice(keyword.length + 1) : []))
      const included = new IncludedFiles(place)
      const read = readSshConfig(`Include ${join(place, 'main')}`, {
        host,
        user: 'root',
        localUser: userInfo().username,
        aliases: [],
        home: place,
        env: {},
        include: (path) => included.read(path),
      })
      expect(read).toEqual({
        // If the config has none, ssh uses the default files.
        files: said('identityfile').filter((path) => path.startsWith('/k')),
        isIdentitiesOnly: said('identitiesonly')[0] === 'yes',
        agent: said('identityagent')[0] ?? null,
      })
    }),
    { numRuns: 200 },
  )
})
