import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { commandWords } from '../../../inputs/exec/words.js'

describe('the words of a command', () => {
  const cases: [name: string, command: string | readonly string[], words: readonly string[]][] = [
    ['one text', '  cat  /sys/x\n', ['cat', '/sys/x']],
    ['quotes', `echo "a b" 'c $d | e' f\\ g`, ['echo', 'a b', 'c $d | e', 'f g']],
    ['quotes inside a word', `--name="x y"z'w'`, ['--name=x yzw']],
    ['what double quotes keep', String.raw`echo "\"\\\$ \n" '\'`, ['echo', String.raw`"\$ \n`, '\\']],
    ['an empty word', `echo "" ''`, ['echo', '', '']],
    ['a sign behind a backslash', String.raw`echo a\;b \* \#`, ['echo', 'a;b', '*', '#']],
    ['a hash or an equals sign inside a word', 'dd if=/dev/zero x#y', ['dd', 'if=/dev/zero', 'x#y']],
    ['a list', ['sh', '-c', 'a | b'], ['sh', '-c', 'a | b']],
    ['a list of one with a space', ['/opt/my program'], ['/opt/my program']],
  ]
  for (const [name, command, words] of cases) it(`of ${name}`, () => assert.deepEqual(commandWords(command), words))

  const forShells: [command: string, sign: string][] = [
    ['cat x | wc', '|'],
    ['echo $HOME', '$HOME'],
    ['echo "at $HOME"', '"at $HOME"'],
    ['echo "`date`"', '"`date`"'],
    ['a; b', 'a;'],
    ['a && b', '&&'],
    ['ls *.log', '*.log'],
    ['x > y', '>'],
    ['(a)', '(a)'],
    ['A=1 b', 'A=1'],
    ['a # why', '#'],
  ]
  for (const [command, sign] of forShells) {
    it(`are not to be had of ${command}`, () => {
      const instead = `sh -c '${command}'`
      const message = `command: expected words, got "${sign}", which only a shell knows; write command: ${instead}`
      assert.throws(() => commandWords(command), { message })
      assert.deepEqual(commandWords(instead), ['sh', '-c', command])
    })
  }

  it('are given a list to write where they have quotes of their own', () => {
    assert.throws(() => commandWords("echo 'a' | wc"), { message: /write command: \[sh, -c, "echo 'a' \| wc"\]$/ })
  })

  for (const text of ['echo "a', "echo 'a", 'echo a\\']) {
    it(`need an end of the quotes: ${text}`, () => assert.throws(() => commandWords(text), /an end of the quotes/))
  }

  for (const command of ['', '  ', [], ['']]) {
    it(`name a program, unlike ${JSON.stringify(command)}`, () => {
      assert.throws(() => commandWords(command), /expected a program, got nothing/)
    })
  }
})
