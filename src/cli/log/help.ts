export const logHelp = `Looks into the folder that an agent keeps events in, whether it runs or not.

usage
  sluice log ls -c FILE                    lanes, and how far each output has got in them
  sluice log cat -c FILE                   events as JSON lines, lane by lane, each from its oldest
  sluice log check -c FILE                 verify every byte; a torn tail of the newest segment is no damage
  sluice log dead ls|cat|replay|drop       what outputs gave up: tell how much, show it, hand it back, delete it

options of all
  -c, --config FILE       configuration of the agent: it tells the folder, and which output gets which events
  -b, --storage FOLDER    its storage.path, instead or on top of it

options of ls, check and dead ls
      --json              JSON for programs

options of cat
      --lane NAME         only this lane; may be given more than once, and so may --tag
      --tag PATTERN       only tags like this, where * stands for any characters
      --since TIME        only events of this time or later, such as 2026-11-23T21:03:00Z (UTC without a zone), or 10m for ten minutes ago
      --until TIME        only events before this time
      --pending OUTPUT    only what this output has not got yet, by the checkpoint
      --limit N           no more than N events

options of dead
      --output ID         only what this output gave up
      --reason REASON     only what was given up for this reason, such as refused or retry_limit
      --tag PATTERN       only events of these tags
      --since, --until    only what was given up in this time, written as for cat
      --all               drop everything

exit codes
  0 good   1 damaged, or not all of it could be shown   64 wrong command line   78 wrong configuration`
