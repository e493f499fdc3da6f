import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { type Commands, mcpClients, tokenRoleNames, type TokenVerb, tokenVerbs } from './command-types'

const SERVE_HELP = `
Serves the routes of Hubify's page "Pods API" for your own pods, by default to programs of this computer only. Each request
needs a token: podkeeper token create. The document is at /openapi.json, a page for people at /docs, metrics for Prometheus at
/metrics, and events at /api/v1/events. docs/pods-api.md has the details.

While the app or a watch is running, that one acts and this command asks it. Otherwise this command watches the pods
itself, like podkeeper watch.

For other computers, --bind names an address of this one. Then a certificate is needed, which is read again when it
changes, or --behind-proxy, which says that a proxy encrypts what leaves your network. A request for a host name that
--allow-host doesn't name is refused, and so is one that a web page sends.

Examples:
  podkeeper token create ci --scope pods:read
  podkeeper serve
  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:4780/api/v1/labs
  podkeeper serve --bind 10.0.0.5 --allow-host pods.example.org --tls-cert cert.pem --tls-key key.pem`

const HEALTH_HELP = `
Asks the program that watches, and starts none. The exit code is 0 if polls end and what is due is stopped, 8 with the
reason if not, and 9 if this version of Podkeeper doesn't support the data folder. podkeeper serve replies the same at
/health, without a token: {"live": true, "acting": true, "reason": null, "outdated": false}, with status 503 unless it acts.
With --api, 8 too unless the Pods API at that address proves that it is of this data folder. No token is sent there.`

const TOKEN_HELP = `
A token is printed once and kept as a hash. To create one that is there already, with the same rights, changes nothing and
prints nothing. rotate prints a new token under the same name; the one before counts for a day more. Every scope includes reading. pods:operate stops pods
and keeps them running. pods:write also starts and creates pods, up to the price of --max-hourly, and adds jobs. pods:terminate only asks: a person confirms each termination in the app or by podkeeper terminate.

Examples:
  podkeeper token create grafana --scope pods:read
  podkeeper token create ci --scope pods:write --account Lab --max-hourly 5 --expires 30d
  podkeeper token create alice --scope pods:write --pods 'alice-*'
  podkeeper token list
  podkeeper token rotate ci --overlap 7d
  podkeeper token revoke ci`

const MCP_HELP = `
Offers tools to an agent by the Model Context Protocol, over stdin and stdout. It only reads, unless it is started with
--write: then it may also stop pods, after a preview and a second call, keep pods running and cancel jobs. Whatever starts
or creates a pod or adds a job, which is a shell command, waits until you agree, in the app's window or by podkeeper
approve. What you allow here needs no answer: --max-hourly is what all pods together may cost that it started and that
still run, --max-total what it may spend in 30 days, counted as the price of each pod for its maximum hours, and
--allow-job a command that it may add as it is. Without a known price you are always asked. It never terminates a pod. What
it does is in the activity log under its name.

Examples:
  podkeeper mcp --print-config claude-desktop
  podkeeper mcp --write --max-hourly 3 --name claude --print-config claude-code`

const APPROVE_HELP = `
Shows each request of an agent that waits for your answer, and asks for it. Your answer is for this one request. It takes a
terminal, so that no agent can answer for you. The app asks the same in a window of its own.`

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It must be a port from 0 to 65535; 0 chooses a free one.')
}

function parseApiAddress(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : null
  if (address !== null && /^https?:$/.test(address.protocol)) return address
  throw new InvalidArgumentError('It must be an address such as http://127.0.0.1:4780.')
}

/** The commands of the Pods API. */
export function addServe(program: Command, commands: Commands, exit: (code: number) => void): void {
  program
    .command('serve')
    .description('serve the Pods API for your own pods')
    .addOption(new Option('--port <port>', 'port (default: 4780)').argParser(parsePort))
    .addOption(
      new Option('--socket <path>', 'a Unix socket instead of a port').conflicts([
        'port',
        'bind',
        'tlsCert',
        'tlsKey',
      ]),
    )
    .option('--bind <address>', 'IP address of this computer (default: 127.0.0.1)')
    .option('--tls-cert <file>', 'certificate with its chain, as PEM')
    .option('--tls-key <file>', 'key of the certificate, as PEM')
    .option('--allow-host <name...>', 'host names by which requests may come in')
    .option('--behind-proxy', 'a proxy encrypts what leaves your network')
    .addOption(
      new Option('--log <format>', 'how to print what happens (default: text)').choices(['text', 'json']),
    )
    .addHelpText('after', SERVE_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.serve(command.optsWithGlobals())),
    )

  program
    .command('health')
    .description('say whether this data folder is watched and stops are carried out')
    .addOption(
      new Option('--api <address>', 'also check that the Pods API there is of this data folder').argParser(
        parseApiAddress,
      ),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', HEALTH_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.health(command.optsWithGlobals())),
    )

  program
    .command('token')
    .description('create, list, rotate and revoke tokens of the Pods API')
    .addArgument(new Argument('<verb>', 'what to do').choices(tokenVerbs))
    .argument('[name]', 'the name of the token')
    .option('--scope <scope...>', 'pods:read (default), pods:operate, pods:write, pods:terminate')
    .addOption(
      new Option('--role <role>', 'scopes by a name: see, operate, spend or administer')
        .choices(tokenRoleNames)
        .conflicts('scope'),
    )
    .option(
      '--pods <pattern...>',
      'only pods whose names match, such as alice-*, or with a label, as label:NAME (default: all)',
    )
    .option('--max-hourly <usd>', 'maximum price per hour of a new pod')
    .option('--expires <time>', 'when it expires, such as 12h or 30d, or never (default: 90d)')
    .option('--replace', 'create: make a new token in place of one with the same name and other rights')
    .option('--overlap <time>', 'rotate: how long the token before counts, such as 0 or 7d (default: 1d)')
    .option('--json', 'print JSON')
    .addHelpText('after', TOKEN_HELP)
    .action(async (verb: TokenVerb, name: string | undefined, _options: unknown, command: Command) =>
      exit(await commands.token(verb, name, command.optsWithGlobals())),
    )

  program
    .command('mcp')
    .description('offer tools for your pods to an agent (MCP), read-only by default')
    .option('--write', 'also allow changes, but never a terminate')
    .option('--max-hourly <usd>', 'what pods it started may cost per hour together, without asking you')
    .option('--max-total <usd>', 'what it may spend in 30 days without asking you')
    .option('--allow-job <command...>', 'commands that it may add as jobs without asking you')
    .option('--name <name>', 'name of the agent in the activity log (default: agent)')
    .addOption(
      new Option('--print-config <client>', 'print how to set up a client, and end').choices(mcpClients),
    )
    .addHelpText('after', MCP_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.mcp(command.optsWithGlobals())),
    )

  program
    .command('approve')
    .description('answer what agents ask for, one after the other')
    .addHelpText('after', APPROVE_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.approve(command.optsWithGlobals())),
    )
}
