'use strict'
/*
 * Loaded into a program before its own code (`node --require`): counts the calls that change a data folder, and at
 * one of them lets the disk fail or kills the process. It works at the border to the system, so the program and its
 * files are real everywhere. See faults.ts for the kinds of faults.
 */
const fs = require('node:fs')
const { Server } = require('node:net')
const { syncBuiltinESMExports } = require('node:module')
const path = require('node:path')

const { folder, kind, step: faultStep = 0, byte: faultByte = 0 } = JSON.parse(process.env['PODKEEPER_FAULT'])
const original = { ...fs }
const inFolder = new Set()
let steps = 0
let writtenBytes = 0
/** The steps that write bytes. */
const writes = []
let isNested = false

const withEnd = (place) => `${path.resolve(place)}${path.sep}`
const isBelow = (place) => typeof place === 'string' && withEnd(place).startsWith(withEnd(folder))
const isOurs = (target) => (typeof target === 'number' ? inFolder.has(target) : isBelow(target))

function kill() {
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

const failure = (code, call) =>
  Object.assign(new Error(`${code}: injected, ${call}`), { code, syscall: call })

/** The part of `data` that still fits; null when all of it does. */
function fittingPart(data) {
  const bytes = Buffer.from(data)
  if (kind === 'full') {
    const room = Math.max(0, faultByte - writtenBytes)
    writtenBytes += bytes.length
    return bytes.length > room ? bytes.subarray(0, room) : null
  }
  writtenBytes += bytes.length
  const isCutHere = steps === faultStep && (kind === 'kill-part' || kind === 'fail-once')
  return isCutHere ? bytes.subarray(0, Math.min(bytes.length, faultByte)) : null
}

/** Runs one change of the folder, or what the fault makes of it. `data`: what it writes, if it does. */
function change(call, run, data, writePart) {
  steps += 1
  const isHere = steps === faultStep
  if (kind === 'kill' && isHere) kill()
  if (kind === 'read-only' && steps >= faultStep) throw failure('EROFS', call)
  if (data !== undefined) writes.push(steps)
  const part = data === undefined ? null : fittingPart(data)
  if (part !== null) {
    if (part.length > 0) writePart(part)
    if (kind === 'kill-part') kill()
    throw failure(kind === 'full' ? 'ENOSPC' : 'EIO', call)
  }
  if (kind === 'fail-once' && isHere) throw failure('EIO', call)
  if (kind === 'full' && writtenBytes > faultByte && call === 'mkdirSync') throw failure('ENOSPC', call)
  return run()
}

/** What Node itself calls within a call is a part of that call. */
function asOne(run) {
  if (isNested) return run()
  isNested = true
  try {
    return run()
  } finally {
    isNested = false
  }
}

function wrap(name, isOurTarget, dataOf, writePart) {
  fs[name] = (...args) => {
    if (isNested || !isOurTarget(args)) return original[name](...args)
    return asOne(() =>
      change(
        name,
        () => original[name](...args),
        dataOf?.(args),
        (part) => writePart?.(args, part),
      ),
    )
  }
}

const isOurTarget = ([target]) => isOurs(target)
for (const name of ['fsyncSync', 'ftruncateSync', 'unlinkSync', 'chmodSync']) wrap(name, isOurTarget)
// Without anything to do these succeed on every disk.
wrap('rmSync', ([target]) => isOurs(target) && original.existsSync(target))
wrap('mkdirSync', ([target]) => isOurs(target) && !original.existsSync(target))
for (const name of ['renameSync', 'linkSync']) wrap(name, (args) => args.slice(0, 2).some(isBelow))
const writePart = ([target, , options], part) => original.writeFileSync(target, part, options)
const dataOf = ([, data]) => data
wrap('writeFileSync', isOurTarget, dataOf, writePart)
wrap('appendFileSync', isOurTarget, dataOf, ([target], part) => original.appendFileSync(target, part))
wrap('writeSync', isOurTarget, dataOf, ([target], part) => original.writeSync(target, part))

fs.openSync = (...args) => {
  const [place, flags] = args
  const isChange = !isNested && isBelow(place) && /[wa+]/.test(String(flags))
  const open = () => original.openSync(...args)
  const file = isChange ? asOne(() => change('openSync', open)) : open()
  if (isBelow(place)) inFolder.add(file)
  return file
}
fs.closeSync = (file) => {
  inFolder.delete(file)
  return original.closeSync(file)
}

/** A socket is a file too. */
const listen = Reflect.get(Server.prototype, 'listen')
Server.prototype.listen = function listenInFolder(...args) {
  const run = () => Reflect.apply(listen, this, args)
  return isBelow(args[0]) ? change('listen', run) : run()
}

syncBuiltinESMExports()
process.on('exit', () => original.writeSync(1, `# ${JSON.stringify({ steps, writes, writtenBytes })}\n`))
