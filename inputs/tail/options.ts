import { duration, flag, list, parsed, size, text } from 'sluice/plugin'

export const options = {
  ...parsed,
  path: list('Files to read: paths, or patterns with `*`, `?` and `[…]`.', { required: true }),
  exclude_path: list('Patterns of paths that are left out; `*` stands for slashes too.'),
  key: text('Field that the line is put in.', { default: 'log' }),
  path_key: text('Field that the path of the file is put in.'),
  offset_key: text('Field that the place of the line in its file is put in, in bytes.'),
  read_from_head: flag('Read files that are there at the first start from their beginning, not from their end.', {
    default: false,
  }),
  refresh_interval: duration('Time between two searches for new files.', { default: '60s', minimum: 10 }),
  watcher_interval: duration('Time between two looks at each file, for what change notification missed.', {
    default: '2s',
    minimum: 10,
  }),
  inotify_watcher: flag('Be notified of changes; without it only `watcher_interval` finds them.', { default: true }),
  rotate_wait: duration('How long a file that was renamed or deleted is still read.', { default: '5s' }),
  ignore_older: duration('Leave out files that were not written to for longer than this; 0 leaves out none.', {
    default: '0',
  }),
  buffer_chunk_size: size('Bytes read at once.', { default: '256KiB', minimum: 4096, maximum: 64 * 1024 * 1024 }),
  buffer_max_size: size('Longest line; longer ones are left out, or cut with `truncate_long_lines`.', {
    default: '32KiB',
    minimum: 16,
    maximum: 64 * 1024 * 1024,
  }),
  truncate_long_lines: flag('Keep the beginning of lines that are too long.', { default: false }),
  skip_empty_lines: flag('Leave out lines without text.', { default: false }),
  exit_on_eof: flag('Stop at the end of the files instead of waiting for more.', { default: false }),
} as const
