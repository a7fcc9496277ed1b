import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pattern } from '../../../src/base/regex/pattern.js'

type Match = readonly (string | undefined)[] | undefined

const cases: readonly (readonly [pattern: string, text: string, expected: Match])[] = [
  ['a(b)c', 'xabcx', ['abc', 'b']],
  ['a(b)?c', 'ac', ['ac', undefined]],
  ['(?<x>a)(b)', 'ab', ['ab', 'a']],
  ["(?'x'a)\\k'x'", 'aa', ['aa', 'a']],
  [String.raw`(?<x>.)\k<x>`, 'abb', ['bb', 'b']],
  [String.raw`(.)\1`, 'abb', ['bb', 'b']],
  ['^b$', 'a\nb\nc', ['b']],
  ['^b$', 'abc', undefined],
  [String.raw`\Ab`, 'a\nb', undefined],
  [String.raw`a\z`, 'a\n', undefined],
  [String.raw`a\Z`, 'a\n', ['a']],
  ['a.b', 'a\nb', undefined],
  ['a.b', 'a\rb', ['a\rb']],
  ['(?m)a.b', 'a\nb', ['a\nb']],
  ['(?m:a.b)', 'a\nb', ['a\nb']],
  ['/a.b/m', 'a\nb', ['a\nb']],
  ['/ab/i', 'xAB', ['AB']],
  ['(?i)ab', 'AB', ['AB']],
  ['(?-mix:ab)c', 'abc', ['abc']],
  ['(?x) a b # comment\n c', 'abc', ['abc']],
  ['a(?#comment)b', 'ab', ['ab']],
  [String.raw`\h+`, 'xyzBEef01', ['BEef01']],
  [String.raw`\H+`, 'abxyz', ['xyz']],
  [String.raw`[\h_]+`, 'xa_f', ['a_f']],
  ['[[:digit:]x]+', 'ab12x', ['12x']],
  ['[[:alpha:]-]+', '1a-b', ['a-b']],
  [String.raw`[\w-]+`, '!a-b', ['a-b']],
  [String.raw`[\w-.]+`, '!a-b.c', ['a-b.c']],
  ['[^ ]+', ' ab ', ['ab']],
  ['[a-c]+', 'xabc', ['abc']],
  [String.raw`[^\]]*`, 'ab]c', ['ab']],
  ['[]a]+', 'a]', ['a]']],
  [String.raw`a++b`, 'aab', ['aab']],
  [String.raw`a++a`, 'aaa', undefined],
  [String.raw`"[^"]*+"`, 'x"abc"', ['"abc"']],
  [String.raw`(?>a|ab)c`, 'abc', undefined],
  [String.raw`(?>a|ab)c`, 'ac', ['ac']],
  [String.raw`(?:ab){2}+`, 'ababababx', ['abababab']],
  ['a{,2}b', 'aaab', ['aab']],
  ['a{2}b', 'aaab', ['aab']],
  ['a{x}', 'a{x}', ['a{x}']],
  ['{}', '{}', ['{}']],
  ['}]', '}]', ['}]']],
  [String.raw`\{\"a\":\/\-\_\%\@\#\ `, '{"a":/-_%@# ', ['{"a":/-_%@# ']],
  [String.raw`\x41\u0042\x{1F600}`, 'AB😀', ['AB😀']],
  [String.raw`\p{Alpha}+\p{^Alpha}`, '1äb2', ['äb2']],
  [String.raw`\e\[0m`, '\x1b[0m', ['\x1b[0m']],
  [String.raw`a\Rb`, 'a\r\nb', ['a\r\nb']],
  ['(?<=a)b(?=c)(?!d)(?<!x)', 'abc', ['b']],
  ['日本.', '日本語', ['日本語']],
  ['^.$', '😀', ['😀']],
  ['a/b', 'a/b', ['a/b']],
  [String.raw`(a)++(b)\2`, 'aabb', ['aabb', 'a', 'b']],
  [String.raw`(?:(a)(?>b|bc))+(c)`, 'ababc', ['ababc', 'a', 'c']],
  [String.raw`(a)\10`, 'aa0', ['aa0', 'a']],
  [String.raw`[(?<g1>](\()`, '>(', ['>(', '(']],
]

test('Ruby patterns match as in Ruby', () => {
  assert.ok(cases.length > 40)
  for (const [pattern, text, expected] of cases) {
    const compiled = new Pattern(pattern)
    assert.deepEqual(compiled.captures(text), expected, `${pattern} on "${text}"`)
    assert.equal(compiled.test(text), expected !== undefined)
  }
})

test('named groups give fields, in order, and one name may stand for several groups', () => {
  const pattern = new Pattern('(?<a-b>x)|(?<1>y)(?<a-b>z)(?<none>w)?')
  const fields = (text: string): string[] => {
    const found: string[] = []
    assert.ok(pattern.fields(text, (name, value) => found.push(`${name}=${value}`)))
    return found
  }
  assert.deepEqual(pattern.names, ['a-b', '1', 'none'])
  assert.deepEqual(fields('x'), ['a-b=x'])
  assert.deepEqual(fields('yz'), ['1=y', 'a-b=z'])
  assert.equal(
    pattern.fields('q', () => assert.fail()),
    false,
  )
})

/** Patterns of Fluent Bit's own parsers.conf, each with a line it is for. */
const shipped: readonly (readonly [pattern: string, line: string, fields: { readonly [name: string]: string }])[] = [
  [
    String.raw`^(?<host>[^ ]*) [^ ]* (?<user>[^ ]*) \[(?<time>[^\]]*)\] "(?<method>\S+)(?: +(?<path>[^\"]*?)(?: +\S*)?)?" (?<code>[^ ]*) (?<size>[^ ]*)(?: "(?<referer>[^\"]*)" "(?<agent>[^\"]*)")?$`,
    '192.168.2.20 - - [28/Jul/2006:10:27:10 -0300] "GET /cgi-bin/try/ HTTP/1.0" 200 3395',
    {
      host: '192.168.2.20',
      user: '-',
      time: '28/Jul/2006:10:27:10 -0300',
      method: 'GET',
      path: '/cgi-bin/try/',
      code: '200',
      size: '3395',
    },
  ],
  [
    String.raw`^\<(?<pri>[0-9]+)\>(?<time>[^ ]* {1,2}[^ ]* [^ ]*) (?<host>[^ ]*) (?<ident>[a-zA-Z0-9_\/\.\-]*)(?:\[(?<pid>[0-9]+)\])?(?:[^\:]*\:)? *(?<message>.*)$`,
    '<34>Oct 11 22:14:15 mymachine su[12]: failed',
    { pri: '34', time: 'Oct 11 22:14:15', host: 'mymachine', ident: 'su', pid: '12', message: 'failed' },
  ],
  [
    String.raw`^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<logtag>[^ ]*) (?<message>.*)$`,
    '2016-10-06T00:17:09.669794202Z stdout F log content',
    { time: '2016-10-06T00:17:09.669794202Z', stream: 'stdout', logtag: 'F', message: 'log content' },
  ],
  [
    String.raw`/^\[(?<time>[^\]]*)\] (?<level>\w+) (?<text>.*)$/i`,
    '[now] WARN it is late',
    { time: 'now', level: 'WARN', text: 'it is late' },
  ],
]

test('the patterns that Fluent Bit ships are understood', () => {
  for (const [pattern, line, expected] of shipped) {
    const found: Record<string, string> = {}
    assert.ok(
      new Pattern(pattern).fields(line, (name, value) => void (found[name] = value)),
      pattern,
    )
    assert.deepEqual(found, expected)
  }
})

test('what JavaScript has no like of is refused, and says what', () => {
  const refused = [
    String.raw`\G`,
    String.raw`a\K`,
    String.raw`\g<x>`,
    'a(?i)b',
    '(?i:a)b',
    '[a[bc]]',
    '[a&&b]',
    '(?~a)',
    '(?(1)a)',
  ]
  for (const pattern of refused) {
    assert.throws(() => new Pattern(pattern), { code: 'REGEX_UNSUPPORTED', message: /is not supported/ }, pattern)
  }
})

test('what is no pattern is refused', () => {
  for (const pattern of ['(a', 'a)', '[a', '[^]', '*', 'a{2,1}', String.raw`\k<x>`, String.raw`\p{Nothing}`, '[b-a]']) {
    assert.throws(() => new Pattern(pattern), { code: 'REGEX_INVALID', message: /^regular expression "/ }, pattern)
  }
})
