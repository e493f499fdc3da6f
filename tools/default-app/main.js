/*
 * The part of Electron that turns `electron [-r module]… [switches] <folder | file>` into a running app. The
 * test runtime comes without it, so this small one is packed into its resources as default_app.asar.
 */
const { app } = require('electron')
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

const preloads = []
let target = null
const args = process.argv.slice(1)
for (let i = 0; i < args.length && target === null; i++) {
  const arg = args[i]
  if (arg === '-r' || arg === '--require') preloads.push(args[++i])
  else if (arg === '-v' || arg === '--version') {
    console.log(`v${process.versions.electron}`)
    process.exit(0)
  } else if (!arg.startsWith('-')) target = path.resolve(arg)
}
if (target === null) {
  console.error('usage: electron [-r module]… [switches] <folder | file>')
  process.exit(2)
}
for (const name of preloads) require(require.resolve(name, { paths: [process.cwd()] }))

// As the original does: this is how an app tells `electron .` from its packaged self.
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
const packageFile = path.join(target, 'package.json')
const isFolder = fs.existsSync(packageFile)
if (isFolder) {
  const { name, productName, version, desktopName } = JSON.parse(fs.readFileSync(packageFile, 'utf8'))
  if (version) app.setVersion(version)
  app.name = productName || name || app.name
  app.setDesktopName(desktopName || `${app.name}.desktop`)
}
const entry = Module._resolveFilename(target, null, true)
app.setAppPath(isFolder ? target : path.dirname(entry))
Module._load(entry, null, true)
