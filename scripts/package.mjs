import { parseArgs } from 'node:util'
import { relative } from 'node:path'
import { buildApp } from './lib/build.mjs'
import { packageApp } from './lib/package-app.mjs'
import { root } from './lib/project.mjs'
import { runCommand, say } from './lib/say.mjs'
import { setUp } from './set-up.mjs'

/**
 * `npm run package [-- --platform PLATFORM --arch ARCH]`: a package to ship, in dist/.
 * `npm run package -- --for-tests`: one to test, made of whatever Electron the tests run on.
 */
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      'for-tests': { type: 'boolean', default: false },
      platform: { type: 'string' },
      arch: { type: 'string' },
    },
  })
  const forTests = values['for-tests']
  await setUp({ forTests })
  await buildApp()
  const folder = await packageApp({
    forTests,
    ...(values.platform && { platform: values.platform }),
    ...(values.arch && { arch: values.arch }),
  })
  say(`Packaged into ${relative(root, folder)}${forTests ? ': for testing, never to be shipped' : ''}`)
})
