import { hostForm, streamOptions } from 'sluice/net'
import { choice, flag, integer, list, size, text } from 'sluice/plugin'

export const syslogOptions = {
  mode: choice('How messages travel: in UDP datagrams, or over a stream.', ['udp', 'tcp', 'tls', 'unix'], {
    default: 'udp',
  }),
  host: text('Name or address of the server.', { default: '127.0.0.1', ...hostForm }),
  port: integer('Port of the server; by default 514, or 6514 with TLS.', { minimum: 1, maximum: 65_535 }),
  unix_path: text('Stream socket of a server on this machine, for `mode: unix`.'),
  framing: choice(
    'What tells one message of a stream from the next: a newline, or its length in front; by default a newline, but its length with TLS.',
    ['newline', 'octet_counting'],
  ),
  syslog_format: choice('Format of the messages.', ['rfc5424', 'rfc3164'], { default: 'rfc5424' }),
  syslog_maxsize: size('Longest message; what is longer is cut. By default 2048 bytes, or 1024 in RFC 3164.', {
    minimum: 480,
    maximum: 65_507,
  }),
  syslog_severity_key: text('Field of the severity, 0 to 7 or a name such as `err`.'),
  syslog_severity_preset: integer('Severity of events without one.', { default: 6, minimum: 0, maximum: 7 }),
  syslog_facility_key: text('Field of the facility, 0 to 23 or a name such as `daemon`.'),
  syslog_facility_preset: integer('Facility of events without one.', { default: 1, minimum: 0, maximum: 23 }),
  syslog_hostname_key: text('Field of the host name.'),
  syslog_hostname_preset: text('Host name of events without one; by default that of the machine.'),
  syslog_appname_key: text('Field of the name of the application.'),
  syslog_appname_preset: text('Application of events without one.', { default: 'sluice' }),
  syslog_procid_key: text('Field of the process id.'),
  syslog_procid_preset: text('Process id of events without one.'),
  syslog_msgid_key: text('Field of the kind of message; RFC 5424 alone has it.'),
  syslog_msgid_preset: text('Kind of message of events without one.'),
  syslog_sd_key: list('Fields that are maps, each an element of the structured data of RFC 5424, by its own name.'),
  allow_longer_sd_id: flag('Names of structured data may be longer than 32 characters, which RFC 5424 forbids.', {
    default: false,
  }),
  syslog_message_key: text('Field of the message; without it the message is the whole record as JSON.'),
  ...streamOptions,
} as const
