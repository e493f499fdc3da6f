import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  commandWithoutSecrets,
  listeningScript,
  parseListening,
} from '../../../src/core/ports/listening-ports'
import { forwardsOf, recognizeServices, serviceUrl } from '../../../src/core/ports/recognize-services'

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const socket = (port: number, inode: number, state = '0A', address = '0100007F'): string =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0`

interface Process {
  readonly id: number
  readonly command: string
  readonly ports: readonly number[]
}

/** What a pod prints with these processes. */
function outputOf(processes: readonly Process[], jupyter = ''): string {
  const inode = (port: number): number => 40_000 + port
  const ports = processes.flatMap((each) => each.ports)
  return `
<n:sockets>
${HEADER}
${ports.map((port) => socket(port, inode(port))).join('\n')}
${socket(50_000, 1, '01')}

<n:descriptors>
${processes.map(({ id, ports: own }) => `/proc/${id}/fd:\n${own.map((port) => `lrwx------ 1 root root 64 Nov 27 13:00 ${port} -> socket:[${inode(port)}]`).join('\n')}`).join('\n')}

<n:commands>
${processes.map(({ id, command }) => `==> /proc/${id}/cmdline <==\n${command.replaceAll(' ', '\0')}`).join('\n\n')}

<n:jupyter>
==> /dev/null <==
${jupyter}
<n:end>
`
}

const read = (processes: readonly Process[], jupyter = '') =>
  parseListening(outputOf(processes, jupyter), 'n')
const services = (processes: readonly Process[], jupyter = '') => {
  const reading = read(processes, jupyter)
  return reading === null ? null : recognizeServices(reading)
}

describe('what listens on a pod', () => {
  it('has a port, a process and its command line', () => {
    expect(
      read([
        { id: 7, command: '/usr/sbin/sshd -D', ports: [22] },
        { id: 9, command: 'python3 app.py', ports: [9_000, 80] },
      ]),
    ).toEqual({
      ports: [
        { port: 22, processId: 7, command: '/usr/sbin/sshd -D' },
        { port: 80, processId: 9, command: 'python3 app.py' },
        { port: 9_000, processId: 9, command: 'python3 app.py' },
      ],
      jupyterServers: [],
    })
  })

  it('is listed once where it listens for IPv4 and IPv6, and without a process that can’t be seen', () => {
    const six = socket(8_000, 1, '0A', '00000000000000000000000000000000')
    const output = `\n<n:sockets>\n${HEADER}\n${socket(8_000, 2)}\n${six}\n\n<n:descriptors>\n\n<n:commands>\n\n<n:jupyter>\n\n<n:end>\n`
    expect(parseListening(output, 'n')?.ports).toEqual([{ port: 8_000, processId: null, command: null }])
  })

  it('is unknown without all parts of the output', () => {
    expect(parseListening('', 'n')).toBeNull()
    expect(parseListening(outputOf([]).replace('<n:end>', ''), 'n')).toBeNull()
    expect(parseListening(outputOf([]), 'other')).toBeNull()
  })

  it('is read from anything without an error, and has ports only', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        HEADER,
        socket(80, 1),
        '/proc/1/fd:',
        'x -> socket:[1]',
        '==> /proc/1/cmdline <==',
        '<n:commands>',
        '{"port":"x"}',
      ),
      fc.stringMatching(/^[0-9A-F: ]{0,80}$/),
    )
    fc.assert(
      fc.property(fc.array(line), fc.array(line), fc.array(line), fc.array(line), (...parts) => {
        const [sockets, descriptors, commands, jupyter] = parts.map((lines) => lines.join('\n'))
        const output = `\n<n:sockets>\n${sockets}\n<n:descriptors>\n${descriptors}\n<n:commands>\n${commands}\n<n:jupyter>\n${jupyter}\n<n:end>\n`
        const reading = parseListening(output, 'n')
        for (const { port } of reading?.ports ?? []) expect(port > 0 && port < 65_536).toBe(true)
        if (reading !== null) recognizeServices(reading)
      }),
    )
  })

  it('is asked for in plain characters', () => {
    expect(listeningScript('n')).toMatch(/^[\x20-\x7e\n]*$/)
  })
})

describe('a service', () => {
  it.each([
    ['/usr/bin/python3 /usr/local/bin/jupyter-lab --allow-root', 8_888, 'jupyter'],
    ['/usr/bin/python3 -m jupyterlab', 8_890, 'jupyter'],
    ['/opt/conda/bin/python /opt/conda/bin/jupyter lab', 8_888, 'jupyter'],
    ['/usr/bin/python3 /usr/local/bin/tensorboard --logdir runs', 6_006, 'tensorboard'],
    ['python3 -m vllm.entrypoints.openai.api_server --model x', 8_000, 'vllm'],
    ['/usr/bin/python3 /usr/local/bin/vllm serve meta-llama/x', 8_000, 'vllm'],
    ['python3 /workspace/ComfyUI/main.py --listen', 8_188, 'comfyui'],
    ['python3 main.py --listen', 8_188, 'comfyui'],
    ['python3 app.py', 7_860, 'gradio'],
    ['python app.py', 7_861, 'gradio'],
  ])('%s on port %i is %s', (command, port, kind) => {
    expect(services([{ id: 5, command, ports: [port] }])).toEqual([{ kind, port, token: null }])
  })

  it.each([
    ['/usr/sbin/sshd -D', 22],
    ['python3 -m ipykernel_launcher -f /root/.local/share/jupyter/runtime/kernel-1.json', 40_001],
    ['python3 app.py', 9_000],
    ['nginx: master process', 7_860],
    ['vim /workspace/jupyter.txt', 4_000],
    ['cat tensorboard.log', 4_000],
  ])('is not recognized in %s on port %i', (command, port) => {
    expect(services([{ id: 5, command, ports: [port] }])).toEqual([])
  })

  it('is offered at the port that it was told, else its usual, else its first', () => {
    const vllm = (command: string, ports: readonly number[]) =>
      services([{ id: 5, command, ports }])?.map(({ port }) => port)
    expect(vllm('python3 -m vllm.entrypoints --port 9000', [8_000, 9_000, 41_000])).toEqual([9_000])
    expect(vllm('python3 -m vllm.entrypoints', [41_000, 8_000])).toEqual([8_000])
    expect(vllm('python3 -m vllm.entrypoints --port 9999', [41_000, 40_000])).toEqual([40_000])
  })

  it('of Jupyter has the token of the running server, by its file or its command line', () => {
    const jupyter = {
      id: 5,
      command: 'python3 /usr/bin/jupyter-lab --ServerApp.token=from-line',
      ports: [8_888],
    }
    const file = (token: unknown, port = 8_888): string =>
      `\n==> /root/.local/share/jupyter/runtime/jpserver-5.json <==\n${JSON.stringify({ pid: 5, port, token })}\n`
    expect(services([jupyter], file('from-file'))?.[0]?.token).toBe('from-file')
    expect(services([jupyter], file('from-file', 1))?.[0]?.token).toBe('from-line')
    expect(services([jupyter], file('evil"><script>'))?.[0]?.token).toBe('from-line')
    expect(services([jupyter], file(7))?.[0]?.token).toBe('from-line')
    expect(services([{ ...jupyter, command: 'jupyter lab --ServerApp.token=$(x)' }])?.[0]?.token).toBeNull()
  })

  it('gets a port near its usual one here, whatever the pod announces, and only some get one', () => {
    const jupyter = (port: number) => ({ kind: 'jupyter' as const, port, token: null })
    expect(forwardsOf([jupyter(8_888), jupyter(8_890), jupyter(5_432), jupyter(80)])).toEqual([
      { remotePort: 8_888, localPort: 8_888 },
      { remotePort: 8_890, localPort: 8_890 },
      { remotePort: 5_432, localPort: 8_888 },
      { remotePort: 80, localPort: 8_888 },
    ])
    expect(forwardsOf(Array.from({ length: 1_000 }, (_, at) => jupyter(at + 1)))).toHaveLength(20)
  })

  it('is opened on this computer', () => {
    expect(serviceUrl({ token: 'a+b' }, 8_889)).toBe('http://127.0.0.1:8889/?token=a%2Bb')
    expect(serviceUrl(null, 80)).toBe('http://127.0.0.1:80/')
  })
})

it('a command line is shown without its secrets', () => {
  for (const [command, shown] of [
    [
      'jupyter-lab --port 8888 --ServerApp.token=abc123 --no-browser',
      'jupyter-lab --port 8888 --ServerApp.token=[hidden] --no-browser',
    ],
    ['vllm serve m --api-key mine --port 8000', 'vllm serve m --api-key [hidden] --port 8000'],
    ['app --token --verbose --hf sk-abcdefgh', 'app --token --verbose --hf sk-[hidden]'],
    ['python3 train.py --tokens-per-batch', 'python3 train.py --tokens-per-batch'],
    ['vllm serve m --tokenizer other/m', 'vllm serve m --tokenizer other/m'],
  ] as const)
    expect(commandWithoutSecrets(command)).toBe(shown)
})
