export const canHelp = `Shows what CAN buses, their logs and DBC files say. No agent is needed.

usage
  sluice can decode LOG --dbc FILE         the signals of each frame as JSON lines; - is standard input
  sluice can dbc check FILE …              all that is wrong with DBC files, with line and column; - is standard input
  sluice can dbc show FILE [MESSAGE]       the messages of a file, or one of them bit by bit; a message by name or id
  sluice can monitor LOG|INTERFACE|-       each id with its rate, age and signals, again and again; once where no terminal is

options of decode and monitor
      --dbc [BUS=]FILE    what the signals are, of all buses or of one; may be given more than once
      --format FORM       form of the log: candump, asc, trc or slcan; without it the first lines tell
      --labels STYLE      of signals with texts for values: number, text or both
      --j1939 yes|no      whether messages of 29 bits are those of J1939; without it each as its file says

options of decode
      --unknown           frames that no file knows too, with their data
      --limit N           no more than N lines

exit codes
  0 good   1 not all could be read, or a DBC file has mistakes   64 wrong command line`
