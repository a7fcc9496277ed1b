import { defineInput } from 'sluice/plugin'
import { options } from './options.js'
import { toSettings } from './settings.js'
import { tailInput } from './tail-input.js'

const state = 'places are kept below `service.storage.path`, so set that'
const multiline = 'events of several lines are not joined; write one line for an event'
const encoding = 'files are read as UTF-8; convert them first, as with iconv'
const looks = 'files are looked at each `watcher_interval`'

export default defineInput({
  summary: 'Reads lines as they are appended to files, through rotation and restarts.',
  options,
  unsupported: {
    tag_regex: 'write a `*` in `tag` for the path',
    'multiline.parser': multiline,
    multiline,
    docker_mode: 'write a `parser` such as json',
    ignore_active_older_files: 'leave it out: `ignore_older` keeps old files out when they are found',
    'unicode.encoding': encoding,
    'generic.encoding': encoding,
  },
  ignored: {
    'multiline=off': '',
    'multiline=false': '',
    // Without `multiline` and `docker_mode`, which are refused, these mean nothing.
    multiline_flush: '',
    parser_firstline: '',
    'parser_*': '',
    'docker_mode=off': '',
    'docker_mode=false': '',
    docker_mode_flush: '',
    docker_mode_parser: '',
    'ignore_active_older_files=off': '',
    'ignore_active_older_files=false': '',
    db: state,
    'db.sync': state,
    'db.locking': state,
    'db.journal_mode': state,
    'db.compare_filename': 'a file is known again by its inode and its beginning',
    skip_long_lines: 'lines that are too long never stop a file from being read',
    read_newly_discovered_files_from_head: 'files that appear later are always read from their beginning',
    static_batch_size: 'files are read as fast as there is room',
    event_batch_size: 'files are read as fast as there is room',
    progress_check_interval: looks,
    progress_check_interval_nsec: looks,
    file_cache_advise: 'the cache of the system is left to the system',
  },
  full: 'wait',
  ack: 'stored',
  anyTag: true,
  create: (given, context) => tailInput(toSettings(given), context),
})
