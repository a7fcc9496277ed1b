import { choice, dated, flag, integer, list, size, text } from 'sluice/plugin'

export const fileOptions = {
  path: text('Directory of the files; by default where the agent was started.', { default: '.' }),
  file: text('Name of the file; `$TAG` and `$TAG[n]`, a part of the tag from 0, give each tag its own.', {
    default: '$TAG',
  }),
  mkdir: flag('Make the directory where it is missing.', { default: false }),
  format: choice(
    '`out_file` is `tag: [time, {record}]` a line; `plain` one JSON object a line without the time; `json_lines` with it; `template` a text; `candump`, `asc` and `trc` a log of the frames of CAN buses.',
    ['out_file', 'plain', 'json_lines', 'csv', 'ltsv', 'logfmt', 'template', 'msgpack', 'candump', 'asc', 'trc'],
    { default: 'out_file' },
  ),
  template: text('Line for the format `template`: `{key}` stands for a field, `{time}` for the time.', {
    default: '{time} {message}',
  }),
  ...dated,
  columns: list('Columns for the format `csv`; without it each batch begins with a line of names.'),
  delimiter: text('What stands between values in the format `csv`: a character, `comma`, `tab` or `space`.', {
    default: 'comma',
    pattern: String.raw`^([^"\r\n]|comma|tab|space|\\t)$`,
    expects: 'one character, comma, tab or space',
  }),
  append: flag('Keep what a file holds from earlier runs.', { default: true }),
  mode: text('Permissions of new files, octal.', {
    default: '0640',
    pattern: '^0?[0-7]{3}$',
    expects: 'permissions such as 0640',
  }),
  sync: flag('Confirm events only once they are on the disk, not in the cache of the system.', { default: false }),
  rotate_size: size('Move a file away before it grows beyond this.', { minimum: 1024, aliases: ['max_size'] }),
  rotate_keep: integer('How many files that were moved away are kept, as `NAME.1`, `NAME.2` and so on.', {
    default: 5,
    minimum: 0,
    maximum: 1000,
    aliases: ['max_files'],
  }),
} as const
