// What caches make of http-cache-tests: a table by group, and for the first of them the tests that
// passed before and do not any more.
//
//     node summary.mjs SUITE RECORD [--write] NAME=RESULTS.json[,AGAIN.json...]...
//
// SUITE is where the package is installed. RECORD lists the tests that the first cache is known to
// pass, one a line; --write writes it anew. What passes in any of a cache's results counts as passed.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [suite, record, ...rest] = process.argv.slice(2)
const write = rest[0] === '--write'
const caches = rest.slice(write ? 1 : 0).map((argument) => {
  const equals = argument.indexOf('=')
  const files = argument.slice(equals + 1).split(',')
  const [results, ...again] = files.map((file) => JSON.parse(fs.readFileSync(file, 'utf8')))
  for (const [id, result] of again.flatMap(Object.entries)) {
    if (result === true) results[id] = true
  }
  return { name: argument.slice(0, equals), results }
})
const load = (file) => import(pathToFileURL(path.resolve(suite, 'tests', file)))
const groups = [...(await load('index.mjs')).default, (await load('surrogate-control.mjs')).default]
// Those on what this crate is about.
const ours = new Set([
  'conditional-lm', 'conditional-inm', 'update304', 'updateHEAD', 'partial', 'invalidation', 'vary',
  'stale'
])

const tests = (group) => group.tests.filter((test) => test.browser_only !== true)
const isRequired = (test) => (test.kind ?? 'required') === 'required'
const passes = (cache, test) => cache.results[test.id] === true
// Where what a test builds upon does not work, it says nothing.
const isSetup = (cache, test) => {
  const result = cache.results[test.id]
  return Array.isArray(result) && result[0] === 'Setup'
}
const depends = (cache, test) => (test.depends_on ?? []).every((id) => cache.results[id] === true)
const fails = (cache, test) =>
  isRequired(test) && !passes(cache, test) && !isSetup(cache, test) && depends(cache, test)

const cell = (cache, some) => {
  const required = some.filter(isRequired)
  const passed = (list) => list.filter((test) => passes(cache, test)).length
  const failed = some.filter((test) => fails(cache, test)).length
  return `${passed(some)}/${some.length}, ${passed(required)}/${required.length} required, ${failed} fail`
}
const row = (name, some) =>
  console.log(`| ${[name, ...caches.map((cache) => cell(cache, some))].join(' | ')} |`)

console.log(`| group | ${caches.map(({ name }) => name).join(' | ')} |`)
console.log(`|---|${caches.map(() => '---|').join('')}`)
for (const group of groups.filter(({ id }) => ours.has(id))) row(`**${group.id}**`, tests(group))
for (const group of groups.filter(({ id }) => !ours.has(id))) row(group.id, tests(group))
row('all', groups.flatMap(tests))

const [first] = caches
console.log(`\nrequired tests of our groups that ${first.name} fails:`)
for (const group of groups.filter(({ id }) => ours.has(id))) {
  for (const test of tests(group).filter((test) => fails(first, test))) {
    console.log(`  ${test.id}: ${first.results[test.id]?.join?.(': ') ?? 'no result'}`)
  }
}

if (caches.length > 1) {
  console.log(`\ntests of our groups that another passes, and ${first.name} does not:`)
  for (const test of groups.filter(({ id }) => ours.has(id)).flatMap(tests)) {
    const others = caches.slice(1).filter((cache) => passes(cache, test))
    if (passes(first, test) || others.length === 0) continue
    const names = others.map(({ name }) => name).join(', ')
    console.log(`  ${test.id} (${names}): ${first.results[test.id]?.join?.(': ') ?? 'no result'}`)
  }
}

const passed = groups.flatMap(tests).filter((test) => passes(first, test)).map(({ id }) => id).sort()
if (write) fs.writeFileSync(record, passed.join('\n') + '\n')
const known = fs.readFileSync(record, 'utf8').split('\n').filter(Boolean)
const fallen = known.filter((id) => !passed.includes(id))
const risen = passed.filter((id) => !known.includes(id))
if (risen.length) console.log(`\npassed beyond the record: ${risen.join(' ')}`)
if (fallen.length) {
  console.log('\npassed before, and not now:')
  for (const id of fallen) console.log(`  ${id}: ${first.results[id]?.join?.(': ') ?? 'no result'}`)
  process.exitCode = 1
}
