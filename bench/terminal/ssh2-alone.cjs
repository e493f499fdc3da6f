// ssh2 with a PTY and no terminal, as the baseline of the terminal benchmarks. Commands are JSON lines.
const { readFileSync } = require('node:fs')
const { createInterface } = require('node:readline')
const { setTimeout: delay } = require('node:timers/promises')
const { Client } = require('ssh2')

const [port, username, keyFile, columns, rows] = process.argv.slice(2)
const client = new Client()
let onBytes = () => {}

/** Types `text` and ends once `mark` was received, possibly split over chunks. Ms. */
function run(channel, { text, mark }) {
  return new Promise((done) => {
    const sinceMs = performance.now()
    let tail = ''
    onBytes = (bytes) => {
      tail = tail.slice(-mark.length) + bytes.subarray(-4 * mark.length).toString('latin1')
      if (tail.includes(mark)) done(performance.now() - sinceMs)
    }
    channel.write(text)
  })
}

/** Types each key after the previous echo, ms. */
async function echo(channel, { count }) {
  const times = []
  for (let at = 0; at < count; at++) {
    await delay(10 + ((at * 7) % 30))
    times.push(await run(channel, { text: 'x', mark: 'x' }))
  }
  return times
}

client.on('ready', () => {
  client.setNoDelay(true)
  client.shell({ term: 'xterm-256color', cols: Number(columns), rows: Number(rows) }, (error, channel) => {
    if (error) throw error
    channel.on('data', (bytes) => onBytes(bytes))
    createInterface({ input: process.stdin }).on('line', (line) => {
      const order = JSON.parse(line)
      const answer = order.kind === 'run' ? run(channel, order) : echo(channel, order)
      void answer.then((ms) => console.log(JSON.stringify(ms)))
    })
  })
})
client.connect({
  host: '127.0.0.1',
  port: Number(port),
  username,
  privateKey: readFileSync(keyFile),
  algorithms: { cipher: ['aes128-gcm@openssh.com'] },
})
