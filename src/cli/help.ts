import { didYouMean } from '../base/nearest.js'
import { defaultText, typeText } from '../config/describe-option.js'
import { commonOptions } from '../config/instance-schema.js'
import { type PluginKind, pluginKinds } from '../plugin/define.js'
import type { Options } from '../plugin/options.js'
import type { AnyDefinition } from '../registry/plugin.js'
import { load, names } from '../registry/registry.js'
import { canHelp } from './can/help.js'
import { UsageError } from './direct-form.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { logHelp } from './log/help.js'
import type { Terminal } from './terminal.js'

const overview = `Collects telemetry from this machine and what is attached to it, keeps it while the link is down, and ships it.

usage
  sluice run -c FILE                       run the pipeline of a file (YAML, or Fluent Bit's classic format)
  sluice -i cpu -o stdout                  run a pipeline without a file
  sluice check -c FILE                     tell all that is wrong with a file; touches no network
  sluice log ls|cat|check                  what is on disk and who waits for it, the events, whether all is whole
  sluice log dead ls|cat|replay|drop       what outputs gave up: tell how much, show it, hand it back, delete it
  sluice password NAME                     a line for a file of users; reads the password from standard input
  sluice plugins                           list the plugins
  sluice can decode LOG --dbc FILE         the signals of a log of CAN frames as JSON lines
  sluice can dbc check|show FILE           what is wrong with a DBC file; its messages, bit by bit
  sluice can monitor LOG|INTERFACE|-       what is on CAN buses: each id with its rate, age and signals
  sluice help log|can                      the options of log, and of can
  sluice help KIND NAME                    the options of a plugin, such as: sluice help input cpu
  sluice schema                            the JSON Schema of configuration files, for editors

options of run and check
  -c, --config FILE       configuration file; what else is said here comes on top of it
  -i, --input NAME        begin an input
  -F, --filter NAME       begin a filter
  -o, --output NAME|URL   begin an output, such as stdout, forward://127.0.0.1:24224, mqtt://broker/topic, http://host/path
  -p, --prop KEY=VALUE    set an option of what was begun last
  -t, --tag TAG           tag of the input begun last
  -m, --match PATTERN     tags that the filter or output begun last sees
  -f, --flush TIME        longest that events wait in memory before outputs see them
      --grace TIME        longest that stopping may take to deliver what is left
  -b, --storage FOLDER    folder for what must outlive a restart
  -R, --parsers FILE      file with parsers
  -l, --log_file FILE     file that the log is written to
  -D, --dry-run           only check
  -Y, --enable-hot-reload let clients of the admin server have the file read again; SIGHUP always does
  -v, --verbose           log more; -vv still more
  -q, --quiet             log nothing, print no summary
  -h, --help              this text; behind -i, -F or -o NAME, the options of that plugin
  -V, --version           the version

exit codes
  0 stopped cleanly   1 failed   64 wrong command line   75 stopped with events undelivered   78 wrong configuration`

/** `sluice help [KIND NAME]`. */
export async function help(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [kind, name] = args
  if (kind === undefined) terminal.out(withHeads(overview, terminal))
  else if (kind === 'log') terminal.out(withHeads(logHelp, terminal))
  else if (kind === 'can') terminal.out(withHeads(canHelp, terminal))
  else terminal.out(await pluginHelp(kind, name, terminal))
  return exitCodes.ok
}

function withHeads(text: string, terminal: Terminal): string {
  return text.replace(/^(usage|options.*|exit codes)$/gm, (head) => terminal.bold(head))
}

async function pluginHelp(kind: string, name: string | undefined, terminal: Terminal): Promise<string> {
  const known = pluginKinds.find((each) => each === kind.replace(/s$/, ''))
  if (!known || name === undefined)
    throw new UsageError(`help ${kind}: expected a kind (${pluginKinds.join(', ')}) and a name`)
  if (!names(known).includes(name)) {
    throw new UsageError(`help ${kind}: unknown ${known} "${name}"${didYouMean(name, names(known))}`)
  }
  const { definition } = await load(known, name)
  return [
    `${terminal.bold(`${name} ${known}`)}: ${definition.summary}`,
    section('options', definition.options, terminal),
    section(`options of every ${known === 'codec' ? 'parser' : known}`, commonOf(known, definition), terminal),
  ].join('\n\n')
}

/** The options of the kind that the plugin does not declare in its own way. */
function commonOf(kind: PluginKind, { options }: AnyDefinition): Options {
  return Object.fromEntries(Object.entries(commonOptions[kind]).filter(([name]) => !(name in options)))
}

function section(title: string, options: Options, terminal: Terminal): string {
  const rows = Object.entries(options).map(([name, option]) => {
    return [`  ${name}`, typeText(option), defaultText(option), option.description ?? '']
  })
  return rows.length === 0 ? `${terminal.bold(title)}: none` : `${terminal.bold(title)}\n${terminal.outTable(rows)}`
}
